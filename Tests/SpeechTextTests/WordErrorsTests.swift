import SpeechText
import Testing

private func errors(_ pairs: (String, String)...) -> WordErrors {
    var errors = WordErrors()
    for (reference, hypothesis) in pairs { errors.add(reference: reference, hypothesis: hypothesis) }
    return errors
}

struct WordErrorsTests {
    @Test func caseAndPunctuationAreNoErrors() {
        let same = errors(("Hello, World! It’s 'fine' —\nreally.", "hello world it's fine really"))
        #expect(same.words.errors == 0)
        #expect(same.words.total == 5)
        #expect(same.characters.errors == 0)
        #expect(errors(("don't", "dont")).words.errors == 1, "an apostrophe inside a word is a letter")
    }

    @Test func substitutionsDeletionsAndInsertionsCount() {
        #expect(errors(("a b c d", "a x c d")).words.errors == 1)
        #expect(errors(("a b c d", "a c d")).words.errors == 1)
        #expect(errors(("a b c d", "a b c d e")).words.errors == 1)
        #expect(errors(("kitten", "sitting")).characters.errors == 3)
        #expect(errors(("a b", "")).words.rate == 1)
        #expect(errors(("", "a")).words.rate == 1)
        #expect(errors(("", "")).words.rate == 0)
    }

    @Test func chineseIsComparedByCharacter() {
        let result = errors(("今天天气很好。", "今天天很好")).words
        #expect(result.errors == 1)
        #expect(result.total == 6)
        #expect(WordErrors.words(of: "OK今天 カタカナ café") == ["ok", "今", "天", "カ", "タ", "カ", "ナ", "café"])
    }

    @Test func theRateIsThatOfTheWholeSet() {
        let result = errors(("a", "x"), ("a b c d e f g h i", "a b c d e f g h i")).words
        #expect(result.errors == 1)
        #expect(result.total == 10)
        #expect(result.rate == 0.1, "not the mean of 100 % and 0 %")
    }

    @Test func theIntervalHoldsTheRateAndIsRepeatable() throws {
        var many = WordErrors()
        for index in 0..<100 { many.add(reference: "a b c d", hypothesis: index % 5 == 0 ? "a b c" : "a b c d") }
        let interval = try #require(many.words.interval)
        #expect(interval.contains(many.words.rate))
        // 100 draws with p = 0.2 deviate by 0.04, a quarter of it per word: 1.96 × 0.01 on either side.
        #expect(abs(interval.lowerBound - 0.03) < 0.006)
        #expect(abs(interval.upperBound - 0.07) < 0.006)
        #expect(many.words == many.words)
        #expect(WordErrors().words.interval == nil)
    }
}
