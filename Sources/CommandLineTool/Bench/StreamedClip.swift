import Speech

/// An event and when it came, in seconds after the first sample was sent.
struct TimedEvent: Sendable {
    var event: TranscriptEvent
    var seconds: Double
}

/// What streaming one clip gave.
struct StreamedClip: Sendable {
    /// All final texts of the clip.
    private(set) var text = ""
    /// Last segment of the last text, as seconds of the clip.
    private(set) var lastSegment: ClosedRange<Double>?
    /// First partial text, after the first sample of speech; nil without one before the end of the clip.
    private(set) var firstPartial: Double?
    /// From the last sample to the last final text.
    private(set) var finalize = 0.0
    private(set) var stableWords = 0
    private(set) var revisedWords = 0
    /// Partials that changed text called stable.
    private(set) var violations = 0
    private(set) var partials = 0
    private(set) var speculative = 0
    private(set) var decoded = 0
    /// Seconds of work on graphs, cancelled decodes included.
    private(set) var work = 0.0

    /// - Parameters:
    ///   - events: what came, in order.
    ///   - end: when the last sample was sent.
    init(_ events: [TimedEvent], end: Double) {
        var stable = ""
        var speechStart = 0.0
        for timed in events {
            switch timed.event {
            case .speechStarted(let start): speechStart = start
            case .partial(let partial):
                partials += 1
                if firstPartial == nil, timed.seconds < end { firstPartial = timed.seconds - speechStart }
                if !partial.text.hasPrefix(stable) || partial.stableCharacters < stable.count { violations += 1 }
                stable = String(partial.text.prefix(partial.stableCharacters))
            case .final(let transcript):
                stable = ""
                add(transcript)
                finalize = timed.seconds - end
            case .endpoint: break
            }
        }
    }

    private mutating func add(_ transcript: Transcript) {
        text += (text.isEmpty || transcript.text.isEmpty ? "" : " ") + transcript.text
        if let last = transcript.segments.last { lastSegment = last.start...last.end }
        guard let metrics = transcript.metrics else { return }
        stableWords += metrics.stableWords
        revisedWords += metrics.revisedStableWords
        if metrics.mode == .speculative { speculative += 1 }
        if metrics.mode == .decoded { decoded += 1 }
        work += metrics.stageMilliseconds.values.reduce(0, +) / 1000
    }
}
