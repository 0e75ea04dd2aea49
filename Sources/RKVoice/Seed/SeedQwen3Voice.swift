import Inference
import VoiceConfiguration

/// Qwen3-TTS on an RK3576 in the seed's layout: a talker on RKLLM, the rest on RKNN and a library of its own.
enum SeedQwen3Voice {
    /// Code frames that a vocoder is made for: 25 behind so many of context (upstream.md E.5).
    private static let frames = ["ctx0": 25, "ctx0_int8": 25, "ctx0_fp16": 25, "ctx25": 50]

    static func model(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        let files = tts.board.files
        let directory = SeedDirectory(
            tts.modelDirectory ?? "/opt/tts/models",
            with: [files.codePredictorLibrary, files.codePredictorWeights.map { $0 + "/x" }]
        )
        var draft = SeedDraft("qwen3_rknn", family: "qwen3-tts", in: directory, on: board)
        draft.sampleRate = 24000
        // The talker's file is made for no other board.
        draft.boards = ["rk3576"]
        draft.need("tokenizer/tokenizer.json", "tokenizer/vocab.json")
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        draft.need("codec_head_weight.npy")
        draft.need("text_project_table.npy", "text_project.rknn")
        draft.need("codec_embed_table.npy", "codec_embed.rknn")
        let talker = "talker_fullvocab_fixed_w4a16_rk3576.rkllm"
        draft.add("talker", talker, .rkllm)
        if let library = files.codePredictorLibrary {
            draft.add("code_predictor", library, .worker)
        } else {
            draft.add("code_predictor", "code_predictor.rknn", .rknn)
        }
        draft.tell("tts.cp_engine_lib", files.codePredictorLibrary) { "codes are predicted by \($0)" }
        draft.tell("tts.cp_weights_dir", files.codePredictorWeights) { "with the weights of \($0)" }
        if let weights = files.codePredictorWeights { draft.need(weights) }
        vocoder(files.vocoder, &draft)
        return try draft.model()
    }

    private static func vocoder(_ word: String?, _ draft: inout SeedDraft) {
        let kind = word ?? "ctx0_int8"
        guard let length = frames[kind] else {
            let known = frames.keys.sorted().joined(separator: ", ")
            return draft.object(.error, "tts.vocoder \"\(kind)\" is none", remedy: "take one of \(known)")
        }
        let file = "decoder_\(kind)\(kind.contains("_") ? "" : "_fp16").rknn"
        draft.tell("tts.vocoder", word) { "\($0): \(file), \(length) frames" }
        draft.add("vocoder", [SeedDraft.Part(file: file, runtime: .rknn, frames: length)])
    }
}
