/// What the text of an utterance cost, and how well its partial texts foretold it.
public struct RecognitionMetrics: Sendable, Hashable, Codable {
    /// How the final text came about.
    public enum Mode: String, Sendable, Hashable, Codable {
        /// It was decoded while the speaker was silent, before the end was certain.
        case speculative
        /// It was decoded once the end was known.
        case decoded
        /// Nobody spoke.
        case silent
    }

    /// Seconds of sound decoded for the final text.
    public var audioSeconds: Double = 0
    /// Seconds spent in decodes that were brought to their end, partial ones included.
    public var inferenceSeconds: Double = 0
    /// Seconds from the moment the end was known until the text was there.
    public var finalizeSeconds: Double = 0
    /// How the final text came about.
    public var mode: Mode = .silent
    /// Words that partial texts had called stable.
    public var stableWords: Int = 0
    /// Those of them that the final text changed: substituted, left out or put between.
    public var revisedStableWords: Int = 0
    /// Milliseconds per stage, by the stage's name; decodes that were cancelled count.
    public var stageMilliseconds: [String: Double] = [:]

    /// An utterance that cost nothing.
    public init() {}
}
