/// What a recognizer hears.
public enum RecognizerInput: Sendable {
    /// Mono audio at the recognizer's sample rate.
    case audio(AudioChunk)
    /// The speaker may be done: a session that can prepares the final text now. More audio may follow all the same.
    case pause
    /// The speaker has stopped: give the final text now and start a new utterance.
    case endOfUtterance
}

/// What a recognizer says.
public enum TranscriptEvent: Sendable, Equatable {
    /// Somebody has begun to speak, so many seconds from the start of the stream.
    case speechStarted(at: Double)
    /// The whole text of the current utterance so far; only its first `stableCharacters` are settled.
    case partial(Transcript)
    /// A pause has ended the utterance; speech ended so many seconds from the start of the stream. Its final follows.
    case endpoint(at: Double)
    /// The text of a finished utterance; never changes.
    case final(Transcript)
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
///
/// A session of a type with ``worksAside`` decodes beside the listening: after each call its owner looks at ``works``.
public protocol RecognitionSession: Sendable {
    /// Hears one input and says what it now knows. Called only while ``isListening``.
    /// - Throws: `invalidAudio` for another rate or channel count, `modelFailed`, `cancelled`.
    mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent]
    /// Whether sessions of this type ever have ``works``; false unless said.
    static var worksAside: Bool { get }
    /// Whether it can hear more now. If not, it waits for an outcome of its ``works``.
    var isListening: Bool { get }
    /// What it wants done now, side by side and beside the listening.
    var works: [RecognitionWork] { get }
    /// Takes what came of a work; one that is not wanted any more is ignored.
    /// - Throws: what the work threw, `modelFailed`, `cancelled`.
    mutating func take(_ outcome: RecognitionWork.Outcome) async throws(SpeechError) -> [TranscriptEvent]
}

extension RecognitionSession {
    public static var worksAside: Bool { false }
    public var isListening: Bool { true }
    public var works: [RecognitionWork] { [] }
    public mutating func take(_ outcome: RecognitionWork.Outcome) async throws(SpeechError) -> [TranscriptEvent] { [] }
}

/// A model that turns one bounded utterance into text, whole.
public protocol UtteranceRecognizer: Sendable {
    /// Samples per second (Hz) expected.
    var sampleRate: Int { get }
    /// Languages understood.
    var languages: [Language] { get }
    /// Longest utterance in samples; longer audio has to be segmented first.
    var longestUtterance: Int { get }
    /// Whether it translates to English when asked to; false unless said.
    var translates: Bool { get }
    /// Whether it takes a prompt; false unless said.
    var takesPrompt: Bool { get }
    /// - Parameters:
    ///   - audio: mono at `sampleRate`, at most `longestUtterance` samples.
    ///   - options: how to listen.
    /// - Returns: the text, one segment.
    /// - Throws: `invalidAudio`, `unsupported`, `modelFailed`, `cancelled`.
    func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
    /// The text of an utterance that is not finished: as ``transcript(of:_:)``, but quick before accurate. Its
    /// `stableCharacters` are those before the first word that the model doubts, if it knows.
    func draft(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
}

extension UtteranceRecognizer {
    public var translates: Bool { false }
    public var takesPrompt: Bool { false }

    public func draft(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript {
        try await transcript(of: audio, options)
    }
}

extension SpeechRecognizer {
    /// Turns a stream of audio into a stream of transcripts.
    ///
    /// A source says ``RecognizerInput/endOfUtterance`` before it ends: what is not finished by then is dropped.
    ///
    /// Asking for the next event pulls just enough audio to produce it; a session that decodes beside the listening
    /// holds one input more.
    public func transcripts<Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>(
        of source: Source,
        _ options: RecognitionOptions = RecognitionOptions()
    ) -> Transcripts<Self, Source> {
        Transcripts(recognizer: self, options: options, source: source)
    }

    /// As ``transcripts(of:_:)``, for callers who do not know which recognizer they have.
    public func events<Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>(
        of source: Source,
        _ options: RecognitionOptions = RecognitionOptions()
    ) -> any AsyncSequence<TranscriptEvent, SpeechError> & Sendable {
        transcripts(of: source, options)
    }
}
