import Foundation

/// What a scalar is to a voice.
enum SpeakableKind {
    case plain
    case mark
    case accent
    case space
    case lineBreak
    case joiner
    case dropped
    /// A letter or digit in disguise.
    case styled

    init(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            self = Self.ascii(scalar)
        } else if TextMarks.isLineBreak(scalar) {
            self = .lineBreak
        } else if scalar.value == 0x200c || scalar.value == 0x200d {
            self = .joiner
        } else if Self.isStyled(scalar) || Self.punctuationEmoji[scalar] != nil {
            self = .styled
        } else if Self.isEmoji(scalar) {
            self = .space
        } else {
            self = Self.byCategory(scalar)
        }
    }

    /// The plain form of a styled scalar, by compatibility decomposition (NFKC).
    static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if let mark = punctuationEmoji[scalar] { return [mark] }
        let plain = String(Character(scalar)).precomposedStringWithCompatibilityMapping.unicodeScalars
        return plain.filter { !isStyled($0) }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> SpeakableKind {
        switch scalar.value {
        case 0x0a...0x0d: .lineBreak
        case 0...0x20, 0x7f: .space
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: .plain
        default: .mark
        }
    }

    private static func byCategory(_ scalar: Unicode.Scalar) -> SpeakableKind {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            .plain
        case .nonspacingMark where isVariationSelector(scalar), .enclosingMark: .dropped
        case .nonspacingMark, .spacingMark: .accent
        case .spaceSeparator, .control, .lineSeparator, .paragraphSeparator: .space
        // U+FFFD and U+FFFC stand for something that was lost.
        case .otherSymbol where (0xfff9...0xfffd).contains(scalar.value): .space
        case .format, .surrogate, .privateUse, .unassigned: .dropped
        default: .mark
        }
    }

    private static func isVariationSelector(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isVariationSelector }

    /// Pictures. Text symbols that Unicode also lists as emoji (© ® ™ ↔ and digits) are not.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isEmojiPresentation || scalar.properties.isEmojiModifier { return true }
        // Miscellaneous symbols and dingbats; symbols with arrows; everything pictorial beyond the basic plane.
        switch scalar.value {
        case 0x2600...0x27bf, 0x2b00...0x2bff, 0x1f000...0x1faff: return true
        default: return false
        }
    }

    /// Mathematical letters, fullwidth letters and digits.
    private static func isStyled(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1d400...0x1d7ff, 0xff10...0xff19, 0xff21...0xff3a, 0xff41...0xff5a: true
        default: false
        }
    }

    /// Pictures of marks that end sentences.
    private static let punctuationEmoji: [Unicode.Scalar: Unicode.Scalar] = [
        "❓": "?", "❔": "?", "❗": "!", "❕": "!", "‼": "!", "⁉": "!", "⁇": "?", "⁈": "?",
    ]
}
