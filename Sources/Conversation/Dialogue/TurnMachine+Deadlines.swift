/// How long the machine waits.
extension TurnMachine {
    /// A time-out, and what it means.
    private struct Wait {
        enum Purpose {
            case hearing, recognition, lastText, firstToken, betweenTokens, firstSound, betweenSounds, clientText, idle
        }
        let purpose: Purpose
        let until: Duration
        let length: Duration
    }

    /// When the machine wants a ``TurnEvent/tick`` unless something else happens before, since the dialogue began.
    package var deadline: Duration? {
        guard !progress.isClosed else { return nil }
        let gate = reply?.voice.sentence == nil ? nil : soundGate.flatMap { $0 > progress.now ? $0 : nil }
        return (waits.map(\.until) + [gate].compactMap { $0 }).min()
    }

    private var waits: [Wait] { [utteranceWait, endWait, answerWait, voiceWait, idleWait].compactMap { $0 } }

    private var utteranceWait: Wait? {
        guard let utterance else { return nil }
        return utterance.latency.endpoint == nil
            ? wait(.hearing, from: utterance.lastAt, rules.timeouts.hearing)
            : wait(.recognition, from: utterance.lastAt, rules.timeouts.recognition)
    }

    /// For the recognizer to say that it has nothing more, once the client has said so.
    private var endWait: Wait? {
        guard progress.hasInputEnded, !progress.hasRecognitionEnded, reply == nil, utterance == nil else { return nil }
        return wait(.lastText, from: progress.lastActivity, rules.timeouts.recognition)
    }

    private var answerWait: Wait? {
        guard let reply, !reply.answer.isEnded, acceptsAnswer else { return nil }
        let from = reply.answer.lastAt
        if reply.isSpokenAsIs { return wait(.clientText, from: from, rules.timeouts.clientText) }
        return reply.latency.firstToken == nil
            ? wait(.firstToken, from: from, rules.timeouts.firstToken)
            : wait(.betweenTokens, from: from, rules.timeouts.betweenTokens)
    }

    private var voiceWait: Wait? {
        guard let reply, reply.voice.sentence != nil else { return nil }
        // A voice that is held back is not slow.
        let from = max(reply.voice.lastAt, soundGate ?? .zero)
        return reply.voice.hasSound
            ? wait(.betweenSounds, from: from, rules.timeouts.betweenSounds)
            : wait(.firstSound, from: from, rules.timeouts.firstSound)
    }

    private var idleWait: Wait? {
        guard let idle = rules.timeouts.idle, reply == nil, utterance == nil else { return nil }
        return wait(.idle, from: progress.lastActivity, idle)
    }

    private func wait(_ purpose: Wait.Purpose, from start: Duration, _ length: Duration) -> Wait {
        Wait(purpose: purpose, until: start + length, length: length)
    }

    /// Acts on every time-out that is due.
    mutating func expire() {
        for wait in waits where wait.until <= progress.now { expire(wait) }
    }

    private mutating func expire(_ wait: Wait) {
        let seconds = wait.length.milliseconds / 1e3
        switch wait.purpose {
        case .hearing:
            let message = "nothing came of the utterance for \(seconds) s: send sound, or say that it has ended"
            endUtterance(.failed(timeout(.hearing, message)))
        case .recognition:
            endUtterance(.failed(timeout(.recognition, "there was no text \(seconds) s after the utterance")))
        case .lastText: close(timeout(.recognition, "the recognizer did not come to its end for \(seconds) s"))
        case .firstToken:
            endReply(.failed(timeout(.languageModel, "the language model said nothing for \(seconds) s")))
        case .betweenTokens:
            guard let turn = reply?.turn else { return }
            effects.append(.stopAnswer(turn: turn))
            breakOff(timeout(.languageModel, "the language model stopped in its answer for \(seconds) s"))
        case .firstSound, .betweenSounds:
            endReply(.failed(timeout(.voice, "the voice gave no sound for \(seconds) s")))
        case .clientText: endAnswer()
        case .idle: close(timeout(.dialogue, "nothing happened for \(seconds) s"))
        }
    }

    private func timeout(_ stage: TurnFailure.Stage, _ message: String) -> TurnFailure {
        TurnFailure(stage, "timed_out", message)
    }
}
