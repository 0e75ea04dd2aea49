package import Speech

/// Something that happened in a dialogue, with the turn it belongs to and how long that turn has taken.
package struct DialogueEvent: Sendable, Equatable {
    /// What happened.
    package enum Content: Sendable, Equatable {
        /// The user has begun to speak. Sent before anything that it interrupts.
        case speechStarted
        /// The text of the utterance so far.
        case partial(Transcript)
        /// A pause has ended the utterance; its text follows.
        case endpoint
        /// What the user has said, or written.
        case question(Transcript)
        /// More of the answer, as text.
        case answer(String)
        /// A sentence goes to the voice.
        case sentenceStarted(String)
        /// Sound of the answer. Its position counts from the start of the sentence.
        case audio(AudioChunk)
        /// All sound of the sentence has been given.
        case sentenceEnded(String)
        /// The answer broke off; what is there is still spoken, then the turn ends as failed.
        case trouble(TurnFailure)
        /// The turn is over. Exactly one for each turn, and nothing of the turn after it but ``truncated(_:)``.
        case ended(TurnReport)
        /// The user spoke, or aborted, while the client still played a turn that was over: throw the rest away.
        case truncated(TurnReport)
        /// The dialogue is over; with a failure where it did not end by itself. The last event.
        case closed(TurnFailure?)
    }

    /// The turn, counted from 1; 0 where it belongs to none.
    package var turn: Int
    /// What happened.
    package var content: Content
    /// How long the turn has taken so far, step by step.
    package var latency: TurnLatency

    /// - Parameters:
    ///   - turn: the turn, counted from 1.
    ///   - content: what happened.
    ///   - latency: how long the turn has taken so far.
    package init(turn: Int, _ content: Content, latency: TurnLatency = TurnLatency()) {
        self.turn = turn
        self.content = content
        self.latency = latency
    }
}

/// How a turn ended, and what became of its sound.
package struct TurnReport: Sendable, Equatable {
    /// How a turn ended.
    package enum Outcome: Sendable, Equatable {
        case done
        case cancelled(Reason)
        case failed(TurnFailure)
    }

    /// Why a turn was cancelled.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The user spoke.
        case speech
        /// The client said so.
        case abort
        /// Another question came that does not wait.
        case question
        /// There was no word in what was heard.
        case nothingHeard = "nothing_heard"
        /// The dialogue was closed.
        case closed
    }

    /// How it ended.
    package var outcome: Outcome
    /// Milliseconds of sound that the voice has made.
    package var generated: Double
    /// Milliseconds of sound that were sent.
    package var sent: Double
    /// Milliseconds of sound that the listener has probably played.
    package var played: Double
    /// What the listener has probably heard, in words.
    package var heard: String
    /// Whether the answer was longer than answers may be.
    package var isTruncated: Bool

    init(_ outcome: Outcome, ledger: SoundLedger? = nil, isTruncated: Bool = false, at now: Duration) {
        let rate = Double(ledger?.sampleRate ?? 1) / 1e3
        self.outcome = outcome
        generated = Double(ledger?.generated ?? 0) / rate
        sent = Double(ledger?.sent ?? 0) / rate
        played = Double(ledger?.played(at: now) ?? 0) / rate
        heard = ledger?.heard(at: now) ?? ""
        self.isTruncated = isTruncated
    }
}

/// What went wrong with a turn.
package struct TurnFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where it went wrong.
    package enum Stage: String, Sendable, Hashable, CaseIterable {
        case question, hearing, recognition
        case languageModel = "language_model"
        case voice, dialogue
    }

    /// Where it went wrong.
    package var stage: Stage
    /// The kind of failure, for programs: `timed_out`, `empty_text`, `too_long`, `too_many_turns`, `empty_answer`, or a
    /// code of ``ChatError`` or of ``SpeechError``.
    package var code: String
    /// One sentence for a person: what happened and what to do.
    package var message: String

    /// - Parameters:
    ///   - stage: where it went wrong.
    ///   - code: the kind of failure, for programs.
    ///   - message: what happened and what to do, in one sentence.
    package init(_ stage: Stage, _ code: String, _ message: String) {
        self.stage = stage
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
