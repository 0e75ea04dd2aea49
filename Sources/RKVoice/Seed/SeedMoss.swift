import Inference
import VoiceConfiguration

/// MOSS on the CPU, with some of its layers on the NPU where the profile says so.
struct SeedMoss {
    private let tts: Configuration.TTS
    private let directory: SeedDirectory
    private var draft: SeedDraft

    static func model(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        var layout = SeedMoss(tts, board)
        layout.graphs()
        layout.threads()
        layout.ways()
        try layout.hybrid()
        return try layout.draft.model()
    }

    private init(_ tts: Configuration.TTS, _ board: Board) {
        self.tts = tts
        let hybrid = tts.board.hybrid
        let rknn = hybrid.rknnDirectory ?? hybrid.directory
        directory = SeedDirectory(
            tts.modelDirectory ?? "/opt/tts/models/moss-tts-nano-onnx",
            with: [tts.board.files.manifest, rknn.map { $0 + "/x" }, hybrid.modelDirectory.map { $0 + "/x" }]
        )
        draft = SeedDraft("moss_ort", family: "moss", in: directory, on: board)
        draft.sampleRate = tts.board.shape.sampleRate ?? 48000
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        draft.need("browser_poc_manifest.json")
        draft.need("tts_browser_onnx_meta.json")
        draft.need("codec_browser_onnx_meta.json")
        draft.tell("tts.voice", tts.speaker) { "the voice is \($0)" }
        draft.tell("tts.seed", tts.seed) { "sampling starts from \($0)" }
        draft.tell("tts.sample_rate", tts.board.shape.sampleRate) { "sound at \($0) Hz" }
        draft.tell("tts.channels", tts.board.shape.channels) { "\($0) channels" }
        draft.tell("tts.manifest", tts.board.files.manifest) { "files are held against \($0)" }
        if let manifest = tts.board.files.manifest { draft.need(manifest) }
    }

    private mutating func graphs() {
        draft.add("prefill", "moss_tts_prefill.onnx", .onnx)
        draft.add("decode", "moss_tts_decode_step.onnx", .onnx)
        draft.add("sampler", "moss_tts_local_fixed_sampled_frame.onnx", .onnx)
        let moss = tts.board.moss
        if moss.streamsCodec ?? true { draft.add("codec", "moss_audio_tokenizer_decode_step.onnx", .onnx) }
        if moss.loadsFullCodec ?? false || !(moss.streamsCodec ?? true) {
            draft.add("codec_full", "moss_audio_tokenizer_decode_full.onnx", .onnx)
        }
        draft.tell("tts.codec_streaming", moss.streamsCodec) {
            $0 ? "codes become sound step by step" : "codes become sound at the end"
        }
        draft.tell("tts.load_full_codec", moss.loadsFullCodec) {
            "the whole codec is \($0 ? "" : "not ")loaded as well"
        }
    }

    private mutating func threads() {
        let threads = tts.board.threads
        draft.tell("tts.threads", threads.all) { "\($0) threads for each stage" }
        draft.tell("tts.prefill_threads", threads.prefill) { "\($0) threads for the first pass" }
        draft.tell("tts.decode_threads", threads.decode) { "\($0) threads for the decoder" }
        draft.tell("tts.sampler_threads", threads.sampler) { "\($0) threads for the sampler" }
        draft.tell("tts.codec_threads", threads.codec) { "\($0) threads for the codec" }
        let shape = tts.board.shape
        draft.tell("tts.prefill_seq", shape.prefillSequence) {
            $0 == 0 ? "the first pass has the graph's length" : "the first pass takes \($0) tokens"
        }
        draft.tell("tts.max_new_frames", shape.maxNewFrames) {
            "at most \($0) frames (\($0 * 80) ms) in one piece; longer text is split"
        }
        draft.tell("tts.codec_batch_frames", shape.codecBatchFrames) {
            "\($0) frames (\($0 * 80) ms) become sound at a time"
        }
    }

    private mutating func ways() {
        let moss = tts.board.moss
        draft.tell("tts.codec_async", moss.runsCodecAside) { "the codec runs \($0 ? "beside" : "after") the model" }
        draft.tell("tts.cache_voice_prefix", moss.cachesVoicePrefix) {
            "the voice's prompt is computed \($0 ? "once" : "each time")"
        }
        draft.tell("tts.warmup_text", moss.warmupText) { "\"\($0)\" is spoken once after loading" }
        draft.tell("tts.allow_deterministic_fallback", moss.allowsDeterministicFallback) {
            $0 ? "sampling may turn greedy where it fails" : "sampling that fails is an error"
        }
    }

    // MARK: Layers on the NPU

    /// Layers of the model (upstream.md E.6).
    private static let layers = 12

    private mutating func hybrid() throws(InferenceError) {
        let hybrid = tts.board.hybrid
        draft.tell("tts.hybrid_rknn", hybrid.isOn) { "some layers run \($0 ? "on the NPU" : "on the CPU, as all do")" }
        let unused = hybrid.isOn == true ? "" : " (not used: tts.hybrid_rknn is off)"
        let length = hybrid.sequence ?? 320
        let split = hybrid.split ?? "ln2_mlp"
        draft.tell("tts.hybrid_seq_len", hybrid.sequence) { "sequences of \($0) tokens there\(unused)" }
        draft.tell("tts.hybrid_split", hybrid.split) { "layers are split at \($0)\(unused)" }
        draft.tell("tts.hybrid_strict", hybrid.isStrict) {
            "a layer that fails there is \($0 ? "an error" : "computed on the CPU")\(unused)"
        }
        draft.tell("tts.hybrid_dir", hybrid.directory) { "files for both come from \($0)\(unused)" }
        draft.tell("tts.hybrid_model_dir", hybrid.modelDirectory) { "layers on the CPU come from \($0)\(unused)" }
        draft.tell("tts.hybrid_rknn_dir", hybrid.rknnDirectory) { "layers on the NPU come from \($0)\(unused)" }
        draft.tell("tts.hybrid_manifest", hybrid.manifest) { "files are held against \($0)\(unused)" }
        let wanted = try numbers(hybrid.layers)
        if !hybrid.layers.isEmpty {
            let list = wanted.map(String.init).joined(separator: ", ")
            draft.tell("tts.hybrid_layers", list) { "layers \($0)\(unused)" }
        }
        guard hybrid.isOn == true else { return }
        draft.boards = ["rk3576", "rk3588"]
        let place = hybrid.rknnDirectory ?? hybrid.directory.map { $0 + "/rknn" } ?? "rknn"
        let there = directory.files(in: place).filter { $0.hasSuffix(".rknn") }
        for layer in wanted {
            let found = there.first {
                SeedDirectory.name($0).contains("layer\(layer).") || SeedDirectory.name($0).contains("layer\(layer)_")
            }
            let file = found ?? "\(place)/layer\(layer).\(split).\(length).rknn"
            draft.add("layers", [SeedDraft.Part(file: file, runtime: .rknn, frames: length)])
        }
    }

    private func numbers(_ words: [String]) throws(InferenceError) -> [Int] {
        if words.isEmpty || words == ["all"] { return Array(0..<Self.layers) }
        var numbers: [Int] = []
        for word in words {
            guard let number = Int(word), (0..<Self.layers).contains(number) else {
                throw InferenceError(
                    .badModel,
                    "tts.hybrid_layers: \"\(word)\" is no layer; MOSS has 0 to \(Self.layers - 1), or say all"
                )
            }
            numbers.append(number)
        }
        return numbers
    }
}
