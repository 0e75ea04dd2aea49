import Speech
import Synchronization

/// The tasks beside a dialogue: one reads the client, one recognizes, one asks the language model, one speaks, one
/// watches the clock. They end when the dialogue is dropped.
final class DialogueTasks: Sendable {
    private struct Running {
        var input: Task<Void, Never>?
        var recognition: Task<Void, Never>?
        var answer: Task<Void, Never>?
        var voice: Task<Void, Never>?
        var alarm: (at: Duration, task: Task<Void, Never>)?
        /// The turn whose first sentence has been given to the voice.
        var spokenTurn: Int?
        var isStopped = false
    }

    let mailbox = DialogueMailbox()
    let clock = DialogueClock()
    private let dialogue: Dialogue
    private let inbox: AudioInbox
    private let arrivals = ArrivalTimes()
    private let running = Mutex(Running())

    init(_ dialogue: Dialogue) {
        self.dialogue = dialogue
        let rate = Double(dialogue.recognizer?.sampleRate ?? 16_000)
        inbox = AudioInbox(capacity: Int(dialogue.options.heldSeconds * rate))
    }

    deinit { stop() }

    /// Begins to read the client and to recognize what it sends.
    func start<Input: AsyncSequence<DialogueInput, SpeechError> & Sendable>(_ input: Input) {
        let reader = DialogueReader(mailbox: mailbox, inbox: inbox, arrivals: arrivals, clock: clock)
        let listener = DialogueListener(mailbox: mailbox, arrivals: arrivals)
        let (recognizer, options, inbox) = (dialogue.recognizer, dialogue.options.recognition, inbox)
        running.withLock { running in
            running.input = Task { await reader.read(input, hears: recognizer != nil) }
            running.recognition = Task { await listener.listen(recognizer, to: inbox, options) }
        }
    }

    /// Asks the language model; an answer that still comes is cancelled.
    func generate(_ turn: Int, _ messages: [ChatMessage]) {
        let (mailbox, chat) = (mailbox, dialogue.chat)
        let task = Task {
            do throws(ChatError) {
                var answer = chat.answer(to: messages).makeAsyncIterator()
                while let delta = try await answer.next(isolation: nil) {
                    guard await mailbox.put(.delta(turn: turn, delta), in: .answer) else { return }
                }
                await mailbox.put(.answerEnded(turn: turn), in: .answer)
            } catch {
                let failure = TurnFailure(.languageModel, error.code.rawValue, error.message)
                await mailbox.put(.answerFailed(turn: turn, failure), in: .answer)
            }
        }
        replace(\.answer, with: task)
    }

    /// Has a sentence spoken.
    func speak(_ turn: Int, _ sentence: String) {
        let (mailbox, options) = (mailbox, dialogue.options)
        let isFirst = running.withLock { running in
            defer { running.spokenTurn = turn }
            return running.spokenTurn != turn
        }
        let manner = options.manner.saying("", isFirst: isFirst)
        let speech = Narration(model: dialogue.synthesizer, text: sentence, manner: manner)
        let frames = max(1, Int(options.frameSeconds * Double(dialogue.synthesizer.sampleRate)))
        let task = Task {
            do throws(SpeechError) {
                var events = speech.makeAsyncIterator()
                while let event = try await events.next(isolation: nil) {
                    guard case .audio(let chunk) = event else { continue }
                    for part in chunk.parts(of: frames) {
                        let sound = TurnEvent.sound(turn: turn, frames: part.frames)
                        guard await mailbox.put(sound, sound: part, in: .voice) else { return }
                    }
                }
                await mailbox.put(.sentenceSpoken(turn: turn), in: .voice)
            } catch  where error.code == .invalidText {
                // Letters that the voice has no sound for: the other sentences are still worth hearing.
                await mailbox.put(.sentenceSpoken(turn: turn), in: .voice)
            } catch {
                let failure = TurnFailure(.voice, error.code.description, error.message)
                await mailbox.put(.voiceFailed(turn: turn, failure), in: .voice)
            }
        }
        replace(\.voice, with: task)
    }

    /// Cancels the answer; nothing of it arrives any more.
    func stopAnswer() { replace(\.answer, with: nil) }

    /// Cancels the sentence; nothing of it arrives any more.
    func stopVoice() { replace(\.voice, with: nil) }

    /// Sees to it that a tick arrives at a time, or earlier.
    func wake(at deadline: Duration?) {
        guard let deadline else { return }
        running.withLock { running in
            guard !running.isStopped else { return }
            if let alarm = running.alarm {
                guard alarm.at > deadline else { return }
                alarm.task.cancel()
            }
            let (mailbox, clock) = (mailbox, clock)
            let task = Task { if await clock.sleep(until: deadline) { mailbox.ring() } }
            running.alarm = (deadline, task)
        }
    }

    /// The tick has arrived.
    func hasWoken() {
        running.withLock { running in
            // It may be a later one that was set while the earlier one rang.
            running.alarm?.task.cancel()
            running.alarm = nil
        }
    }

    /// Cancels everything.
    func stop() {
        let tasks = running.withLock { running in
            running.isStopped = true
            defer { running.alarm = nil }
            return [running.input, running.recognition, running.answer, running.voice, running.alarm?.task]
        }
        for task in tasks { task?.cancel() }
        inbox.finish()
        mailbox.close()
    }

    private func replace(_ slot: WritableKeyPath<Running, Task<Void, Never>?>, with task: Task<Void, Never>?) {
        let (old, isStopped) = running.withLock { running in
            defer { running[keyPath: slot] = task }
            return (running[keyPath: slot], running.isStopped)
        }
        old?.cancel()
        if isStopped { task?.cancel() }
    }
}

/// Time since a dialogue began.
struct DialogueClock: Sendable {
    private let start = ContinuousClock.now

    var now: Duration { ContinuousClock.now - start }

    /// - Returns: false when the task was cancelled before.
    func sleep(until time: Duration) async -> Bool {
        do {
            try await Task.sleep(until: start + time, clock: .continuous)
            return true
        } catch {
            return false
        }
    }
}

extension AudioChunk {
    /// The same sound in stretches of so many frames at most.
    func parts(of frames: Int) -> [AudioChunk] {
        guard self.frames > frames else { return samples.isEmpty ? [] : [self] }
        return stride(from: 0, to: self.frames, by: frames).map { start in
            let end = min(self.frames, start + frames)
            return AudioChunk(
                samples: Array(samples[start * channels..<end * channels]),
                sampleRate: sampleRate,
                channels: channels,
                position: position + start
            )
        }
    }
}
