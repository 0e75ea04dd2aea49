/// Picks the likeliest token that may come next.
///
/// The forbidden tokens are turned into the ranges between them once, so that a step looks at each logit once and
/// writes none.
package struct GreedySearch: Sendable {
    /// The tokens that may come, in order.
    let allowed: [Range<Int>]

    /// - Parameter allowed: the tokens that may come, in order.
    init(allowed: [Range<Int>]) { self.allowed = allowed }

    /// - Parameters:
    ///   - count: size of the vocabulary.
    ///   - suppressed: tokens never chosen; numbers outside the vocabulary are ignored.
    package init(count: Int, suppressed: some Sequence<Int>) {
        var ranges: [Range<Int>] = []
        var start = 0
        for token in Set(suppressed).sorted() where (0..<count).contains(token) {
            if token > start { ranges.append(start..<token) }
            start = token + 1
        }
        if start < count { ranges.append(start..<count) }
        allowed = ranges
    }

    /// A token and the one that would have come in its place.
    package struct Choice: Sendable, Equatable {
        /// The first of the highest logits that are allowed, as the reference's `argmax` does.
        package var token: Int
        /// The next best one; the same token where only one is allowed.
        package var runnerUp: Int
        /// How much higher the logit of `token` is: the logarithm of how many times as likely it is.
        package var margin: Float
    }

    /// - Parameter logits: one per token.
    /// - Returns: the likeliest token that is allowed.
    package func choice<Logits: RandomAccessCollection<Float>>(_ logits: Logits) -> Choice where Logits.Index == Int {
        var best = allowed.first?.lowerBound ?? 0
        var second = best
        var top = -Float.infinity
        var next = -Float.infinity
        for range in allowed {
            for token in range where logits[token] > next {
                let logit = logits[token]
                if logit > top {
                    (second, next) = (best, top)
                    (best, top) = (token, logit)
                } else {
                    (second, next) = (token, logit)
                }
            }
        }
        return Choice(token: best, runnerUp: second, margin: top - next)
    }

    /// - Parameter logits: one per token.
    /// - Returns: the token of ``choice(_:)``.
    package func best<Logits: RandomAccessCollection<Float>>(_ logits: Logits) -> Int where Logits.Index == Int {
        choice(logits).token
    }
}

/// Notices that a decoder repeats itself, the known failure of greedy Whisper on hard audio.
package enum Repetition {
    /// How often the last 1 … 16 tokens stand at the end in a row must stay below this.
    /// Measured on beckett.wav and the 27 clips of the parity set: real speech repeats a token at most four times.
    static let limit = 6

    /// - Returns: the length of the sequence without the repeated tail, nil when there is no such tail.
    package static func start(in tokens: [Int]) -> Int? {
        for length in 1...16 where tokens.count >= length * limit {
            let tail = tokens[(tokens.count - length)...]
            var copies = 1
            while tokens.count >= (copies + 1) * length {
                let from = tokens.count - (copies + 1) * length
                guard tokens[from..<from + length].elementsEqual(tail) else { break }
                copies += 1
            }
            if copies >= limit { return tokens.count - (copies - 1) * length }
        }
        return nil
    }
}
