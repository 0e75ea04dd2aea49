import Foundation
import Speech
import Testing

@Suite struct LanguageTests {
    @Test(arguments: [
        ("en", "en"), ("EN-us", "en"), ("English", "en"), ("zh_CN", "zh"), ("Chinese", "zh"), ("mandarin", "zh"),
        ("jw", "jv"), ("German", "de"), ("pt-BR", "pt"), ("cantonese", "yue"),
    ]) func namesCodesAndLocalesAreOneType(text: String, code: String) {
        #expect(Language(text)?.code == code)
    }

    @Test(arguments: ["auto", "", "klingon", "x", "en1", "-"]) func whatIsNoLanguageIsNil(text: String) {
        #expect(Language(text) == nil)
    }

    @Test func theRegionIsKeptButDoesNotCount() throws {
        let american = try #require(Language("en-us"))
        #expect(american.tag == "en-US")
        #expect(american == Language("English"))
        #expect(american.name == "English")
    }

    @Test func jsonIsTheTag() throws {
        let languages = [try #require(Language("en-US")), try #require(Language("de"))]
        let data = try JSONEncoder().encode(languages)
        #expect(String(decoding: data, as: UTF8.self) == #"["en-US","de"]"#)
        #expect(try JSONDecoder().decode([Language].self, from: data) == languages)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Language].self, from: Data(#"["qq"]"#.utf8)) }
    }

    @Test func costsOfSentencesAddUpAndTheFirstSoundStaysTheFirst() {
        var total = SynthesisMetrics()
        total.append(
            SynthesisMetrics(
                duration: 2,
                inferenceTime: 0.2,
                timeToFirstAudio: 0.1,
                stageMilliseconds: ["decoder": 150]
            )
        )
        total.append(
            SynthesisMetrics(
                duration: 1,
                inferenceTime: 0.1,
                timeToFirstAudio: 0.05,
                stageMilliseconds: ["decoder": 50]
            )
        )
        #expect(total.timeToFirstAudio == 0.1)
        #expect(total.stageMilliseconds == ["decoder": 200])
        #expect(abs(total.rtf - 0.1) < 1e-12)
        #expect(SynthesisMetrics().rtf == 0)
    }
}
