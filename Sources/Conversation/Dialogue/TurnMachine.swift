/// Turn taking: hear, think, say. A pure value: events with their times in, effects out; no clocks, no tasks, no sound.
///
/// Every turn that is opened ends in exactly one ``DialogueEvent/Content/ended(_:)``, and after a turn was cancelled no
/// sound of it is forwarded. Events of turns that are over are ignored.
package struct TurnMachine: Sendable {
    let rules: TurnRules
    let sampleRate: Int
    var history: ChatHistory
    var reply: Reply?
    var utterance: OpenUtterance?
    var waiting: [WaitingTurn] = []
    var tail: Tail?
    var progress = Progress()
    var effects: [TurnEffect] = []

    /// A turn that is over, and of which the client may still play something.
    struct Tail: Sendable {
        let turn: Int
        var ledger: SoundLedger
        let latency: TurnLatency
        /// Whether the client was told to throw the rest away.
        var isCut: Bool
    }

    /// Where the dialogue as a whole stands.
    struct Progress: Sendable {
        var now = Duration.zero
        var turns = 0
        var lastActivity = Duration.zero
        /// Speech that is thrown away until its text has come.
        var isDeaf = false
        var hasRecognitionEnded = false
        var hasInputEnded = false
        var isClosed = false
    }

    /// - Parameters:
    ///   - rules: how the dialogue is held.
    ///   - sampleRate: Hz of the voice.
    package init(rules: TurnRules, sampleRate: Int) {
        self.rules = rules
        self.sampleRate = sampleRate
        history = ChatHistory(turns: rules.limits.historyTurns, characters: rules.limits.historyCharacters)
    }

    /// Whose turn it is.
    package var state: TurnState {
        if progress.isClosed { return .closed }
        guard let reply else { return .listening }
        return reply.ledger.generated > 0 ? .speaking : .thinking
    }

    /// The turn that is answered; nil while listening.
    package var currentTurn: Int? { reply?.turn }

    /// How long the turn that is answered has taken so far.
    package var currentLatency: TurnLatency { reply?.latency ?? TurnLatency() }

    /// Turns opened so far.
    package var turns: Int { progress.turns }

    /// Takes an event.
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when, since the dialogue began; times that go back count as the latest one.
    /// - Returns: what is to be done, in order.
    package mutating func handle(_ event: TurnEvent, at now: Duration) -> [TurnEffect] {
        guard !progress.isClosed else { return [] }
        progress.now = max(progress.now, now)
        let wasHeld = !acceptsAnswer
        switch event {
        case .speechStarted, .partial, .endpoint, .final, .recognitionEnded: hear(event)
        case .question, .words, .wordsEnded, .abort, .played, .inputEnded, .hangUp: obey(event)
        case .delta, .answerEnded, .answerFailed: takeAnswer(event)
        case .sound, .sentenceSpoken, .voiceFailed, .sent: takeSound(event)
        case .tick: expire()
        }
        settle()
        // A language model that is held back is not slow.
        if wasHeld { reply?.answer.lastAt = progress.now }
        defer { effects = [] }
        return effects
    }

    /// Does what has become possible: the next sentence, the end of a turn, the next turn, the end of the dialogue.
    private mutating func settle() {
        while !progress.isClosed {
            if reply != nil {
                speakNext()
                guard reply?.isComplete == true else { return }
                finishReply()
            } else if utterance == nil, !waiting.isEmpty {
                begin(waiting.removeFirst())
            } else {
                if utterance == nil, progress.hasInputEnded, progress.hasRecognitionEnded { close(nil) }
                return
            }
        }
    }

    private mutating func finishReply() {
        guard let answer = reply?.answer else { return }
        endReply(answer.failure.map { .failed($0) } ?? .done)
    }
}

// MARK: - Turns

extension TurnMachine {
    /// The number of a turn that begins.
    mutating func openTurn() -> Int {
        progress.turns += 1
        return progress.turns
    }

    mutating func tell(_ turn: Int, _ content: DialogueEvent.Content, _ latency: TurnLatency = TurnLatency()) {
        effects.append(.tell(DialogueEvent(turn: turn, content, latency: latency)))
    }

    /// Answers a turn now.
    mutating func begin(_ next: WaitingTurn) {
        let now = progress.now
        let started = Reply(
            next,
            sampleRate: sampleRate,
            sentenceCharacters: rules.limits.sentenceCharacters,
            at: now
        )
        reply = started
        guard next.isSpokenAsIs else {
            let messages = history.messages(system: rules.systemPrompt, question: next.text)
            effects.append(.generate(turn: next.turn, messages))
            return
        }
        feed(next.text)
        if !next.isOpen { endAnswer() }
    }

    /// Ends the turn that is answered, and what runs for it.
    mutating func endReply(_ outcome: TurnReport.Outcome) {
        guard let reply else { return }
        if !reply.answer.isEnded, !reply.isSpokenAsIs { effects.append(.stopAnswer(turn: reply.turn)) }
        if reply.voice.sentence != nil { effects.append(.stopVoice(turn: reply.turn)) }
        let report = TurnReport(
            outcome,
            ledger: reply.ledger,
            isTruncated: reply.answer.isTruncated,
            at: progress.now
        )
        // What was sent to its end will be heard to its end, unless the user breaks in: see `cutTail`. So is what there
        // was of an answer that broke off.
        let isWhole = outcome == .done || reply.answer.failure.map { outcome == .failed($0) } ?? false
        history.add(reply.turn, question: reply.question, heard: isWhole ? reply.answer.text : report.heard)
        tail = Tail(turn: reply.turn, ledger: reply.ledger, latency: reply.latency, isCut: !isWhole)
        tell(reply.turn, .ended(report), reply.latency)
        progress.lastActivity = progress.now
        self.reply = nil
    }

    /// Ends the turn that is answered, and what the client still plays of the one before. Of those that wait, words of
    /// the client's go with it; questions are still answered, unless the client has aborted.
    mutating func interrupt(_ reason: TurnReport.Reason) {
        cutTail(reason)
        endReply(.cancelled(reason))
        let dropped = waiting.filter { reason == .abort || $0.isSpokenAsIs }
        waiting.removeAll { reason == .abort || $0.isSpokenAsIs }
        for turn in dropped { tell(turn.turn, .ended(ended(.cancelled(reason))), turn.latency) }
    }

    private mutating func cutTail(_ reason: TurnReport.Reason) {
        guard reply == nil, let tail, !tail.isCut, tail.ledger.isPlaying(at: progress.now) else { return }
        let report = TurnReport(.cancelled(reason), ledger: tail.ledger, at: progress.now)
        history.amend(tail.turn, heard: report.heard)
        tell(tail.turn, .truncated(report), tail.latency)
        self.tail?.isCut = true
    }

    /// Ends an utterance of which there will be no text.
    mutating func endUtterance(_ outcome: TurnReport.Outcome) {
        guard let open = utterance else { return }
        utterance = nil
        progress.lastActivity = progress.now
        tell(open.turn, .ended(ended(outcome)), open.latency)
    }

    func ended(_ outcome: TurnReport.Outcome) -> TurnReport { TurnReport(outcome, at: progress.now) }

    /// Ends everything.
    mutating func close(_ failure: TurnFailure?) {
        // Two time-outs may be due at once.
        guard !progress.isClosed else { return }
        let outcome: TurnReport.Outcome = failure.map { .failed($0) } ?? .cancelled(.closed)
        endReply(outcome)
        endUtterance(outcome)
        for turn in waiting { tell(turn.turn, .ended(ended(outcome)), turn.latency) }
        waiting = []
        tell(0, .closed(failure))
        effects.append(.close)
        progress.isClosed = true
    }
}
