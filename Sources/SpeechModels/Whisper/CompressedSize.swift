import CZlib

/// How many bytes zlib makes of some: the measure by which Whisper's reference tells text that repeats itself.
package enum CompressedSize {
    /// Bytes that zlib writes for these at its usual level, which is the one of Python's `zlib.compress`.
    package static func zlib(_ bytes: [UInt8]) -> Int {
        var size = compressBound(uLong(bytes.count))
        var compressed = [UInt8](repeating: 0, count: Int(size))
        // With so much room it fails for want of memory alone.
        guard compress(&compressed, &size, bytes, uLong(bytes.count)) == Z_OK else { return bytes.count }
        return Int(size)
    }

    /// Bytes of a text for each byte of it compressed.
    package static func ratio(of text: String) -> Double {
        let bytes = Array(text.utf8)
        return Double(bytes.count) / Double(max(1, zlib(bytes)))
    }
}
