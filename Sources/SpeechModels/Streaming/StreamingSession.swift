package import Speech

/// One stream through a ``StreamingRecognizer``: a state machine without clocks or tasks of its own.
///
/// Inputs come by ``step(_:)``, what came of decodes by ``take(_:)``. At most one decode is wanted at a time: a final
/// one takes the place of a partial one. While a segment waits for its final text nothing more is heard, so that texts
/// come in order and a fast client cannot pile up work.
package struct StreamingSession<Detector: SpeechDetector, Model: UtteranceRecognizer>: RecognitionSession {
    package static var worksAside: Bool { true }

    let recognizer: StreamingRecognizer<Detector, Model>
    let options: RecognitionOptions
    let endpointing: Endpointing
    var sound: HeardSound<Detector>
    var utterance: OpenUtterance
    /// The decode that is wanted now.
    var decode: Decode?
    /// The segment that waits for its final text.
    var closing: Closing?
    /// Sound before this sample is text already; no pre-roll reaches into it.
    var decodedUpTo = 0
    private var started = 0

    /// A decode and what it is for.
    struct Decode: Sendable {
        enum Purpose: Sendable { case partial, speculative, final }
        var purpose: Purpose
        /// End of the speech that it covers.
        var speechEnd: Int
        var work: RecognitionWork
    }

    /// The end of a segment.
    struct Closing: Sendable {
        enum Reason: Sendable { case length, endpoint, client }
        var reason: Reason
        /// The speech of the segment.
        var speech: SpeechSpan?
        /// Where its sound ends, and where the next segment may begin.
        var cut: Int
        /// Whether speech goes on without a pause.
        var isCut = false
        let begun = ContinuousClock.now
    }

    init(_ recognizer: StreamingRecognizer<Detector, Model>, _ options: RecognitionOptions) {
        self.recognizer = recognizer
        self.options = options
        endpointing = options.endpointing ?? recognizer.endpointing
        sound = HeardSound(recognizer.detector, endpointing)
        utterance = OpenUtterance(agreement: recognizer.agreement)
    }

    package var isListening: Bool { closing == nil }
    package var works: [RecognitionWork] { decode.map { [$0.work] } ?? [] }

    /// Samples of sound kept.
    package var heldSamples: Int { sound.held }

    func samples(_ seconds: Double) -> Int { Int(seconds * Double(recognizer.sampleRate)) }

    package mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
        var events: [TranscriptEvent] = []
        switch input {
        case .audio(let chunk):
            guard chunk.sampleRate == recognizer.sampleRate, chunk.channels == 1 else {
                throw SpeechError(.invalidAudio, "mono audio at \(recognizer.sampleRate) Hz is expected")
            }
            guard chunk.samples.allSatisfy(\.isFinite) else {
                throw SpeechError(.invalidAudio, "the audio holds samples that are no numbers")
            }
            sound.append(chunk.samples)
            try await listen(&events)
        case .pause:
            speculateNow()
        case .endOfUtterance:
            sound.pad()
            try await listen(&events)
            let last = sound.finish()
            if let last { pack(last) }
            close(.client, cut: sound.end, &events)
        }
        return events
    }

    package mutating func take(_ outcome: RecognitionWork.Outcome) async throws(SpeechError) -> [TranscriptEvent] {
        guard let done = decode, done.work.id == outcome.id else { return [] }
        decode = nil
        let transcript = try outcome.result.get()
        utterance.metrics.inferenceSeconds += outcome.seconds
        var events: [TranscriptEvent] = []
        switch done.purpose {
        case .final: closed(transcript, .decoded, &events)
        case .speculative where closing != nil: closed(transcript, .speculative, &events)
        case .partial, .speculative:
            utterance.schedule.cost = outcome.seconds
            utterance.language.accept(transcript.language)
            if done.purpose == .speculative { utterance.speculation = (done.speechEnd, transcript) }
            guard options.partials else { break }
            utterance.text.accept(transcript.text, sure: transcript.stableCharacters, end: done.speechEnd)
            if let partial = utterance.partial() { events.append(partial) }
        }
        try await listen(&events)
        return events
    }

    /// Judges every whole window that has arrived, up to the end of a segment, then decides what to decode.
    private mutating func listen(_ events: inout [TranscriptEvent]) async throws(SpeechError) {
        while closing == nil, sound.hasWindow {
            let span = try await sound.judge()
            hear(span, &events)
            sound.forget(before: min(segmentStart ?? sound.judged, sound.judged) - samples(endpointing.preRoll))
        }
        schedule()
    }

    /// Starts a decode in place of the one that was wanted before.
    mutating func start(_ purpose: Decode.Purpose, _ speech: SpeechSpan, until cut: Int) {
        started += 1
        let earliest = max(decodedUpTo, cut - recognizer.model.longestUtterance)
        let audio = sound.audio(
            SpeechSpan(start: max(earliest, speech.start - samples(endpointing.preRoll)), end: cut)
        )
        let language = purpose == .partial || !utterance.segments.isEmpty ? utterance.language.known : nil
        var options = options
        options.language = options.language ?? language
        let (model, clock, asked) = (recognizer.model, utterance.clock, options)
        let work = RecognitionWork(id: started) { () async throws(SpeechError) in
            try await decoding(clock) { () async throws(SpeechError) in
                purpose == .partial
                    ? try await model.draft(of: audio, asked) : try await model.transcript(of: audio, asked)
            }
        }
        decode = Decode(purpose: purpose, speechEnd: speech.end, work: work)
    }
}
