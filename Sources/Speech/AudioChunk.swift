/// A run of PCM samples and where it sits in its stream.
public struct AudioChunk: Sendable, Hashable {
    /// Samples in [-1, 1]; several channels are interleaved (frame by frame).
    public var samples: [Float]
    /// Frames per second (Hz).
    public var sampleRate: Int
    /// Samples per frame: 1 is mono, 2 is stereo.
    public var channels: Int
    /// Index of the first frame, counted from the start of the stream.
    public var position: Int

    /// - Parameters:
    ///   - samples: interleaved samples in [-1, 1]; the count is a multiple of `channels`.
    ///   - sampleRate: frames per second (Hz).
    ///   - channels: samples per frame.
    ///   - position: index of the first frame in its stream.
    public init(samples: [Float], sampleRate: Int, channels: Int = 1, position: Int = 0) {
        precondition(channels > 0 && sampleRate > 0, "audio has at least one channel and a positive rate")
        precondition(samples.count.isMultiple(of: channels), "samples end in the middle of a frame")
        self.samples = samples
        self.sampleRate = sampleRate
        self.channels = channels
        self.position = position
    }

    /// Frames held.
    public var frames: Int { samples.count / channels }

    /// Length in seconds.
    public var seconds: Double { Double(frames) / Double(sampleRate) }
}
