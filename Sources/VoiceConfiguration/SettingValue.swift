/// A value as it is shown: numbers in the unit of the setting.
package enum SettingValue: Sendable, Hashable, Encodable {
    case none
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case list([String])
    case map([String: String])

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .none: try container.encodeNil()
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .flag(let isOn): try container.encode(isOn)
        case .list(let entries): try container.encode(entries)
        case .map(let entries): try container.encode(entries)
        }
    }

    /// The value in the words of a profile, its numbers in `unit`; nil when there is none.
    func text(unit: SettingUnit?) -> String? {
        switch self {
        case .none: nil
        case .text(let text): text
        case .integer(let number): unit == .bytes ? ByteSize.text(number) : "\(number)\(unit?.suffix ?? "")"
        case .number(let number): "\(Self.shortest(number))\(unit?.suffix ?? "")"
        case .flag(let isOn): isOn ? "true" : "false"
        case .list(let entries): entries.isEmpty ? nil : "[\(entries.joined(separator: ", "))]"
        case .map(let entries):
            entries.isEmpty
                ? nil : "{" + entries.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
        }
    }

    /// `30`, not `30.0`.
    private static func shortest(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
}

/// What a number counts.
package enum SettingUnit: String, Sendable, Hashable, Encodable {
    case bytes, seconds, milliseconds, hertz, characters

    /// What is written behind a number in profiles; empty where nothing is.
    var suffix: String {
        switch self {
        case .seconds: "s"
        case .milliseconds: "ms"
        case .bytes, .hertz, .characters: ""
        }
    }

    /// Seconds of one, for units of time.
    var inSeconds: Double? {
        switch self {
        case .seconds: 1
        case .milliseconds: 0.001
        case .bytes, .hertz, .characters: nil
        }
    }
}

/// What stands in a source, before its meaning is known.
package enum RawValue: Sendable, Hashable {
    case text(String)
    case list([String])
    case map([String: String])

    /// The only word there is.
    var word: String? { if case .text(let text) = self { text.trimmingWhitespace() } else { nil } }

    /// How it is quoted in an error: short, in one line.
    var quoted: String {
        switch self {
        case .text(let text):
            "\"" + String(text.prefix(60)).replacing("\n", with: " ") + (text.count > 60 ? "…" : "") + "\""
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

extension StringProtocol {
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
