/// How a dialogue is held. All of it is data: times are lengths, never clocks.
package struct TurnRules: Sendable, Hashable {
    /// What of the user's ends a reply.
    package enum BargeIn: String, Sendable, Hashable, CaseIterable {
        /// Sound that counts as speech: at once.
        case speech
        /// The first word that is recognized: a cough does no harm, at the price of the time that a word takes.
        case words
        /// Nothing that is said: what the microphone hears while a reply is played is thrown away. For loudspeakers
        /// without echo cancellation.
        case never
    }

    /// What of the user's ends a reply.
    package var bargeIn = BargeIn.speech
    /// Whether what is heard is answered. If not, the client brings the words that are spoken.
    package var answersSpeech = true
    /// What the language model is told before everything else.
    package var systemPrompt: String?
    /// How much of anything there may be.
    package var limits = Limits()
    /// How long anything may take.
    package var timeouts = Timeouts()

    package init() {}

    /// How much of anything there may be.
    package struct Limits: Sendable, Hashable {
        /// Characters of one question; longer ones are refused.
        package var questionCharacters = 10_000
        /// Characters of one answer; the rest is not generated, and the report says so.
        package var answerCharacters = 20_000
        /// Characters that wait for the voice before the language model is held back.
        package var waitingCharacters = 1_000
        /// Turns that wait while another is answered; more are refused.
        package var waitingTurns = 8
        /// Characters of a sentence; longer ones are cut at a clause or a space. Bounds the wait for the first sound
        /// of an answer without punctuation.
        package var sentenceCharacters = 120
        /// How far the sound may run ahead of the listener; nil does not hold it back. A sentence is begun when all sound
        /// of the one before is out, so a lead shorter than the voice takes for its first sound leaves gaps.
        package var lead: Duration? = .seconds(10)
        /// Exchanges that the language model is told again.
        package var historyTurns = 16
        /// Characters that the language model is told again.
        package var historyCharacters = 8_000

        package init() {}
    }

    /// How long each stage may take before its turn fails.
    package struct Timeouts: Sendable, Hashable {
        /// From the last sign of an utterance to the next one.
        package var hearing = Duration.seconds(60)
        /// From the end of an utterance to its text, and from the end of all sound to the last text.
        package var recognition = Duration.seconds(45)
        /// From the question to the first word of the answer.
        package var firstToken = Duration.seconds(30)
        /// From one piece of the answer to the next, while it is not held back.
        package var betweenTokens = Duration.seconds(15)
        /// From a sentence to its first sound.
        package var firstSound = Duration.seconds(15)
        /// From one stretch of sound to the next, while it is not held back.
        package var betweenSounds = Duration.seconds(10)
        /// For more words of a client that brings its own; what it brought is then spoken to its end.
        package var clientText = Duration.seconds(60)
        /// Without any event between turns, after which the dialogue is closed; nil waits for ever.
        package var idle: Duration?

        package init() {}
    }
}
