/// What a recognizer hears.
public enum RecognizerInput: Sendable {
    /// Mono audio at the recognizer's sample rate.
    case audio(AudioChunk)
    /// The speaker has stopped: give the final text now and start a new utterance.
    case endOfUtterance
}

/// What a recognizer says.
public enum TranscriptEvent: Sendable, Equatable {
    /// The whole text of the current utterance so far; only its first `stableCharacters` are settled.
    case partial(Transcript)
    /// The text of a finished utterance; never changes.
    case final(Transcript)
}

/// How to listen.
public struct RecognitionOptions: Sendable, Hashable {
    /// Language spoken; nil lets the model detect it.
    public var language: Language?

    /// - Parameter language: language spoken; nil lets the model detect it.
    public init(language: Language? = nil) { self.language = language }
}

/// A loaded speech-to-text model. Immutable and cheap to share; each stream gets its own session.
public protocol SpeechRecognizer: Sendable {
    associatedtype Session: RecognitionSession
    /// Samples per second (Hz) that sessions expect.
    var sampleRate: Int { get }
    /// Languages understood.
    var languages: [Language] { get }
    /// Opens the state of one stream.
    /// - Throws: `unsupported` when the options ask for a language that the model does not know.
    func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> Session
}

/// The state of one audio stream: a value, stepped by whoever owns the loop.
public protocol RecognitionSession: Sendable {
    /// Hears one input and says what it now knows.
    /// - Throws: `invalidAudio` for another rate or channel count, `modelFailed`, `cancelled`.
    mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent]
}

/// A model that turns one bounded utterance into text, whole.
public protocol UtteranceRecognizer: Sendable {
    /// Samples per second (Hz) expected.
    var sampleRate: Int { get }
    /// Languages understood.
    var languages: [Language] { get }
    /// Longest utterance in samples; longer audio has to be segmented first.
    var longestUtterance: Int { get }
    /// - Parameters:
    ///   - audio: mono at `sampleRate`, at most `longestUtterance` samples.
    ///   - options: how to listen.
    /// - Returns: the text, one segment.
    /// - Throws: `invalidAudio`, `unsupported`, `modelFailed`, `cancelled`.
    func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
}

extension SpeechRecognizer {
    /// Turns a stream of audio into a stream of transcripts.
    ///
    /// Nothing is buffered: asking for the next event pulls just enough audio to produce it.
    public func transcripts<Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>(
        of source: Source,
        _ options: RecognitionOptions = RecognitionOptions()
    ) -> Transcripts<Self, Source> {
        Transcripts(recognizer: self, options: options, source: source)
    }
}
