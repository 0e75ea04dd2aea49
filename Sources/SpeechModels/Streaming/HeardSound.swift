import Speech

/// The sound of a stream as far as it may still be needed, judged window by window.
struct HeardSound<Detector: SpeechDetector>: Sendable {
    private let detector: Detector
    private(set) var endpointer: Endpointer
    private var state: Detector.State
    private var samples: [Float] = []
    /// Number of the first sample kept.
    private var origin: Int
    /// Probability per window, parallel to `samples` from `origin` on.
    private var probabilities: [Float] = []
    /// Zeros after the end that fill the last window.
    private var padding = 0

    /// - Parameters:
    ///   - detector: what judges.
    ///   - endpointing: when sound counts as speech.
    ///   - position: number of the first sample that will be heard.
    init(_ detector: Detector, _ endpointing: Endpointing, position: Int = 0) {
        self.detector = detector
        origin = position
        state = detector.start()
        endpointer = Endpointer(
            endpointing,
            sampleRate: detector.sampleRate,
            window: detector.window,
            position: position
        )
    }

    /// Samples kept.
    var held: Int { samples.count }
    /// Number of the sample after the last one heard.
    var end: Int { origin + samples.count - padding }
    /// Number of the sample after the last one judged.
    var judged: Int { endpointer.position }
    /// Whether another whole window can be judged.
    var hasWindow: Bool { judged + detector.window <= origin + samples.count }

    mutating func append(_ more: [Float]) { samples += more }

    /// Fills the last window with silence.
    mutating func pad() {
        let rest = end - judged
        guard rest > 0, padding == 0 else { return }
        padding = detector.window - rest
        samples += [Float](repeating: 0, count: padding)
    }

    /// Judges the next window; a span comes back when speech ended.
    mutating func judge() async throws(SpeechError) -> SpeechSpan? {
        let start = judged - origin
        let probability = try await detector.probability(
            of: samples[start..<start + detector.window],
            state: &state
        )
        probabilities.append(probability)
        return endpointer.accept(probability)
    }

    /// The end of the stream: speech that is going on ends here.
    mutating func finish() -> SpeechSpan? {
        guard let span = endpointer.finish() else { return nil }
        return SpeechSpan(start: span.start, end: min(span.end, end))
    }

    /// Speech goes on, but what was before `sample` is dealt with.
    mutating func restart(at sample: Int) {
        guard let start = endpointer.speechStart else { return }
        endpointer.restart(at: max(start, sample))
    }

    func audio(_ span: SpeechSpan) -> AudioChunk {
        let first = max(0, span.start - origin)
        let last = max(first, min(span.end, end) - origin)
        return AudioChunk(
            samples: Array(samples[first..<last]),
            sampleRate: detector.sampleRate,
            position: origin + first
        )
    }

    /// The sample in the last third of a stretch where the detector is least sure: the best place to cut.
    func quietest(in span: SpeechSpan) -> Int {
        let window = detector.window
        let first = max(0, span.end - span.count / 3 - origin) / window
        let last = (span.end - origin) / window
        let index = (first..<last).min { probabilities[$0] < probabilities[$1] } ?? last
        return origin + index * window + window / 2
    }

    /// Drops sound before `sample` in whole windows, and the memory with it.
    mutating func forget(before sample: Int) {
        let window = detector.window
        let spare = min(sample - origin, judged - origin) / window
        // Seldom enough to cost nothing, often enough that an idle stream holds half a second.
        guard spare * window >= detector.sampleRate / 4 else { return }
        samples = Array(samples[(spare * window)...])
        probabilities = Array(probabilities[spare...])
        origin += spare * window
    }
}
