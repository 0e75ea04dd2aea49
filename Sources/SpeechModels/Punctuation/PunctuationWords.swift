/// The words of a text as a punctuation model counts them.
///
/// Latin letters and digits are one word up to the next space or mark, every other character is a word of its own: Chinese
/// characters, marks, and also the letters of Russian or Hindi. Which letters of two bytes belong to words is a list in the
/// reference, sherpa-onnx (`text-utils.cc`), and is kept: the model was given its words so.
enum PunctuationWords {
    /// Letters outside of ASCII that belong to words, in both cases: those of German, Spanish and French.
    private static let letters: Set<Unicode.Scalar> = {
        let small = "äöüáéíóúñàèùçâêîôûëï"
        return Set((small + small.uppercased() + "ß").unicodeScalars)
    }()

    /// - Parameter text: as a recognizer gives it.
    /// - Returns: where its words are; they do not overlap, and nothing but spaces is between them.
    static func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        var open: String.Index?
        let scalars = text.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            if joins(scalar) {
                open = open ?? index
                continue
            }
            if let start = open { ranges.append(start..<index) }
            open = nil
            if !isSpace(scalar) { ranges.append(index..<scalars.index(after: index)) }
        }
        if let start = open { ranges.append(start..<text.endIndex) }
        return ranges
    }

    /// Whether a letter belongs to the word before it.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == "'" || !(isSpace(scalar) || isPunctuation(scalar)) : letters.contains(scalar)
    }

    /// C's `isspace`.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (0x09...0x0d).contains(scalar.value)
    }

    /// C's `ispunct`.
    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
        default: false
        }
    }
}
