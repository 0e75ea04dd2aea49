import Speech

/// What the client says.
extension TurnMachine {
    mutating func obey(_ event: TurnEvent) {
        progress.lastActivity = progress.now
        switch event {
        case .question(let text, let interrupts): take(question: text, interrupts: interrupts)
        case .words(let text): take(words: text)
        case .wordsEnded: endWords()
        case .abort: interrupt(.abort)
        case .played(let turn, let played): take(played: played, of: turn)
        case .inputEnded: endInput()
        case .hangUp: close(nil)
        default: break
        }
    }

    /// Why a question is not answered; nil if it is.
    func refusal(of text: String) -> TurnFailure? {
        guard text.contains(where: { !$0.isWhitespace }) else {
            return TurnFailure(.question, "empty_text", "empty text")
        }
        let limit = rules.limits.questionCharacters
        guard text.count > limit else { return nil }
        return TurnFailure(
            .question,
            "too_long",
            "the question has \(text.count) characters; at most \(limit) are answered"
        )
    }

    private mutating func take(question text: String, interrupts: Bool) {
        let turn = openTurn()
        var latency = TurnLatency()
        latency.question = progress.now
        if let failure = refusal(of: text) {
            tell(turn, .ended(ended(.failed(failure))), latency)
            return
        }
        if interrupts { interrupt(.question) }
        tell(turn, .question(Transcript(text: text)), latency)
        wait(WaitingTurn(turn: turn, text: text, isSpokenAsIs: false, isOpen: false, latency: latency))
    }

    private mutating func take(words text: String) {
        if let last = waiting.indices.last, waiting[last].isOpen {
            append(text, to: last)
        } else if let reply, reply.isSpokenAsIs, !reply.answer.isEnded {
            feed(text)
        } else if text.contains(where: { !$0.isWhitespace }) {
            let turn = openTurn()
            var latency = TurnLatency()
            latency.question = progress.now
            wait(WaitingTurn(turn: turn, text: text, isSpokenAsIs: true, isOpen: true, latency: latency))
        }
    }

    private mutating func append(_ text: String, to index: Int) {
        let limit = rules.limits.answerCharacters
        waiting[index].text += text
        guard waiting[index].text.count > limit else { return }
        let failure = TurnFailure(
            .question,
            "too_long",
            "more than \(limit) characters wait to be spoken: send less ahead"
        )
        let turn = waiting.remove(at: index)
        tell(turn.turn, .ended(ended(.failed(failure))), turn.latency)
    }

    private mutating func wait(_ next: WaitingTurn) {
        guard waiting.count < rules.limits.waitingTurns else {
            let failure = TurnFailure(
                .question,
                "too_many_turns",
                "\(waiting.count) turns wait already: send the next when one has ended"
            )
            tell(next.turn, .ended(ended(.failed(failure))), next.latency)
            return
        }
        // Words go on until another turn comes.
        endWords()
        waiting.append(next)
    }

    /// Only the last of all turns can be open: see `wait`.
    private mutating func endWords() {
        if let last = waiting.indices.last {
            waiting[last].isOpen = false
        } else if reply?.isSpokenAsIs == true {
            endAnswer()
        }
    }

    private mutating func take(played: Duration, of turn: Int) {
        let now = progress.now
        if reply?.turn == turn {
            reply?.ledger.report(played, at: now, isLast: false)
        } else if let last = tail, last.turn == turn {
            // Who was told to stop has stopped.
            tail?.ledger.report(played, at: now, isLast: last.isCut)
            guard last.isCut, let heard = tail?.ledger.heard(at: now) else { return }
            history.amend(turn, heard: heard)
        }
    }

    private mutating func endInput() {
        progress.hasInputEnded = true
        endWords()
    }
}
