package import Conversation
import Inference
import ModelStore
public import Speech
import SpeechSignal
import SpeechText

/// Speech to text: a loaded recognizer that takes files of any kind, of up to a day.
///
/// ```swift
/// let transcriber = try await Transcriber.load()
/// print(try await transcriber.transcript(ofFile: "hello.wav").text)
/// ```
public struct Transcriber: Sendable {
    private let recognizer: any SpeechRecognizer
    private let parallel: Int

    /// - Parameters:
    ///   - recognizer: hears whole files.
    ///   - parallel: utterances that are decoded side by side.
    package init(recognizer: any SpeechRecognizer, parallel: Int = 1) {
        self.recognizer = recognizer
        self.parallel = parallel
    }

    /// Loads a model; one that is not installed is downloaded first.
    /// - Parameters:
    ///   - model: id in the catalog (`rkvoice models list`); nil takes the default model.
    ///   - settings: where models live and how they run.
    /// - Returns: the model, ready to listen.
    /// - Throws: `unavailable` saying what is missing and how to get it.
    public static func load(
        _ model: String? = nil,
        settings: Settings = .fromEnvironment()
    ) async throws(SpeechError) -> Transcriber {
        let loader = ModelLoader(settings)
        return Transcriber(
            recognizer: try await loader.recognition(model).offline,
            parallel: loader.parallelUtterances
        )
    }

    /// Languages understood.
    public var languages: [Language] { recognizer.languages }

    /// The text of an audio file.
    /// - Parameters:
    ///   - path: WAV, FLAC, MP3, Ogg (Vorbis, Opus), AIFF and more; any rate from 8 to 192 kHz.
    ///   - language: language spoken; nil detects it.
    /// - Returns: the whole text with its segments; empty when nobody speaks.
    /// - Throws: `invalidAudio` for a file that cannot be read or is longer than a day, `unsupported` for a language that
    ///   the model lacks.
    public func transcript(ofFile path: String, language: Language? = nil) async throws(SpeechError) -> Transcript {
        var segments: [Transcript.Segment] = []
        for try await segment in self.segments(of: FileAudio(path: path), language: language) {
            segments.append(segment)
        }
        let text = Spacing.join(segments.map(\.text))
        return Transcript(text: text, language: segments.first?.language ?? language, segments: segments)
    }

    /// Segments of an audio source as they are recognized; memory does not grow with the length of the audio.
    package func segments(of audio: FileAudio, language: Language?) -> Segments {
        segments(of: audio, RecognitionOptions(language: language))
    }

    /// As ``segments(of:language:)``, with all that can be asked of a recognizer.
    package func segments(of audio: FileAudio, _ options: RecognitionOptions) -> Segments {
        Segments(events: events(of: audio, options))
    }

    /// All that a recognizer says of an audio source, as it says it.
    package func events(
        of audio: FileAudio,
        _ options: RecognitionOptions
    ) -> any AsyncSequence<TranscriptEvent, SpeechError> & Sendable {
        var options = options
        options.parallel = parallel
        return recognizer.events(of: audio, options)
    }

    /// Segments in order of time.
    package struct Segments: AsyncSequence, Sendable {
        package typealias Element = Transcript.Segment
        package typealias Failure = SpeechError
        let events: any AsyncSequence<TranscriptEvent, SpeechError> & Sendable

        package func makeAsyncIterator() -> Iterator { Iterator(events: Self.iterator(of: events)) }

        private static func iterator<Events: AsyncSequence<TranscriptEvent, SpeechError>>(
            of events: Events
        ) -> any AsyncIteratorProtocol<TranscriptEvent, SpeechError> {
            events.makeAsyncIterator()
        }

        package struct Iterator: AsyncIteratorProtocol {
            var events: any AsyncIteratorProtocol<TranscriptEvent, SpeechError>
            var ready: ArraySlice<Transcript.Segment> = []

            package mutating func next() async throws(SpeechError) -> Transcript.Segment? {
                try await next(isolation: #isolation)
            }

            package mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(SpeechError) -> Transcript.Segment? {
                while ready.isEmpty {
                    guard let event = try await events.next(isolation: actor) else { return nil }
                    if case .final(let transcript) = event { ready = transcript.segments[...] }
                }
                return ready.popFirst()
            }
        }
    }
}
