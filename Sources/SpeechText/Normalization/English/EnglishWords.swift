/// Roman numbers where the word before them says so: `Chapter IV`, `World War II`, `Henry VIII`.
struct EnglishRoman: ReadingRule {
    private static let heads: Set<String> = [
        "chapter", "part", "act", "scene", "volume", "vol", "book", "section", "type", "phase", "war", "bowl",
        "appendix",
        "class", "level", "stage", "grade", "mark", "title", "article", "figure", "table", "episode", "apollo", "rocky",
        "unit", "round", "schedule",
    ]
    private static let rulers: Set<String> = [
        "henry", "louis", "elizabeth", "george", "charles", "edward", "william", "james", "philip", "pius", "paul",
        "benedict", "richard", "nicholas", "catherine", "peter", "alexander", "napoleon", "ramses", "frederick",
        "wilhelm",
        "leo", "gregory", "francis", "ferdinand", "xvi", "john", "mary", "otto", "innocent", "clement", "urban",
        "julius",
    ]
    /// Heads that stand before a lone I, which is otherwise a person.
    private static let surest: Set<String> = ["war", "chapter", "act", "volume", "appendix", "phase"]
    private static let values: [Unicode.Scalar: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100]
    private static let longest = 8

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard let first = text[place], Self.values[first] != nil, place > 0, text[place - 1] == " ",
            let before = text.word(before: place), before.first?.isUppercase == true
        else { return nil }
        let end = text.lettersEnd(place)
        guard end - place <= Self.longest, !text.isWord(end), text[end] != "'", text[end] != "’",
            let value = Self.value(text.scalars[place..<end])
        else { return nil }
        let head = before.lowercased()
        if Self.rulers.contains(head), value > 1 { return Reading("the " + EnglishNumbers.ordinal(value), end: end) }
        guard Self.heads.contains(head), value > 1 || Self.surest.contains(head) else { return nil }
        return Reading(EnglishNumbers.cardinal(value), end: end)
    }

    /// - Returns: nil for letters that are no number, or not written as one.
    static func value(_ letters: ArraySlice<Unicode.Scalar>) -> Int? {
        let numbers = letters.compactMap { values[$0] }
        guard numbers.count == letters.count else { return nil }
        var total = 0
        for (index, number) in numbers.enumerated() {
            total += index + 1 < numbers.count && numbers[index + 1] > number ? -number : number
        }
        return roman(total) == String(String.UnicodeScalarView(letters)) ? total : nil
    }

    private static func roman(_ value: Int) -> String {
        let parts = [
            (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var (rest, letters) = (value, "")
        for (size, sign) in parts {
            while size <= rest {
                letters += sign
                rest -= size
            }
        }
        return letters
    }
}

/// `Dr. Smith`, `Elm St.`, `No. 5`, `e.g.`, `w/o`.
struct EnglishAbbreviation: ReadingRule {
    private enum Follower { case anything, name, number }

    private struct Entry {
        var words: String
        var follower = Follower.anything
        /// What it is otherwise.
        var otherwise: String?
        var needsDot = true
    }

    private static let entries: [String: Entry] = {
        var entries: [String: Entry] = [
            "dr": Entry(words: "Doctor", follower: .name, otherwise: "Drive"),
            "st": Entry(words: "Saint", follower: .name, otherwise: "Street"),
            "mr": Entry(words: "Mister", needsDot: false), "mrs": Entry(words: "Missus", needsDot: false),
            "etc": Entry(words: "et cetera", needsDot: false), "vs": Entry(words: "versus", needsDot: false),
            "e.g": Entry(words: "for example"), "i.e": Entry(words: "that is"), "a.k.a": Entry(words: "also known as"),
        ]
        let names =
            "prof professor gen general col colonel sgt sergeant capt captain lt lieutenant maj major cpl corporal "
            + "cmdr commander gov governor sen senator rep representative rev reverend hon honorable pres president "
            + "mt mount ft fort supt superintendent"
        let others =
            "jr junior sr senior ave avenue blvd boulevard rd road ln lane hwy highway pkwy parkway apt apartment "
            + "inc incorporated corp corporation ltd limited bros brothers assn association univ university govt government "
            + "dept department approx approximately misc miscellaneous avg average max maximum min minimum tel telephone "
            + "ext extension est established"
        let numbers = "no number nos numbers fig figure figs figures vol volume ch chapter sec section p page pp pages"
        for (list, follower) in [(names, Follower.name), (others, .anything), (numbers, .number)] {
            let words = list.split(separator: " ").map(String.init)
            for index in stride(from: 0, to: words.count, by: 2) {
                entries[words[index]] = Entry(words: words[index + 1], follower: follower)
            }
        }
        return entries
    }()

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isLetter(place), place == 0 || !(text.isWord(place - 1) || text[place - 1] == ".") else {
            return nil
        }
        if let short = joined(at: place, in: text) { return short }
        let end = end(of: place, in: text)
        guard end - place <= 6, let entry = Self.entries[text.string(place..<end).lowercased()] else { return nil }
        let hasDot = text[end] == "."
        guard hasDot || !entry.needsDot, entry.follower == .number || !text.isWord(end) else { return nil }
        let next = text.afterSpace(hasDot ? end + 1 : end)
        let isMet: Bool
        switch entry.follower {
        case .anything: isMet = true
        case .name: isMet = text.isUppercase(next) && next > end + 1 && !startsSentence(next, entry, in: text)
        case .number: isMet = text.isDigit(next)
        }
        guard isMet || entry.otherwise != nil else { return nil }
        // Behind the last word the dot is the sentence's too.
        let isSentenceEnd = hasDot && text.isLast(end + 1)
        return Reading(isMet ? entry.words : entry.otherwise ?? "", end: hasDot && !isSentenceEnd ? end + 1 : end)
    }

    /// Whether "the" and its like follow what may be a street.
    private func startsSentence(_ place: Int, _ entry: Entry, in text: ScalarText) -> Bool {
        entry.otherwise != nil && Abbreviations.startsSentence(text.scalars[place..<text.lettersEnd(place)])
    }

    /// Behind the letters, with the dots between single ones: `e.g`.
    private func end(of place: Int, in text: ScalarText) -> Int {
        var end = text.lettersEnd(place)
        while end - place < 6, text[end] == ".", text.isLetter(end + 1), !text.isLetter(end + 2) { end += 2 }
        return end
    }

    /// What holds a slash or a digit.
    private func joined(at place: Int, in text: ScalarText) -> Reading? {
        if text[place] == "v", text.isDigit(place + 1) {
            if let version = EnglishPlainNumber.version(at: place + 1, in: text) {
                return Reading("version " + version.words, end: version.end)
            }
            guard let number = EnglishNumber(at: place + 1, in: text), !text.isWord(number.end) else { return nil }
            return Reading("version " + number.words, end: number.end)
        }
        for (sign, words) in [("w/o", "without"), ("c/o", "care of"), ("w/", "with")] where text.has(sign, at: place) {
            let end = place + sign.count
            if sign == "w/" ? text.isLetter(end) || text.isOpen(end) : !text.isWord(end) {
                return Reading(words, end: end)
            }
        }
        return nil
    }
}
