/// Sound as a file or a stream of some format, encoded block by block.
///
/// A streaming encoder gives its bytes away as they come and never looks back, so sizes that a header would carry stay
/// "unknown". The other kind keeps them all, corrects the header, and gives them at the end. Used by one task at a
/// time.
///
/// ```swift
/// let encoder = try AudioEncoder(.mp3, sampleRate: 22_050, isStreaming: true)
/// while let block = next() { send(try encoder.encode(block)) }
/// send(try encoder.finish())
/// ```
package final class AudioEncoder {
    /// What the bytes are.
    package let format: AudioFormat
    /// Hz of the encoded sound: that of the input, or the nearest above it that the format has.
    package let sampleRate: Int

    private let resampler: Resampler?
    private let sink: any EncodedSound
    private let isStreaming: Bool
    private var frames = 0
    private var hasBegun = false

    /// - Parameters:
    ///   - format: what to make.
    ///   - inputRate: Hz of the mono samples that will come.
    ///   - isStreaming: whether bytes leave as they come; otherwise all come at the end, with a correct header.
    /// - Throws: `unsupportedFormat` with libsndfile's reason, `badSampleRate`.
    package init(_ format: AudioFormat, sampleRate inputRate: Int, isStreaming: Bool) throws(AudioError) {
        self.format = format
        self.isStreaming = isStreaming
        sampleRate = format.sampleRate(for: inputRate)
        resampler = sampleRate == inputRate ? nil : try Resampler(from: inputRate, to: sampleRate)
        sink =
            switch format {
            case .rated, .pcm, .wav: PlainSound()
            case .flac, .mp3, .opus:
                try ContainerEncoder(format, sampleRate: sampleRate, keepsAll: !isStreaming)
            }
    }

    /// Takes the next samples.
    /// - Parameter samples: mono at the input rate; clipped to [-1, 1].
    /// - Returns: bytes that are ready; none from an encoder that keeps them all.
    /// - Throws: `io` when the encoder fails.
    package func encode(_ samples: [Float]) throws(AudioError) -> [UInt8] {
        let samples = resampler?.process(samples) ?? samples
        frames += samples.count
        try sink.append(samples)
        return isStreaming ? begin() + sink.take() : []
    }

    /// Ends the sound.
    /// - Returns: the rest of the bytes, or all of them.
    /// - Throws: `io` when the encoder fails.
    package func finish() throws(AudioError) -> [UInt8] {
        if let resampler {
            let rest = resampler.finish()
            frames += rest.count
            try sink.append(rest)
        }
        try sink.finish()
        return begin() + sink.take()
    }

    /// What comes before the first byte of sound; written by libsndfile where it makes the container.
    private func begin() -> [UInt8] {
        guard !hasBegun else { return [] }
        hasBegun = true
        switch format {
        case .wav: return WAVHeader.bytes(sampleRate: sampleRate, channels: 1, frames: isStreaming ? nil : frames)
        case .rated:
            let rate = UInt32(clamping: sampleRate)
            return (0..<4).map { UInt8(rate >> (8 * $0) & 255) }
        case .pcm, .flac, .mp3, .opus: return []
        }
    }
}

/// Where samples become bytes.
protocol EncodedSound: AnyObject {
    func append(_ samples: [Float]) throws(AudioError)
    func finish() throws(AudioError)
    /// The bytes that nobody has taken yet.
    func take() -> [UInt8]
}

/// 16-bit samples without any container.
private final class PlainSound: EncodedSound {
    private var bytes: [UInt8] = []

    func append(_ samples: [Float]) { bytes += PCM16.encode(samples) }
    func finish() {}

    func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
