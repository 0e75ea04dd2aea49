import SpeechModels
import Testing

@Suite struct TimedWordsTests {
    private func words(_ list: [(String, Double, Double)]) -> [TimedWords.Word] {
        list.map { TimedWords.Word(text: $0.0, tokens: 1, start: $0.1, end: $0.2, confidence: 1) }
    }

    private func shown(_ list: [(String, Double, Double)], tokens: [Int]) -> [[String]] {
        TimedWords(words(list)).divided(into: tokens.map { (tokens: $0, start: 0, end: 9) }, lastSpeech: 0).map {
            $0.words.map(\.text)
        }
    }

    @Test func marksBelongToTheWordTheyStandAt() {
        let list = [
            (" (", 0, 0.1), (" Well", 0.1, 0.3), (",", 0.3, 0.4), (" yes", 0.4, 0.6), (")", 0.6, 0.7), (".", 0.7, 0.8),
        ]
        #expect(shown(list, tokens: [6]) == [[" ( Well,", " yes)."]])
    }

    @Test func wordsGoToTheStretchThatHasTheirTokens() {
        let list = [(" one", 0, 0.3), (" two", 0.3, 0.6), (".", 0.6, 0.7), (" three", 0.7, 1.0)]
        #expect(shown(list, tokens: [3, 1]) == [[" one", " two."], [" three"]])
    }

    @Test func theFirstWordDoesNotTakeInTheSilenceBeforeIt() throws {
        let list = [(" one", 0, 4.0), (" two", 4.0, 4.2), (" three", 4.2, 4.4), (" four", 4.4, 4.6)]
        let found = TimedWords(words(list)).divided(into: [(tokens: 4, start: 0, end: 4.6)], lastSpeech: 0)
        let first = try #require(found.first?.words.first)
        #expect(first.start > 3.4 && first.end == 4)
        #expect(found.first?.start == first.start)
    }

    /// Two heads, five tokens, twelve positions: each token looks at two of its own.
    @Test func tokensBeginWhereTheAttentionMovesOn() {
        let (tokens, positions) = (5, 12)
        var attention = [Float](repeating: 0, count: 2 * tokens * positions)
        for head in 0..<2 {
            for token in 0..<tokens {
                for step in 0..<2 { attention[(head * tokens + token) * positions + 2 * token + step] = 8 }
            }
        }
        let found = TokenTimes.positions(attention, heads: 2, tokens: tokens, used: 10, rows: 1..<5)
        #expect(found.count == 4)
        #expect(found == found.sorted())
        #expect(TokenTimes.positions(attention, heads: 2, tokens: tokens, used: 0, rows: 1..<5).isEmpty)
        #expect(TokenTimes.positions([], heads: 0, tokens: 0, used: 9, rows: 0..<0).isEmpty)
    }
}
