package import Speech
package import VoiceConfiguration

extension ModelLoader {
    /// The recognizer that a configuration asks for.
    /// - Throws: `unsupported` for a backend that this version does not have, `unavailable` saying what is missing.
    package func recognition(_ asr: Configuration.ASR) async throws(SpeechError) -> SpeechCatalog.Recognition {
        switch asr.backend {
        case nil, .whisper: return try await recognition(asr.model)
        case let backend?: throw absent(backend.rawValue, instead: "whisper", setting: "asr.backend")
        }
    }

    /// The voice that a configuration asks for.
    /// - Throws: `unsupported` for a backend that this version does not have, `unavailable` saying what is missing.
    package func synthesis(_ tts: Configuration.TTS) async throws(SpeechError) -> SpeechCatalog.Synthesis {
        switch tts.backend {
        case nil, .piper: return try await synthesis(tts.model)
        case let backend?: throw absent(backend.rawValue, instead: "piper", setting: "tts.backend")
        }
    }

    private func absent(_ backend: String, instead: String, setting: String) -> SpeechError {
        SpeechError(
            .unsupported,
            "\(setting) asks for \(backend), which this version does not have yet; it has \(instead), on the CPU: "
                + "set \(setting) to \(instead)"
        )
    }
}
