import Foundation

/// Words with the way a user wants them said: respelled, or as phonemes.
///
/// One entry is a word or up to four, and what is said for it: another spelling, or phonemes of IPA in `[[…]]`. An entry
/// without capitals holds for every spelling of the word; one with capitals for this spelling only, and before the other.
package struct Lexicon: Sendable, Equatable {
    /// Words of an entry at most.
    static let mostWords = 4

    /// Word, or words with single spaces → what is said.
    let exact: [String: String]
    let anyCase: [String: String]
    /// Words of the longest entry.
    private let longestEntry: Int

    init(exact: [String: String], anyCase: [String: String]) {
        self.exact = exact
        self.anyCase = anyCase
        let counts = [exact, anyCase].flatMap(\.keys).map { LexiconWords($0).ranges.count }
        longestEntry = min(Self.mostWords, counts.max() ?? 1)
    }

    /// Entries in all.
    package var count: Int { exact.count + anyCase.count }

    /// Puts what is said in place of the words of a text, in linear time. Of several entries that begin with the same
    /// word the longest counts. Phonemes in the text stay as they are.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text with entries respelled, or as `[[…]]`.
    package func applied(to text: String) -> String {
        if count == 0 { return text }
        return PhonemeBlocks.segments(of: text).map { segment in
            switch segment {
            case .text(let plain): respelled(plain)
            case .phonemes(let phonemes): PhonemeBlocks.block(phonemes)
            }
        }.joined()
    }

    private func respelled(_ text: String) -> String {
        let words = LexiconWords(text)
        var result = String.UnicodeScalarView()
        var index = 0
        var place = 0
        while index < words.ranges.count {
            guard let (count, said) = entry(at: index, in: words) else {
                index += 1
                continue
            }
            let (first, last) = (words.ranges[index], words.ranges[index + count - 1])
            result.append(contentsOf: words.scalars[place..<first.lowerBound])
            result.append(contentsOf: said.unicodeScalars)
            place = last.upperBound
            index += count
        }
        result.append(contentsOf: words.scalars[place...])
        return String(result)
    }

    private func entry(at index: Int, in words: LexiconWords) -> (count: Int, said: String)? {
        for count in stride(from: longestEntry, through: 1, by: -1) {
            guard let phrase = words.phrase(at: index, count) else { continue }
            if let said = said(for: phrase) { return (count, said) }
            // "Nguyen's" is the word with an ending.
            guard let stem = Self.stem(of: phrase), let said = said(for: stem) else { continue }
            return (count, said.hasSuffix("]]") ? Self.genitive(ofPhonemes: said) : said + "'s")
        }
        return nil
    }

    private func said(for phrase: String) -> String? { exact[phrase] ?? anyCase[phrase.lowercased()] }

    private static func stem(of phrase: String) -> String? {
        guard phrase.count > 2, phrase.hasSuffix("'s") || phrase.hasSuffix("’s") else { return nil }
        return String(phrase.dropLast(2))
    }

    /// The English ending: ɪz behind a hiss, s behind a voiceless sound, z behind the others.
    private static func genitive(ofPhonemes block: String) -> String {
        let phonemes = block.dropLast(2)
        let ending: String
        switch phonemes.last {
        case "s", "z", "ʃ", "ʒ": ending = "ɪz"
        case "p", "t", "k", "f", "θ": ending = "s"
        default: ending = "z"
        }
        return phonemes + ending + "]]"
    }
}

/// The words of a text: letters, accents and digits, with an apostrophe, dot or `+`, `#` inside or behind as in
/// "don't", "U.S", "C++".
struct LexiconWords {
    let scalars: [Unicode.Scalar]
    private(set) var ranges: [Range<Int>] = []

    init(_ text: String) {
        let text = ScalarText(text)
        scalars = text.scalars
        var place = 0
        while place < text.count {
            guard text.isWord(place) || Self.isAccent(text[place]) else {
                place += 1
                continue
            }
            let start = place
            repeat { place += 1 } while place < text.count && Self.continues(text, at: place)
            ranges.append(start..<place)
        }
    }

    /// Words with single spaces or hyphens between them, when there are as many with nothing else between.
    func phrase(at index: Int, _ count: Int) -> String? {
        guard index + count <= ranges.count else { return nil }
        for next in index + 1..<max(index + 1, index + count)
        where ranges[next].lowerBound != ranges[next - 1].upperBound + 1
            || !Self.joins(scalars[ranges[next].lowerBound - 1])
        {
            return nil
        }
        let range = ranges[index].lowerBound..<ranges[index + count - 1].upperBound
        guard range.count <= LexiconFile.longestWord else { return nil }
        return String(String.UnicodeScalarView(scalars[range])).precomposedStringWithCanonicalMapping
    }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "-" }

    private static func continues(_ text: ScalarText, at place: Int) -> Bool {
        if text.isWord(place) || isAccent(text[place]) { return true }
        switch text[place] {
        case "'", "’", ".", "&": return text.isWord(place - 1) && text.isWord(place + 1)
        case "+", "#": return !text.isWord(place + 1)
        default: return false
        }
    }

    private static func isAccent(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, !scalar.isASCII else { return false }
        return scalar.properties.generalCategory == .nonspacingMark
    }
}
