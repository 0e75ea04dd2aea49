/// What a language reads aloud otherwise than it is written. A further language is one type of these and its tables.
protocol SpokenLanguage: Sendable {
    /// Language subtags whose texts it reads, such as `en`.
    static var codes: Set<String> { get }
    /// Asked in order at the start of every word, number and mark; the first that knows it is taken.
    static var rules: [any ReadingRule] { get }
}

/// One kind of written thing.
protocol ReadingRule: Sendable {
    /// Reads what begins at a place.
    ///
    /// It looks at a bounded number of scalars, or reads all that it looks at: that keeps a text linear.
    ///
    /// - Parameters:
    ///   - place: where a word, number or mark begins.
    ///   - text: all of the text.
    /// - Returns: its words, and where it ends; nil leaves it to the next rule.
    func reading(at place: Int, in text: ScalarText) -> Reading?
}

/// How something written is said.
struct Reading: Equatable {
    /// Words, with marks where a pause belongs.
    var words: String
    /// Behind what was read; beyond its start.
    var end: Int

    init(_ words: String, end: Int) {
        self.words = words
        self.end = end
    }
}

/// Text with numbers, dates, money and the like written out as they are said.
///
/// Letters, marks and line breaks of everything else stay as they are, and so do phonemes in `[[…]]`. It takes linear
/// time, and the result is at most twenty times as long.
package struct SpokenForm: Sendable {
    private let rules: [any ReadingRule]

    /// - Parameter language: a language tag or espeak voice, such as `en-us`; nil where no rules are known for it.
    package init?(language: String) {
        let code = String(language.lowercased().prefix { $0 != "-" && $0 != "_" })
        let languages: [any SpokenLanguage.Type] = [SpokenEnglish.self]
        guard let known = languages.first(where: { $0.codes.contains(code) }) else { return nil }
        rules = known.rules
    }

    /// - Parameter text: any text.
    /// - Returns: the text as it is said.
    package func text(of text: String) -> String {
        PhonemeBlocks.segments(of: text).map { segment in
            switch segment {
            case .text(let plain): spoken(ScalarText(plain))
            case .phonemes(let phonemes): PhonemeBlocks.block(phonemes)
            }
        }.joined()
    }

    private func spoken(_ text: ScalarText) -> String {
        var result = String.UnicodeScalarView()
        var place = 0
        while place < text.count {
            if let reading = reading(at: place, in: text) {
                if let last = result.last, Self.sticks(last) { result.append(" ") }
                result.append(contentsOf: reading.words.unicodeScalars)
                place = reading.end
                if text.isWord(place) { result.append(" ") }
                continue
            }
            // A word that no rule knows is not looked into.
            repeat {
                result.append(text.scalars[place])
                place += 1
            } while text.isWord(place) && text.isWord(place - 1)
        }
        return String(result)
    }

    private func reading(at place: Int, in text: ScalarText) -> Reading? {
        if text.isOpen(place) { return nil }
        for rule in rules {
            if let reading = rule.reading(at: place, in: text), reading.end > place { return reading }
        }
        return nil
    }

    /// Whether a word must not follow without a space.
    private static func sticks(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }
}
