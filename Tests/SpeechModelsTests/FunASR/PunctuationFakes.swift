import Inference
import SpeechModels
import SpeechTesting
import Synchronization
import Testing

/// A punctuation model whose marks a test chooses.
struct PunctuationFake {
    /// Words of each run, by their numbers.
    final class Runs: Sendable {
        let all = Mutex<[[Int]]>([])
        var counts: [Int] { all.withLock { $0.map(\.count) } }
    }

    static let words = ["<unk>", "你", "好", "吗", "我", "hello", "world", "it's", "français", "一"]
    static let marks = ["<unk>", "_", "，", "。", "？", "、"]

    let runs = Runs()
    let graph: ClosureGraph

    /// - Parameters:
    ///   - fails: what the graph throws.
    ///   - width: marks that the graph scores.
    ///   - mark: the mark for a place among the words of a run.
    init(
        fails: InferenceError? = nil,
        width: Int = marks.count,
        _ mark: @escaping @Sendable (_ words: [Int], _ place: Int) -> String
    ) {
        let runs = runs
        graph = ClosureGraph(
            "punctuation.onnx",
            inputs: [TensorSpec("inputs", .i32, [nil, nil]), TensorSpec("text_lengths", .i32, [nil])],
            outputs: [TensorSpec("logits", .f32, [nil, nil, width])]
        ) { inputs throws(InferenceError) in
            if let fails { throw fails }
            let words = try inputs.tensor("inputs").scalars(as: Int32.self).map(Int.init)
            let count = try inputs.tensor("text_lengths").scalars(as: Int32.self)
            guard count == [Int32(words.count)], !words.isEmpty else {
                throw InferenceError(.invalidTensor, "\(count) words where there are \(words.count)")
            }
            runs.all.withLock { $0.append(words) }
            let scores = words.indices.flatMap { place in
                Self.marks.map { $0 == mark(words, place) ? Float(5) : 0 }
            }
            return ["logits": Tensor(shape: [1, words.count, Self.marks.count], scores)]
        }
    }

    static let metadata = [
        "tokens": words.joined(separator: "|"), "punctuations": marks.joined(separator: "|"), "unk_symbol": "<unk>",
        "vocab_size": "\(words.count)",
    ]

    func model(_ changes: [String: String] = [:]) throws -> PunctuationModel {
        let metadata = Self.metadata.merging(changes) { $1 }
        return try PunctuationModel(FunASRMetadata(metadata, file: "punctuation.onnx"), graph: graph)
    }
}
