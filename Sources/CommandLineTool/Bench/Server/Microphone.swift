import Speech
import Synchronization

/// Sends a clip at the pace of real time, as a microphone does, then silence until it is switched off.
final class Microphone: Sendable {
    /// Length of a frame, in seconds.
    static let frameSeconds = 0.02

    private struct State {
        var isOff = false
        var lastVoiced: Double?
    }

    private let state = Mutex(State())
    private let clip: SpokenClip
    private let began = ContinuousClock.now

    /// Time begins now.
    init(_ clip: SpokenClip) { self.clip = clip }

    /// Seconds since the beginning.
    var now: Double { (.now - began) / .seconds(1) }

    /// When the last voiced sample went out, in seconds; nil before.
    var lastVoiced: Double? { state.withLock { $0.lastVoiced } }

    /// When the first voiced sample goes out, in seconds: with the frame that it is in.
    var firstVoiced: Double {
        ((clip.voiced.lowerBound / Self.frameSeconds).rounded(.down) + 1) * Self.frameSeconds
    }

    /// Nothing more is sent.
    func switchOff() { state.withLock { $0.isOff = true } }

    /// - Parameters:
    ///   - silence: seconds of silence after the clip, at most.
    ///   - send: sends a frame of 20 ms.
    /// - Returns: when the last sample of the clip was sent, in seconds.
    /// - Throws: what `send` throws.
    func speak(thenSilent silence: Double, _ send: (AudioChunk) async throws -> Void) async throws -> Double {
        let rate = clip.sound.sampleRate
        let length = Int(Double(rate) * Self.frameSeconds)
        let frames = (clip.sound.frames + length - 1) / length
        let lastVoicedFrame = Int((clip.voiced.upperBound * Double(rate)).rounded(.up) - 1) / length
        var end = 0.0
        for index in 0..<frames + Int(silence / Self.frameSeconds) {
            if state.withLock({ $0.isOff }) { break }
            try await Task.sleep(until: began + .milliseconds(20 * (index + 1)), clock: .continuous)
            try await send(frame(index, of: length))
            if index == lastVoicedFrame { state.withLock { $0.lastVoiced = now } }
            if index < frames { end = now }
        }
        return end
    }

    /// A frame of the clip, filled with silence at its end and after it.
    private func frame(_ index: Int, of length: Int) -> AudioChunk {
        let range = (index * length..<(index + 1) * length).clamped(to: 0..<clip.sound.frames)
        var samples = Array(clip.sound.samples[range])
        samples += repeatElement(0, count: length - samples.count)
        return AudioChunk(samples: samples, sampleRate: clip.sound.sampleRate, position: index * length)
    }
}
