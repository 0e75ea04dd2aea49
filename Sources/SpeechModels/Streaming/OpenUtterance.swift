import Inference
import Speech
import SpeechText

/// What is known of the utterance being spoken.
struct OpenUtterance: Sendable {
    /// What listeners have been told.
    var text: StableText
    /// Text of segments that are decoded for good.
    var segments: [Transcript.Segment] = []
    /// Start and end of the finished stretches of speech in the open segment.
    var packed: SpeechSpan?
    /// A final text decoded on suspicion, and the end of the speech that it covers.
    var speculation: (speechEnd: Int, transcript: Transcript)?
    var language = SpokenLanguage()
    var schedule = PartialSchedule()
    var metrics = RecognitionMetrics()
    /// Counts what the stages take, decodes that are cancelled included.
    let clock = StageClock()
    /// The last thing told, so that nothing is told twice.
    var told: Transcript?
    var hasStarted = false

    /// - Parameter agreement: samples of sound over which hypotheses have to agree.
    init(agreement: Int) { text = StableText(span: agreement) }

    /// Whether nothing has been said yet.
    var isEmpty: Bool { segments.isEmpty && packed == nil }

    /// The text so far as an event, if there is news.
    mutating func partial() -> TranscriptEvent? {
        let transcript = Transcript(
            text: text.text,
            language: language.known,
            segments: segments,
            stableCharacters: text.stableCharacters
        )
        guard !transcript.text.isEmpty, transcript != told else { return nil }
        told = transcript
        return .partial(transcript)
    }

    /// The whole text, final.
    func final(_ asked: Language?) -> Transcript {
        var transcript = Transcript(
            text: Spacing.join(segments.map(\.text)),
            language: segments.first?.language ?? asked,
            segments: segments
        )
        transcript.metrics = metrics
        transcript.metrics?.stableWords = text.settledWords
        transcript.metrics?.revisedStableWords = text.revisedWords
        transcript.metrics?.stageMilliseconds = clock.milliseconds
        return transcript
    }
}

/// The language of an utterance, where the model has to find out.
struct SpokenLanguage: Sendable {
    private var last: Language?
    /// Two decodes in a row agreed on it.
    private(set) var known: Language?

    /// Hears what a decode made of it.
    mutating func accept(_ language: Language?, isFinal: Bool = false) {
        if known == nil, let language, isFinal || language == last { known = language }
        last = language
    }
}

/// When the next partial decode is due.
struct PartialSchedule: Sendable {
    /// End of the sound of the last one.
    private var last: Int?
    /// Seconds that it took.
    var cost: Double = 0

    mutating func started(at sample: Int) { last = sample }

    func isDue(at sample: Int, speechStart: Int, sampleRate: Int, _ policy: StreamingPolicy) -> Bool {
        let first = speechStart + Int(policy.firstPartial * Double(sampleRate))
        guard let last else { return sample >= first }
        return sample >= last + Int(max(policy.interval, policy.costFactor * cost) * Double(sampleRate))
    }
}
