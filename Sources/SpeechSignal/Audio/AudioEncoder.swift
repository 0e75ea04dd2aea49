/// Sound as a file or a stream of some format, encoded block by block.
///
/// How the bytes leave is its ``Delivery``. Used by one task at a time.
///
/// ```swift
/// let encoder = try AudioEncoder(.mp3, sampleRate: 22_050, isStreaming: true)
/// while let block = next() { send(try encoder.encode(block)) }
/// send(try encoder.finish())
/// ```
package final class AudioEncoder {
    /// When bytes leave, and what becomes of the sizes that a header can know only at the end.
    package enum Delivery: Sendable {
        /// As they come; sizes stay "unknown".
        case stream
        /// All at the end, with a correct header.
        case whole
        /// As they come; whoever wrote them applies ``AudioEncoder/corrections`` at the end.
        case corrected
    }

    /// What the bytes are.
    package let format: AudioFormat
    /// Hz of the encoded sound: that of the input, or the nearest above it that the format has.
    package let sampleRate: Int

    private let resampler: Resampler?
    private let sink: any EncodedSound
    private let delivery: Delivery
    private var frames = 0
    private var hasBegun = false

    /// - Parameters:
    ///   - format: what to make.
    ///   - inputRate: Hz of the mono samples that will come.
    ///   - isStreaming: whether bytes leave as they come; otherwise all come at the end, with a correct header.
    /// - Throws: `unsupportedFormat` with libsndfile's reason, `badSampleRate`.
    package convenience init(
        _ format: AudioFormat,
        sampleRate inputRate: Int,
        isStreaming: Bool
    ) throws(AudioError) {
        try self.init(format, sampleRate: inputRate, delivery: isStreaming ? .stream : .whole)
    }

    /// - Parameters:
    ///   - format: what to make.
    ///   - inputRate: Hz of the mono samples that will come.
    ///   - delivery: when bytes leave.
    /// - Throws: `unsupportedFormat` with libsndfile's reason, `badSampleRate`.
    package init(_ format: AudioFormat, sampleRate inputRate: Int, delivery: Delivery) throws(AudioError) {
        self.format = format
        self.delivery = delivery
        sampleRate = format.sampleRate(for: inputRate)
        resampler = sampleRate == inputRate ? nil : try Resampler(from: inputRate, to: sampleRate)
        sink =
            switch format {
            case .rated, .pcm, .wav: PlainSound()
            case .flac, .mp3, .opus:
                try ContainerEncoder(format, sampleRate: sampleRate, delivery: delivery)
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
        return delivery == .whole ? [] : begin() + sink.take()
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

    /// What to write over bytes that have left, where delivery is `corrected`; complete after ``finish()``.
    package var corrections: [Correction] {
        guard delivery == .corrected else { return [] }
        guard format == .wav else { return sink.corrections }
        return [Correction(offset: 0, bytes: WAVHeader.bytes(sampleRate: sampleRate, channels: 1, frames: frames))]
    }

    /// Bytes that take the place of earlier ones.
    package struct Correction: Sendable {
        /// Where in the file.
        package var offset: Int
        /// As many bytes as are replaced.
        package var bytes: [UInt8]
    }

    /// What comes before the first byte of sound; written by libsndfile where it makes the container.
    private func begin() -> [UInt8] {
        guard !hasBegun else { return [] }
        hasBegun = true
        switch format {
        case .wav:
            return WAVHeader.bytes(sampleRate: sampleRate, channels: 1, frames: delivery == .whole ? frames : nil)
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
    /// What was written over bytes that had been taken.
    var corrections: [AudioEncoder.Correction] { get }
}

/// 16-bit samples without any container.
private final class PlainSound: EncodedSound {
    let corrections: [AudioEncoder.Correction] = []
    private var bytes: [UInt8] = []

    func append(_ samples: [Float]) { bytes += PCM16.encode(samples) }
    func finish() {}

    func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
