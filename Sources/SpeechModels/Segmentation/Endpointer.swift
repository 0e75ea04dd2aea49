import Speech

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
    /// First sample of the pause that may end the speech going on.
    private(set) var silenceStart: Int?
    /// Whether the speech going on is the rest of a longer one: then it counts however short it is.
    private var isRest = false

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
        isRest = true
    }

    private mutating func close(at end: Int) -> SpeechSpan? {
        defer {
            speechStart = nil
            silenceStart = nil
            isRest = false
        }
        guard let start = speechStart, isRest || end - start >= Int(options.minimumSpeech * Double(sampleRate)) else {
            return nil
        }
        return SpeechSpan(start: start, end: end)
    }
}
