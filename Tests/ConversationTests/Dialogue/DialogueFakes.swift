import Conversation
import Speech
import Synchronization

/// What a client sends, when the test says so.
struct TestClient: AsyncSequence, Sendable {
    typealias Element = DialogueInput
    typealias Failure = SpeechError
    private let stream: AsyncStream<DialogueInput>
    private let source: AsyncStream<DialogueInput>.Continuation

    init(_ inputs: [DialogueInput] = []) {
        (stream, source) = AsyncStream.makeStream()
        for input in inputs { send(input) }
    }

    func send(_ input: DialogueInput) { source.yield(input) }

    func finish() { source.finish() }

    /// A tenth of a second at 16 kHz, loud or silent.
    static func sound(_ level: Float) -> DialogueInput {
        .audio(AudioChunk(samples: [Float](repeating: level, count: 1_600), sampleRate: 16_000))
    }

    func makeAsyncIterator() -> Iterator { Iterator(inputs: stream.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var inputs: AsyncStream<DialogueInput>.Iterator

        mutating func next() async throws(SpeechError) -> DialogueInput? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> DialogueInput? {
            await inputs.next(isolation: actor)
        }
    }
}

/// Hears "hello there" in every loud stretch; fails when it is shouted at.
struct LoudRecognizer: SpeechRecognizer {
    let sampleRate = 16_000
    let languages: [Language] = []

    func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> Session { Session() }

    struct Session: RecognitionSession {
        private var isSpeaking = false
        private var seconds = 0.0

        mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
            switch input {
            case .audio(let chunk):
                // What waits is merged into one chunk.
                var events: [TranscriptEvent] = []
                for start in stride(from: 0, to: chunk.samples.count, by: 1_600) {
                    events += try hear(chunk.samples[start])
                    seconds += 0.1
                }
                return events
            case .endOfUtterance where isSpeaking: return end()
            case .endOfUtterance, .pause: return []
            }
        }

        private mutating func hear(_ level: Float) throws(SpeechError) -> [TranscriptEvent] {
            guard level <= 1 else { throw SpeechError(.modelFailed, "it is too loud") }
            if level > 0, !isSpeaking {
                isSpeaking = true
                return [.speechStarted(at: seconds), .partial(Transcript(text: "hello", stableCharacters: 0))]
            }
            return level == 0 && isSpeaking ? [.endpoint(at: seconds)] + end() : []
        }

        private mutating func end() -> [TranscriptEvent] {
            isSpeaking = false
            return [.final(Transcript(text: "hello there"))]
        }
    }
}

/// Speaks 100 frames for every character, in one chunk; counts its chunks.
final class CountedVoice: SpeechSynthesizer {
    static let framesPerCharacter = 100
    let sampleRate = 1_000
    let voices: [Voice] = []
    private let count = Mutex(0)
    private let failure: SpeechError?

    init(failure: SpeechError? = nil) { self.failure = failure }

    var chunks: Int { count.withLock { $0 } }

    func speech(for utterance: Utterance) -> Speech { Speech(voice: self, text: utterance.text) }

    struct Speech: AsyncSequence, Sendable {
        typealias Element = SpeechEvent
        typealias Failure = SpeechError
        let voice: CountedVoice
        let text: String

        func makeAsyncIterator() -> Iterator { Iterator(voice: voice, text: text) }
    }

    struct Iterator: AsyncIteratorProtocol {
        let voice: CountedVoice
        let text: String
        private var step = 0

        init(voice: CountedVoice, text: String) {
            self.voice = voice
            self.text = text
        }

        mutating func next() async throws(SpeechError) -> SpeechEvent? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
            step += 1
            if let failure = voice.failure { throw failure }
            guard step == 1 else { return step == 2 ? .finished(SynthesisMetrics()) : nil }
            voice.count.withLock { $0 += 1 }
            let samples = [Float](repeating: 0.1, count: text.count * framesPerCharacter)
            return .audio(AudioChunk(samples: samples, sampleRate: 1_000))
        }
    }
}

/// Says some pieces, then what the ending says.
final class ScriptedChat: ChatModel {
    enum Ending: Sendable {
        case complete
        case failure(ChatError)
        /// Nothing more comes until it is cancelled.
        case silence
        /// The pieces come again and again.
        case again
    }

    let name = "scripted"
    private let pieces: [String]
    private let ending: Ending
    private let state = Mutex<(conversations: [[ChatMessage]], cancelled: Int)>(([], 0))

    init(_ pieces: [String], then ending: Ending = .complete) {
        self.pieces = pieces
        self.ending = ending
    }

    /// What was asked, with all that was told before.
    var conversations: [[ChatMessage]] { state.withLock { $0.conversations } }
    /// Answers that were cancelled.
    var cancelled: Int { state.withLock { $0.cancelled } }

    func answer(to messages: [ChatMessage]) -> any AsyncSequence<String, ChatError> & Sendable {
        state.withLock { $0.conversations.append(messages) }
        return Answer(chat: self)
    }

    struct Answer: AsyncSequence, Sendable {
        typealias Element = String
        typealias Failure = ChatError
        let chat: ScriptedChat

        func makeAsyncIterator() -> Iterator { Iterator(chat: chat, rest: chat.pieces[...]) }
    }

    struct Iterator: AsyncIteratorProtocol {
        let chat: ScriptedChat
        var rest: ArraySlice<String>

        mutating func next() async throws(ChatError) -> String? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> String? {
            if Task.isCancelled { throw chat.cancel() }
            if let piece = rest.popFirst() { return piece }
            switch chat.ending {
            case .complete: return nil
            case .failure(let error): throw error
            case .silence:
                // Until it is cancelled.
                try? await Task.sleep(for: .seconds(3_600))
                throw chat.cancel()
            case .again:
                rest = chat.pieces[...]
                return rest.popFirst()
            }
        }
    }

    private func cancel() -> ChatError {
        state.withLock { $0.cancelled += 1 }
        return ChatError(.cancelled, "cancelled")
    }
}

/// Everything that happened in a dialogue, as a client would note it down.
struct ClientNotes {
    var events: [DialogueEvent] = []
    /// Frames received, turn by turn.
    var frames: [Int: Int] = [:]
    var reports: [Int: TurnReport] = [:]
    /// Sound that came after its turn had ended.
    var late = 0
    var failure: TurnFailure?
    var isClosed = false

    mutating func take(_ event: DialogueEvent) {
        switch event.content {
        case .audio(let chunk):
            frames[event.turn, default: 0] += chunk.frames
            if reports[event.turn] != nil { late += 1 }
        case .ended(let report): reports[event.turn] = report
        case .closed(let failure): (self.failure, isClosed) = (failure, true)
        default: break
        }
        events.append(event)
    }

    /// The answer of a turn, as text.
    func answer(_ turn: Int) -> String {
        events.reduce(into: "") { text, event in
            if case .answer(let more) = event.content, event.turn == turn { text += more }
        }
    }
}
