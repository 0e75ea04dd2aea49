/// What the language model says, or the client in its place.
extension TurnMachine {
    /// Whether more of the answer can be taken now. If not, the language model is held back: the voice has enough to do.
    package var acceptsAnswer: Bool {
        guard let reply else { return true }
        return reply.pieces.characters < rules.limits.waitingCharacters
    }

    mutating func takeAnswer(_ event: TurnEvent) {
        switch event {
        case .delta(let turn, let text) where isAnswering(turn): take(delta: text)
        case .answerEnded(let turn) where isAnswering(turn): endAnswer()
        case .answerFailed(let turn, let failure) where isAnswering(turn): breakOff(failure)
        default: break
        }
    }

    private func isAnswering(_ turn: Int) -> Bool {
        guard let reply else { return false }
        return reply.turn == turn && !reply.isSpokenAsIs && !reply.answer.isEnded
    }

    private mutating func take(delta: String) {
        guard !delta.isEmpty, let turn = reply?.turn else { return }
        let isLeft = feed(delta)
        guard !isLeft else { return }
        effects.append(.stopAnswer(turn: turn))
        endAnswer()
    }

    /// Adds to the answer.
    /// - Returns: false when there is no room for more.
    @discardableResult
    mutating func feed(_ text: String) -> Bool {
        // Taken out, or every piece would copy the answer so far.
        guard !text.isEmpty, var reply = self.reply.take() else { return true }
        let now = progress.now
        let room = rules.limits.answerCharacters - reply.answer.characters
        let taken = text.count > room ? String(text.prefix(max(0, room))) : text
        reply.answer.text += taken
        reply.answer.characters += taken.count
        reply.answer.isTruncated = taken.count < text.count
        reply.answer.lastAt = now
        reply.latency.firstToken = reply.latency.firstToken ?? now
        reply.pieces.append(taken)
        noteFirstSentence(of: &reply)
        self.reply = reply
        if !taken.isEmpty { tell(reply.turn, .answer(taken), reply.latency) }
        return !reply.answer.isTruncated
    }

    private func noteFirstSentence(of reply: inout Reply) {
        guard !reply.pieces.waiting.isEmpty else { return }
        reply.latency.firstSentence = reply.latency.firstSentence ?? progress.now
    }

    /// The answer is all there.
    mutating func endAnswer() {
        guard var reply, !reply.answer.isEnded else { return }
        guard reply.answer.text.contains(where: { !$0.isWhitespace }) else {
            self.reply?.answer.isEnded = true
            let message = "the language model gave an empty answer: check its prompt, its template and its token limit"
            endReply(.failed(TurnFailure(.languageModel, "empty_answer", message)))
            return
        }
        reply.answer.isEnded = true
        reply.pieces.finish()
        noteFirstSentence(of: &reply)
        self.reply = reply
    }

    /// The answer broke off. What is there is a part of an answer, and better than silence.
    mutating func breakOff(_ failure: TurnFailure) {
        guard let reply else { return }
        guard reply.answer.text.contains(where: { !$0.isWhitespace }) else {
            self.reply?.answer.isEnded = true
            endReply(.failed(failure))
            return
        }
        self.reply?.answer.failure = failure
        tell(reply.turn, .trouble(failure), reply.latency)
        endAnswer()
    }
}
