/// From many channels to one.
package enum Downmix {
    /// The mean of each frame's channels.
    ///
    /// - Parameters:
    ///   - interleaved: `[frames × channels]`.
    ///   - channels: at least 1; one channel is returned as it is.
    /// - Returns: `[frames]`; samples of an incomplete last frame are left out.
    package static func mono(_ interleaved: [Float], channels: Int) -> [Float] {
        guard channels > 1 else { return interleaved }
        let frames = interleaved.count / channels
        let scale = 1 / Float(channels)
        return [Float](unsafeUninitializedCapacity: frames) { mono, initialized in
            interleaved.withUnsafeBufferPointer { samples in
                for frame in 0..<frames {
                    var sum: Float = 0
                    for channel in 0..<channels { sum += samples[frame * channels + channel] }
                    mono.initializeElement(at: frame, to: sum * scale)
                }
            }
            initialized = frames
        }
    }
}
