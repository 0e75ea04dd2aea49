package import Speech

/// One stream through a ``SegmentedRecognizer``.
///
/// Its windows know nothing of one another: as many as the options say are decoded side by side, and their texts come
/// in order.
package struct SegmentedSession<Detector: SpeechDetector, Model: UtteranceRecognizer>: RecognitionSession {
    package static var worksAside: Bool { true }

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
    /// Windows whose text has not been told, in order of time.
    private var windows: [Window] = []

    /// A closed window, and how far it is.
    private struct Window: Sendable {
        enum State: Sendable {
            case wanted(RecognitionWork)
            case known(Transcript)
            /// The last one: nothing behind it will be told.
            case failed(SpeechError)
        }
        let id: Int
        var state: State

        var work: RecognitionWork? { if case .wanted(let work) = state { work } else { nil } }
        var transcript: Transcript? { if case .known(let transcript) = state { transcript } else { nil } }
        var failure: SpeechError? { if case .failed(let error) = state { error } else { nil } }
    }

    /// Stands for a detector that failed; windows have the numbers of their last samples.
    private static var deafness: Int { -1 }

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

    package var isListening: Bool { end == nil && hasRoom }
    package var works: [RecognitionWork] {
        // What stood before a failure has been told: now it fails for its owner too.
        if let first = windows.first, let error = first.failure {
            return [RecognitionWork(id: first.id) { () async throws(SpeechError) in throw error }]
        }
        return Array(windows.lazy.compactMap(\.work).prefix(parallel))
    }

    private var parallel: Int { max(1, options.parallel) }

    /// Whether another window may be closed. Texts that wait for an earlier one are bounded too.
    private var hasRoom: Bool {
        windows.last?.failure == nil && windows.count { $0.work != nil } < parallel && windows.count < 4 * parallel
    }

    package mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
        switch input {
        case .audio(let chunk):
            guard chunk.sampleRate == recognizer.sampleRate, chunk.channels == 1 else {
                throw SpeechError(.invalidAudio, "mono audio at \(recognizer.sampleRate) Hz is expected")
            }
            samples += chunk.samples
        case .pause: return []
        case .endOfUtterance:
            end = origin + samples.count
            let rest = origin + samples.count - endpointer.position
            if rest > 0 { samples += [Float](repeating: 0, count: recognizer.detector.window - rest) }
        }
        try await listen()
        return []
    }

    package mutating func take(_ outcome: RecognitionWork.Outcome) async throws(SpeechError) -> [TranscriptEvent] {
        guard let index = windows.firstIndex(where: { $0.id == outcome.id }) else { return [] }
        switch outcome.result {
        case .success(let transcript): windows[index].state = .known(transcript)
        case .failure(let error) where index == 0: throw error
        case .failure(let error):
            windows[index].state = .failed(error)
            windows.removeSubrange((index + 1)...)
        }
        var events: [TranscriptEvent] = []
        while let transcript = windows.first?.transcript {
            windows.removeFirst()
            if !transcript.text.isEmpty { events.append(.final(transcript)) }
        }
        try await listen()
        return events
    }

    /// Listens as far as it can. A failure is told behind the texts of what was heard before it.
    private mutating func listen() async throws(SpeechError) {
        do {
            try await judge()
        } catch {
            guard error.code != .cancelled else { throw error }
            closeAll()
            windows.append(Window(id: Self.deafness, state: .failed(error)))
        }
    }

    /// Judges every whole window of the detector that has arrived, as long as what it closes can be decoded.
    private mutating func judge() async throws(SpeechError) {
        let window = recognizer.detector.window
        while hasRoom, endpointer.position + window <= origin + samples.count {
            let start = endpointer.position - origin
            let probability = try await recognizer.detector.probability(
                of: samples[start..<start + window],
                state: &detectorState
            )
            probabilities.append(probability)
            if let span = endpointer.accept(probability) { pack(span) }
            closeIfDue()
            forget()
        }
        if let end, endpointer.position >= end { finish(at: end) }
    }

    /// Adds a finished stretch of speech to the window, or starts the next window with it.
    private mutating func pack(_ span: SpeechSpan) {
        // After a cut inside of a pause, the speech behind the cut may have ended before it.
        guard span.count > 0 else { return }
        guard let open = packed else { return packed = span }
        if span.end - open.start <= longest {
            packed = SpeechSpan(start: open.start, end: span.end)
        } else {
            packed = span
            decode(open)
        }
    }

    /// Closes the window when the pause is long, or when the speech going on would outgrow it.
    private mutating func closeIfDue() {
        if let speaking = endpointer.speechStart {
            if let open = packed, endpointer.position - open.start > longest {
                packed = nil
                return decode(open)
            }
            guard packed == nil, endpointer.position - speaking > longest else { return }
            let cut = quietest(in: SpeechSpan(start: speaking, end: endpointer.position))
            endpointer.restart(at: cut)
            return decode(SpeechSpan(start: speaking, end: cut), trailing: 0)
        }
        let pause = Int(recognizer.longestPause * Double(recognizer.sampleRate))
        guard let open = packed, endpointer.position - open.end >= pause else { return }
        packed = nil
        decode(open)
    }

    /// The sample in the last third of a stretch where the detector is least sure: the best place to cut.
    private func quietest(in span: SpeechSpan) -> Int {
        let window = recognizer.detector.window
        let first = (span.end - span.count / 3 - origin) / window
        let last = (span.end - origin) / window
        let index = (first..<last).min { probabilities[$0] < probabilities[$1] } ?? last
        return origin + index * window + window / 2
    }

    private mutating func decode(_ span: SpeechSpan, trailing: Int? = nil) {
        let start = max(decodedUpTo, span.start - preRoll)
        let end = min(self.end ?? origin + samples.count, span.end + (trailing ?? preRoll))
        decodedUpTo = span.end
        let audio = AudioChunk(
            samples: Array(samples[start - origin..<end - origin]),
            sampleRate: recognizer.sampleRate,
            position: start
        )
        let (model, options) = (recognizer.model, options)
        // No two windows end at the same sample.
        let work = RecognitionWork(id: span.end) { () async throws(SpeechError) in
            try await model.transcript(of: audio, options)
        }
        windows.append(Window(id: span.end, state: .wanted(work)))
    }

    /// The stream ends: what is left is speech as far as the detector says so.
    private mutating func finish(at end: Int) {
        closeAll()
        if windows.isEmpty { self = SegmentedSession(recognizer, options, position: end) }
    }

    private mutating func closeAll() {
        if let span = endpointer.finish() { pack(span) }
        if let open = packed { decode(open) }
        packed = nil
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
