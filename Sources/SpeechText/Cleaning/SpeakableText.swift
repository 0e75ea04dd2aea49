import Foundation

/// Text without what cannot be spoken: control and zero-width characters, emoji, private and unassigned characters.
///
/// What separates words becomes a space, what stands inside a word is dropped. Styled letters (𝓗, Ｈ) become plain
/// ones. Runs are bounded: two line breaks, one space, three of the same mark, four accents on a letter.
package struct SpeakableText: Sendable, Equatable {
    /// The cleaned text, never longer than the original in scalars.
    package let text: String
    /// Whether it holds anything to speak, that is a letter or a digit.
    package let isSpeakable: Bool

    /// Cleans a text in linear time.
    ///
    /// - Parameter text: Any text.
    package init(_ text: String) {
        var cleaner = Cleaner()
        for scalar in text.unicodeScalars { cleaner.take(scalar) }
        let cleaned = String(cleaner.kept)
        self.text = cleaned.trimmingCharacters(in: .whitespacesAndNewlines)
        isSpeakable = cleaner.isSpeakable
    }
}

private struct Cleaner {
    /// "..." and "!!!" keep their meaning, a ruled line of hyphens has none.
    private static let markLimit = 3
    /// Vietnamese, Hebrew and the Indic scripts need up to four; stacks beyond that only annoy.
    private static let accentLimit = 4

    var kept = String.UnicodeScalarView()
    var isSpeakable = false
    private var last: Unicode.Scalar?
    private var run = 0
    private var accents = 0
    private var followsReturn = false

    mutating func take(_ scalar: Unicode.Scalar) {
        // CR LF is one line break.
        let endsPair = followsReturn && scalar == "\n"
        followsReturn = scalar == "\r"
        if endsPair { return }
        switch SpeakableKind(scalar) {
        case .lineBreak: addSpace("\n", limit: 2)
        case .space: addSpace(" ", limit: 1)
        case .dropped: return
        case .joiner: addJoiner(scalar)
        case .accent: addAccent(scalar)
        case .mark: addMark(scalar)
        case .plain:
            isSpeakable = true
            add(scalar)
        case .styled:
            for plain in SpeakableKind.plain(scalar) { take(plain) }
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        run = scalar == last ? run + 1 : 1
        last = scalar
        accents = 0
        kept.append(scalar)
    }

    /// A line break swallows the space before it; a space after a line break is dropped.
    private mutating func addSpace(_ space: Unicode.Scalar, limit: Int) {
        guard let last else { return }
        if space == "\n", last == " " { dropLast() }
        if space == " ", self.last == "\n" { return }
        if self.last == space, run >= limit { return }
        add(space)
    }

    private mutating func dropLast() {
        kept.removeLast()
        last = kept.last
        run = 1
    }

    private mutating func addMark(_ mark: Unicode.Scalar) {
        if mark == last, run >= Self.markLimit { return }
        add(mark)
    }

    /// An accent needs a letter.
    private mutating func addAccent(_ accent: Unicode.Scalar) {
        guard let last, last.properties.isAlphabetic || accents > 0, accents < Self.accentLimit else { return }
        accents += 1
        kept.append(accent)
    }

    /// Joiners shape words of Persian and the Indic scripts; elsewhere they only glue emoji.
    private mutating func addJoiner(_ joiner: Unicode.Scalar) {
        guard let last, (0x0600...0x0dff).contains(last.value), last.properties.isAlphabetic, kept.last != joiner else {
            return
        }
        kept.append(joiner)
    }
}
