/// When sound counts as speech. Defaults are those of the Silero reference unless a reason is given.
package struct Endpointing: Sendable, Hashable {
    /// A window starts speech at this probability.
    package var threshold: Float = 0.5
    /// Speech goes on until the probability falls below this (the reference uses `threshold - 0.15`).
    package var releaseThreshold: Float = 0.35
    /// Shorter stretches are no speech, in seconds.
    package var minimumSpeech: Double = 0.25
    /// Shorter pauses do not end speech, in seconds.
    package var minimumSilence: Double = 0.3
    /// Sound kept before and after speech, in seconds: soft onsets are detected late.
    package var preRoll: Double = 0.2

    package init() {}
}

/// A stretch of speech, as sample indices of its stream.
package struct SpeechSpan: Sendable, Hashable {
    package var start: Int
    package var end: Int
    package var count: Int { end - start }
}

/// Turns a probability per window into stretches of speech. Pure: probabilities in, spans out.
///
/// Port of the hysteresis of Silero's `VADIterator`, with a minimum length and without its hidden state.
struct Endpointer: Sendable {
    let options: Endpointing
    let sampleRate: Int
    let window: Int
    /// Samples judged so far.
    private(set) var position: Int
    /// First sample of the speech that is going on, before any pre-roll.
    private(set) var speechStart: Int?
    private var silenceStart: Int?

    init(_ options: Endpointing, sampleRate: Int, window: Int, position: Int = 0) {
        self.position = position
        self.options = options
        self.sampleRate = sampleRate
        self.window = window
    }

    /// Judges the next window; a span comes back when speech ended.
    mutating func accept(_ probability: Float) -> SpeechSpan? {
        let start = position
        position += window
        if probability >= options.threshold {
            silenceStart = nil
            speechStart = speechStart ?? start
        } else if speechStart != nil, probability < options.releaseThreshold {
            let silence = silenceStart ?? start
            silenceStart = silence
            if position - silence >= Int(options.minimumSilence * Double(sampleRate)) { return close(at: silence) }
        }
        return nil
    }

    /// The stream is over: speech that is going on ends here.
    mutating func finish() -> SpeechSpan? { close(at: silenceStart ?? position) }

    /// Speech goes on, but what was before `sample` has been dealt with.
    mutating func restart(at sample: Int) {
        guard speechStart != nil else { return }
        speechStart = sample
    }

    private mutating func close(at end: Int) -> SpeechSpan? {
        defer {
            speechStart = nil
            silenceStart = nil
        }
        guard let start = speechStart, end - start >= Int(options.minimumSpeech * Double(sampleRate)) else {
            return nil
        }
        return SpeechSpan(start: start, end: end)
    }
}
