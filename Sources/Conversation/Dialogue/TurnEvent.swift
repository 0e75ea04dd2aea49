package import Speech

/// What the machine of a dialogue is told. Every event comes with its time.
package enum TurnEvent: Sendable {
    // The user.

    /// Sound that counts as speech.
    case speechStarted
    /// The text of the utterance so far.
    case partial(Transcript)
    /// The utterance has ended; when the last voiced sample arrived, where that is known.
    case endpoint(lastVoiced: Duration?)
    /// The text of an utterance. `endedAt` is when the client said that it ended, for utterances without an endpoint.
    case final(Transcript, endedAt: Duration?)
    /// Nothing more will be recognized: the sound has ended, or the recognizer failed.
    case recognitionEnded(TurnFailure?)

    // The client.

    /// A typed question; one that does not wait ends the turn that is answered.
    case question(String, interrupts: Bool)
    /// Words to be spoken as they are; cut anywhere, more may follow.
    case words(String)
    /// The words are all there.
    case wordsEnded
    /// No more of the current turn, nor of those that wait.
    case abort
    /// How much of a turn's sound the client has played.
    case played(turn: Int, Duration)
    /// Nothing more will be asked: what is under way is finished, then the dialogue closes.
    case inputEnded
    /// The client is gone.
    case hangUp

    // The language model.

    /// More of the answer.
    case delta(turn: Int, String)
    /// The answer is all there.
    case answerEnded(turn: Int)
    /// The answer broke off.
    case answerFailed(turn: Int, TurnFailure)

    // The voice.

    /// So many frames of the sentence were made; they go out if the machine says ``TurnEffect/forward(turn:)``.
    case sound(turn: Int, frames: Int)
    /// All sound of the sentence was made.
    case sentenceSpoken(turn: Int)
    /// The sentence cannot be spoken.
    case voiceFailed(turn: Int, TurnFailure)
    /// So many frames have gone out.
    case sent(turn: Int, frames: Int)

    /// Time has passed; see ``TurnMachine/deadline``.
    case tick
}

/// What the machine of a dialogue wants done, in order.
package enum TurnEffect: Sendable, Equatable {
    /// Ask the language model.
    case generate(turn: Int, [ChatMessage])
    /// Have a sentence spoken. Never two at a time.
    case speak(turn: Int, String)
    /// Cancel the answer.
    case stopAnswer(turn: Int)
    /// Cancel the sentence, and throw away what was made of it.
    case stopVoice(turn: Int)
    /// Give the sound that was just reported to the client. Without this it is thrown away.
    case forward(turn: Int)
    /// Tell the client.
    case tell(DialogueEvent)
    /// Cancel whatever runs, and end.
    case close
}
