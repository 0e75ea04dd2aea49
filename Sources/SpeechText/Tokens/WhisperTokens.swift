/// The bytes of Whisper's tokens, and text from token numbers.
///
/// A token is a run of bytes that need not be whole characters: `你` may be two tokens.
package struct WhisperTokens: Sendable {
    private let bytes: [UInt8]
    /// Where each token starts in `bytes`; one more than there are tokens.
    private let offsets: [Int32]

    /// The number of tokens in the table, special ones included.
    package var count: Int { offsets.count - 1 }

    /// Reads `tokens.bin`: for each token from 0 on, a u16 (little-endian) with its length, then its bytes; special
    /// tokens have no bytes.
    ///
    /// - Parameter table: The whole file.
    /// - Throws: `invalidTokenTable` if it is empty or cut short.
    package init(bytes table: [UInt8]) throws(SpeechTextError) {
        var bytes: [UInt8] = []
        var offsets: [Int32] = [0]
        bytes.reserveCapacity(table.count)
        var position = 0
        while position < table.count {
            let start = position + 2
            let length = start <= table.count ? Int(table[position]) | Int(table[position + 1]) << 8 : 0
            guard start + length <= table.count else {
                throw SpeechTextError(
                    .invalidTokenTable,
                    "The token table ends inside token \(offsets.count - 1): the file is cut short. "
                        + "Install the model again."
                )
            }
            bytes += table[start..<start + length]
            offsets.append(Int32(bytes.count))
            position = start + length
        }
        guard offsets.count > 1 else {
            throw SpeechTextError(.invalidTokenTable, "The token table is empty. Install the model again.")
        }
        self.bytes = bytes
        self.offsets = offsets
    }

    /// The text of a run of tokens. Special and unknown tokens give nothing; what is no UTF-8 becomes U+FFFD.
    package func text(of ids: [Int]) -> String {
        var run: [UInt8] = []
        for id in ids { run += self[id] }
        return String(decoding: run, as: UTF8.self)
    }

    /// The bytes of one token; empty for a special or unknown one.
    package subscript(id: Int) -> ArraySlice<UInt8> {
        guard id >= 0, id < count else { return [] }
        return bytes[Int(offsets[id])..<Int(offsets[id + 1])]
    }

    /// Text that grows token by token and never shows half a character.
    package struct Stream: Sendable {
        private let tokens: WhisperTokens
        private var held: [UInt8] = []

        /// - Parameter tokens: The table.
        package init(_ tokens: WhisperTokens) {
            self.tokens = tokens
        }

        /// The text that the token adds; the bytes of an unfinished character wait for the next token.
        package mutating func append(_ id: Int) -> String {
            held += tokens[id]
            let whole = held.count - UnfinishedCharacter.length(atEndOf: held)
            defer { held.removeFirst(whole) }
            return String(decoding: held.prefix(whole), as: UTF8.self)
        }

        /// What is still held, repaired; the stream is empty then.
        package mutating func finish() -> String {
            defer { held = [] }
            return String(decoding: held, as: UTF8.self)
        }
    }
}

/// The start of a UTF-8 sequence at the end of some bytes.
enum UnfinishedCharacter {
    /// How many bytes at the end may yet become a character (0 to 3), by the table of well-formed sequences of
    /// Unicode 15 §3.9: the second byte decides early.
    static func length(atEndOf bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let lead = tail.first, lead & 0xc0 != 0x80 else { continue }
            return isUnfinished(lead: lead, rest: tail.dropFirst()) ? length : 0
        }
        return 0
    }

    private static func isUnfinished(lead: UInt8, rest: ArraySlice<UInt8>) -> Bool {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return false
        }
        guard rest.count + 1 < length else { return false }
        return rest.first.map(second.contains) ?? true
    }
}
