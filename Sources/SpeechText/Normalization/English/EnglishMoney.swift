/// `$3.50`, `-€5`, `£1.2 million`, `US$15-20`, `$5k`.
struct EnglishMoney: ReadingRule {
    func reading(at place: Int, in text: ScalarText) -> Reading? {
        guard place == 0 || !text.isWord(place - 1) else { return nil }
        let isNegative = text[place] == "-" || text[place] == "−"
        let start = isNegative ? place + 1 : place
        guard let currency = EnglishTables.currencies.first(where: { text.has($0.sign, at: start) }),
            let number = EnglishNumber(at: text.afterSpace(start + currency.sign.count), in: text)
        else { return nil }
        var (words, end) = (number.words, number.end)
        var isOne = number.isOne
        var hasRange = false
        if text[end] == "-" || text[end] == "–" {
            let next = text.has(currency.sign, at: end + 1) ? end + 1 + currency.sign.count : end + 1
            if text.isDigit(next), let last = EnglishNumber(at: next, in: text) {
                (words, end, isOne, hasRange) = (words + " to " + last.words, last.end, false, true)
            }
        }
        if let amount = amount(at: end, in: text) {
            (words, end, isOne) = (words + " " + amount.words, amount.end, false)
        } else if number.fraction.count == 2, !hasRange, !currency.cents.isEmpty {
            return Reading((isNegative ? "minus " : "") + cents(number, currency), end: end)
        }
        guard !text.isWord(end) else { return nil }
        return Reading((isNegative ? "minus " : "") + words + " " + (isOne ? currency.one : currency.many), end: end)
    }

    private func amount(at place: Int, in text: ScalarText) -> Reading? {
        let start = text.afterSpace(place)
        let end = text.lettersEnd(start)
        let sign = text.string(start..<end)
        // A letter behind a space is a word of its own.
        guard !text.isWord(end), start == place || sign.count > 1, let word = EnglishTables.amounts[sign] else {
            return nil
        }
        return Reading(word, end: end)
    }

    private func cents(
        _ number: EnglishNumber,
        _ currency: (sign: String, one: String, many: String, cents: String)
    ) -> String {
        let cents = Int(number.fraction) ?? 0
        let whole = UInt64(number.whole) ?? 0
        let main = EnglishNumbers.cardinal(whole) + " " + (whole == 1 ? currency.one : currency.many)
        if cents == 0 { return main }
        let many = currency.cents == "penny" ? "pence" : currency.cents + "s"
        let small = EnglishNumbers.cardinal(cents) + " " + (cents == 1 ? currency.cents : many)
        return whole == 0 ? small : main + " and " + small
    }
}
