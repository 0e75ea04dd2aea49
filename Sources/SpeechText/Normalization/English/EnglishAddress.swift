/// Addresses of the web and of mail: `https://example.com/a?b=1` → "example dot com slash a question mark b equals 1".
struct EnglishAddress: ReadingRule {
    /// Scalars of an address that are read as one; the rest is text.
    private static let longest = 300
    /// Last parts by which an address without `www.` or `https://` is known.
    private static let domains: Set<String> = [
        "com", "org", "net", "edu", "gov", "io", "ai", "dev", "app", "info", "uk", "de", "fr", "eu", "ca", "au", "jp",
        "cn", "ch", "nl", "tv", "co",
    ]
    private static let names: [Unicode.Scalar: String] = [
        ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", ":": "colon", "?": "question mark",
        "=": "equals", "&": "and", "#": "hash", "%": "percent", "+": "plus", "~": "tilde", ",": "comma",
        ";": "semicolon",
        "!": "exclamation mark", "*": "star", "'": "apostrophe", "$": "dollar",
    ]
    private static let openers = Set("([<{\"“«".unicodeScalars)
    private static let schemes = ["https://", "http://", "ftp://", "mailto:"]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        // Nothing that an address may hold stands before it: each is looked at once.
        guard text.isOpen(place - 1) || text[place - 1].map({ Self.openers.contains($0) }) == true,
            text.isLetter(place) || text.isDigit(place)
        else { return nil }
        let scheme = Self.schemes.first { text.has($0, at: place) }
        let start = place + (scheme?.count ?? 0)
        let end = end(from: start, in: text)
        guard end > start, scheme != nil || isAddress(start..<end, in: text) else { return nil }
        return Reading(words(text.scalars[start..<end]), end: end)
    }

    /// Behind the address; marks at its end belong to the sentence.
    private func end(from start: Int, in text: ScalarText) -> Int {
        var end = start
        while end - start < Self.longest, text.isWord(end) || text[end].map({ Self.names[$0] != nil }) == true {
            end += 1
        }
        while end > start, !text.isWord(end - 1), text[end - 1] != "/" { end -= 1 }
        return end
    }

    private func isAddress(_ range: Range<Int>, in text: ScalarText) -> Bool {
        let scalars = text.scalars[range]
        if text.has("www.", at: range.lowerBound) { return true }
        let at = scalars.firstIndex(of: "@")
        let host = scalars[(at.map { $0 + 1 } ?? range.lowerBound)...].prefix {
            $0 == "." || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last, labels.allSatisfy({ !$0.isEmpty }) else { return false }
        if let at { return at > range.lowerBound && last.count > 1 }
        return Self.domains.contains(String(String.UnicodeScalarView(last)).lowercased())
            && labels.allSatisfy { $0.contains { $0.properties.isAlphabetic } }
    }

    private func words(_ address: ArraySlice<Unicode.Scalar>) -> String {
        var words: [String] = []
        var word = ""
        func close() {
            if !word.isEmpty { words.append(Self.part(word)) }
            word = ""
        }
        for scalar in address {
            let isDigit = ("0"..."9").contains(scalar)
            if let name = Self.names[scalar] {
                close()
                words.append(name)
            } else {
                if let last = word.unicodeScalars.last, ("0"..."9").contains(last) != isDigit { close() }
                word.unicodeScalars.append(scalar)
            }
        }
        close()
        if words.last == "slash" { words.removeLast() }
        return words.joined(separator: " ")
    }

    private static func part(_ part: String) -> String {
        // Other numbers, such as ½ and Ⅻ, are part of words.
        guard let first = part.unicodeScalars.first, ("0"..."9").contains(first) else {
            return part == "www" ? "w w w" : part
        }
        guard part.count <= 3, !part.hasPrefix("0"), let value = Int(part) else { return EnglishNumbers.digits(part) }
        return EnglishNumbers.cardinal(value)
    }
}
