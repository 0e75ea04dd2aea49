/// The programs that speak for others in `rkvoice bench`, the pinned packages they run with, and the sentences they say.
package enum BenchPeers {
    /// Contents by file name; they find one another in one folder.
    package static let programs: [String: [UInt8]] = [
        "peer_loop.py": PackageResources.peer_loop_py,
        "peer_faster_whisper.py": PackageResources.peer_faster_whisper_py,
        "peer_onnxruntime.py": PackageResources.peer_onnxruntime_py,
        "peer_piper.py": PackageResources.peer_piper_py,
        "peer_sherpa_onnx.py": PackageResources.peer_sherpa_onnx_py,
        "peer_start.py": PackageResources.peer_start_py,
    ]

    /// Pinned packages with hashes: what recognizers run with.
    package static let recognition = PackageResources.requirements_recognition_txt
    /// The same of voices.
    package static let speech = PackageResources.requirements_speech_txt
    /// Lines of kind, text and, where it differs, what is read out, with tabs between.
    package static let sentences = PackageResources.sentences_tsv
}
