/// What a reply cost.
public struct SynthesisMetrics: Sendable, Hashable, Codable {
    /// Seconds of sound made.
    public var duration: Double
    /// Seconds spent computing it; time in which nobody asked for the next chunk does not count.
    public var inferenceTime: Double
    /// Seconds of computing before the first PCM sample (TTFA).
    public var timeToFirstAudio: Double
    /// Milliseconds per stage, by the stage's name.
    public var stageMilliseconds: [String: Double]

    /// - Parameters:
    ///   - duration: seconds of sound made.
    ///   - inferenceTime: seconds spent computing it.
    ///   - timeToFirstAudio: seconds of computing before the first sample.
    ///   - stageMilliseconds: milliseconds per stage.
    public init(
        duration: Double = 0,
        inferenceTime: Double = 0,
        timeToFirstAudio: Double = 0,
        stageMilliseconds: [String: Double] = [:]
    ) {
        self.duration = duration
        self.inferenceTime = inferenceTime
        self.timeToFirstAudio = timeToFirstAudio
        self.stageMilliseconds = stageMilliseconds
    }

    /// Real-time factor: computing time over sound made; 0 for no sound.
    public var rtf: Double { duration > 0 ? inferenceTime / duration : 0 }

    /// Adds the cost of a following sentence; the first sound stays the first.
    public mutating func append(_ next: SynthesisMetrics) {
        if duration == 0, inferenceTime == 0 { timeToFirstAudio = next.timeToFirstAudio }
        duration += next.duration
        inferenceTime += next.inferenceTime
        stageMilliseconds.merge(next.stageMilliseconds, uniquingKeysWith: +)
    }
}
