/// Numbers in English words, as they are said in the United States.
enum EnglishNumbers {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let scales: [(size: UInt64, name: String)] = [
        (1_000_000_000_000_000, "quadrillion"), (1_000_000_000_000, "trillion"), (1_000_000_000, "billion"),
        (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"),
    ]
    private static let irregular = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]
    /// Digits that are said without a pause.
    private static let breath = 10

    /// Without hyphens, by which espeak-ng would make one word of two: 123 → "one hundred twenty three".
    static func cardinal(_ value: UInt64) -> String {
        if value < 20 { return small[Int(value)] }
        if value < 100 {
            let ten = tens[Int(value / 10)]
            return value % 10 == 0 ? ten : ten + " " + small[Int(value % 10)]
        }
        for (size, name) in scales where value >= size {
            let head = cardinal(value / size) + " " + name
            return value % size == 0 ? head : head + " " + cardinal(value % size)
        }
        return ""
    }

    static func cardinal(_ value: Int) -> String { cardinal(UInt64(max(0, value))) }

    /// 21 → "twenty first".
    static func ordinal(_ value: Int) -> String {
        let words = cardinal(value)
        let head = words.lastIndex(of: " ").map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[head...])
        if let odd = irregular[last] { return words[..<head] + odd }
        return last.hasSuffix("y") ? words.dropLast() + "ieth" : words + "th"
    }

    /// Digit by digit, with a pause now and then: a phonemizer keeps no more than a breath of a clause. What is no digit
    /// 0 … 9 is passed over.
    static func digits(_ digits: some StringProtocol) -> String {
        var result = ""
        for (index, digit) in digits.compactMap({ $0.isASCII ? $0.wholeNumberValue : nil }).enumerated() {
            if index > 0 { result += index.isMultiple(of: breath) ? ", " : " " }
            result += small[digit]
        }
        return result
    }

    /// 1987 → "nineteen eighty seven".
    static func year(_ year: Int) -> String {
        let (century, rest) = (year / 100, year % 100)
        if !(1000...9999).contains(year) || century.isMultiple(of: 10) && rest < 10 { return cardinal(year) }
        if rest == 0 { return cardinal(century) + " hundred" }
        return cardinal(century) + (rest < 10 ? " oh " : " ") + cardinal(rest)
    }

    /// 1990 → "nineteen nineties", 2000 → "two thousands".
    static func decade(_ year: Int) -> String { plural(year < 100 ? cardinal(year) : self.year(year)) }

    /// 3, 4 → "three quarters".
    static func fraction(_ numerator: Int, _ denominator: Int) -> String {
        let part: String
        switch denominator {
        case 2: part = numerator == 1 ? "half" : "halves"
        case 4: part = numerator == 1 ? "quarter" : "quarters"
        default: part = numerator == 1 ? ordinal(denominator) : ordinal(denominator) + "s"
        }
        return cardinal(numerator) + " " + part
    }

    private static func plural(_ words: String) -> String {
        words.hasSuffix("y") ? words.dropLast() + "ies" : words + "s"
    }
}

/// A number as it is written in English: `1,234.5`, `.5`, `007`.
struct EnglishNumber: Equatable {
    /// Digits before the point, without commas; longer numbers are read digit by digit by a rule of their own.
    static let longest = 15

    var whole: String
    /// Digits behind the point.
    var fraction = ""
    /// Behind the number.
    var end: Int
    var isGrouped = false

    /// - Returns: nil where no number begins, or one that is too long.
    init?(at place: Int, in text: ScalarText) {
        end = text.digitsEnd(place, atMost: Self.longest + 1)
        guard end - place <= Self.longest else { return nil }
        whole = text.string(place..<end)
        while whole.count <= Self.longest - 3, (1...3).contains(end - place) || isGrouped, text[end] == ",",
            text.digits(end + 1, 3...3) != nil
        {
            whole += text.string(end + 1..<end + 4)
            end += 4
            isGrouped = true
        }
        if !isGrouped, let indian = Self.indianEnd(end, in: text), end - place <= 2 {
            whole = text.string(place..<indian).replacing(",", with: "")
            (end, isGrouped) = (indian, true)
        }
        if text[end] == ".", text.isDigit(end + 1) {
            let last = text.digitsEnd(end + 1, atMost: Self.longest + 1)
            guard last - end - 1 <= Self.longest, !(text[last] == "." && text.isDigit(last + 1)) else { return nil }
            fraction = text.string(end + 1..<last)
            end = last
        }
        if whole.isEmpty, fraction.isEmpty { return nil }
    }

    /// Where a number ends whose digits are grouped as in India, by two and at last by three: `1,00,000`.
    private static func indianEnd(_ first: Int, in text: ScalarText) -> Int? {
        var place = first
        while place - first < longest, text[place] == ",", text.digits(place + 1, 2...2) != nil { place += 3 }
        guard place > first, text[place] == ",", text.digits(place + 1, 3...3) != nil else { return nil }
        return place + 4
    }

    /// Whole value; nil where there is a point.
    var integer: Int? { fraction.isEmpty ? Int(whole) : nil }

    var isOne: Bool { whole == "1" && fraction.isEmpty }

    /// Its words.
    var words: String {
        var words = ""
        if let value = UInt64(whole) {
            words =
                whole.count > 1 && whole.hasPrefix("0") && fraction.isEmpty
                ? EnglishNumbers.digits(whole) : EnglishNumbers.cardinal(value)
        }
        guard !fraction.isEmpty else { return words }
        return (words.isEmpty ? "" : words + " ") + "point " + EnglishNumbers.digits(fraction)
    }
}
