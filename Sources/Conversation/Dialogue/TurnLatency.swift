/// When the steps of a turn were reached, since the dialogue began; what has not happened is nil.
package struct TurnLatency: Sendable, Hashable {
    /// The last voiced sample arrived.
    package var lastVoiced: Duration?
    /// The utterance was found to have ended: by a pause, or because the client said so.
    package var endpoint: Duration?
    /// The question was there as text.
    package var question: Duration?
    /// The first word of the answer was there.
    package var firstToken: Duration?
    /// The first sentence that can be spoken was whole.
    package var firstSentence: Duration?
    /// The first PCM sample of the answer was there.
    package var firstSound: Duration?

    package init() {}

    /// The steps of the budget, in order.
    package enum Step: String, Sendable, Hashable, CaseIterable {
        /// From the last voiced sample to the end of the utterance: the pause that ends it, and its detection.
        case endpoint
        /// From the end of the utterance to its text.
        case recognition
        /// From the question to the first word of the answer.
        case firstToken = "first_token"
        /// From the first word to the first sentence.
        case firstSentence = "first_sentence"
        /// From the first sentence to the first PCM sample.
        case firstSound = "first_sound"
        /// From the last voiced sample to the first PCM sample; of a typed question, from the question.
        case total
    }

    /// How long a step took; nil where it did not happen. Never negative.
    package func length(of step: Step) -> Duration? {
        let (from, to) = ends(of: step)
        guard let from, let to else { return nil }
        return max(.zero, to - from)
    }

    /// Milliseconds of each step that happened, by its name.
    package var milliseconds: [String: Double] {
        let lengths = Step.allCases.compactMap { step in length(of: step).map { (step.rawValue, $0.milliseconds) } }
        return Dictionary(uniqueKeysWithValues: lengths)
    }

    private func ends(of step: Step) -> (from: Duration?, to: Duration?) {
        switch step {
        case .endpoint: (lastVoiced, endpoint)
        case .recognition: (endpoint, question)
        case .firstToken: (question, firstToken)
        case .firstSentence: (firstToken, firstSentence)
        case .firstSound: (firstSentence, firstSound)
        case .total: (lastVoiced ?? endpoint ?? question, firstSound)
        }
    }
}

extension Duration {
    /// The same in milliseconds.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    }

    /// So many frames at a rate.
    /// - Parameters:
    ///   - frames: how many.
    ///   - sampleRate: Hz.
    /// - Returns: their length.
    package static func frames(_ frames: Int, at sampleRate: Int) -> Duration {
        .nanoseconds(Int64((Double(frames) / Double(sampleRate) * 1e9).rounded()))
    }
}
