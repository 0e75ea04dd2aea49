/// `9:30`, `14:05`, `10:15:30`, `5 p.m.`, `9:00-17:00`.
struct EnglishTime: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isDigit(place), place == 0 || !(text.isWord(place - 1) || text[place - 1] == ":"),
            let first = time(at: place, in: text)
        else { return nil }
        guard text[first.end] == "-" || text[first.end] == "–", let last = time(at: first.end + 1, in: text) else {
            return first
        }
        return Reading(first.words + " to " + last.words, end: last.end)
    }

    private func time(at place: Int, in text: ScalarText) -> Reading? {
        guard let hour = text.digits(place, 1...2), hour.value <= 24 else { return nil }
        guard text[hour.end] == ":" else {
            guard (1...12).contains(hour.value), let half = half(at: hour.end, in: text) else { return nil }
            return Reading(EnglishNumbers.cardinal(hour.value) + half.words, end: half.end)
        }
        guard let minute = text.digits(hour.end + 1, 2...2), minute.value < 60 else { return nil }
        var end = minute.end
        var seconds = ""
        if text[end] == ":" {
            guard let second = text.digits(end + 1, 2...2), second.value < 60 else { return nil }
            end = second.end
            seconds = " and " + EnglishNumbers.cardinal(second.value) + (second.value == 1 ? " second" : " seconds")
        }
        let half = half(at: end, in: text)
        guard half != nil || !text.isWord(end) else { return nil }
        let words = clock(hour.value, minute.value, hasHalf: half != nil) + seconds + (half?.words ?? "")
        return Reading(words, end: half?.end ?? end)
    }

    private func clock(_ hour: Int, _ minute: Int, hasHalf: Bool) -> String {
        let words = EnglishNumbers.cardinal(hour)
        if minute == 0 {
            if hasHalf { return words }
            return (1...12).contains(hour) ? words + " o'clock" : words + " hundred"
        }
        return words + (minute < 10 ? " oh " : " ") + EnglishNumbers.cardinal(minute)
    }

    /// `am`, `p.m.`: as espeak-ng names their letters without ending a clause. A dot at the end of the text stays there.
    private func half(at place: Int, in text: ScalarText) -> Reading? {
        let start = text.afterSpace(place)
        guard let letter = text[start].map({ Character($0).lowercased() }), letter == "a" || letter == "p" else {
            return nil
        }
        let isDotted = text[start + 1] == "."
        let middle = isDotted ? start + 2 : start + 1
        guard let last = text[middle], last == "m" || last == "M", !text.isWord(middle + 1) else { return nil }
        let hasDot = isDotted && text[middle + 1] == "." && !text.isLast(middle + 2)
        return Reading(letter == "a" ? " AM" : " PM", end: hasDot ? middle + 2 : middle + 1)
    }
}

/// `2h 3m 5s`, `5m30s`, `3d 4h`: two parts at least, from long to short, with no space before their letters.
struct EnglishDuration: ReadingRule {
    private static let units: [(sign: Unicode.Scalar, name: String)] = [
        ("d", "day"), ("h", "hour"), ("m", "minute"), ("s", "second"),
    ]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard place == 0 || !(text.isWord(place - 1) || text[place - 1] == "." || text[place - 1] == ",") else {
            return nil
        }
        var (rank, words) = (0, [String]())
        var (cursor, end) = (place, place)
        while let number = text.digits(cursor, 1...3), let unit = unit(at: number.end, from: rank, in: text) {
            words.append(EnglishNumbers.cardinal(number.value) + " " + unit.name + (number.value == 1 ? "" : "s"))
            rank = unit.rank + 1
            end = number.end + 1
            cursor = text.afterSpace(end)
        }
        guard words.count > 1, !text.isWord(end) else { return nil }
        return Reading(words.joined(separator: " "), end: end)
    }

    private func unit(at place: Int, from rank: Int, in text: ScalarText) -> (name: String, rank: Int)? {
        guard let found = Self.units.indices.dropFirst(rank).first(where: { Self.units[$0].sign == text[place] }) else {
            return nil
        }
        // "5m 3km": the letter is the unit's only one.
        return text.isLetter(place + 1) ? nil : (Self.units[found].name, found)
    }
}
