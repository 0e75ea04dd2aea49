/// What rules for dates share.
enum EnglishDate {
    static let days = 1...31

    /// "March third, nineteen eighty seven".
    static func words(month: Int, day: Int, year: Int?) -> String {
        EnglishTables.months[month - 1] + " " + EnglishNumbers.ordinal(day)
            + (year.map { ", " + EnglishNumbers.year($0) } ?? "")
    }

    /// A year of four digits, over a comma and a space.
    static func year(at place: Int, in text: ScalarText) -> (value: Int, end: Int)? {
        let start = text.afterSpace(text[place] == "," ? place + 1 : place)
        guard start > place, let year = text.digits(start, 4...4), (1000...2999).contains(year.value),
            !text.isWord(year.end), !(text[year.end] == ":" && text.isDigit(year.end + 1))
        else { return nil }
        return year
    }

    /// A day of the month with or without `st`, `nd`, `rd` or `th`.
    static func day(at place: Int, in text: ScalarText) -> (value: Int, end: Int)? {
        guard let day = text.digits(place, 1...2), days.contains(day.value) else { return nil }
        let suffix = text.lettersEnd(day.end)
        if suffix == day.end { return text.isWord(day.end) ? nil : day }
        guard ["st", "nd", "rd", "th"].contains(text.string(day.end..<suffix)) else { return nil }
        return (day.value, suffix)
    }

    /// The name of a month, or its abbreviation with or without a dot.
    static func month(at place: Int, in text: ScalarText) -> (value: Int, end: Int)? {
        guard text.isUppercase(place), place == 0 || !text.isWord(place - 1) else { return nil }
        let end = text.lettersEnd(place)
        let name = text.string(place..<end)
        guard (3...9).contains(end - place), let month = EnglishTables.monthNumbers[name.lowercased()],
            !text.isWord(end)
        else { return nil }
        let isShort = name.lowercased() != EnglishTables.months[month - 1].lowercased()
        return (month, isShort && text[end] == "." ? end + 1 : end)
    }
}

/// `2024-03-05`, `3/5/2024`, `25.12.2024`; a day above 12 settles which number is the month, otherwise it stands first.
struct EnglishNumericDate: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isDigit(place), let first = text.digits(place, 1...4), let mark = text[first.end],
            mark == "-" || mark == "/" || mark == ".", let second = text.digits(first.end + 1, 1...2),
            text[second.end] == mark, let third = text.digits(second.end + 1, 1...4), !text.isWord(third.end),
            !(text[third.end] == mark && text.isDigit(third.end + 1))
        else { return nil }
        let widths = [first.end - place, third.end - second.end - 1]
        guard let date = date(first.value, second.value, third.value, widths, mark), (1...12).contains(date.month),
            EnglishDate.days.contains(date.day)
        else { return nil }
        return Reading(EnglishDate.words(month: date.month, day: date.day, year: date.year), end: third.end)
    }

    private func date(
        _ first: Int,
        _ second: Int,
        _ third: Int,
        _ widths: [Int],
        _ mark: Unicode.Scalar
    ) -> (year: Int, month: Int, day: Int)? {
        if widths[0] == 4 { return widths[1] <= 2 && mark != "." ? (first, second, third) : nil }
        // Two digits of a year are only told from a version or a fraction by the slash.
        guard widths[0] <= 2, widths[1] == 4 || (widths[1] == 2 && mark == "/") else { return nil }
        let year = widths[1] == 4 ? third : third + (third < 50 ? 2000 : 1900)
        return first > 12 || mark == "." ? (year, second, first) : (year, first, second)
    }
}

/// `3 March 1987`, `the 3rd of March`.
struct EnglishDayMonth: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isDigit(place), let day = EnglishDate.day(at: place, in: text) else { return nil }
        var cursor = text.afterSpace(day.end)
        guard cursor > day.end else { return nil }
        if text.has("of ", at: cursor) { cursor += 3 }
        guard let month = EnglishDate.month(at: cursor, in: text) else { return nil }
        let year = EnglishDate.year(at: month.end, in: text)
        let article = place > 0 && text.word(before: place)?.lowercased() == "the" ? "" : "the "
        let words = article + EnglishNumbers.ordinal(day.value) + " of " + EnglishTables.months[month.value - 1]
        return Reading(words + (year.map { ", " + EnglishNumbers.year($0.value) } ?? ""), end: year?.end ?? month.end)
    }
}

/// `March 3, 1987`, `Sept. 11`, `June 3-5`, `May 2020`.
struct EnglishMonthDay: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard let month = EnglishDate.month(at: place, in: text) else { return nil }
        let name = EnglishTables.months[month.value - 1]
        if let year = EnglishDate.year(at: month.end, in: text) {
            return Reading(name + " " + EnglishNumbers.year(year.value), end: year.end)
        }
        let start = text.afterSpace(month.end)
        guard start > month.end, let day = EnglishDate.day(at: start, in: text) else {
            // Spelled out, so that its dot ends no sentence.
            return text[month.end - 1] == "." && !text.isLast(month.end) ? Reading(name, end: month.end) : nil
        }
        var (words, end) = (name + " " + EnglishNumbers.ordinal(day.value), day.end)
        if text[end] == "-" || text[end] == "–", let last = EnglishDate.day(at: end + 1, in: text),
            last.value > day.value
        {
            words += " to " + EnglishNumbers.ordinal(last.value)
            end = last.end
        }
        guard let year = EnglishDate.year(at: end, in: text) else { return Reading(words, end: end) }
        return Reading(words + ", " + EnglishNumbers.year(year.value), end: year.end)
    }
}
