/// What is wrong with a JSON text, and where.
package struct JSONError: Error, Equatable {
    /// One clause for a person, such as `a value was expected at byte 12`.
    package var message: String

    package init(message: String) { self.message = message }
}

/// Reads a JSON text (RFC 8259) from bytes that nobody vouches for: in linear time, to a bounded depth.
///
/// Stricter than the RFC asks in one point, a name that appears twice in an object is refused: readers disagree about
/// which counts. Laxer in one, `NaN`, `Infinity` and `-Infinity` are read: Python writes them, and the answer can then
/// name the parameter.
package struct JSONReader {
    /// Deepest nesting read; every body of this server has two levels.
    static let depth = 32

    private let bytes: [UInt8]
    private var position = 0

    /// Reads a whole text.
    package static func read(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        var reader = JSONReader(bytes: bytes)
        // Some editors of Windows begin every file with this mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        let value = try reader.value(depth: Self.depth)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("nothing more was expected") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ message: String) -> JSONError { JSONError(message: "\(message) at byte \(position)") }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard let byte = next, byte == character.value else { return false }
        position += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let word = "\(word)".utf8
        guard bytes[position...].starts(with: word) else { return false }
        position += word.count
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipSpace()
        guard depth > 0 else { throw error("nested deeper than \(Self.depth) levels") }
        guard let byte = next else { throw error("the text ends too early,") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where take(word: "true"): return .bool(true)
        case UInt8(ascii: "f") where take(word: "false"): return .bool(false)
        case UInt8(ascii: "n") where take(word: "null"): return .null
        case UInt8(ascii: "N") where take(word: "NaN"): return .number(.nan)
        case UInt8(ascii: "I") where take(word: "Infinity"): return .number(.infinity)
        case UInt8(ascii: "-") where take(word: "-Infinity"): return .number(-.infinity)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("a value was expected")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        var members: [String: JSON] = [:]
        position += 1
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name in quotes was expected") }
            let name = try string()
            guard take(":") else { throw error("\":\" was expected") }
            let value = try value(depth: depth - 1)
            guard members.updateValue(value, forKey: name) == nil else { throw error("a name appears twice") }
        } while take(",")
        guard take("}") else { throw error("\",\" or \"}\" was expected") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        var elements: [JSON] = []
        position += 1
        if take("]") { return .array(elements) }
        repeat { elements.append(try value(depth: depth - 1)) } while take(",")
        guard take("]") else { throw error("\",\" or \"]\" was expected") }
        return .array(elements)
    }
}

extension JSONReader {
    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259, 6).
    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let isZero = next == UInt8(ascii: "0")
        guard digits() == 1 || !isZero else { throw error("a number does not begin with 0") }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digits() > 0 else { throw error("a digit was expected") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw error("a digit was expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text) else { throw error("a number was expected") }
        return .number(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<position]
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string is not valid UTF-8")
                }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                try escape(into: &text)
                start = position
            case 0..<0x20: throw error("a control character stands unescaped in a string")
            default: position += 1
            }
        }
        throw error("a string has no end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw error("a string has no end") }
        position += 1
        if let plain = Self.escapes[byte] {
            text.append(plain)
        } else if byte == UInt8(ascii: "u") {
            text += String(Character(try unicodeEscape())).utf8
        } else {
            throw error("an unknown escape stands in a string")
        }
    }

    /// Four hexadecimal digits, or a surrogate pair of two such escapes (RFC 8259, 7).
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800..<0xDC00).contains(unit), take(word: "\\u") else {
            throw error("half of a surrogate pair stands in a string")
        }
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("half of a surrogate pair stands in a string") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
        else { throw error("four hexadecimal digits were expected") }
        position += 4
        return value
    }
}
