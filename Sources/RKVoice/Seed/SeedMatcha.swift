import Inference
import VoiceConfiguration

/// Matcha with Vocos in the seed's layout.
enum SeedMatcha {
    /// Spectrogram frames that the graphs in one piece are made for, by their name (upstream.md E.1).
    private static let frames = ["matcha-s64.rknn": 600, "matcha-s140.rknn": 1278]
    /// Every graph of it is tied to core 0: the recognizer has the others.
    private static let cores = [0]

    static func model(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        let files = tts.board.files
        let directory = SeedDirectory(tts.modelDirectory ?? "/opt/tts/models", with: [files.matcha, files.vocos])
        var draft = SeedDraft("matcha_rknn", family: "matcha", in: directory, on: board)
        draft.boards = ["rk3576", "rk3588"]
        draft.need("matcha-icefall-zh-en/lexicon.txt")
        draft.need("matcha-icefall-zh-en/tokens.txt")
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        acoustics(tts, directory, &draft)
        draft.add("vocoder", files.vocos ?? "vocos-16khz-600.rknn", .rknn, cores: cores)
        draft.tell("tts.vocos_model", files.vocos) { "the vocoder is \($0)" }
        return try draft.model()
    }

    private static func acoustics(_ tts: Configuration.TTS, _ directory: SeedDirectory, _ draft: inout SeedDraft) {
        let single = tts.board.files.matcha
        let split = ["matcha-split/matcha-encoder-fp16.rknn", "matcha-split/matcha-estimator-fp16.rknn"]
        draft.tell("tts.use_ort", tts.board.usesONNX) {
            $0 ? "Matcha runs on the CPU, the vocoder on the NPU" : "Matcha runs on the NPU"
        }
        draft.tell("tts.matcha_model", single) { path in
            tts.board.usesONNX == true ? "\(path) is not used: tts.use_ort is on" : "Matcha is \(path), in one piece"
        }
        if tts.board.usesONNX == true { return draft.add("acoustic", "model-steps-3.onnx", .onnx) }
        if let whole = single ?? frames.keys.sorted().reversed().first(where: directory.exists),
            single != nil || !directory.exists(split[0])
        {
            let length = frames[SeedDirectory.name(whole)]
            return draft.add("acoustic", [SeedDraft.Part(file: whole, runtime: .rknn, frames: length, cores: cores)])
        }
        for file in split { draft.add("acoustic", file, .rknn, cores: cores) }
    }
}
