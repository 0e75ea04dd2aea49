/// Whether a text is believed, decoded again at a higher temperature, or taken for silence.
///
/// Thresholds and order are those of openai/whisper (`decode_with_fallback`) and faster-whisper
/// (`generate_with_fallback`), which differ in three points:
/// - Silence ends the attempts only where the text is unlikely too, as in faster-whisper and later versions of openai's.
/// - Where all attempts fail, the likeliest that does not repeat itself is taken, as in faster-whisper; openai's takes
///   the last.
/// - Above temperature 0 one text is drawn, as openai's library does; faster-whisper and openai's command draw five.
///
/// Besides, a decode that loops or runs out of tokens always has another attempt: ours stops at the loop.
package enum DecodingChecks {
    /// Temperatures of the attempts.
    package static let temperatures = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    /// Text that compresses better than this repeats itself.
    package static let compressionRatio = 2.4
    /// Mean log-probability of the tokens, the end included, below which a text is doubted.
    package static let averageLogProbability = -1.0
    /// Probability of the no-speech token above which an unlikely text is none.
    package static let noSpeech = 0.6

    /// What becomes of a decode.
    package enum Verdict: Sendable, Equatable { case accept, retry, silence }

    /// What is known of one decode.
    package struct Quality: Sendable, Equatable {
        /// Bytes of the text for each byte of it compressed.
        package var compressionRatio: Double
        /// Mean natural logarithm of the tokens' probabilities.
        package var averageLogProbability: Double
        /// Probability that nobody speaks; 0 where it is not known.
        package var noSpeech: Double
        /// False when the decoder looped or ran out of tokens.
        package var isComplete: Bool

        /// What is known of one decode.
        package init(
            compressionRatio: Double,
            averageLogProbability: Double,
            noSpeech: Double,
            isComplete: Bool = true
        ) {
            self.compressionRatio = compressionRatio
            self.averageLogProbability = averageLogProbability
            self.noSpeech = noSpeech
            self.isComplete = isComplete
        }

        /// What becomes of the decode.
        package var verdict: Verdict {
            let isUnlikely = averageLogProbability < DecodingChecks.averageLogProbability
            if isUnlikely, noSpeech > DecodingChecks.noSpeech { return .silence }
            return isUnlikely || repeats || !isComplete ? .retry : .accept
        }

        var repeats: Bool { compressionRatio > DecodingChecks.compressionRatio }
    }

    /// The best of attempts that all failed.
    package static func best(_ attempts: [Quality]) -> Int? {
        let indices = attempts.indices
        let whole = indices.filter { attempts[$0].isComplete && !attempts[$0].repeats }
        let unrepeated = indices.filter { !attempts[$0].repeats }
        let candidates = [whole, unrepeated, Array(indices)].first { !$0.isEmpty }
        return candidates?.max { attempts[$0].averageLogProbability < attempts[$1].averageLogProbability }
    }
}
