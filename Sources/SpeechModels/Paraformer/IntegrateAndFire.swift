/// Continuous integrate-and-fire (Dong and Xu, "CIF", 2020): sums the weights of encoder rows, and gives one acoustic
/// embedding, the weighted sum of the rows, each time the sum reaches 1.
///
/// A value that a stream carries from chunk to chunk. Reference: sherpa-onnx's streaming Paraformer, operation by
/// operation in 32-bit floats. A weight is at most 1, so that a row fires at most once.
package struct IntegrateAndFire: Sendable, Equatable {
    /// Values in a row.
    package let width: Int
    /// Weight since the last embedding, below 1.
    package private(set) var sum: Float = 0
    /// The weighted sum of the rows since the last embedding.
    private var partial: [Float]

    /// - Parameter width: values in a row.
    package init(width: Int) {
        self.width = width
        partial = [Float](repeating: 0, count: width)
    }

    /// Adds rows.
    /// - Parameters:
    ///   - rows: encoder output, `[rows, width]`, row-major, counted from 0.
    ///   - weights: one for each row, in [0, 1].
    ///   - live: the rows that count; others are passed over.
    /// - Returns: what fired, `[embeddings, width]`, row-major.
    package mutating func accept<Rows: RandomAccessCollection<Float>>(
        _ rows: Rows,
        weights: [Float],
        live: Range<Int>
    ) -> [Float] where Rows.Index == Int {
        var fired: [Float] = []
        for row in live {
            let weight = weights[row]
            if sum + weight < 1 {
                sum += weight
                add(rows, row, times: weight)
                continue
            }
            add(rows, row, times: 1 - sum)
            fired += partial
            sum = sum + weight - 1
            for index in 0..<width { partial[index] = rows[row * width + index] * sum }
        }
        return fired
    }

    /// The end of the sound: one row of zeros with a weight, as the predictor of FunASR adds it.
    /// - Parameter tail: its weight (0.45 in training); what is left fires if the sum reaches 1 with it.
    /// - Returns: the embedding, or nothing.
    package mutating func finish(tail: Float) -> [Float] {
        defer { self = IntegrateAndFire(width: width) }
        return sum > 0 && sum + tail >= 1 ? partial : []
    }

    private mutating func add<Rows: RandomAccessCollection<Float>>(
        _ rows: Rows,
        _ row: Int,
        times weight: Float
    ) where Rows.Index == Int {
        for index in 0..<width { partial[index] += rows[row * width + index] * weight }
    }
}
