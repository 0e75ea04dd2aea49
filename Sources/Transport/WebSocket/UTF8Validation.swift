import NIOCore

/// Checks UTF-8 piece by piece: well-formed byte sequences as in table 3-7 of the Unicode Standard.
struct UTF8Validation {
    private var remaining = 0
    private var next: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether the text may end here: no character is cut.
    var isComplete: Bool { remaining == 0 }

    /// Takes the next bytes.
    ///
    /// - Returns: whether all so far can be the beginning of well-formed UTF-8.
    mutating func accepts(_ bytes: ByteBufferView) -> Bool {
        for byte in bytes where !accepts(byte) { return false }
        return true
    }

    private mutating func accepts(_ byte: UInt8) -> Bool {
        if remaining > 0 {
            guard next.contains(byte) else { return false }
            remaining -= 1
            next = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: expect(1)
        case 0xE0: expect(2, 0xA0...0xBF)
        case 0xED: expect(2, 0x80...0x9F)
        case 0xE1...0xEF: expect(2)
        case 0xF0: expect(3, 0x90...0xBF)
        case 0xF1...0xF3: expect(3)
        case 0xF4: expect(3, 0x80...0x8F)
        default: return false
        }
        return true
    }

    private mutating func expect(_ count: Int, _ first: ClosedRange<UInt8> = 0x80...0xBF) {
        remaining = count
        next = first
    }
}
