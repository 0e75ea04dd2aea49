import Foundation
import SpeechText
import Testing

/// A user's own pronunciations.
@Suite struct LexiconTests {
    private func lexicon(_ text: String) throws -> Lexicon { try LexiconFile.read(Data(text.utf8), name: "words.txt") }

    private func mistake(_ text: String) -> String? {
        let error = #expect(throws: SpeechTextError.self) { try lexicon(text) }
        #expect(error?.code == .invalidLexicon)
        return error?.message
    }

    @Test(arguments: [
        ("I like sql.", "I like sequel."), ("SQL, SQL!", "sequel, sequel!"), ("MySQL", "MySQL"), ("polish", "polish"),
        ("Polish", "[[pˈoʊlɪʃ]]"), ("POLISH", "POLISH"), ("New Delhi's end", "noo delly's end"),
        ("New  Delhi", "New  Delhi"),
        ("Caen's", "[[kˈɑːnz]]"), ("Nice's", "[[nˈiːsɪz]]"), ("C++ and C", "see plus plus and C"),
        ("[[sql]] sql", "[[sql]] sequel"),
        ("e-mail", "email"), ("José", "hozay"), ("Jose\u{301}", "hozay"), ("", ""),
    ]) func wordsAreSaidAsTheLexiconHasThem(written: String, said: String) throws {
        let lexicon = try lexicon(
            """
            \u{feff}# names
            sql = sequel

            Polish = [[pˈoʊlɪʃ]]
            new delhi = noo delly
            caen = [[kˈɑːn]]
            Nice = [[ nˈiːs ]]
            c++ = see plus plus
            e-mail=email
            josé = hozay
            """
        )
        #expect(lexicon.applied(to: written) == said)
    }

    @Test func mistakesAreToldWithTheirLines() {
        let message = mistake("a = b\nno sign\n= c\nd =\na = again\n[x] = y")
        #expect(message?.contains("words.txt:2: there is no =") == true)
        #expect(message?.contains("words.txt:3: there is no word") == true)
        #expect(message?.contains("words.txt:4: nothing stands behind") == true)
        #expect(message?.contains("words.txt:5: \"a\" stands in line 1 already") == true)
        #expect(message?.contains("words.txt:6: \"[x]\"") == true)
    }

    @Test(arguments: [
        "one two three four five = x", "a = [[x", "a = x [[y]]", "a = \u{7}", "a = !!!",
        "a = " + String(repeating: "x", count: 401), String(repeating: "x", count: 81) + " = a",
    ]) func aBadEntryIsRefused(line: String) {
        #expect(mistake("ok = fine\n" + line)?.hasPrefix("words.txt:2: ") == true)
    }

    @Test func damagedBytesAreToldByLine() {
        let error = #expect(throws: SpeechTextError.self) {
            try LexiconFile.read(Data("a = b\n".utf8) + Data([0xff, 0xfe, 0x0a]), name: "words.txt")
        }
        #expect(error?.message == "words.txt:2: the line is not UTF-8")
        #expect(throws: SpeechTextError.self) {
            try LexiconFile.read(Data(count: LexiconFile.largest + 1), name: "words.txt")
        }
    }

    @Test func aHundredThousandCharactersAreReadInTime() throws {
        let lexicon = try lexicon("a a a b = x\nsql = sequel")
        for part in ["a ", "a-", "a.", "sql's ", "[[", "é", "שלום "] {
            let text = String(repeating: part, count: 100_000 / part.count)
            let start = ContinuousClock.now
            _ = lexicon.applied(to: text)
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }
}
