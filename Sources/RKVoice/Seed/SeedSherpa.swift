import Inference
import VoiceConfiguration

/// Recognizers in the layouts that sherpa-onnx publishes, on the CPU, and SenseVoice for the NPU in the seed's.
enum SeedSherpa {
    /// What the published Paraformers hear.
    static let paraformerLanguages = ["zh", "en"]

    /// Paraformer on the CPU: encoder and decoder as a stream, else one graph for whole utterances.
    static func paraformer(_ asr: Configuration.ASR, on board: Board) throws(InferenceError) -> SeedModel {
        let directory = SeedDirectory(asr.modelDirectory ?? "/opt/asr/paraformer")
        var draft = SeedDraft("paraformer_sherpa", family: "paraformer", in: directory, on: board)
        draft.need("tokens.txt")
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        draft.languages = paraformerLanguages
        if let whole = graph("model", in: directory), graph("encoder", in: directory) == nil {
            draft.add("model", whole, .onnx)
            draft.config = published(whole, in: directory)
        } else {
            let encoder = graph("encoder", in: directory) ?? "encoder.int8.onnx"
            draft.add("encoder", encoder, .onnx)
            draft.add("decoder", graph("decoder", in: directory) ?? "decoder.int8.onnx", .onnx)
            draft.config = published(encoder, in: directory)
        }
        return try draft.model()
    }

    /// SenseVoice on the CPU.
    static func senseVoice(_ asr: Configuration.ASR, on board: Board) throws(InferenceError) -> SeedModel {
        let directory = SeedDirectory(asr.modelDirectory ?? "/opt/asr/sensevoice")
        var draft = SeedDraft("sensevoice_sherpa", family: "sensevoice", in: directory, on: board)
        draft.need("tokens.txt")
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        let model = graph("model", in: directory) ?? "model.int8.onnx"
        draft.languages = senseVoiceLanguages
        draft.add("model", model, .onnx)
        draft.config = published(model, in: directory)
        return try draft.model()
    }

    /// What SenseVoice hears.
    static let senseVoiceLanguages = ["zh", "en", "yue", "ja", "ko"]

    /// A model that sherpa-onnx reads says everything in the metadata of its first graph.
    private static func published(_ graph: String, in directory: SeedDirectory) -> [String: Any] {
        ["metadata": directory.path(graph), "tokens": directory.path("tokens.txt")]
    }

    /// LFR frames of SenseVoice's graph for the NPU: 4 query rows and 340 of sound (upstream.md D.4).
    private static let frames = 344

    /// SenseVoice on the NPU.
    static func senseVoiceNPU(_ asr: Configuration.ASR, on board: Board) throws(InferenceError) -> SeedModel {
        let directory = SeedDirectory(asr.modelDirectory ?? "/opt/asr/sensevoice-rknn")
        var draft = SeedDraft("sensevoice_rknn", family: "sensevoice", in: directory, on: board)
        draft.boards = ["rk3576", "rk3588"]
        draft.need("am.mvn")
        draft.need("embedding.npy")
        let pieces = "chn_jpn_yue_eng_ko_spectok.bpe.model"
        draft.need(pieces, "tokens.txt")
        draft.languages = senseVoiceLanguages
        draft.config = [
            "statistics": directory.path("am.mvn"), "embedding": directory.path("embedding.npy"),
            "tokens": directory.path(directory.exists(pieces) ? pieces : "tokens.txt"),
            "frontEnd": ["fbank": [:], "lfr": [:], "normalization": "given"] as [String: Any],
        ]
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        let stem = "sense-voice-encoder.\(board.id)."
        let found = directory.files(in: "").filter { $0.hasPrefix(stem) && $0.hasSuffix(".rknn") }
        let file = found.first { $0.contains("fp16-scaled") } ?? found.first ?? stem + "fp16-scaled.rknn"
        let mask = asr.paraformer.encoderCores
        let cores = mask.map { draft.cores($0.mask) } ?? [0]
        draft.tell("asr.encoder_core", mask) { "the encoder runs on \(SeedQwen3.words(cores)) (mask \($0.mask))" }
        var part = SeedDraft.Part(file: file, runtime: .rknn, frames: frames, cores: cores)
        let source = "sense-voice-encoder.onnx"
        if directory.exists(source) { part.source = (source, ["speech": [1, frames, 560], "mask": [1, frames]]) }
        draft.add("encoder", [part])
        return try draft.model()
    }

    /// The small graph before the large one, as sherpa-onnx and the seed take them.
    private static func graph(_ stem: String, in directory: SeedDirectory) -> String? {
        ["\(stem).int8.onnx", "\(stem).onnx"].first(where: directory.exists)
    }
}
