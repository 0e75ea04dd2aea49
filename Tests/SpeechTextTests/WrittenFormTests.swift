import Foundation
import SpeechText
import Testing

/// What a client reads, with rules for a few words.
struct WrittenFormTests {
    private static let words = [
        "zh": ["二十": "20", "二十五": "25", "五": "5", "年": "年"],
        "en": ["twenty five": "25", "twenty": "20", "five": "5"],
        "ja": ["二十": "20日"],
    ]

    @Test func numbersAreWritten() throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        #expect(normalizer.languages == ["en", "ja", "zh"])
        #expect(normalizer.written("他二十五岁", language: "zh") == "他25岁")
        #expect(normalizer.written("he is twenty five years old", language: "en") == "he is 25 years old")
        #expect(normalizer.written("他有twenty个二十", language: "zh") == "他有twenty个20")
        #expect(normalizer.written("你好", language: "zh") == "你好")
    }

    @Test func theLanguageChoosesTheRules() throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        for code in ["zh", "yue", "zh-CN", "zh_TW", "ZH-Hant", "cmn"] {
            #expect(normalizer.written("二十", language: code) == "20", "\(code)")
        }
        #expect(normalizer.written("二十", language: "ja") == "20日")
        #expect(normalizer.written("twenty", language: "en-US") == "20")
        for code in ["ko", "de", "", "zhx", "-zh"] {
            #expect(normalizer.written(" 二十 twenty ", language: code) == " 二十 twenty ", "\(code)")
        }
    }

    @Test func withoutALanguageTheScriptDoes() throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        #expect(normalizer.written("二十", language: nil) == "20")
        #expect(normalizer.written("二十の", language: nil) == "20日の")
        #expect(normalizer.written("twenty.", language: nil) == "20.")
        #expect(normalizer.written("room二十twenty", language: nil) == "room20twenty")
        for text in ["двадцать twenty", "이십 二十", "café twenty", "42", "", "?!", "😀"] {
            #expect(normalizer.written(text, language: nil) == text)
        }
    }

    @Test func languagesWithoutRulesAreLeftAsSpoken() throws {
        let rules = try WrittenRules(["en": ["five": "5"]])
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        #expect(normalizer.languages == ["en"])
        #expect(normalizer.written("五", language: "zh") == "五")
        #expect(normalizer.written("五", language: nil) == "五")
    }

    @Test func marksStayAndSpaceAroundGoes() throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        #expect(normalizer.written("\u{3000}\"二十\\五\"\n", language: "zh") == "\"20\\5\"")
        #expect(normalizer.written(" \t\r\n\u{1c}", language: "zh").isEmpty)
        #expect(normalizer.written("😀五e\u{301}", language: "zh") == "😀5e\u{301}")
    }

    /// English rules write a number as a word, with a space before the mark that stood at it.
    @Test func englishMarksStandAtTheirNumber() throws {
        let rules = try WrittenRules(["en": ["five": " 5 ", "p m": "p.m. "], "zh": ["五": " 5 "]])
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        for (spoken, written) in [
            ("well, five, six", "well, 5, six"), ("five?!", "5?!"), ("it is five.", "it is 5."), ("(five)", "(5)"),
            ("( five )", "( 5 )"), ("five , six", "5 , six"), ("five p m.", "5 p.m."), ("five .5", "5 .5"),
        ] {
            #expect(normalizer.written(spoken, language: "en") == written)
        }
        #expect(normalizer.written("五, 五", language: "zh") == "5 ,  5")
    }

    @Test func whatTheRulesCannotReadComesBack() throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        #expect(normalizer.written(" 二十# ", language: "zh") == " 二十# ")
        #expect(normalizer.written("\0", language: "zh") == "\0")
    }

    /// What a tagger writes is data of a file: neither garbage nor what never ends may do harm.
    @Test(arguments: ["n", "n {", "n { w", "n { w: \"", "n { w: \"\\", "{", "\"", "n { w: \"20\" } }", "5", "  ", ""])
    func tagsThatAreNoneLeaveTheText(tags: String) throws {
        let rules = try WrittenRules(Self.words)
        var tagger = TinyTransducer()
        tagger.finals[tagger.add(0, reads: "x", writes: tags)] = 0
        try rules.save(tagger.file, "zh/tagger.fst")
        #expect(try InverseTextNormalizer(directory: rules.directory).written("x", language: "zh") == "x")
    }

    @Test func fieldsComeInTheOrderThatIsWritten() throws {
        let rules = try WrittenRules(Self.words)
        for (tags, expected) in [
            (
                "date { day: \"3\" month: \"5\" era: \"x\" year: \"7\" }",
                "date { year: \"7\" month: \"5\" day: \"3\" era: \"x\" }"
            ),
            (
                "date { day: \"3\" year: \"7\" preserve_order: \"true\" }",
                "date { day: \"3\" year: \"7\" preserve_order: \"true\" }"
            ),
            ("other{b:\"\\\"\"a:\"2\"}  c { }", "other { b: \"\\\"\" a: \"2\" } c { }"),
        ] {
            var tagger = TinyTransducer()
            tagger.finals[tagger.add(0, reads: "x", writes: tags)] = 0
            var verbalizer = TinyTransducer()
            verbalizer.finals[verbalizer.add(0, reads: expected, writes: "right")] = 0
            try rules.save(tagger.file, "zh/tagger.fst")
            try rules.save(verbalizer.file, "zh/verbalizer.fst")
            #expect(try InverseTextNormalizer(directory: rules.directory).written("x", language: "zh") == "right")
        }
    }

    @Test func longTextsAreDividedBehindSentences() throws {
        // Whole sentences are words here, which is quick; what is cut elsewhere is not known and stays.
        let chinese = "今天他在学校里面学习了二十五个新的汉字"
        let english = "today he has learned twenty-five new words"
        let words = [chinese: "25个", "二十": "20", "甲，乙": "丙", "甲 乙，": "丁"]
        let rules = try WrittenRules(["zh": words, "en": [english: "25 words"]])
        let normalizer = try InverseTextNormalizer(directory: rules.directory, longestPiece: 200)
        for mark in ["。", "？", "\n", "，", "! ", " "] {
            let spoken = String(repeating: chinese + mark, count: 12)
            let written = normalizer.written(spoken + chinese, language: "zh")
            #expect(written == String(repeating: "25个" + mark, count: 12) + "25个", "\(mark)")
        }
        for mark in [". ", ", "] {
            let written = normalizer.written(String(repeating: english + mark, count: 12) + english, language: "en")
            #expect(written == String(repeating: "25 words" + mark, count: 12) + "25 words", "\(mark)")
        }
        for (said, written) in [("甲，乙。", "丙。"), ("甲 乙，", "丁")] {
            let spoken = String(repeating: said, count: 50)
            #expect(normalizer.written(spoken, language: "zh") == String(repeating: written, count: 50))
        }
        let endless = String(repeating: "二十", count: 40)
        #expect(normalizer.written(endless, language: "zh") == endless)
    }

    @Test func oneValueServesManyTasks() async throws {
        let rules = try WrittenRules(Self.words)
        let normalizer = try InverseTextNormalizer(directory: rules.directory)
        await withTaskGroup(of: String.self) { group in
            for age in 0..<100 { group.addTask { normalizer.written("\(age)和二十五", language: "zh") } }
            var texts: Set<String> = []
            for await text in group { texts.insert(text) }
            #expect(texts == Set((0..<100).map { "\($0)和25" }))
        }
    }

    @Test func whatIsMissingOrDamagedIsNamed() throws {
        let rules = try WrittenRules(["en": ["five": "5"]])
        let none = #expect(throws: SpeechTextError.self) { try InverseTextNormalizer(directory: "/nowhere") }
        #expect(none?.code == .notInstalled)
        #expect(none?.message.contains("rkvoice models pull itn-zh-en") == true)
        try rules.save([1, 2, 3], "en/verbalizer.fst")
        let damaged = #expect(throws: SpeechTextError.self) { try InverseTextNormalizer(directory: rules.directory) }
        #expect(damaged?.code == .invalidGrammar)
        #expect(damaged?.message.contains("en/verbalizer.fst") == true)
        try FileManager.default.removeItem(atPath: rules.directory + "/en/verbalizer.fst")
        let missing = #expect(throws: SpeechTextError.self) { try InverseTextNormalizer(directory: rules.directory) }
        #expect(missing?.code == .notInstalled)
        #expect(missing?.message.contains("en/verbalizer.fst") == true)
    }
}
