import Inference
import Testing

@Suite struct LanguageModelTextTests {
    @Test(arguments: [1, 2, 3, 5]) func aCharacterIsNeverCut(bytes count: Int) {
        let text = "Übung 你好, naïve 🇩🇪 end"
        let bytes = Array(text.utf8)
        var assembly = TextAssembly()
        var pieces: [String] = []
        for start in stride(from: 0, to: bytes.count, by: count) {
            pieces.append(assembly.add(bytes[start..<min(start + count, bytes.count)]))
        }
        #expect(pieces.joined() == text)
        #expect(!pieces.contains { $0.contains("\u{FFFD}") })
    }

    private static let broken: [[UInt8]] = [
        [0xFF, 0x41], [0xC3, 0x41], [0xE4, 0xBD, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80], [0x80, 0x80],
    ]

    @Test(arguments: broken) func bytesThatAreNoTextAreShownAtOnce(bytes: [UInt8]) {
        var assembly = TextAssembly()
        var text = ""
        for byte in bytes { text += assembly.add([byte]) }
        #expect(text.contains("\u{FFFD}"))
        #expect(assembly.add("é".utf8).hasSuffix("é"))
    }

    private let dimensions = DecoderDimensions(contextLength: 10, vocabularySize: 5, hiddenSize: 2, endTokens: [4])

    @Test func anAnswerEndsBeforeItsEndToken() {
        var tally = AnswerTally(.greedy, dimensions, taken: 3)
        #expect(tally.add(1, "a".utf8) == GeneratedToken(id: 1, text: "a"))
        #expect(tally.add(4, "<end>".utf8) == nil)
        #expect(tally.add(1, "b".utf8) == nil)
        #expect(tally.isOver && tally.produced == 1)
    }

    @Test func anAnswerThatIsCutSaysWhy() {
        var sampling = Sampling()
        sampling.maxNewTokens = 2
        var limited = AnswerTally(sampling, dimensions, taken: 3)
        #expect(limited.add(1, [])?.cut == nil)
        #expect(limited.add(1, [])?.cut == .limit)
        var full = AnswerTally(.greedy, dimensions, taken: 8)
        #expect(full.add(1, [])?.cut == nil)
        #expect(full.add(1, [])?.cut == .context)
    }

    @Test func promptsThatAModelCannotTakeAreRefusedInWords() {
        let wrong: [(Prompt, String)] = [
            (.text(""), "empty"), (.tokens([]), "empty"), (.tokens([5]), "the token 5"),
            (.tokens([-1]), "the token -1"),
            (.tokens([Int32](repeating: 1, count: 10)), "context has 10"), (.text("a\0b"), "zero byte"),
            (.embeddings(Tensor(shape: [1, 3], [Float](repeating: 0, count: 3))), "f32[n, 2]"),
        ]
        for (prompt, words) in wrong {
            let error = #expect(throws: InferenceError.self) { try prompt.check(dimensions) }
            #expect(error?.message.contains(words) == true, "\(prompt): \(error?.message ?? "")")
        }
        #expect(throws: Never.self) { try Prompt.tokens([Int32](repeating: 1, count: 9)).check(dimensions) }
    }
}
