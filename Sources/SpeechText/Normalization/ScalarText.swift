/// A text as scalars, with the bounded looks around that reading rules need. Every look takes constant time.
struct ScalarText: Sendable {
    /// Letters of a word that are looked at; nothing in any table is longer.
    static let longestWord = 24

    let scalars: [Unicode.Scalar]

    init(_ text: some StringProtocol) { scalars = Array(text.unicodeScalars) }

    var count: Int { scalars.count }

    /// The scalar at a place; nil before the start and behind the end.
    subscript(_ place: Int) -> Unicode.Scalar? { scalars.indices.contains(place) ? scalars[place] : nil }

    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }

    /// Whether a digit 0 … 9 stands there.
    func isDigit(_ place: Int) -> Bool {
        guard let scalar = self[place] else { return false }
        return ("0"..."9").contains(scalar)
    }

    /// Whether a letter, an accent or a digit of any script stands there.
    func isWord(_ place: Int) -> Bool {
        guard let scalar = self[place] else { return false }
        if scalar.isASCII { return isDigit(place) || isLetter(place) }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    func isLetter(_ place: Int) -> Bool {
        guard let scalar = self[place] else { return false }
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
        return scalar.properties.isAlphabetic
    }

    func isUppercase(_ place: Int) -> Bool { self[place]?.properties.isUppercase ?? false }

    /// Whether white space stands there, or the text has no such place.
    func isOpen(_ place: Int) -> Bool { self[place]?.properties.isWhitespace ?? true }

    func has(_ literal: String, at place: Int) -> Bool {
        var place = place
        for scalar in literal.unicodeScalars {
            guard self[place] == scalar else { return false }
            place += 1
        }
        return true
    }

    /// Where a run of digits ends; the place itself where there is none.
    func digitsEnd(_ place: Int, atMost limit: Int) -> Int {
        var end = place
        while end - place < limit, isDigit(end) { end += 1 }
        return end
    }

    /// Digits that stand there, when there are as many as wanted and no more.
    func digits(_ place: Int, _ counts: ClosedRange<Int>) -> (value: Int, end: Int)? {
        let end = digitsEnd(place, atMost: counts.upperBound + 1)
        guard counts.contains(end - place), let value = Int(string(place..<end)) else { return nil }
        return (value, end)
    }

    /// Where a run of letters ends.
    func lettersEnd(_ place: Int) -> Int {
        var end = place
        while end - place < Self.longestWord, isLetter(end) { end += 1 }
        return end
    }

    /// Behind one space, where there is one.
    func afterSpace(_ place: Int) -> Int { self[place] == " " || self[place] == "\u{a0}" ? place + 1 : place }

    /// The word before a place, over one space or none.
    func word(before place: Int) -> String? {
        let end = place > 0 && isOpen(place - 1) ? place - 1 : place
        var start = end
        while start > 0, end - start < Self.longestWord, isLetter(start - 1) { start -= 1 }
        return start < end ? string(start..<end) : nil
    }

    /// Whether nothing but closing marks and white space follows; looked at for a few places only.
    func isLast(_ place: Int) -> Bool {
        for ahead in place..<place + 4 {
            guard let scalar = self[ahead] else { return true }
            guard scalar.properties.isWhitespace || ClauseEnding.closers.contains(scalar) else { return false }
        }
        return false
    }
}
