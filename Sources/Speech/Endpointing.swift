/// When sound counts as speech. Defaults are those of the Silero reference unless a reason is given.
public struct Endpointing: Sendable, Hashable {
    /// A window starts speech at this probability, in (0, 1].
    public var threshold: Float = 0.5
    /// Speech goes on until the probability falls below this, in [0, threshold]; the reference uses `threshold - 0.15`.
    public var releaseThreshold: Float = 0.35
    /// Shorter stretches are no speech, in seconds, 0 … 10.
    public var minimumSpeech: Double = 0.25
    /// Shorter pauses do not end speech, in seconds, 0.05 … 30.
    public var minimumSilence: Double = 0.3
    /// Sound kept before and after speech, in seconds, 0 … 2: soft onsets are detected late.
    public var preRoll: Double = 0.2

    /// The pause that ends an utterance while somebody listens live: people breathe for up to 0.4 s inside a sentence.
    public static let streaming: Endpointing = {
        var endpointing = Endpointing()
        endpointing.minimumSilence = 0.5
        return endpointing
    }()

    /// What suits whole files.
    public init() {}

    /// - Throws: `unsupported` naming the value that is out of its range.
    public func validate() throws(SpeechError) {
        func require(_ holds: Bool, _ name: String, _ range: String) throws(SpeechError) {
            guard holds else { throw SpeechError(.unsupported, "\(name) is a number \(range)") }
        }
        try require(threshold > 0 && threshold <= 1, "threshold", "above 0 and at most 1")
        try require((0...1).contains(releaseThreshold), "releaseThreshold", "from 0 to 1")
        try require(releaseThreshold <= threshold, "releaseThreshold", "no greater than threshold")
        try require((0...10).contains(minimumSpeech), "minimumSpeech", "of seconds from 0 to 10")
        try require((0.05...30).contains(minimumSilence), "minimumSilence", "of seconds from 0.05 to 30")
        try require((0...2).contains(preRoll), "preRoll", "of seconds from 0 to 2")
    }
}
