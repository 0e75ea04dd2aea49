import Speech

/// What the recognizer says.
extension TurnMachine {
    mutating func hear(_ event: TurnEvent) {
        if case .recognitionEnded(let failure) = event {
            endRecognition(failure)
            return
        }
        progress.lastActivity = progress.now
        guard !isDeaf(to: event) else { return }
        switch event {
        case .speechStarted: openUtterance(tellsStart: true)
        case .partial(let transcript): take(partial: transcript)
        case .endpoint(let lastVoiced): take(endpoint: lastVoiced)
        case .final(let transcript, let endedAt): take(final: transcript, endedAt: endedAt)
        default: break
        }
    }

    /// Whether what is heard is thrown away, because a reply is played that would be heard, too. What has begun to be
    /// thrown away is thrown away to its end.
    private mutating func isDeaf(to event: TurnEvent) -> Bool {
        guard rules.bargeIn == .never, utterance == nil else { return false }
        let isBusy = reply != nil || tail.map { !$0.isCut && $0.ledger.isPlaying(at: progress.now) } ?? false
        switch event {
        case .final:
            defer { progress.isDeaf = false }
            return isBusy || progress.isDeaf
        case .speechStarted: progress.isDeaf = isBusy
        default: progress.isDeaf = isBusy || progress.isDeaf
        }
        return progress.isDeaf
    }

    private mutating func openUtterance(tellsStart: Bool) {
        if utterance == nil { utterance = OpenUtterance(turn: openTurn(), lastAt: progress.now) }
        utterance?.lastAt = progress.now
        guard let turn = utterance?.turn else { return }
        if tellsStart { tell(turn, .speechStarted) }
        if rules.bargeIn == .speech { interrupt(.speech) }
    }

    private mutating func take(partial transcript: Transcript) {
        openUtterance(tellsStart: false)
        guard let open = utterance else { return }
        tell(open.turn, .partial(transcript), open.latency)
        if hasWords(transcript), rules.bargeIn == .words { interrupt(.speech) }
    }

    private mutating func take(endpoint lastVoiced: Duration?) {
        // A client may say that an utterance has ended in which there was nothing.
        guard utterance != nil, utterance?.latency.endpoint == nil else { return }
        utterance?.lastAt = progress.now
        utterance?.latency.endpoint = progress.now
        utterance?.latency.lastVoiced = min(lastVoiced ?? progress.now, progress.now)
        guard let open = utterance else { return }
        tell(open.turn, .endpoint, open.latency)
    }

    private mutating func take(final transcript: Transcript, endedAt: Duration?) {
        guard hasWords(transcript) else {
            // Who says that an utterance has ended is told what came of it, even where nothing had begun.
            if utterance == nil, endedAt != nil { utterance = OpenUtterance(turn: openTurn(), lastAt: progress.now) }
            endUtterance(.cancelled(.nothingHeard))
            return
        }
        var open = utterance ?? OpenUtterance(turn: openTurn(), lastAt: progress.now)
        utterance = nil
        if open.latency.endpoint == nil, let endedAt { open.latency.endpoint = min(endedAt, progress.now) }
        open.latency.question = progress.now
        interrupt(.speech)
        tell(open.turn, .question(transcript), open.latency)
        ask(open.turn, transcript.text, open.latency)
    }

    private mutating func ask(_ turn: Int, _ text: String, _ latency: TurnLatency) {
        guard rules.answersSpeech else {
            tell(turn, .ended(ended(.done)), latency)
            return
        }
        if let failure = refusal(of: text) {
            tell(turn, .ended(ended(.failed(failure))), latency)
            return
        }
        begin(WaitingTurn(turn: turn, text: text, isSpokenAsIs: false, isOpen: false, latency: latency))
    }

    private func hasWords(_ transcript: Transcript) -> Bool {
        transcript.text.contains { $0.isLetter || $0.isNumber }
    }

    private mutating func endRecognition(_ failure: TurnFailure?) {
        progress.hasRecognitionEnded = true
        progress.isDeaf = false
        if let failure { return close(failure) }
        endUtterance(.cancelled(.nothingHeard))
    }
}
