/// Telephone numbers, digit by digit with a pause between the groups: `+1 (555) 123-4567`, `555-0134`.
struct EnglishPhone: ReadingRule {
    /// Groups of one number, and digits of a group, at most.
    private static let mostGroups = 6
    private static let longestGroup = 11
    /// Digits of a number with its country (ITU-T E.164).
    private static let international = 7...15

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard place == 0 || !text.isWord(place - 1), let first = text[place],
            first == "+" || first == "(" || text.isDigit(place)
        else { return nil }
        var cursor = first == "+" ? place + 1 : place
        var groups: [Range<Int>] = []
        var marks: [Unicode.Scalar] = []
        while groups.count < Self.mostGroups, let (group, end) = group(at: cursor, in: text) {
            groups.append(group)
            cursor = end
            guard let mark = text[cursor], mark == "-" || mark == "." || mark == " " || mark == "(" else { break }
            guard mark != " " || text.isDigit(cursor + 1) || text[cursor + 1] == "(" else { break }
            guard mark != "." || text.isDigit(cursor + 1) else { break }
            marks.append(mark)
            cursor = mark == "(" ? cursor : cursor + 1
        }
        guard let last = groups.last, isNumber(groups, marks, isInternational: first == "+", in: text) else {
            return nil
        }
        let end = text[last.upperBound] == ")" ? last.upperBound + 1 : last.upperBound
        guard !text.isWord(end), !(text[end] == "-" && text.isDigit(end + 1)) else { return nil }
        let words = groups.map { EnglishNumbers.digits(text.string($0)) }.joined(separator: ", ")
        return Reading((first == "+" ? "plus " : "") + words, end: end)
    }

    private func group(at place: Int, in text: ScalarText) -> (Range<Int>, Int)? {
        let start = text[place] == "(" ? place + 1 : place
        let end = text.digitsEnd(start, atMost: Self.longestGroup + 1)
        guard end > start, end - start <= Self.longestGroup else { return nil }
        guard start > place else { return (start..<end, end) }
        guard text[end] == ")" else { return nil }
        return (start..<end, end + 1)
    }

    private func isNumber(
        _ groups: [Range<Int>],
        _ marks: [Unicode.Scalar],
        isInternational: Bool,
        in text: ScalarText
    ) -> Bool {
        let sizes = groups.map(\.count)
        if isInternational { return groups.count > 1 && Self.international.contains(sizes.reduce(0, +)) }
        switch sizes {
        case [3, 3, 4], [1, 3, 3, 4]: return true
        case [3, 4] where marks.first == "-": return true
        case [3, 4] where marks.first == " ":
            return text[groups[1].lowerBound] == "0" || text.has("555", at: groups[0].lowerBound)
        default: return false
        }
    }
}

/// Three digits that somebody calls: `call 911`, `dial 112`.
struct EnglishShortCode: ReadingRule {
    private static let heads: Set<String> = [
        "call", "calls", "called", "calling", "dial", "dials", "dialed", "dialing", "phone", "phoned", "ring", "text",
    ]

    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard text.isDigit(place), let number = text.digits(place, 3...3), text.isEnd(ofNumber: number.end),
            let head = text.word(before: place), Self.heads.contains(head.lowercased())
        else { return nil }
        // "call 300 people" counts them; these are the codes of the North American plan and of emergencies elsewhere.
        let isCode = number.value % 100 == 11 || [112, 988, 999].contains(number.value)
        return isCode ? Reading(EnglishNumbers.digits(text.string(place..<number.end)), end: number.end) : nil
    }
}

extension ScalarText {
    /// Whether a number that ends there has no further part.
    fileprivate func isEnd(ofNumber end: Int) -> Bool {
        guard !isWord(end), let mark = self[end] else { return !isWord(end) }
        return mark != "%" && !(".,-:/".unicodeScalars.contains(mark) && isDigit(end + 1))
    }
}
