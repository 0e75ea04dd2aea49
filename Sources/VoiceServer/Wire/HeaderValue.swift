/// A header's value with parameters: `form-data; name="file"; filename="a.wav"` (RFC 9110, 5.6.6).
package struct HeaderValue: Sendable, Equatable {
    /// What stands before the first semicolon, in lower case.
    package var name: String
    /// Parameters by name in lower case; of a repeated one the first counts.
    package var parameters: [String: String] = [:]

    package init(_ text: String) {
        var rest = Substring(text)
        name = Self.trimmed(rest.prefix { $0 != ";" }).lowercased()
        rest = rest.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst()
            let key = Self.trimmed(rest.prefix { $0 != "=" && $0 != ";" }).lowercased()
            rest = rest.dropFirst(rest.prefix { $0 != "=" && $0 != ";" }.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let value = rest.first == "\"" ? Self.quoted(&rest) : Self.trimmed(rest.prefix { $0 != ";" })
            rest = rest.drop { $0 != ";" }
            if parameters[key] == nil { parameters[key] = value }
        }
    }

    /// A quoted string; a backslash before a quote or a backslash makes it plain. Before anything else it stays:
    /// browsers send `C:\music\a.wav`.
    private static func quoted(_ rest: inout Substring) -> String {
        var value = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                value.append(next)
                rest = rest.dropFirst()
            } else {
                value.append(character)
            }
        }
        return value
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = text.drop(while: isSpace)
        return String(start.dropLast(start.reversed().prefix(while: isSpace).count))
    }
}
