/// Brings the fields of tagged tokens into the order in which the verbalizer reads them.
///
/// A tagger writes `date { day: "twenty third" month: "november" }`, fields as they were said. What WeTextProcessing's
/// `token_parser.py` does, but for two things: a value keeps its backslashes as they are (there they are doubled, so that
/// `"` comes back as `\"`), and what is no token ends the work (there it may go on for ever).
struct TokenOrder: Sendable {
    /// Kind of token → its fields in order; what is not named follows as it came.
    private static let fields: [String: [String]] = [
        "date": ["year", "month", "day", "preserve_order"],
        "fraction": ["sign", "numerator", "denominator"],
        "measure": ["numerator", "denominator", "value", "units"],
        "money": ["currency", "value", "decimal", "quantity"],
        "time": ["hour", "minute", "second", "noon", "zone"],
        "telephone": ["country_code", "number_part"],
        "electronic": ["username", "domain", "protocol"],
    ]

    private let text: [UInt8]
    private var position = 0

    /// - Parameter tagged: what a tagger has written.
    /// - Returns: the same tokens; nil for what is none.
    static func reordered(_ tagged: [UInt8]) -> [UInt8]? {
        var parser = TokenOrder(text: tagged)
        var output: [UInt8] = []
        while parser.skipSpaces() {
            guard let token = parser.token() else { return nil }
            if !output.isEmpty { output.append(UInt8(ascii: " ")) }
            output += token
        }
        return output
    }

    private init(text: [UInt8]) { self.text = text }

    /// One token, its fields in order.
    private mutating func token() -> [UInt8]? {
        guard let name = key() else { return nil }
        for mark in " { ".utf8 { skip(mark) }
        var order: [String] = []
        var values: [String: ArraySlice<UInt8>] = [:]
        while skipSpaces(), !skip(UInt8(ascii: "}")) {
            guard let key = key() else { return nil }
            for mark in ": \"".utf8 { skip(mark) }
            guard let value = value() else { return nil }
            order.append(key)
            values[key] = value
        }
        if let known = Self.fields[name], values["preserve_order"].map({ Array($0) }) != Array("true".utf8) {
            order = known.filter { values[$0] != nil } + order.filter { !known.contains($0) }
        }
        var output = Array("\(name) {".utf8)
        for key in order {
            output += " \(key): \"".utf8
            output += values[key] ?? []
            output.append(UInt8(ascii: "\""))
        }
        return output + " }".utf8
    }

    /// Letters and underscores; nil where there are none.
    private mutating func key() -> String? {
        let start = position
        while position < text.count, Self.isKey(text[position]) { position += 1 }
        return position > start ? String(decoding: text[start..<position], as: UTF8.self) : nil
    }

    /// What is between quotes, with its backslashes; nil where the last quote is missing.
    private mutating func value() -> ArraySlice<UInt8>? {
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\\"): position += 2
            case UInt8(ascii: "\""):
                position += 1
                return text[start..<position - 1]
            default: position += 1
            }
        }
        return nil
    }

    /// - Returns: false at the end.
    private mutating func skipSpaces() -> Bool {
        while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
        return position < text.count
    }

    @discardableResult private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
    }
}
