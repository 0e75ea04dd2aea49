import Foundation

/// What is done to the sound of a voice before anybody hears it.
package struct SpeechFinish: Sendable, Hashable {
    /// Factor on every sample, 0 … 4: one for a whole reply, whatever its sentences are like.
    package var volume: Float
    /// Seconds of silence behind each sentence, 0 … 10, in place of the silence that the voice makes; nil leaves that.
    package var sentenceSilence: Double?

    /// - Parameters:
    ///   - volume: factor on every sample, 0 … 4.
    ///   - sentenceSilence: seconds, 0 … 10; nil leaves the voice's own.
    package init(volume: Float = 1, sentenceSilence: Double? = nil) {
        self.volume = volume
        self.sentenceSilence = sentenceSilence
    }

    /// Level above which loud samples are bent, so that they do not clip.
    private static let knee: Float = 0.8

    /// One sample louder or softer: a straight line up to the knee, above it a curve that ends at 1. It has no memory,
    /// so that a loud word does not make the next one softer.
    func gained(_ sample: Float) -> Float {
        let wanted = sample * volume
        guard volume > 1, abs(wanted) > Self.knee else { return wanted }
        let room = 1 - Self.knee
        let bent = Self.knee + room * tanh((abs(wanted) - Self.knee) / room)
        return wanted < 0 ? -bent : bent
    }
}
