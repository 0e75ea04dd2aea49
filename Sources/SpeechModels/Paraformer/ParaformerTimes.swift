/// When the tokens of an utterance were said.
///
/// A Paraformer with a second predictor (FunASR's BiCifParaformer and SeACo-Paraformer) gives each row of sound three weights.
/// Their running sum goes back by one when it reaches one, and there a token begins: once for each token, and once more
/// where the last one ends.
package struct ParaformerTimes: Sendable, Equatable {
    /// Seconds from the start of the sound at which each token begins, ascending.
    package let starts: [Double]
    /// Seconds from the start of the sound at which the last token ends.
    package let end: Double

    /// A token begins where the sum is above this; the graph's own threshold, in double precision as in sherpa-onnx 2.0.1.
    private static let threshold = 1 - 1e-4
    /// Seconds after which a token is over, though the next one begins later: what is between is a pause.
    /// 12 sums of 20 ms in FunASR's `ts_prediction_lfr6_standard`.
    private static let longest = 0.24

    /// Nil unless a token begins once for each token and once more.
    ///
    /// Port of sherpa-onnx 2.0.1 (`offline-paraformer-greedy-search-decoder.cc`), exact.
    /// - Parameters:
    ///   - sums: running sums of weights, a whole number of them for each row.
    ///   - rows: rows of sound that the graph was given.
    ///   - count: tokens before the end of the sentence.
    ///   - features: tells the seconds of a row.
    init?(sums: some RandomAccessCollection<Float>, rows: Int, of count: Int, _ features: any FeatureRows) {
        guard rows > 0, !sums.isEmpty, sums.count % rows == 0 else { return nil }
        let step = features.rowSeconds / Double(sums.count / rows)
        let lead = Double(features.lead) / Double(features.sampleRate)
        let peaks = sums.enumerated().filter { Double($0.element) > Self.threshold }
        let seconds = peaks.map { max(0, Double($0.offset) * step - lead) }
        guard count > 0, seconds.count == count + 1 else { return nil }
        starts = Array(seconds.dropLast())
        end = seconds[count]
    }

    /// Where a token ends: where the next one begins, or before a pause.
    /// - Parameter token: its place among the tokens.
    /// - Returns: seconds from the start of the sound.
    package func end(ofToken token: Int) -> Double {
        let next = starts.indices.contains(token + 1) ? starts[token + 1] : end
        return min(next, starts[token] + Self.longest)
    }
}
