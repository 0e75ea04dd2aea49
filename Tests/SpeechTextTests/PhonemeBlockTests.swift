import SpeechText
import Testing

/// Phonemes that stand in a text.
@Suite struct PhonemeBlockTests {
    /// Every letter is its own phoneme; clauses end at marks, and at the end of what was sent as a sentence does.
    private struct Letters: Phonemizer {
        func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
            var clauses: [PhonemeClause] = []
            var letters = ""
            func clause(_ mark: Character?, _ ends: Bool) {
                let words = letters.split(separator: " ").joined(separator: " ")
                if !words.isEmpty {
                    clauses.append(PhonemeClause(phonemes: words, terminator: mark, endsSentence: ends))
                }
                letters = ""
            }
            for character in text {
                if character == "," || character == "." {
                    clause(character, character == ".")
                } else {
                    letters.append(character)
                }
            }
            clause(nil, true)
            return clauses
        }
    }

    private func heard(_ text: String) async throws -> [String] {
        let clauses = try await Letters().spokenClauses(of: text, voice: "en-us")
        return PiperPhonemes.sentences(of: clauses).map { String(String.UnicodeScalarView($0)) }
    }

    @Test(arguments: [
        ("say [[kɑːn]] now", ["say kɑːn now"]), ("[[kɑːn]]", ["kɑːn"]), ("[[kɑːn]].", ["kɑːn."]),
        ("x[[y]]z", ["xyz"]), ("one, [[two]], three.", ["one, two, three."]), ("a. [[b]]. c", ["a.", "b.", "c"]),
        ("[[a]] [[b]]", ["a b"]), ("[[a]][[b]]!", ["ab!"]), ("a [[]] b", ["a [[]] b"]), ("a [[b", ["a [[b"]),
        ("[[ see [[b]] c", ["[[ see b c"]), ("plain text", ["plain text"]),
    ]) func blocksStandWhereTheyAreWritten(text: String, sentences: [String]) async throws {
        #expect(try await heard(text) == sentences)
    }

    @Test func bracketsWithoutEndAreReadInTime() {
        for part in ["[[", "]]", "[[a", "[[]]", "[[a]]"] {
            let text = String(repeating: part, count: 300_000)
            let start = ContinuousClock.now
            _ = PhonemeBlocks.segments(of: text)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }
}
