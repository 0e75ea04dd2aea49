package import Foundation

/// A lexicon as a file, an entry a line:
///
///     # comment
///     SQL = sequel
///     Caen = [[kˈɑːn]]
package enum LexiconFile {
    /// Bytes of a file at most.
    package static let largest = 4 << 20
    /// Entries at most.
    static let mostEntries = 100_000
    /// Scalars of a word, and of what is said for it, at most.
    static let longestWord = 80
    static let longestSaid = 400
    /// Mistakes that are told of.
    private static let toldMistakes = 5

    /// Reads a lexicon.
    ///
    /// - Parameters:
    ///   - bytes: the file, UTF-8, with or without a byte order mark.
    ///   - name: what to call it in errors.
    /// - Returns: its entries.
    /// - Throws: `invalidLexicon` with the numbers of the lines that are wrong.
    package static func read(_ bytes: Data, name: String) throws(SpeechTextError) -> Lexicon {
        guard bytes.count <= largest else {
            throw SpeechTextError(.invalidLexicon, "\(name): a lexicon has \(largest >> 20) MiB at most")
        }
        var reader = Reader()
        // Damaged UTF-8 is found by line, so that it can be named.
        for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            reader.read(line, number: index + 1)
            if reader.mistakes.count > toldMistakes { break }
        }
        if reader.mistakes.isEmpty { return Lexicon(exact: reader.exact, anyCase: reader.anyCase) }
        let told = reader.mistakes.prefix(toldMistakes).map { "\(name):\($0)" }
        let more = reader.mistakes.count > toldMistakes ? "\n…" : ""
        throw SpeechTextError(.invalidLexicon, told.joined(separator: "\n") + more)
    }

    private struct Reader {
        var exact: [String: String] = [:]
        var anyCase: [String: String] = [:]
        var mistakes: [String] = []
        private var lines: [String: Int] = [:]

        mutating func read(_ bytes: Data, number: Int) {
            guard let line = String(data: bytes, encoding: .utf8) else {
                mistakes.append("\(number): the line is not UTF-8")
                return
            }
            let entry = (number == 1 && line.hasPrefix("\u{feff}") ? String(line.dropFirst()) : line).trimmed
            if entry.isEmpty || entry.hasPrefix("#") { return }
            if let mistake = add(entry, number) { mistakes.append("\(number): \(mistake)") }
        }

        /// - Returns: what is wrong with the entry.
        private mutating func add(_ entry: String, _ number: Int) -> String? {
            guard let sign = entry.firstIndex(of: "=") else {
                return "there is no =; an entry is `word = how it is said`"
            }
            let word = String(entry[..<sign]).trimmed.precomposedStringWithCanonicalMapping
            let said = String(entry[entry.index(after: sign)...]).trimmed
            if let mistake = Self.mistake(inWord: word) ?? Self.mistake(inSaid: said) { return mistake }
            if let first = lines[word] { return "\"\(word)\" stands in line \(first) already" }
            guard lines.count < mostEntries else { return "a lexicon has \(mostEntries) entries at most" }
            lines[word] = number
            if word == word.lowercased() { anyCase[word] = Self.tidied(said) } else { exact[word] = Self.tidied(said) }
            return nil
        }

        /// Phonemes without the space inside their brackets.
        private static func tidied(_ said: String) -> String {
            guard case .phonemes(let phonemes) = PhonemeBlocks.segments(of: said).first else { return said }
            return PhonemeBlocks.block(phonemes)
        }

        private static func mistake(inWord word: String) -> String? {
            if word.isEmpty { return "there is no word before the =" }
            guard word.unicodeScalars.count <= longestWord else {
                return "a word has \(longestWord) characters at most"
            }
            let words = LexiconWords(word)
            guard let count = (1...Lexicon.mostWords).first(where: { $0 == words.ranges.count }) else {
                return "\"\(word)\" is not one to \(Lexicon.mostWords) words"
            }
            guard words.phrase(at: 0, count)?.unicodeScalars.count == word.unicodeScalars.count else {
                return "\"\(word)\" holds more than letters, digits, single spaces and hyphens"
            }
            return nil
        }

        private static func mistake(inSaid said: String) -> String? {
            if said.isEmpty { return "nothing stands behind the =" }
            guard said.unicodeScalars.count <= longestSaid else {
                return "what is said has \(longestSaid) characters at most"
            }
            if said.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
                return "what is said holds a control character"
            }
            guard said.contains("[[") || said.contains("]]") else {
                return SpeakableText(said).isSpeakable ? nil : "what is said has no letter or digit"
            }
            guard case .phonemes = PhonemeBlocks.segments(of: said).first, PhonemeBlocks.segments(of: said).count == 1
            else {
                return "phonemes are written [[…]], with nothing before or behind"
            }
            return nil
        }
    }
}
