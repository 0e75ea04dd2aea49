import Inference
import Speech
import SpeechModels
import SpeechTesting
import Synchronization
import Testing

/// Marks in final texts.
@Suite struct PunctuationTests {
    @Test func `marks stand behind the words that the model names`() async throws {
        let fake = PunctuationFake { words, place in place == 1 ? "，" : place == words.count - 1 ? "？" : "_" }
        #expect(try await fake.model().punctuated("你好我好吗") == "你好，我好吗？")
        // The reference asks twice; the same words are not asked for again.
        #expect(fake.runs.all.withLock { $0 } == [[1, 2, 4, 2, 3]])
    }

    @Test(arguments: [
        ("hello world it's français", "hello world, it's français."),
        ("你好 hello 你好", "你好 hello、你好。"),
        ("你好 hello world 好", "你好 hello, world 好。"),
        ("Привет мир да", "Привет, мир да."),
        ("hello world", "hello world."), ("你", "你。"), ("我你好 hello", "我你、好 hello。"),
    ])
    func `Latin words have Latin marks and Chinese ones Chinese marks`(text: String, written: String) async throws {
        let second = text.hasPrefix("П") ? 5 : text.hasPrefix("你好 ") ? 2 : 1
        let fake = PunctuationFake { _, place in place == second ? "、" : "_" }
        #expect(try await fake.model().punctuated(text) == written)
    }

    @Test func `words are found whatever their case, and unknown ones are unknown`() async throws {
        let fake = PunctuationFake { _, _ in "_" }
        _ = try await fake.model().punctuated("HELLO Français IT'S e-mail")
        #expect(fake.runs.all.withLock { $0.first } == [5, 8, 7, 0, 0, 0])
    }

    @Test(arguments: ["", "   ", "\t\n"])
    func `without words there is nothing to do`(text: String) async throws {
        let fake = PunctuationFake { _, _ in "。" }
        #expect(try await fake.model().punctuated(text) == text)
        #expect(fake.runs.counts.isEmpty)
    }

    @Test(arguments: [("好。", "好。"), ("hello, world!", "hello, world!"), ("3.14", "3.14."), ("C#", "C#.")])
    func `a mark that is there is not doubled, and a number not taken apart`(text: String, written: String) async throws
    {
        let fake = PunctuationFake { _, _ in "，" }
        #expect(try await fake.model().punctuated(text) == written)
    }

    @Test func `a transcript has its marks in the whole text and in its segments, its words as they were`() async throws
    {
        let fake = PunctuationFake { words, place in
            place == words.count - 4 ? "？" : place == words.count - 2 ? "，" : "_"
        }
        let word = Transcript.Word(text: "你", start: 0.1, end: 0.3)
        let segments = [
            Transcript.Segment(start: 0, end: 1, text: "你好", words: [word]),
            Transcript.Segment(start: 1, end: 2, text: ""), Transcript.Segment(start: 2, end: 3, text: "你好吗"),
        ]
        let transcript = Transcript(text: "你好你好吗", segments: segments)
        let result = try await fake.model().punctuated(transcript)
        #expect(result.text == "你好？你好，吗。")
        #expect(result.segments.map(\.text) == ["你好？", "", "你好，吗。"])
        #expect(result.segments[0].words == [word])
        #expect(result.stableCharacters == result.text.count)
    }

    /// Texts of everything that a recognizer may say, and marks everywhere.
    @Test(arguments: 0..<200)
    func `words never change`(seed: Int) async throws {
        var numbers = SeededNumbers(seed)
        let pieces = [
            "你", "好", "hello", " ", "  ", "\u{3000}", "3.14", "👍🏽", "e\u{301}", "раз", "एक", "ที", "か\u{3099}", "。", ",",
            "don't",
            "\n", "%",
        ]
        let text = (0..<Int.random(in: 1...90, using: &numbers))
            .map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
        let modulus = Int.random(in: 1...7, using: &numbers)
        let fake = PunctuationFake { words, place in PunctuationFake.marks[1 + (place * words.count) % modulus % 5] }
        let written = try await fake.model().punctuated(text)
        var left = text.filter { !$0.isWhitespace }[...]
        for character in written where !character.isWhitespace {
            if character == left.first { left.removeFirst() } else { #expect("，。？、,.?".contains(character)) }
        }
        #expect(left.isEmpty)
        // What was apart stays apart.
        let words = { (text: String) in text.split { $0.isWhitespace || "，。？、,.?".contains($0) }.map(String.init) }
        #expect(words(written).joined(separator: " ").count >= words(text).joined(separator: " ").count)
    }
}

/// How a text of many words goes through the graph.
@Suite struct PunctuationRunsTests {
    private func marks(_ count: Int, _ fake: PunctuationFake) async throws -> [PunctuationMark?] {
        try await fake.model().marks(in: String(repeating: "一", count: count))
    }

    @Test(arguments: [1, 2, 19, 20, 21, 22, 40, 41, 500])
    func `each word has one mark`(count: Int) async throws {
        let fake = PunctuationFake { _, place in place % 7 == 3 ? "。" : "_" }
        #expect(try await marks(count, fake).count == count)
        #expect(fake.runs.counts.reduce(0, +) < 3 * count + 20)
    }

    @Test func `a run begins where the last sentence ended`() async throws {
        let fake = PunctuationFake { words, place in words.count == 20 && place == 14 ? "。" : "_" }
        let marks = try await marks(41, fake)
        #expect(fake.runs.counts == [20, 25, 26])
        #expect(marks.indices.filter { marks[$0] == .stop } == [14])
    }

    @Test func `an end of a sentence in the last run loses nothing behind it`() async throws {
        let fake = PunctuationFake { _, place in place == 2 ? "。" : place == 5 ? "，" : "_" }
        let marks = try await marks(10, fake)
        #expect(marks.count == 10)
        #expect(marks.indices.filter { marks[$0] != nil } == [2, 5, 8])
    }

    @Test func `a sentence without an end is over at its last comma`() async throws {
        let fake = PunctuationFake { words, place in place == 150 ? "，" : "_" }
        let marks = try await marks(300, fake)
        #expect(marks[150] == .stop)
        #expect(marks.compactMap { $0 }.count == 1)
        #expect(fake.runs.counts.max() == 200)
    }

    @Test func `words without any mark do not make runs without bound`() async throws {
        let fake = PunctuationFake { _, _ in "_" }
        #expect(try await marks(2_500, fake).count == 2_500)
        #expect(fake.runs.counts.max() == 1_000)
    }

    @Test func `a failure of the graph is told`() async throws {
        let failing = PunctuationFake(fails: InferenceError(.runtimeFailed, "no")) { _, _ in "_" }
        await #expect(throws: SpeechError.self) { try await failing.model().punctuated("你好") }
    }
}

/// What a model's file has to say.
@Suite struct PunctuationMetadataTests {
    private let fake = PunctuationFake { _, _ in "_" }

    private func refusal(_ changes: [String: String]) throws -> String {
        let error = try #require(throws: InferenceError.self) { try fake.model(changes) }
        #expect(error.code == .badModel)
        return error.description
    }

    @Test func `what is wrong is said`() throws {
        #expect(try refusal(["unk_symbol": "<none>"]).contains("<none>"))
        #expect(try refusal(["vocab_size": "11"]).contains("11"))
        #expect(try refusal(["punctuations": "_|，|！|。"]).contains("！"))
        #expect(try refusal(["punctuations": "_|，"]).contains("，"))
        #expect(try refusal(["punctuations": "_|，|。"]).contains("inputs"))
        #expect(try refusal(["tokens": ""]).contains("<unk>"))
    }

    @Test func `a graph of another kind is refused`() throws {
        let graph = ClosureGraph(
            inputs: [TensorSpec("x", .f32, [nil, nil, 560])],
            outputs: [TensorSpec("logits", .f32, [nil, nil, 6])]
        ) { _ in [:] }
        #expect(throws: InferenceError.self) {
            try PunctuationModel(FunASRMetadata(PunctuationFake.metadata, file: "x"), graph: graph)
        }
    }

    @Test func `words are told apart by their bytes, and of equal ones the last counts`() async throws {
        // U+F900 is canonically equal to U+8C48, and so are the two forms of é.
        let fake = PunctuationFake { _, _ in "_" }
        let model = try fake.model(["tokens": "<unk>|\u{8c48}|\u{f900}||\u{8c48}|b|b", "vocab_size": "7"])
        _ = try await model.punctuated("\u{f900}\u{8c48} b B")
        #expect(fake.runs.all.withLock { $0.first } == [2, 4, 6, 6])
    }

    @Test func `a bundle names the file that has the metadata`() throws {
        let bundle = try TemporaryBundle(
            family: "punctuation",
            sampleRate: 16_000,
            config: #"{"metadata": "model.onnx"}"#,
            files: [:]
        )
        _ = try PunctuationModel(bundle.bundle, graph: fake.graph) { path throws(InferenceError) in
            #expect(path.hasSuffix("/model.onnx"))
            return PunctuationFake.metadata
        }
        let outside = try TemporaryBundle(
            family: "punctuation",
            sampleRate: 16_000,
            config: #"{"metadata": "../model.onnx"}"#,
            files: [:]
        )
        #expect(throws: InferenceError.self) {
            try PunctuationModel(outside.bundle, graph: fake.graph) { _ in PunctuationFake.metadata }
        }
    }
}
