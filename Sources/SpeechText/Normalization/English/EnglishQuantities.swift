/// `1/2`, `2 3/4`, `½`, `2½`, `24/7`.
struct EnglishFraction: ReadingRule {
    private static let signs: [Unicode.Scalar: (Int, Int)] = [
        "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
        "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
    ]
    /// Denominators that are said as parts.
    private static let denominators: Set<Int> = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard place == 0 || !(text.isWord(place - 1) || text[place - 1] == "/") else { return nil }
        if let sign = sign(at: place, in: text) { return sign }
        guard let first = text.digits(place, 1...3) else { return nil }
        if text[first.end] == "/" { return plain(first, in: text) }
        let next = text.afterSpace(first.end)
        let rest = sign(at: next, in: text) ?? (next > first.end ? part(at: next, in: text) : nil)
        guard let rest else { return nil }
        let words = rest.words.hasPrefix("one ") ? "a " + rest.words.dropFirst(4) : rest.words
        return Reading(EnglishNumbers.cardinal(first.value) + " and " + words, end: rest.end)
    }

    private func plain(_ first: (value: Int, end: Int), in text: ScalarText) -> Reading? {
        guard let second = text.digits(first.end + 1, 1...3), isOver(second.end, in: text) else { return nil }
        if [24, 9].contains(first.value), [7, 11].contains(second.value) {
            let words = EnglishNumbers.cardinal(first.value) + " " + EnglishNumbers.cardinal(second.value)
            return Reading(words, end: second.end)
        }
        guard first.value > 0, first.value < second.value, Self.denominators.contains(second.value) else {
            let words = EnglishNumbers.cardinal(first.value) + " slash " + EnglishNumbers.cardinal(second.value)
            return Reading(words, end: second.end)
        }
        return Reading(EnglishNumbers.fraction(first.value, second.value), end: second.end)
    }

    private func part(at place: Int, in text: ScalarText) -> Reading? {
        guard let first = text.digits(place, 1...2), text[first.end] == "/", first.value > 0,
            let second = text.digits(first.end + 1, 1...2), isOver(second.end, in: text), first.value < second.value,
            Self.denominators.contains(second.value)
        else { return nil }
        return Reading(EnglishNumbers.fraction(first.value, second.value), end: second.end)
    }

    private func isOver(_ place: Int, in text: ScalarText) -> Bool {
        !text.isWord(place) && !(text[place] == "/" && text.isDigit(place + 1))
    }

    private func sign(at place: Int, in text: ScalarText) -> Reading? {
        guard let sign = text[place], let (numerator, denominator) = Self.signs[sign] else { return nil }
        return Reading(EnglishNumbers.fraction(numerator, denominator), end: place + 1)
    }
}

/// A number with its sign, alone or as the first of two: `-5`, `10-20`, `1914–18`.
struct EnglishSpan {
    var words: String
    var end: Int
    var isOne: Bool
    var isRange = false

    init?(at place: Int, in text: ScalarText) {
        guard place == 0 || !text.isWord(place - 1), let sign = text[place] else { return nil }
        let isSigned =
            (sign == "-" || sign == "−" || sign == "+") && (place == 0 || !text.isWord(place - 1))
            && (text.isOpen(place - 1) || text[place - 1] == "(")
        guard isSigned || text.isDigit(place) || sign == ".",
            let number = EnglishNumber(at: isSigned ? place + 1 : place, in: text)
        else { return nil }
        words = (isSigned ? (sign == "+" ? "plus " : "minus ") : "") + number.words
        (end, isOne) = (number.end, number.isOne)
        guard text[end] == "-" || text[end] == "–", text.isDigit(end + 1),
            let last = EnglishNumber(at: end + 1, in: text)
        else { return }
        // A third part makes it a code: "978-3-16".
        guard !(text[last.end] == "-" && text.isDigit(last.end + 1)), number.whole.count < 5 else { return }
        let years = [number, last].map { EnglishYear.words($0, after: nil) }
        words = (years[0] ?? words) + " to " + ((years[0] == nil ? nil : years[1]) ?? last.words)
        (end, isOne, isRange) = (last.end, false, true)
    }
}

/// A number with a unit: `5 km`, `-4 °C`, `10–20%`, `1920x1080`.
struct EnglishMeasure: ReadingRule {
    private static let longestUnit = 6

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard let span = EnglishSpan(at: place, in: text) else { return nil }
        if let by = text[span.end], by == "x" || by == "×", text.isDigit(span.end + 1),
            let other = EnglishNumber(at: span.end + 1, in: text), !text.isWord(other.end)
        {
            return Reading(span.words + " by " + other.words, end: other.end)
        }
        let start = text.afterSpace(span.end)
        var end = start
        while end - start < Self.longestUnit, !text.isOpen(end) { end += 1 }
        while end > start {
            let sign = text.string(start..<end)
            if !text.isWord(end) || !text.isWord(end - 1), let unit = EnglishTables.units[sign],
                start == span.end || !EnglishTables.attachedUnits.contains(sign)
            {
                let isDotted = text[end] == "." && text.isWord(end - 1) && !text.isLast(end + 1)
                return Reading(span.words + " " + (span.isOne ? unit.one : unit.many), end: isDotted ? end + 1 : end)
            }
            end -= 1
        }
        return nil
    }
}

/// `21st`, `1990s`, `'90s`.
struct EnglishOrdinal: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        let start = text[place] == "'" || text[place] == "’" ? place + 1 : place
        guard place == 0 || !text.isWord(place - 1), let number = EnglishNumber(at: start, in: text),
            let value = number.integer, value < 1_000_000
        else { return nil }
        let end = text.lettersEnd(number.end)
        let isDecade = value % 10 == 0 && (number.whole.count == 4 || number.whole.count == 2 && value >= 20)
        switch text.string(number.end..<end) {
        case "s" where isDecade && !text.isWord(end): return Reading(EnglishNumbers.decade(value), end: end)
        case "st", "nd", "rd", "th", "ST", "ND", "RD", "TH":
            return start == place && !text.isWord(end) ? Reading(EnglishNumbers.ordinal(value), end: end) : nil
        default: return nil
        }
    }
}

/// `10-20`, `pages 3–5`, `1914-18`.
struct EnglishRange: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard let span = EnglishSpan(at: place, in: text), span.isRange, !text.isWord(span.end) else { return nil }
        return Reading(span.words, end: span.end)
    }
}

/// Four digits that name a year, by the word before them or because hardly anything else is counted so.
struct EnglishYear: ReadingRule {
    private static let heads: Set<String> = [
        "in", "since", "by", "until", "till", "from", "around", "about", "circa", "after", "before", "year", "during",
        "early", "late", "mid", "of", "spring", "summer", "fall", "autumn", "winter", "born", "died", "copyright",
    ]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard place == 0 || !(text.isWord(place - 1) || text[place - 1] == "." || text[place - 1] == ","),
            text.isDigit(place), let number = EnglishNumber(at: place, in: text), !text.isWord(number.end),
            let words = Self.words(number, after: text.word(before: place))
        else { return nil }
        return Reading(words, end: number.end)
    }

    /// - Returns: nil where the number is no year.
    static func words(_ number: EnglishNumber, after head: String?) -> String? {
        guard number.whole.count == 4, !number.isGrouped, let value = number.integer else { return nil }
        let isUsual = (1900...2099).contains(value)
        let isLikely = (1000...2199).contains(value) && head.map { heads.contains($0.lowercased()) } == true
        return isUsual || isLikely ? EnglishNumbers.year(value) : nil
    }
}
