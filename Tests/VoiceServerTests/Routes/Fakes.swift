import Speech
import Synchronization

/// A voice that says a tenth of a second for each word of the text, one word a chunk.
struct FakeVoice: SpeechSynthesizer {
    /// What happens instead of speech.
    enum Fault: Sendable, Equatable {
        case none
        /// Fails before this chunk of an utterance.
        case fails(atChunk: Int)
        /// Never goes on from this chunk, until it is cancelled.
        case hangs(atChunk: Int)
    }

    var sampleRate = 16_000
    var voices = [
        Voice(name: "amy", languages: [.english]), Voice(name: "Bob", languages: [.english]),
        Voice(name: "clara", languages: [.german]),
    ]
    /// Every sample.
    var level: Float = 0.25
    var fault = Fault.none
    var log = Log()

    /// What was asked of the voice.
    final class Log: Sendable {
        private let state = Mutex<(utterances: [Utterance], chunks: Int)>(([], 0))
        var utterances: [Utterance] { state.withLock { $0.utterances } }
        var chunks: Int { state.withLock { $0.chunks } }
        func began(_ utterance: Utterance) { state.withLock { $0.utterances.append(utterance) } }
        func made() { state.withLock { $0.chunks += 1 } }
    }

    func speech(for utterance: Utterance) -> Speech {
        log.began(utterance)
        return Speech(voice: self, words: utterance.text.split(separator: " ").count)
    }

    struct Speech: AsyncSequence, Sendable {
        typealias Element = SpeechEvent
        typealias Failure = SpeechError
        let voice: FakeVoice
        let words: Int

        func makeAsyncIterator() -> Iterator { Iterator(voice: voice, words: words) }

        struct Iterator: AsyncIteratorProtocol {
            let voice: FakeVoice
            let words: Int
            var said = 0

            mutating func next() async throws(SpeechError) -> SpeechEvent? { try await next(isolation: nil) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
                guard !Task.isCancelled else { throw SpeechError(.cancelled, "interrupted") }
                if case .fails(said) = voice.fault { throw SpeechError(.modelFailed, "the secret graph broke") }
                if case .hangs(said) = voice.fault {
                    // Ends with the task: this is a wait for cancellation.
                    try? await Task.sleep(for: .seconds(600))
                    throw SpeechError(.cancelled, "interrupted")
                }
                defer { said += 1 }
                if said < words {
                    voice.log.made()
                    let samples = [Float](repeating: voice.level, count: voice.sampleRate / 10)
                    return .audio(AudioChunk(samples: samples, sampleRate: voice.sampleRate))
                }
                guard said == words else { return nil }
                let seconds = Double(words) / 10
                return .finished(
                    SynthesisMetrics(
                        duration: seconds,
                        inferenceTime: seconds / 10,
                        timeToFirstAudio: 0.01,
                        stageMilliseconds: ["decoder": 10 * Double(words)]
                    )
                )
            }
        }
    }
}

/// A recognizer that says how many samples it heard; silence is no text.
struct FakeRecognizer: SpeechRecognizer {
    var sampleRate = 16_000
    var languages: [Language] = [.english, .german]
    var fails = false
    var hangs = false

    func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> Session {
        guard !options.translates else { throw SpeechError(.unsupported, "this model does not translate") }
        return Session(recognizer: self, options: options)
    }

    struct Session: RecognitionSession {
        let recognizer: FakeRecognizer
        let options: RecognitionOptions
        var samples = 0
        var isLoud = false

        mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
            if recognizer.fails { throw SpeechError(.modelFailed, "the secret graph broke") }
            if recognizer.hangs {
                // Ends with the task: this is a wait for cancellation.
                try? await Task.sleep(for: .seconds(600))
                throw SpeechError(.cancelled, "interrupted")
            }
            switch input {
            case .audio(let chunk):
                samples += chunk.frames
                isLoud = isLoud || chunk.samples.contains { abs($0) > 0.01 }
                return []
            case .pause: return []
            case .endOfUtterance:
                guard isLoud else { return [] }
                let text = "heard \(samples)" + (options.prompt.map { " after \($0)" } ?? "")
                var segment = Transcript.Segment(
                    start: 0,
                    end: Double(samples) / Double(recognizer.sampleRate),
                    text: text
                )
                if options.timing == .words { segment.words = [.init(text: "heard", start: 0, end: 0.25)] }
                let language = options.language ?? .english
                return [.final(Transcript(text: text, language: language, segments: [segment]))]
            }
        }
    }
}

extension Language {
    static let english = Language("en") ?? unknown
    static let german = Language("de") ?? unknown
    private static var unknown: Language { preconditionFailure("a language that everyone knows is not known") }
}
