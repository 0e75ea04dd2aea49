/// How tokens are chosen, and what ends a generation. The default is greedy: the likeliest token, always.
package struct Sampling: Sendable, Hashable {
    /// What logits are divided by; 0 takes the likeliest token.
    package var temperature: Float = 0
    /// Chooses among this many of the likeliest tokens; 0 among all, 1 is greedy.
    package var topK = 0
    /// Chooses among the likeliest tokens that have this share of the probability together; 1 among all.
    package var topP: Float = 1
    /// What makes tokens of late less likely: see `TokenSampler`. 1 does nothing.
    package var repeatPenalty: Float = 1
    /// The same seed gives the same tokens, on one runtime.
    package var seed: UInt64 = 0
    /// Most tokens of an answer; nil as many as the context has room for.
    package var maxNewTokens: Int?
    /// Tokens that end an answer besides the model's own; they are not part of it.
    package var stopTokens: Set<Int32> = []

    /// The likeliest token, always.
    package static let greedy = Sampling()

    package init() {}

    /// Whether the likeliest token is taken, always.
    package var isGreedy: Bool { temperature == 0 || topK == 1 }

    /// - Throws: `invalidTensor` naming the value that is out of its range.
    package func check() throws(InferenceError) {
        if !(0...100).contains(temperature) { throw Self.outside("temperature", temperature, "0 to 100") }
        if topK < 0 { throw Self.outside("topK", topK, "0 (all) or more") }
        if !(topP > 0 && topP <= 1) { throw Self.outside("topP", topP, "above 0, up to 1") }
        if !(0.01...100).contains(repeatPenalty) { throw Self.outside("repeatPenalty", repeatPenalty, "0.01 to 100") }
        if let maxNewTokens, maxNewTokens < 1 { throw Self.outside("maxNewTokens", maxNewTokens, "1 or more") }
    }

    private static func outside(_ name: String, _ value: some CustomStringConvertible, _ range: String)
        -> InferenceError
    {
        InferenceError(.invalidTensor, "\(name) is \(value); it is \(range)")
    }
}

/// One token of an answer.
package struct GeneratedToken: Sendable, Hashable {
    /// Why an answer ended before its own end.
    package enum Cut: String, Sendable, Hashable {
        /// `Sampling.maxNewTokens`.
        case limit
        /// The context is full.
        case context
    }

    /// Its number in the vocabulary.
    package var id: Int32
    /// Whole characters that it completes; empty in the middle of one, and where nothing turns tokens into text.
    package var text: String
    /// On the last token of an answer that did not come to its own end.
    package var cut: Cut?

    package init(id: Int32, text: String = "", cut: Cut? = nil) {
        self.id = id
        self.text = text
        self.cut = cut
    }
}
