package import Inference

/// Connectionist temporal classification, greedy: the likeliest token of each frame, repeats taken together, blanks
/// dropped.
package struct CTCGreedy: Sendable {
    /// A token and the frames over which it was the likeliest one.
    package struct Emission: Sendable, Equatable {
        package var token: Int
        /// Frames of the logits.
        package var frames: Range<Int>
        /// By how much its logit was ahead in its best frame.
        package var margin: Float
    }

    /// Size of the vocabulary.
    package let vocabulary: Int
    /// The token that stands for nothing.
    package let blank: Int
    private let search: GreedySearch

    /// - Parameters:
    ///   - vocabulary: its size.
    ///   - blank: the token that stands for nothing.
    package init(vocabulary: Int, blank: Int) {
        self.vocabulary = vocabulary
        self.blank = blank
        search = GreedySearch(count: vocabulary, suppressed: [])
    }

    /// - Parameter logits: `[1, frames, vocabulary]`, or `[1, vocabulary, frames]` as graphs for an NPU give them.
    /// - Returns: the tokens in order.
    /// - Throws: `invalidTensor` for another shape; `runtimeFailed` where a frame holds no numbers.
    package func emissions(_ logits: Tensor) throws(InferenceError) -> [Emission] {
        let shape = logits.shape
        guard shape.count == 3, shape[0] == 1, shape[1] == vocabulary || shape[2] == vocabulary else {
            throw InferenceError(.invalidTensor, "logits of the shape \(shape) for \(vocabulary) tokens")
        }
        let best = try logits.withScalars(as: Float.self) { scalars in
            shape[2] == vocabulary ? rows(scalars, shape[1]) : columns(scalars, shape[2])
        }
        guard best.allSatisfy({ !$0.margin.isNaN }) else {
            throw InferenceError(.runtimeFailed, "the graph gave logits that are no numbers")
        }
        return collapsed(best)
    }

    private func rows<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        _ frames: Int
    ) -> [GreedySearch.Choice] where Logits.Index == Int {
        (0..<frames).map { search.choice(LogitRow(logits, $0, width: vocabulary)) }
    }

    /// As ``rows(_:_:)``, token by token, so that the memory is read in its own order.
    private func columns<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        _ frames: Int
    ) -> [GreedySearch.Choice] where Logits.Index == Int {
        var best = [Int](repeating: 0, count: frames)
        var top = [Float](repeating: -.infinity, count: frames)
        var next = top
        for token in 0..<vocabulary {
            for frame in 0..<frames {
                let logit = logits[token * frames + frame]
                if logit > top[frame] {
                    next[frame] = top[frame]
                    (best[frame], top[frame]) = (token, logit)
                } else if logit > next[frame] {
                    next[frame] = logit
                }
            }
        }
        return (0..<frames).map { frame in
            GreedySearch.Choice(token: best[frame], runnerUp: best[frame], margin: top[frame] - next[frame])
        }
    }

    private func collapsed(_ best: [GreedySearch.Choice]) -> [Emission] {
        var emissions: [Emission] = []
        var previous = blank
        for (frame, choice) in best.enumerated() {
            defer { previous = choice.token }
            guard choice.token != blank else { continue }
            if choice.token == previous, let last = emissions.popLast() {
                let frames = last.frames.lowerBound..<frame + 1
                emissions.append(Emission(token: last.token, frames: frames, margin: max(last.margin, choice.margin)))
            } else {
                emissions.append(Emission(token: choice.token, frames: frame..<frame + 1, margin: choice.margin))
            }
        }
        return emissions
    }
}
