/// The rules of one language: what the tagger finds in a text, the verbalizer writes.
struct WrittenGrammar: Sendable {
    private let tagger: Transducer
    private let verbalizer: Transducer
    /// Whether the rules put spaces before marks.
    private let spacesMarks: Bool
    /// Most pairs of state and position, and steps between them, that one search looks at. By the known rules 2,000
    /// Chinese characters take 1.1 million, 2,000 digits 1.8 million; 40 MB at the limit.
    private static let limit = 2_000_000

    init(tagger: Transducer, verbalizer: Transducer, spacesMarks: Bool) {
        self.tagger = tagger
        self.verbalizer = verbalizer
        self.spacesMarks = spacesMarks
    }

    /// The text as one writes it, without white space at its ends.
    ///
    /// - Returns: nil where the rules do not read the text, or it takes too long.
    func written(_ spoken: String) -> String? {
        let text = spoken.trimmingWhiteSpace
        guard !text.isEmpty else { return "" }
        guard let tagged = tagger.output(of: Array(text.utf8), limit: Self.limit),
            let tokens = TokenOrder.reordered(tagged),
            let output = verbalizer.output(of: tokens, limit: Self.limit), !output.isEmpty
        else { return nil }
        guard let written = String(validating: output, as: UTF8.self)?.trimmingWhiteSpace else { return nil }
        return spacesMarks ? MarkSpacing(spoken: text).closedUp(String(written)) : String(written)
    }
}

extension StringProtocol {
    /// Without white space and separators (U+001C to U+001F) at both ends.
    var trimmingWhiteSpace: SubSequence {
        let isSpace = { (scalar: Unicode.Scalar) in
            scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
        }
        guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
            let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
        else { return self[endIndex...] }
        return self[first..<unicodeScalars.index(after: last)]
    }
}
