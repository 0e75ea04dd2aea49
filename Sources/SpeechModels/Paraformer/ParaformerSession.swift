import Inference
package import Speech
import SpeechText

/// One stream through a ``ParaformerRecognizer``.
///
/// It decodes as it listens: a chunk takes a fraction of the 0.6 s that it adds. In a pause that may be the end it decodes
/// what the end would bring, on a copy of the stream, so that the final text is there once the end is certain.
package struct ParaformerSession<Detector: SpeechDetector>: RecognitionSession {
    private let recognizer: ParaformerRecognizer<Detector>
    private let options: RecognitionOptions
    private let endpointing: Endpointing
    private var sound: HeardSound<Detector>
    private var utterance = ParaformerUtterance()
    /// Sound before this sample is text already; no pre-roll reaches into it.
    private var decodedUpTo = 0
    /// Speech goes on behind a place where the model started afresh: however short it is, it counts.
    private var isRest = false

    init(_ recognizer: ParaformerRecognizer<Detector>, _ options: RecognitionOptions) {
        self.recognizer = recognizer
        self.options = options
        endpointing = options.endpointing ?? recognizer.endpointing
        sound = HeardSound(recognizer.detector, endpointing)
    }

    /// Samples of sound kept.
    package var heldSamples: Int { sound.held }

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
            try await prepare(for: quietSince ?? sound.end, hearingTo: sound.end)
        case .endOfUtterance:
            try await end(&events)
        }
        return events
    }

    /// Judges every whole window that has arrived, and lets the model hear what is speech.
    private mutating func listen(_ events: inout [TranscriptEvent]) async throws(SpeechError) {
        while sound.hasWindow {
            let span = try await sound.judge()
            try await hear(span, &events)
            let needed = utterance.open?.heard ?? (sound.endpointer.speechStart ?? sound.judged) - preRoll
            sound.forget(before: min(needed, sound.judged))
        }
    }

    /// Considers the window just judged.
    private mutating func hear(_ span: SpeechSpan?, _ events: inout [TranscriptEvent]) async throws(SpeechError) {
        begin(&events)
        try await feed(&events)
        if let span {
            isRest = false
            utterance.speechEnd = span.end
            if options.detectsEndpoints, utterance.hasStarted {
                events.append(.endpoint(at: seconds(span.end)))
                return try await finish(&events)
            }
        }
        guard let open = utterance.open, let quiet = quietSince else { return }
        let pause = sound.judged - quiet
        if pause >= samples(recognizer.policy.speculation * endpointing.minimumSilence) {
            try await prepare(for: quiet, hearingTo: open.heard)
        }
        let isLong = sound.judged - open.start > samples(recognizer.policy.softLimit)
        let isOver = isLong && pause >= samples(recognizer.policy.shortPause)
        let isIdle = span == nil && sound.endpointer.speechStart == nil && pause >= samples(recognizer.policy.longPause)
        guard isOver || isIdle else { return }
        try await close(at: quiet)
        if options.partials, let partial = utterance.partial(options.language) { events.append(partial) }
    }

    /// First sample of the silence that lasts, if speech may be over.
    private var quietSince: Int? {
        sound.endpointer.speechStart != nil ? sound.endpointer.silenceStart : utterance.speechEnd
    }

    /// Opens a stretch of speech once it is long enough to be any.
    private mutating func begin(_ events: inout [TranscriptEvent]) {
        guard utterance.open == nil, let start = sound.endpointer.speechStart, sound.endpointer.silenceStart == nil,
            isRest || sound.judged - start >= samples(endpointing.minimumSpeech)
        else { return }
        let first = max(decodedUpTo, start - preRoll)
        utterance.open = .init(stream: recognizer.model.start(), start: start, heard: first)
        guard !utterance.hasStarted else { return }
        utterance.hasStarted = true
        events.append(.speechStarted(at: seconds(start)))
    }

    /// Lets the model hear everything that is judged.
    private mutating func feed(_ events: inout [TranscriptEvent]) async throws(SpeechError) {
        // Padding behind the end is no sound.
        let end = min(sound.judged, sound.end)
        guard var open = utterance.open, open.heard < end else { return }
        utterance.open = nil
        let model = recognizer.model
        model.accept(sound.audio(SpeechSpan(start: open.heard, end: end)).samples[...], &open.stream)
        open.heard = end
        if model.isReady(open.stream) {
            open.stream = try await heard(open.stream) { stream throws(InferenceError) in
                try await model.decode(&stream)
            }
        }
        utterance.open = open
        if options.partials, let partial = utterance.partial(options.language) { events.append(partial) }
    }

    /// Decodes what there would be if the speech had ended.
    private mutating func prepare(for end: Int, hearingTo last: Int) async throws(SpeechError) {
        guard let open = utterance.open, open.prepared?.speechEnd != end else { return }
        var stream = open.stream
        recognizer.model.accept(sound.audio(SpeechSpan(start: open.heard, end: last)).samples[...], &stream)
        stream = try await finished(stream)
        utterance.open?.prepared = (end, stream)
    }

    /// The stream with its end.
    private mutating func finished(_ stream: ParaformerStream) async throws(SpeechError) -> ParaformerStream {
        let model = recognizer.model
        return try await heard(stream) { stream throws(InferenceError) in try await model.finish(&stream) }
    }

    /// Ends the open stretch of speech: all of it becomes text, and the model starts afresh.
    private mutating func close(at end: Int) async throws(SpeechError) {
        guard let open = utterance.open else { return }
        utterance.open = nil
        let prepared = open.prepared(upTo: end, within: recognizer.detector.window)
        utterance.metrics.mode = prepared == nil ? .decoded : .speculative
        let done: ParaformerStream
        if let prepared { done = prepared } else { done = try await finished(open.stream) }
        decodedUpTo = open.heard
        isRest = sound.endpointer.speechStart != nil
        sound.restart(at: open.heard)
        utterance.metrics.audioSeconds += seconds(done.samples)
        let text = done.text.text
        guard !text.isEmpty else { return }
        utterance.segments.append(
            .init(start: seconds(open.start), end: seconds(end), text: text, language: options.language)
        )
    }

    /// The client ends the utterance.
    private mutating func end(_ events: inout [TranscriptEvent]) async throws(SpeechError) {
        sound.pad()
        try await listen(&events)
        if let last = sound.finish() { utterance.speechEnd = last.end }
        try await finish(&events)
        sound = HeardSound(recognizer.detector, endpointing, position: sound.end)
        decodedUpTo = sound.end
        isRest = false
    }

    /// Ends the utterance with its final text.
    private mutating func finish(_ events: inout [TranscriptEvent]) async throws(SpeechError) {
        let begun = ContinuousClock.now
        let isSilent = !utterance.hasStarted
        try await close(at: utterance.speechEnd ?? sound.end)
        if isSilent { utterance.metrics.mode = .silent }
        utterance.metrics.finalizeSeconds = (.now - begun) / .seconds(1)
        events.append(.final(utterance.final(options.language)))
        utterance = ParaformerUtterance()
    }

    /// Steps a stream off Swift's own threads, and takes the time.
    private mutating func heard(
        _ stream: ParaformerStream,
        _ body: @escaping @Sendable (inout ParaformerStream) async throws(InferenceError) -> Void
    ) async throws(SpeechError) -> ParaformerStream {
        let begun = ContinuousClock.now
        defer { utterance.metrics.inferenceSeconds += (.now - begun) / .seconds(1) }
        return try await decoding(utterance.clock) { () async throws(SpeechError) in
            var stream = stream
            do throws(InferenceError) { try await body(&stream) } catch { throw SpeechError(error) }
            return stream
        }
    }

    private var preRoll: Int { samples(endpointing.preRoll) }
    private func samples(_ seconds: Double) -> Int { Int(seconds * Double(recognizer.sampleRate)) }
    private func seconds(_ samples: Int) -> Double { Double(samples) / Double(recognizer.sampleRate) }
}
