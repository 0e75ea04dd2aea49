import Foundation
import SpeechText
import Testing

struct EspeakClausesTests {
    private struct Entry: Decodable {
        let text: String
        let ends: [Int]
        let terminators: [String]
        let endsSentence: [Bool]
    }

    private struct File: Decodable {
        let entries: [Entry]
    }

    /// Golden data of `Fixtures/make_piper_clauses.py`: exact.
    @Test func terminatorsEqualThoseOfPiper() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let url = folder.appendingPathComponent("Fixtures/piper_clauses.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        #expect(file.entries.count > 600)
        for entry in file.entries {
            let spans = entry.ends.map { EspeakSpan(phonemes: "x", end: $0) }
            let clauses = try #require(PhonemeClause.clauses(of: entry.text, spans: spans))
            #expect(
                clauses.map { $0.terminator.map(String.init) ?? "" } == entry.terminators,
                "\(entry.text.debugDescription)"
            )
            #expect(clauses.map(\.endsSentence) == entry.endsSentence, "\(entry.text.debugDescription)")
        }
    }

    @Test(arguments: [[20], [3], [4, 2], [2, 5]])
    func endsThatCannotBeAreRefused(ends: [Int]) {
        // "Aé. 你" has 1 + 2 + 1 + 1 + 3 bytes.
        let spans = ends.map { EspeakSpan(phonemes: "x", end: $0) }
        let isPossible = ends == [3]
        #expect((PhonemeClause.clauses(of: "Aé. 你", spans: spans) != nil) == isPossible)
    }

    @Test func noSpansGiveNoClauses() {
        #expect(PhonemeClause.clauses(of: "Hello", spans: []) == [])
    }
}
