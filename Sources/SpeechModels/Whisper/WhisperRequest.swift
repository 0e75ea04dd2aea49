import Foundation
package import Speech

/// What is wanted of one window.
package struct WhisperRequest: Sendable {
    /// Language spoken; nil detects it.
    package var language: Language?
    /// Whether the text is English whatever is spoken.
    package var translates = false
    /// Tokens of what was said before; the last ones count.
    package var previous: [Int] = []
    /// Whether text stands between time tokens.
    package var withTimes = false
    /// Whether the model looks at all of its window from the start.
    package var fullContext = false
    /// Tokens after which the text is given up; nil leaves it to the model's own limit.
    package var longest: Int?
    /// Whether the probability that nobody speaks is asked for, which takes one more run of the decoder.
    package var checksSpeech = true

    /// - Parameters:
    ///   - language: language spoken; nil detects it.
    ///   - withTimes: whether text stands between time tokens.
    package init(language: Language? = nil, withTimes: Bool = false) {
        self.language = language
        self.withTimes = withTimes
    }
}

extension WhisperDecoder {
    /// What a decode gave.
    package struct Output: Sendable {
        /// Text tokens, and time tokens where they were asked for; without the prompt and the end.
        package var tokens: [Int]
        /// How each token was chosen.
        package var choices: [GreedySearch.Choice] = []
        /// Natural logarithms of the tokens' probabilities.
        package var logProbabilities: [Float] = []
        /// That of the end; 0 where there is none.
        package var endLogProbability: Float = 0
        /// Language asked for or detected; nil for a model of one language.
        package var language: Language?
        /// False when the decoder looped or ran out of tokens before its end.
        package var isComplete: Bool
        /// Probability that nobody speaks; 0 where it was not asked for.
        package var noSpeech = 0.0
        /// At which the tokens were drawn.
        package var temperature = 0.0

        /// Mean over the tokens and the end, as the references count it.
        package var averageLogProbability: Double {
            Double(logProbabilities.reduce(endLogProbability, +)) / Double(tokens.count + 1)
        }

        /// What is made of a window in which nobody speaks.
        static func silence(_ language: Language?) -> Self { Self(tokens: [], language: language, isComplete: true) }

        mutating func append(_ pick: TokenRules.Pick) {
            tokens.append(pick.choice.token)
            choices.append(pick.choice)
            logProbabilities.append(pick.logProbability)
        }

        mutating func removeAll(from start: Int) {
            tokens.removeSubrange(start...)
            choices.removeSubrange(start...)
            logProbabilities.removeSubrange(start...)
        }

        /// Mean probability of some of the tokens; nil of none.
        func confidence(of places: some Collection<Int>) -> Double? {
            guard !places.isEmpty else { return nil }
            return places.reduce(0.0) { $0 + exp(Double(logProbabilities[$1])) } / Double(places.count)
        }
    }
}
