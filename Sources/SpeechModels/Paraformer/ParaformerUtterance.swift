import Inference
import Speech
import SpeechText

/// What is known of the utterance that a ``ParaformerSession`` hears.
struct ParaformerUtterance: Sendable {
    /// Speech that the model is hearing.
    struct Open: Sendable {
        var stream: ParaformerStream
        /// First sample of the speech.
        var start: Int
        /// The sample after the last one that the model has heard.
        var heard: Int
        /// The stream as it would end if the speech had ended at a place.
        var prepared: (speechEnd: Int, stream: ParaformerStream)?

        /// What was prepared, if it holds all of speech up to `end`, and all that listeners were told.
        func prepared(upTo end: Int, within window: Int) -> ParaformerStream? {
            guard let prepared, end <= prepared.speechEnd + window,
                prepared.stream.tokens.starts(with: stream.tokens)
            else { return nil }
            return prepared.stream
        }
    }

    /// Text of stretches that are heard for good.
    var segments: [Transcript.Segment] = []
    var open: Open?
    /// End of the last stretch of speech.
    var speechEnd: Int?
    var hasStarted = false
    var metrics = RecognitionMetrics()
    /// Counts what the stages take.
    let clock = StageClock()
    /// The last thing told, so that nothing is told twice.
    private var told: Transcript?

    init() {}

    /// Text and stable characters so far.
    private var text: (String, stable: Int) {
        let before = Spacing.join(segments.map(\.text))
        guard let open, !open.stream.text.text.isEmpty else { return (before, before.count) }
        let text = Spacing.join([before, open.stream.text.text])
        return (text, text.count - (open.stream.text.text.count - open.stream.text.stableCharacters))
    }

    /// The text so far as an event, if there is news.
    mutating func partial(_ language: Language?) -> TranscriptEvent? {
        let (text, stable) = text
        let transcript = Transcript(text: text, language: language, segments: segments, stableCharacters: stable)
        guard !text.isEmpty, transcript != told else { return nil }
        told = transcript
        return .partial(transcript)
    }

    /// The whole text, final. What partial texts said stands in it word for word.
    func final(_ language: Language?) -> Transcript {
        var transcript = Transcript(text: text.0, language: language, segments: segments)
        let stable = told.map { $0.text.prefix($0.stableCharacters) } ?? ""
        transcript.metrics = metrics
        transcript.metrics?.stableWords = TextUnit.units(of: String(stable)).count
        transcript.metrics?.stageMilliseconds = clock.milliseconds
        return transcript
    }
}
