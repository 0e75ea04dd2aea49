import SpeechText

/// Writes words with the pieces of a vocabulary: characters of scripts without spaces one by one, other words whole or in
/// pieces of which all but the last end in `@@`.
struct TokenSpelling: Sendable {
    private let numbers: [String: Int32]

    /// Letters of a word that are looked at: more are no word.
    private static let longest = 64

    init(_ table: TokenTable) {
        numbers = Dictionary(table.pieces.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The tokens of a word or of several with spaces between; nil where one of them cannot be written.
    func numbers(of phrase: String) -> [Int32]? {
        var found: [Int32] = []
        for word in phrase.split(whereSeparator: \.isWhitespace) {
            var rest = word[...]
            while let first = rest.first {
                let count = Self.isDense(first) ? 1 : rest.prefix { !Self.isDense($0) }.count
                guard let tokens = spelled(rest.prefix(count)) else { return nil }
                found += tokens
                rest = rest.dropFirst(count)
            }
        }
        return found
    }

    /// A run of letters in as few pieces as there may be; of equally few, the longest first.
    private func spelled(_ run: Substring) -> [Int32]? {
        if let whole = numbers[String(run)] { return [whole] }
        let letters = Array(run.lowercased())
        guard letters.count <= Self.longest else { return nil }
        // The fewest pieces for each ending of the run.
        var best = [[Int32]?](repeating: nil, count: letters.count)
        for start in letters.indices.reversed() {
            for end in (start + 1...letters.count).reversed() {
                let piece = String(letters[start..<end])
                let rest = end == letters.count ? [] : best[end]
                guard let rest, let number = numbers[end == letters.count ? piece : piece + "@@"],
                    rest.count + 1 < best[start]?.count ?? .max
                else { continue }
                best[start] = [number] + rest
            }
        }
        return best.first ?? nil
    }

    private static func isDense(_ character: Character) -> Bool {
        Spacing.separator(after: String(character), before: "a").isEmpty
    }
}
