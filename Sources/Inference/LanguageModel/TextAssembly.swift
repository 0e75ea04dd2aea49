/// Puts the bytes of tokens together to whole characters, however they are cut.
package struct TextAssembly: Sendable {
    /// Bytes of a character that is not whole yet: three at most.
    private var pending: [UInt8] = []

    package init() {}

    /// Adds bytes.
    /// - Returns: the characters that are whole now. Bytes that can never be UTF-8 become U+FFFD.
    package mutating func add(_ bytes: some Sequence<UInt8>) -> String {
        pending.append(contentsOf: bytes)
        let whole = pending.count - Self.unfinished(pending[...])
        defer { pending.removeFirst(whole) }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    /// How many bytes at the end begin a character that more bytes could complete.
    private static func unfinished(_ bytes: ArraySlice<UInt8>) -> Int {
        for count in 1...3 {
            guard bytes.count >= count else { return 0 }
            let first = bytes[bytes.endIndex - count]
            if first & 0xC0 == 0x80 { continue }
            guard length(first) > count else { return 0 }
            return count == 1 || isPlausible(first, bytes[bytes.endIndex - count + 1]) ? count : 0
        }
        return 0
    }

    /// Bytes of a character with this first byte; 1 for one that begins none.
    private static func length(_ first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Whether the second byte may follow the first (Unicode, table 3-7).
    private static func isPlausible(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
