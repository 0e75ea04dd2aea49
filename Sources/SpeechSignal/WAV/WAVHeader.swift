/// The 44 bytes before the samples of a 16-bit PCM WAV file.
package enum WAVHeader {
    /// Bytes of the header itself.
    package static let count = 44
    /// The most bytes of sound that the header's 32 bits can announce.
    package static let maximumDataBytes = 0xFFFF_FFFF - count

    /// A header for 16-bit little-endian PCM.
    ///
    /// - Parameters:
    ///   - sampleRate: Hz.
    ///   - channels: samples per frame.
    ///   - frames: how many follow; nil when that is not known yet (or more than ``maximumDataBytes`` can hold), which
    ///     writes the sizes 0xFFFFFFFF that readers take for "until the end".
    /// - Returns: ``count`` bytes.
    package static func bytes(sampleRate: Int, channels: Int, frames: Int?) -> [UInt8] {
        let frameBytes = 2 * channels
        let announced = frames.flatMap { $0 <= maximumDataBytes / frameBytes ? UInt32($0 * frameBytes) : nil }
        var header: [UInt8] = []
        header.reserveCapacity(count)
        func word(_ value: UInt32) {
            for shift in stride(from: 0, to: 32, by: 8) { header.append(UInt8(value >> shift & 255)) }
        }
        func half(_ value: Int) { header += [UInt8(value & 255), UInt8(value >> 8 & 255)] }
        header += "RIFF".utf8
        word(announced.map { $0 + UInt32(count - 8) } ?? .max)
        header += "WAVEfmt ".utf8
        word(16)
        half(1)
        half(channels)
        word(UInt32(clamping: sampleRate))
        word(UInt32(clamping: sampleRate * frameBytes))
        half(frameBytes)
        half(16)
        header += "data".utf8
        word(announced ?? .max)
        return header
    }
}
