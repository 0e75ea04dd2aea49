/// 16-bit signed little-endian samples, the currency of sockets, players and WAV files.
///
/// Full scale is 32768 both ways, so bytes survive decoding and encoding unchanged; +1 is clipped to 32767.
package enum PCM16 {
    private static let scale: Float = 32_768

    /// Samples as bytes: clipped to [-1, 1], rounded to nearest, NaN as 0.
    ///
    /// - Returns: two bytes for each sample.
    package static func encode(_ samples: [Float]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: samples.count * 2) { bytes, initialized in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            for (index, sample) in samples.enumerated() {
                raw.storeBytes(of: integer(sample).littleEndian, toByteOffset: 2 * index, as: Int16.self)
            }
            initialized = samples.count * 2
        }
    }

    /// Samples as numbers: clipped and rounded as ``encode(_:)`` does.
    package static func integers(_ samples: [Float]) -> [Int16] { samples.map(integer) }

    private static func integer(_ sample: Float) -> Int16 {
        let scaled = (sample * scale).rounded(.toNearestOrEven)
        // Comparisons with NaN are false: it falls through to 0.
        return scaled >= 32_767 ? .max : scaled <= -32_768 ? .min : scaled == scaled ? Int16(scaled) : 0
    }

    /// Bytes as samples in [-1, 1).
    ///
    /// - Parameter bytes: an odd last byte is left out.
    /// - Returns: one sample for every two bytes.
    package static func decode(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 2).map {
                Float(Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))) / scale
            }
        }
    }
}
