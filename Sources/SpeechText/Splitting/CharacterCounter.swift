/// Counts characters scalar by scalar, so that a text can be cut between two of them without being held back.
///
/// A simplification of UAX #29 that never counts two where a reader sees one: it joins combining marks, joiner
/// sequences, skin tones, flags, Korean letters and Indic conjuncts. A character of more than 32 scalars (stacks of
/// accents made to annoy) counts again every 32, so that what is held stays bounded.
struct CharacterCounter: Sendable {
    private static let scalarLimit = 32

    private(set) var count = 0
    private var previous: Unicode.Scalar?
    private var flagLetters = 0
    private var scalars = 0

    /// Whether the scalar would be the first of a new character.
    func startsCharacter(_ scalar: Unicode.Scalar) -> Bool {
        guard let previous, scalars < Self.scalarLimit else { return true }
        // Below the first combining mark only CR LF would join, and line breaks never come here.
        if scalar.value < 0x300 { return true }
        if Self.extends(scalar) || previous.value == 0x200d { return false }
        if Self.isFlagLetter(scalar) { return flagLetters % 2 == 0 }
        if Self.isKoreanLetter(scalar) { return !Self.isKorean(previous) }
        let joinsConjunct = previous.properties.canonicalCombiningClass == .virama
        return !(joinsConjunct && scalar.properties.isAlphabetic)
    }

    mutating func add(_ scalar: Unicode.Scalar) {
        let starts = startsCharacter(scalar)
        if starts { count += 1 }
        scalars = starts ? 1 : scalars + 1
        flagLetters = Self.isFlagLetter(scalar) ? (starts ? 1 : flagLetters + 1) : 0
        previous = scalar
    }

    private static func extends(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        // Joiners, tags, halfwidth voicing marks, skin tones.
        default:
            [0x200c, 0x200d, 0xff9e, 0xff9f].contains(scalar.value) || (0xe0020...0xe007f).contains(scalar.value)
                || scalar.properties.isEmojiModifier
        }
    }

    private static func isFlagLetter(_ scalar: Unicode.Scalar) -> Bool { (0x1f1e6...0x1f1ff).contains(scalar.value) }

    /// Letters that combine to syllables.
    private static func isKoreanLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11ff, 0xa960...0xa97f, 0xd7b0...0xd7ff: true
        default: false
        }
    }

    private static func isKorean(_ scalar: Unicode.Scalar) -> Bool {
        isKoreanLetter(scalar) || (0xac00...0xd7a3).contains(scalar.value)
    }
}
