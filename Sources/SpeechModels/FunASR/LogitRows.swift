import Inference

/// One row of logits inside a larger run of them, counted from 0.
struct LogitRow<Base: RandomAccessCollection<Float>>: RandomAccessCollection where Base.Index == Int {
    private let base: Base
    private let start: Int
    let endIndex: Int

    /// - Parameters:
    ///   - base: all rows.
    ///   - row: which one.
    ///   - width: logits of a row.
    init(_ base: Base, _ row: Int, width: Int) {
        self.base = base
        start = base.startIndex + row * width
        endIndex = width
    }

    var startIndex: Int { 0 }
    subscript(index: Int) -> Float { base[start + index] }
}

/// Logits of one token each.
enum LogitRows {
    /// - Parameters:
    ///   - logits: `[1, rows, vocabulary]`.
    ///   - count: rows that are wanted; fewer if there are fewer.
    /// - Returns: the first of the highest of each row.
    /// - Throws: `invalidTensor` for another shape; `runtimeFailed` where a row holds no numbers.
    static func likeliest(_ logits: Tensor, count: Int) throws(InferenceError) -> [Int] {
        guard logits.shape.count == 3, logits.shape[0] == 1 else {
            throw InferenceError(.invalidTensor, "logits of the shape \(logits.shape)")
        }
        let (rows, vocabulary) = (logits.shape[1], logits.shape[2])
        let search = GreedySearch(count: vocabulary, suppressed: [])
        let choices = try logits.withScalars(as: Float.self) { scalars in
            (0..<min(count, rows)).map { search.choice(LogitRow(scalars, $0, width: vocabulary)) }
        }
        guard choices.allSatisfy({ !$0.margin.isNaN }) else {
            throw InferenceError(.runtimeFailed, "the graph gave logits that are no numbers")
        }
        return choices.map(\.token)
    }
}
