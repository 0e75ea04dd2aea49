/// What the voice does, and what goes out.
extension TurnMachine {
    /// Whether sound can be taken now. If not, the listener has enough to play: see ``TurnRules/Limits/lead``.
    package func acceptsSound(at now: Duration) -> Bool { soundGate.map { now >= $0 } ?? true }

    /// When the listener's lead is small enough for more sound; nil where it is not held back.
    var soundGate: Duration? {
        guard let lead = rules.limits.lead, let end = reply?.ledger.playbackEnd else { return nil }
        return end - lead
    }

    mutating func takeSound(_ event: TurnEvent) {
        switch event {
        case .sound(let turn, let frames) where isSpeaking(turn): take(sound: frames)
        case .sentenceSpoken(let turn) where isSpeaking(turn): endSentence()
        case .voiceFailed(let turn, let failure) where isSpeaking(turn):
            reply?.voice.sentence = nil
            endReply(.failed(failure))
        case .sent(let turn, let frames): take(sent: frames, of: turn)
        default: break
        }
    }

    /// Gives the voice the next sentence, if it has none.
    mutating func speakNext() {
        guard var reply, reply.voice.sentence == nil, let sentence = reply.pieces.next() else { return }
        reply.voice.sentence = sentence
        reply.voice.hasSound = false
        reply.voice.count += 1
        reply.voice.lastAt = progress.now
        reply.ledger.begin(sentence)
        self.reply = reply
        tell(reply.turn, .sentenceStarted(sentence), reply.latency)
        effects.append(.speak(turn: reply.turn, sentence))
    }

    private func isSpeaking(_ turn: Int) -> Bool { reply?.turn == turn && reply?.voice.sentence != nil }

    private mutating func take(sound frames: Int) {
        guard frames > 0, var reply = self.reply.take() else { return }
        reply.ledger.generate(frames)
        reply.voice.hasSound = true
        reply.voice.lastAt = progress.now
        reply.latency.firstSound = reply.latency.firstSound ?? progress.now
        self.reply = reply
        effects.append(.forward(turn: reply.turn))
    }

    private mutating func endSentence() {
        guard var reply, let sentence = reply.voice.sentence else { return }
        reply.voice.sentence = nil
        reply.ledger.finishSentence()
        self.reply = reply
        tell(reply.turn, .sentenceEnded(sentence), reply.latency)
    }

    /// Sound may have gone out just before its turn was cancelled: then the client has it all the same.
    private mutating func take(sent frames: Int, of turn: Int) {
        if reply?.turn == turn {
            reply?.ledger.send(frames, at: progress.now)
        } else if tail?.turn == turn {
            tail?.ledger.send(frames, at: progress.now)
        }
    }
}
