package import Speech

/// One stream through a ``SegmentedRecognizer``.
package struct SegmentedSession<Detector: SpeechDetector, Model: UtteranceRecognizer>: RecognitionSession {
    private let recognizer: SegmentedRecognizer<Detector, Model>
    private let options: RecognitionOptions
    private let endpointing: Endpointing
    private var detectorState: Detector.State
    private var endpointer: Endpointer
    /// Sound that may still be needed; its first sample is number `origin` of the stream.
    private var samples: [Float] = []
    private var origin: Int
    /// Sound before this sample is text already; no pre-roll reaches into it.
    private var decodedUpTo: Int
    /// Where the utterance ends, once that is known; what follows only fills the detector's last window.
    private var end: Int?
    /// Probability per window, parallel to `samples` from `origin` on.
    private var probabilities: [Float] = []
    /// The window being packed, without pre-roll.
    private var packed: SpeechSpan?

    /// - Parameters:
    ///   - recognizer: whose session this is.
    ///   - options: how to listen.
    ///   - position: number of the first sample that will be heard.
    init(_ recognizer: SegmentedRecognizer<Detector, Model>, _ options: RecognitionOptions, position: Int = 0) {
        self.recognizer = recognizer
        self.options = options
        endpointing = options.endpointing ?? recognizer.endpointing
        origin = position
        decodedUpTo = position
        detectorState = recognizer.detector.start()
        endpointer = Endpointer(
            endpointing,
            sampleRate: recognizer.sampleRate,
            window: recognizer.detector.window,
            position: position
        )
    }

    private var preRoll: Int { Int(endpointing.preRoll * Double(recognizer.sampleRate)) }
    /// Longest stretch of speech that fits the model with its pre-roll on both sides.
    private var longest: Int { recognizer.model.longestUtterance - 2 * preRoll }

    package mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
        switch input {
        case .audio(let chunk):
            guard chunk.sampleRate == recognizer.sampleRate, chunk.channels == 1 else {
                throw SpeechError(.invalidAudio, "mono audio at \(recognizer.sampleRate) Hz is expected")
            }
            samples += chunk.samples
            return try await listen()
        case .pause:
            return []
        case .endOfUtterance:
            return try await finish()
        }
    }

    /// Judges every whole window that has arrived.
    private mutating func listen() async throws(SpeechError) -> [TranscriptEvent] {
        var events: [TranscriptEvent] = []
        let window = recognizer.detector.window
        while endpointer.position + window <= origin + samples.count {
            let start = endpointer.position - origin
            let probability = try await recognizer.detector.probability(
                of: samples[start..<start + window],
                state: &detectorState
            )
            probabilities.append(probability)
            if let span = endpointer.accept(probability) { events += try await pack(span) }
            events += try await closeIfDue()
            forget()
        }
        return events
    }

    /// Adds a finished stretch of speech to the window, or starts the next window with it.
    private mutating func pack(_ span: SpeechSpan) async throws(SpeechError) -> [TranscriptEvent] {
        guard let open = packed else {
            packed = span
            return []
        }
        if span.end - open.start <= longest {
            packed = SpeechSpan(start: open.start, end: span.end)
            return []
        }
        packed = span
        return try await decode(open)
    }

    /// Closes the window when the pause is long, or when the speech going on would outgrow it.
    private mutating func closeIfDue() async throws(SpeechError) -> [TranscriptEvent] {
        if let speaking = endpointer.speechStart {
            if let open = packed, endpointer.position - open.start > longest {
                packed = nil
                return try await decode(open)
            }
            guard packed == nil, endpointer.position - speaking > longest else { return [] }
            let cut = quietest(in: SpeechSpan(start: speaking, end: endpointer.position))
            endpointer.restart(at: cut)
            return try await decode(SpeechSpan(start: speaking, end: cut), trailing: 0)
        }
        let pause = Int(recognizer.longestPause * Double(recognizer.sampleRate))
        guard let open = packed, endpointer.position - open.end >= pause else { return [] }
        packed = nil
        return try await decode(open)
    }

    /// The sample in the last third of a stretch where the detector is least sure: the best place to cut.
    private func quietest(in span: SpeechSpan) -> Int {
        let window = recognizer.detector.window
        let first = (span.end - span.count / 3 - origin) / window
        let last = (span.end - origin) / window
        let index = (first..<last).min { probabilities[$0] < probabilities[$1] } ?? last
        return origin + index * window + window / 2
    }

    private mutating func decode(
        _ span: SpeechSpan,
        trailing: Int? = nil
    ) async throws(SpeechError) -> [TranscriptEvent] {
        let start = max(decodedUpTo, span.start - preRoll)
        let end = min(self.end ?? origin + samples.count, span.end + (trailing ?? preRoll))
        decodedUpTo = span.end
        let rate = recognizer.sampleRate
        let audio = AudioChunk(
            samples: Array(samples[start - origin..<end - origin]),
            sampleRate: rate,
            position: start
        )
        let transcript = try await recognizer.model.transcript(of: audio, options)
        return transcript.text.isEmpty ? [] : [.final(transcript)]
    }

    /// The stream ends: what is left is speech as far as the detector says so.
    private mutating func finish() async throws(SpeechError) -> [TranscriptEvent] {
        var events: [TranscriptEvent] = []
        let window = recognizer.detector.window
        let end = origin + samples.count
        self.end = end
        let rest = end - endpointer.position
        if rest > 0 { samples += [Float](repeating: 0, count: window - rest) }
        events += try await listen()
        if let span = endpointer.finish() { events += try await pack(span) }
        if let open = packed { events += try await decode(open) }
        self = SegmentedSession(recognizer, options, position: end)
        return events
    }

    /// Drops sound that nothing will ask for again, in whole windows so that `probabilities` stays parallel.
    private mutating func forget() {
        let window = recognizer.detector.window
        let needed = packed?.start ?? endpointer.speechStart ?? endpointer.position
        let spare = (needed - preRoll - origin) / window
        // A few seconds at a time: dropping from the front of an array moves the rest.
        guard spare * window > 4 * recognizer.sampleRate else { return }
        samples.removeFirst(spare * window)
        probabilities.removeFirst(spare)
        origin += spare * window
    }
}
