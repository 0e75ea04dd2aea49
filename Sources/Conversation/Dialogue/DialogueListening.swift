import Speech
import Synchronization

/// Reads a client: sound goes to the recognizer, everything else to the dialogue.
struct DialogueReader: Sendable {
    let mailbox: DialogueMailbox
    let inbox: AudioInbox
    let arrivals: ArrivalTimes
    let clock: DialogueClock

    /// Reads until the client has no more to say, is gone, or nobody listens to it.
    func read<Input: AsyncSequence<DialogueInput, SpeechError> & Sendable>(_ input: Input, hears: Bool) async {
        do throws(SpeechError) {
            var iterator = input.makeAsyncIterator()
            while let one = try await iterator.next(isolation: nil) {
                guard await take(one, hears: hears) else { return }
            }
            if hears { await endSound() }
            await mailbox.put(.inputEnded, in: .client)
        } catch {
            await mailbox.put(.hangUp, in: .client)
        }
    }

    /// - Returns: false when nobody listens any more.
    private func take(_ input: DialogueInput, hears: Bool) async -> Bool {
        switch input {
        case .audio, .pause, .endOfUtterance, .audioEnded:
            // Without a recognizer there is nobody who would empty the box.
            guard hears else { return true }
            return await hear(input)
        case .question(let text, let interrupts):
            return await mailbox.put(.question(text, interrupts: interrupts), in: .client)
        case .words(let text): return await mailbox.put(.words(text), in: .client)
        case .wordsEnded: return await mailbox.put(.wordsEnded, in: .client)
        case .abort: return await mailbox.put(.abort, in: .client)
        case .played(let turn, let played): return await mailbox.put(.played(turn: turn, played), in: .client)
        }
    }

    private func hear(_ input: DialogueInput) async -> Bool {
        switch input {
        case .audio(let chunk):
            arrivals.note(chunk, at: clock.now)
            await inbox.send(.audio(chunk))
        case .pause: await inbox.send(.pause)
        case .endOfUtterance:
            arrivals.noteEnd(at: clock.now)
            await inbox.send(.endOfUtterance)
            return await mailbox.put(.endpoint(lastVoiced: nil), in: .client)
        case .audioEnded:
            arrivals.noteEnd(at: clock.now)
            await endSound()
        default: break
        }
        return !Task.isCancelled
    }

    /// What was heard last has a text, too.
    private func endSound() async {
        await inbox.send(.endOfUtterance)
        inbox.finish()
    }
}

/// Tells a dialogue what its recognizer says.
struct DialogueListener: Sendable {
    let mailbox: DialogueMailbox
    let arrivals: ArrivalTimes

    /// Listens until the sound has ended, the recognizer fails, or nobody wants to know.
    func listen(_ recognizer: (any SpeechRecognizer)?, to inbox: AudioInbox, _ options: RecognitionOptions) async {
        guard let recognizer else {
            await mailbox.put(.recognitionEnded(nil), in: .hearing)
            return
        }
        do throws(SpeechError) {
            var events = recognizer.events(of: inbox, options).makeAsyncIterator()
            var isPauseFound = false
            while let event = try await events.next(isolation: nil) {
                guard await mailbox.put(turnEvent(event, &isPauseFound), in: .hearing) else { return }
            }
            await mailbox.put(.recognitionEnded(nil), in: .hearing)
        } catch {
            let failure = TurnFailure(.recognition, error.code.description, error.message)
            await mailbox.put(.recognitionEnded(failure), in: .hearing)
        }
    }

    /// - Parameters:
    ///   - event: what the recognizer says.
    ///   - isPauseFound: whether a pause has ended the utterance whose text comes next.
    /// - Returns: the same for the machine.
    private func turnEvent(_ event: TranscriptEvent, _ isPauseFound: inout Bool) -> TurnEvent {
        switch event {
        case .speechStarted: return .speechStarted
        case .partial(let transcript): return .partial(transcript)
        case .endpoint(let seconds):
            isPauseFound = true
            return .endpoint(lastVoiced: arrivals.time(of: seconds))
        case .final(let transcript):
            defer { isPauseFound = false }
            return .final(transcript, endedAt: isPauseFound ? nil : arrivals.takeEnd())
        }
    }
}

/// When which sound arrived. Remembers the last chunks only.
final class ArrivalTimes: Sendable {
    private struct State {
        var seconds = 0.0
        var ends: [(seconds: Double, at: Duration)] = []
        var utteranceEnd: Duration?
    }

    /// Chunks remembered: at 20 ms each, more than the pause and the decode that end an utterance take.
    private static let limit = 512
    private let state = Mutex(State())

    /// A chunk has arrived.
    func note(_ chunk: AudioChunk, at now: Duration) {
        state.withLock { state in
            state.seconds += chunk.seconds
            state.ends.append((state.seconds, now))
            if state.ends.count > 2 * Self.limit { state.ends.removeFirst(Self.limit) }
        }
    }

    /// The client has said that its utterance has ended.
    func noteEnd(at now: Duration) { state.withLock { $0.utteranceEnd = now } }

    /// When the client said so; nil once taken.
    func takeEnd() -> Duration? { state.withLock { $0.utteranceEnd.take() } }

    /// When the sound at a position of the stream arrived.
    /// - Parameter seconds: from the start of the stream.
    /// - Returns: nil where that is forgotten.
    func time(of seconds: Double) -> Duration? {
        state.withLock { state in
            guard let first = state.ends.first, seconds >= first.seconds || state.ends.count <= Self.limit else {
                return nil
            }
            return state.ends.first { $0.seconds >= seconds }?.at
        }
    }
}
