import Inference
import SpeechModels
import SpeechTesting
import SpeechText

/// Graphs with the interface of SenseVoice's exports, whose tokens can be foretold: see ``DrawnSpeech``.
enum SenseVoiceFakes {
    /// 0 blank, 1 … 60 `▁w1` …, then tags.
    static let tags = [
        "<|zh|>", "<|en|>", "<|HAPPY|>", "<|EMO_UNKNOWN|>", "<|Speech|>", "<|withitn|>", "<|woitn|>",
    ]

    static func table() throws -> TokenTable {
        let words = (1...60).map { "\u{2581}w\($0)" }
        return try TokenTable(text: (["<unk>"] + words + tags).joined(separator: "\n"))
    }

    /// Logits that have one token in each row: tags in front, then what is drawn.
    static func logits(_ tags: [Int], _ rows: [Float]) -> Tensor {
        let drawn = tags + ParaformerFakes.drawn(rows, width: 7, scale: 1)
        var logits = [Float](repeating: 0, count: drawn.count * 68)
        for (row, token) in drawn.enumerated() { logits[row * 68 + token] = 5 }
        return Tensor(shape: [1, drawn.count, 68], logits)
    }

    /// sherpa-onnx's export: x, x_length, language, text_norm → logits.
    static func export(_ tags: [Int] = [62, 63, 65, 67]) -> ClosureGraph {
        ClosureGraph(
            "model.onnx",
            inputs: [TensorSpec("x", .f32, [nil, nil, 7])]
                + ["x_length", "language", "text_norm"].map { TensorSpec($0, .i32, [nil]) },
            outputs: [TensorSpec("logits", .f32, [nil, nil, 68])]
        ) { inputs throws(InferenceError) in
            let speech = try inputs.tensor("x")
            guard try inputs.tensor("x_length").integers() == [speech.shape[1]] else {
                throw InferenceError(.invalidTensor, "not that many rows")
            }
            var tags = tags
            // Asked for Chinese, it says so; asked for numbers, too.
            if try inputs.tensor("language").integers() == [3] { tags[0] = 61 }
            if try inputs.tensor("text_norm").integers() == [14] { tags[3] = 66 }
            return ["logits": logits(tags, try speech.scalars(as: Float.self))]
        }
    }

    static func model(
        _ graph: any Graph,
        queries: QueryRows? = nil,
        _ change: (inout SenseVoiceConfig) -> Void = { _ in }
    ) throws -> SenseVoiceModel {
        var config = SenseVoiceConfig()
        change(&config)
        return try SenseVoiceModel(
            config,
            table: table(),
            features: DrawnFeatures(),
            encoder: graph,
            queries: queries
        )
    }
}
