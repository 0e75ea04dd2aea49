/// Numbers that are nothing else: `1,234,567`, `3.14`, `2.0.1`, and any length digit by digit.
struct EnglishPlainNumber: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        if let span = EnglishSpan(at: place, in: text), !span.isRange, !text.isWord(span.end) {
            return Reading(span.words, end: span.end)
        }
        guard text.isDigit(place) else { return nil }
        if let version = Self.version(at: place, in: text) { return version }
        var end = place
        while text.isDigit(end) { end += 1 }
        guard !text.isWord(end) else { return nil }
        return Reading(EnglishNumbers.digits(text.string(place..<end)), end: end)
    }

    /// Two points and more: a version, or an address of the Internet.
    static func version(at place: Int, in text: ScalarText) -> Reading? {
        var parts: [String] = []
        var cursor = place
        while parts.count < 8, let part = text.digits(cursor, 1...4) {
            let isLeading = text[cursor] == "0" && part.end > cursor + 1
            parts.append(
                isLeading ? EnglishNumbers.digits(text.string(cursor..<part.end)) : EnglishNumbers.cardinal(part.value)
            )
            cursor = part.end
            guard text[cursor] == ".", text.isDigit(cursor + 1) else { break }
            cursor += 1
        }
        guard parts.count > 2, !text.isWord(cursor), cursor > place else { return nil }
        return Reading(parts.joined(separator: " point "), end: cursor)
    }
}

/// A number times a power of ten: `1e6`, `1.5e-3`.
struct EnglishPower: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isDigit(place), place == 0 || !text.isWord(place - 1),
            let number = EnglishNumber(at: place, in: text), text[number.end] == "e" || text[number.end] == "E"
        else { return nil }
        let sign = text[number.end + 1]
        let isNegative = sign == "-" || sign == "−"
        let start = number.end + (isNegative || sign == "+" ? 2 : 1)
        guard let power = text.digits(start, 1...3), !text.isWord(power.end) else { return nil }
        let exponent = (isNegative ? "minus " : "") + EnglishNumbers.cardinal(power.value)
        return Reading(number.words + " times ten to the power of " + exponent, end: power.end)
    }
}

/// Signs that are words: `&`, `#5`, `2 + 2 = 4`, `~5`.
struct EnglishMark: ReadingRule {
    private static let between: [Unicode.Scalar: String] = [
        "+": "plus", "=": "equals", "×": "times", "÷": "divided by", "<": "is less than", ">": "is greater than",
        "≈": "is about", "≠": "is not", "≤": "is at most", "≥": "is at least", "@": "at", "&": "and", "−": "minus",
        "±": "plus or minus", "→": "to",
    ]
    private static let before: [Unicode.Scalar: String] = [
        "#": "number", "~": "about", "≈": "about", "±": "plus or minus", "§": "section", "<": "less than",
        ">": "more than", "≤": "at most", "≥": "at least",
    ]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard let mark = text[place], !text.isWord(place) else { return nil }
        if mark == "&", text.isWord(place - 1), text.isWord(place + 1) { return Reading("and", end: place + 1) }
        if text.isDigit(place + 1), !text.isWord(place - 1), let word = Self.before[mark] {
            return Reading(word, end: place + 1)
        }
        // A sign with a space on both sides; a lone minus between numbers is one too.
        guard place > 0, text[place - 1] == " ", text[place + 1] == " " else { return nil }
        if mark == "-", text.isDigit(place - 2), text.isDigit(place + 2) { return Reading("minus", end: place + 1) }
        return Self.between[mark].map { Reading($0, end: place + 1) }
    }
}
