/// Where a script has spaces.
package enum Spacing {
    /// Texts one after another, with a space between where the script has spaces.
    package static func join(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.reduce(into: "") { $0 += separator(after: $0, before: $1) + $1 }
    }

    /// What belongs between two texts.
    package static func separator(after left: String, before right: String) -> String {
        guard let last = left.unicodeScalars.last, let first = right.unicodeScalars.first else { return "" }
        return isDense(last) || isDense(first) ? "" : " "
    }

    /// Scripts without spaces between words, their marks included: ideographs, kana, Thai, Lao, Burmese, Khmer.
    package static func isDense(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0e00...0x0eff, 0x1000...0x109f, 0x1780...0x17ff: true
        default: isIdeograph(scalar)
        }
    }

    /// Ideographs and kana: characters to which nothing is added.
    package static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3000...0x30ff, 0x3400...0x9fff, 0xf900...0xfaff, 0xff00...0xff60, 0x20000...0x3ffff: true
        default: false
        }
    }

    /// What stands behind a word without a space: marks of its last letter, closing punctuation, `'s`.
    static func attaches(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", ",", "!", "?", ":", ";", "%", "'", "\u{2019}", ")", "]", "}", "\u{964}": true
        default: isMark(scalar)
        }
    }

    /// What forms one character with the scalar before it.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isGraphemeExtend || scalar.properties.generalCategory == .spacingMark
            || scalar.properties.isJoinControl
    }
}
