import SpeechText
import Testing

@Suite struct EspeakWordsTests {
    @Test func ordinaryTextStaysAsItIs() {
        let text = "The quick brown fox, 3.5 km away:\nhttps://a.example/path/of/some/length?query=value"
        #expect(EspeakWords.broken(text) == text)
    }

    @Test(arguments: ["a", "é", "语", "👩‍👩‍👧‍👦"]) func noWordIsTooLongAndNothingIsLost(letter: String) {
        let text = String(repeating: letter, count: 500)
        let broken = EspeakWords.broken(text)
        #expect(broken.split(separator: " ").allSatisfy { $0.utf8.count <= max(EspeakWords.limit, letter.utf8.count) })
        #expect(broken.filter { $0 != " " } == text)
    }
}
