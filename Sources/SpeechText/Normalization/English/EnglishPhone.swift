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
