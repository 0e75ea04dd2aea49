import SpeechText
import Testing

struct PiperPhonemesTests {
    let map = [
        "_": [0], "^": [1], "$": [2], " ": [3], ",": [8], ".": [10], "a": [14], "b": [15], "ɐ": [50], "\u{303}": [141],
    ]

    private func clause(_ phonemes: String, _ terminator: Character?, ends: Bool) -> PhonemeClause {
        PhonemeClause(phonemes: phonemes, terminator: terminator, endsSentence: ends)
    }

    @Test func eachPhonemeIsPaddedAndASentenceIsFramed() throws {
        let piper = try PiperPhonemes(map: map)
        let result = piper.sentences(of: [clause("a b", ",", ends: false), clause("b", ".", ends: true)])
        #expect(result.ids == [[1, 0, 14, 0, 3, 0, 15, 0, 8, 0, 3, 0, 15, 0, 10, 0, 2]])
        #expect(result.unknown.isEmpty)
    }

    @Test func aSentenceWithoutAnEndIsKeptAndAnEmptyOneIsNot() throws {
        let piper = try PiperPhonemes(map: map)
        let result = piper.sentences(of: [
            clause("a", ".", ends: true), clause("", nil, ends: true), clause("b", nil, ends: false),
        ])
        #expect(result.ids == [[1, 0, 14, 0, 10, 0, 2], [1, 0, 15, 0, 2]])
        #expect(piper.sentences(of: []).ids.isEmpty)
    }

    @Test func accentsAreNumbersOfTheirOwn() throws {
        let piper = try PiperPhonemes(map: map)
        #expect(piper.sentences(of: [clause("\u{E3}", nil, ends: true)]).ids == [[1, 0, 14, 0, 141, 0, 2]])
    }

    @Test func languageFlagsAreNotSpoken() throws {
        let sentences = PiperPhonemes.sentences(of: [clause("(en)a b(de) a()((x)", nil, ends: true)])
        #expect(sentences.map { String(String.UnicodeScalarView($0)) } == ["a b a()"])
    }

    @Test func whatTheVoiceDoesNotKnowIsDroppedAndCounted() throws {
        let piper = try PiperPhonemes(map: map)
        let result = piper.sentences(of: [clause("aqqx", nil, ends: true)])
        #expect(result.ids == [[1, 0, 14, 0, 2]])
        #expect(result.unknown == ["q": 2, "x": 1])
    }

    @Test(arguments: ["^", "_", "$"]) func aMapWithoutTheFrameIsRefused(key: String) throws {
        var map = map
        map[key] = nil
        #expect { try PiperPhonemes(map: map) } throws: { ($0 as? SpeechTextError)?.code == .invalidPhonemeMap }
    }
}
