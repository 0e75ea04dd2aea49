import ArgumentParser
import Speech

/// How fast a clip is streamed.
enum StreamPace: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// 20 ms of sound every 20 ms.
    case real
    /// No waiting: time is counted, and a decode takes as long as it is said to.
    case fast
}

/// Sends a clip in frames of 20 ms, then the end of the utterance.
struct ClipStream<Recognizer: SpeechRecognizer>: Sendable {
    let recognizer: Recognizer
    let options: RecognitionOptions

    private func frames(of clip: AudioChunk) -> [AudioChunk] {
        let length = clip.sampleRate / 50
        return stride(from: 0, to: clip.frames, by: length).map { start in
            AudioChunk(
                samples: Array(clip.samples[start..<min(clip.frames, start + length)]),
                sampleRate: clip.sampleRate,
                position: start
            )
        }
    }

    /// At real-time pace, through an inbox as a server does.
    /// - Returns: the events, and when the last sample was sent.
    /// - Throws: what the recognizer throws.
    func real(_ clip: AudioChunk) async throws -> ([TimedEvent], end: Double) {
        let inbox = AudioInbox(capacity: 30 * clip.sampleRate)
        let frames = frames(of: clip)
        let begin = ContinuousClock.now
        async let end = {
            for (index, frame) in frames.enumerated() {
                try await Task.sleep(until: begin + .milliseconds(20 * (index + 1)), clock: .continuous)
                await inbox.send(.audio(frame))
            }
            let end = ContinuousClock.now
            await inbox.send(.endOfUtterance)
            inbox.finish()
            return (end - begin) / .seconds(1)
        }()
        var events: [TimedEvent] = []
        for try await event in recognizer.transcripts(of: inbox, options) {
            events.append(TimedEvent(event: event, seconds: (.now - begin) / .seconds(1)))
        }
        return (events, try await end)
    }

    /// In counted time.
    /// - Parameters:
    ///   - clip: what is said.
    ///   - decode: seconds that every decode takes.
    /// - Returns: the events, and when the last sample was sent.
    /// - Throws: what the recognizer throws.
    func fast(_ clip: AudioChunk, decode: Double) async throws -> ([TimedEvent], end: Double) {
        var run = CountedRun(session: try recognizer.makeSession(options), cost: decode)
        var time = 0.0
        for frame in frames(of: clip) {
            time += frame.seconds
            try await run.advance(to: time)
            try await run.send(.audio(frame))
        }
        try await run.send(.endOfUtterance)
        try await run.advance(to: .infinity)
        return (run.events, time)
    }
}

/// A session in counted time: inputs queue while it does not listen, decodes end when their time has passed.
private struct CountedRun<Session: RecognitionSession> {
    var session: Session
    let cost: Double
    var time = 0.0
    var events: [TimedEvent] = []
    private var waiting: [RecognizerInput] = []
    private var running: (work: RecognitionWork, due: Double)?

    init(session: Session, cost: Double) {
        self.session = session
        self.cost = cost
    }

    /// Lets decodes end that are due by then.
    mutating func advance(to time: Double) async throws {
        while let (work, due) = running, due <= time {
            self.time = due
            var outcome = await work.outcome()
            outcome.seconds = cost
            note(try await session.take(outcome))
            try await hear()
        }
        if time.isFinite { self.time = time }
    }

    mutating func send(_ input: RecognizerInput) async throws {
        waiting.append(input)
        try await hear()
    }

    private mutating func hear() async throws {
        while session.isListening, !waiting.isEmpty { note(try await session.step(waiting.removeFirst())) }
    }

    private mutating func note(_ news: [TranscriptEvent]) {
        events += news.map { TimedEvent(event: $0, seconds: time) }
        let work = session.works.first
        guard work?.id != running?.work.id else { return }
        running = work.map { ($0, time + cost) }
    }
}
