import Foundation

/// Chooses the tokens of one generation.
///
/// The steps are those of Hugging Face's `transformers`, for which the models' own settings are made: repeat penalty,
/// temperature, the `topK` likeliest, the likeliest with a share of `topP` together (at least one), then one of them by
/// its probability. Ties go to the token with the lower number.
///
/// The penalty is that of CTRL (Keskar et al., 2019), as llama.cpp applies it: the logit of a token among the last
/// `penaltyWindow` is divided by it where positive, else multiplied, once. RKLLM's headers name the setting without
/// saying how far back it looks.
package struct TokenSampler: Sendable {
    /// How many tokens the repeat penalty looks back: the default of llama.cpp.
    package static let penaltyWindow = 64

    private struct Candidate: Comparable {
        var token: Int
        var logit: Float

        /// The likelier one comes first; the lower number among equals.
        static func < (left: Candidate, right: Candidate) -> Bool {
            left.logit > right.logit || (left.logit == right.logit && left.token < right.token)
        }
    }

    private let sampling: Sampling
    private var recent: [Int32] = []
    private var random: SplitMix64

    /// - Parameters:
    ///   - sampling: how tokens are chosen; checked by the caller.
    ///   - prompt: tokens before the first, where they are known.
    package init(_ sampling: Sampling, after prompt: some Sequence<Int32> = []) {
        self.sampling = sampling
        random = SplitMix64(seed: sampling.seed)
        recent = Array(Array(prompt).suffix(Self.penaltyWindow))
    }

    /// Chooses the next token and remembers it.
    /// - Parameter logits: f32, one number per token.
    /// - Returns: its number in the vocabulary.
    /// - Throws: `invalidTensor` for another type; `runtimeFailed` when no logit is a number.
    package mutating func next(_ logits: Tensor) throws(InferenceError) -> Int32 {
        let greedy = sampling.isGreedy && sampling.repeatPenalty == 1
        let token: Int?
        if greedy {
            token = try logits.withScalars(as: Float.self) { Self.likeliest($0) }
        } else {
            var scores = try logits.scalars(as: Float.self)
            penalize(&scores)
            token = sampling.isGreedy ? Self.likeliest(scores) : draw(scores)
        }
        guard let token else {
            throw InferenceError(.runtimeFailed, "none of the \(logits.count) logits is a number: the model overflowed")
        }
        recent.append(Int32(clamping: token))
        if recent.count > Self.penaltyWindow { recent.removeFirst() }
        return Int32(clamping: token)
    }

    private func penalize(_ scores: inout [Float]) {
        guard sampling.repeatPenalty != 1 else { return }
        for token in Set(recent) where scores.indices.contains(Int(token)) {
            let score = scores[Int(token)]
            scores[Int(token)] = score > 0 ? score / sampling.repeatPenalty : score * sampling.repeatPenalty
        }
    }

    private static func likeliest<Logits: RandomAccessCollection<Float>>(_ logits: Logits) -> Int?
    where Logits.Index == Int {
        var best: Int?
        var top = -Float.infinity
        for index in logits.indices where logits[index] > top { (best, top) = (index, logits[index]) }
        return best
    }

    private mutating func draw(_ scores: [Float]) -> Int? {
        let candidates = candidates(scores)
        guard let first = candidates.first else { return nil }
        let scale = 1 / Double(sampling.temperature)
        var weights = candidates.map { exp(Double($0.logit - first.logit) * scale) }
        let total = weights.reduce(0, +)
        if sampling.topP < 1 {
            var sum = 0.0
            let share = Double(sampling.topP) * total
            let count = weights.firstIndex { weight in
                sum += weight
                return sum >= share
            }
            weights.removeSubrange(min(weights.count, (count ?? weights.count - 1) + 1)...)
        }
        var rest = random.uniform() * weights.reduce(0, +)
        for (candidate, weight) in zip(candidates, weights) {
            rest -= weight
            if rest < 0 { return candidate.token }
        }
        return candidates[weights.count - 1].token
    }

    /// The likeliest first; as many as may be chosen at all.
    private func candidates(_ scores: [Float]) -> [Candidate] {
        let limit = sampling.topK > 0 ? min(sampling.topK, scores.count) : scores.count
        // Few out of many are found in one pass; sorting a vocabulary takes many times as long.
        guard limit <= 1_024 else {
            let sound = scores.enumerated().filter { $0.element.isFinite }
            return Array(sound.map { Candidate(token: $0.offset, logit: $0.element) }.sorted(by: <).prefix(limit))
        }
        var kept: [Candidate] = []
        kept.reserveCapacity(limit + 1)
        for (token, logit) in scores.enumerated() where logit.isFinite {
            if kept.count == limit, let last = kept.last, logit <= last.logit { continue }
            let place = kept.firstIndex { $0.logit < logit } ?? kept.count
            kept.insert(Candidate(token: token, logit: logit), at: place)
            if kept.count > limit { kept.removeLast() }
        }
        return kept
    }
}

/// Random numbers of a seed (Steele, Lea and Flood, 2014): the same on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// From 0 up to, not including, 1, in steps of 2⁻⁵³.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
