/// English as it is spoken, so that "6:30" and "six thirty" are one: the rules of ModelPrep/testset/scoring.py, with
/// years and cents. All who are compared are scored by it alike.
enum SpokenWords {
    private static let units =
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        + "seventeen eighteen nineteen").split(separator: " ").map(String.init)
    private static let tens = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
        .split(separator: " ").map(String.init)
    /// One spelling for words that have two.
    private static let spellings = [
        "colour": "color", "grey": "gray", "theatre": "theater", "neighbour": "neighbor", "ok": "okay", "mr": "mister",
        "dr": "doctor", "tv": "television", "favourite": "favorite", "harbour": "harbor", "mrs": "missus",
        "km": "kilometers", "kg": "kilograms", "st": "street",
    ]
    private static let irregular = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    /// - Parameter text: written or spoken English.
    /// - Returns: lower case, numbers in words, one spelling, no punctuation.
    static func plain(_ text: String) -> String {
        var text = text.lowercased().replacing("’", with: "'").replacing("%", with: " percent ")
        text = text.replacing(/(\d),(?=\d{3})/) { String($0.output.1) }
        text = text.replacing(/\$(\d+)\.(\d\d)\b/) { " \($0.output.1) dollars \($0.output.2) cents " }
        text = text.replacing(/\$(\d+(?:\.\d+)?)( (?:hundred|thousand|million|billion))?/) { match in
            " \(match.output.1)\(match.output.2 ?? "") dollars "
        }
        text = text.replacing(/\b(\d{1,2}):(\d\d)\b/) { " \($0.output.1) \($0.output.2 == "00" ? "" : $0.output.2) " }
        text = text.replacing(/(\d+)\.(\d+)/) { match in
            " \(match.output.1) point " + match.output.2.map { String($0) }.joined(separator: " ") + " "
        }
        text = text.replacing(/(\d{1,6})(?:st|nd|rd|th)\b/) { ordinal(Int($0.output.1) ?? 0) }
        text = text.replacing(/\b\d{4}\b/) { " " + year(Int($0.output) ?? 0) + " " }
        text = text.replacing(/\d{1,6}/) { " " + words(Int($0.output) ?? 0) + " " }
        return text.replacing("'", with: "").split { !$0.isLetter && !$0.isNumber }
            .map { spellings[String($0)] ?? String($0) }.filter { $0 != "and" }.joined(separator: " ")
    }

    /// An integer below a million in words.
    static func words(_ number: Int) -> String {
        if number < 20 { return units[max(0, number)] }
        if number < 100 { return tens[number / 10] + (number % 10 == 0 ? "" : " " + units[number % 10]) }
        let (size, name) = number < 1000 ? (100, "hundred") : (1000, "thousand")
        return words(number / size) + " " + name + (number % size == 0 ? "" : " " + words(number % size))
    }

    /// 1998 as nineteen ninety eight; what is no year of people now living or before is a plain number.
    private static func year(_ number: Int) -> String {
        guard (1100...2099).contains(number), !(2000...2009).contains(number) else { return words(number) }
        let (century, rest) = (number / 100, number % 100)
        if rest == 0 { return words(century) + " hundred" }
        return words(century) + " " + (rest < 10 ? "oh " : "") + words(rest)
    }

    private static func ordinal(_ number: Int) -> String {
        var parts = words(number).split(separator: " ").map(String.init)
        guard let last = parts.popLast() else { return "" }
        parts.append(irregular[last] ?? (last.hasSuffix("y") ? String(last.dropLast()) + "ieth" : last + "th"))
        return parts.joined(separator: " ")
    }
}
