import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// Tiny decoders through the real library, against a reference without a cache (`ModelPrep/tiny/decoder.py`).
@Suite struct ONNXLanguageModelTests {
    /// Each token is the text of its number and a space.
    private struct Numbers: Tokenizer {
        func tokens(of text: String) throws(InferenceError) -> [Int32] {
            text.split(separator: " ").compactMap { Int32($0) }
        }
        func bytes(of token: Int32) -> [UInt8] { Array("\(token) ".utf8) }
    }

    private static let golden: [([Int32], [Int32])] = [
        ([1, 2, 3], [24, 24, 23, 4, 25, 13, 13, 13, 13, 36, 14, 36]),
        ([7], [25, 4, 21, 17, 21, 5, 4, 4, 4, 4, 17, 21]),
        ([39, 0, 12, 5, 5], [15, 25, 15, 25, 15, 25, 17, 25, 13, 25, 12, 2]),
    ]

    private func load(_ name: String) async throws -> any Graph {
        try await ModelLoader(.fromEnvironment()).runtime(threads: 1)
            .load(.init(name, on: .onnx), at: Fixture.path(name))
    }

    private func dimensions(ends: Set<Int32> = []) -> DecoderDimensions {
        DecoderDimensions(contextLength: 64, vocabularySize: 40, hiddenSize: 16, endTokens: ends)
    }

    private func ofTokens(ends: Set<Int32> = []) async throws -> ONNXLanguageModel {
        let layout = DecoderLayout(tokens: "tokens", hidden: "hidden")
        return try ONNXLanguageModel(
            await load("lm_tokens.onnx"),
            layout: layout,
            dimensions: dimensions(ends: ends),
            tokenizer: Numbers()
        )
    }

    private func ofRows() async throws -> ONNXLanguageModel {
        let layout = DecoderLayout(embeddings: "rows", positions: "positions", mask: "mask", hidden: "hidden")
        return try ONNXLanguageModel(
            await load("lm_rows.onnx"),
            embed: await load("lm_embed.onnx"),
            layout: layout,
            dimensions: dimensions()
        )
    }

    private func answer(
        _ model: any LanguageModel,
        _ prompt: Prompt,
        _ count: Int = 12,
        _ base: Sampling = .greedy
    ) async throws -> [GeneratedToken] {
        var sampling = base
        sampling.maxNewTokens = count
        var tokens: [GeneratedToken] = []
        for try await token in model.generation(after: prompt, sampling: sampling) { tokens.append(token) }
        return tokens
    }

    @Test func greedyTokensAreThoseOfTheReference() async throws {
        let model = try await ofTokens()
        for (prompt, expected) in Self.golden {
            #expect(try await answer(model, .tokens(prompt)).map(\.id) == expected)
        }
    }

    @Test func embeddingsGiveTheSameTokens() async throws {
        let model = try await ofRows()
        let table = try await load("lm_embed.onnx")
        for (prompt, expected) in Self.golden {
            let ids = Tensor(shape: [1, prompt.count], prompt.map(Int64.init))
            let rows = try await table.run(["tokens": ids]).tensor("rows")
            let flat = Tensor(shape: [prompt.count, 16], dtype: .f32, buffer: rows.buffer)
            #expect(try await answer(model, .embeddings(flat)).map(\.id) == expected)
            #expect(try await answer(model, .tokens(prompt)).map(\.id) == expected)
        }
    }

    @Test func textGoesInAndComesOut() async throws {
        let tokens = try await answer(ofTokens(), .text("1 2 3"), 4)
        #expect(tokens.map(\.text).joined() == "24 24 23 4 ")
        #expect(tokens.last?.cut == .limit)
    }

    @Test func anEndTokenEndsTheAnswer() async throws {
        let tokens = try await answer(ofTokens(ends: [23]), .tokens([1, 2, 3]))
        #expect(tokens.map(\.id) == [24, 24])
        #expect(tokens.last?.cut == nil)
        var sampling = Sampling.greedy
        sampling.stopTokens = [4]
        #expect(try await answer(ofTokens(), .tokens([1, 2, 3]), 12, sampling).map(\.id) == [24, 24, 23])
    }

    @Test func aFullContextIsToldAndEndsTheAnswer() async throws {
        let prompt = [Int32](repeating: 3, count: 60)
        let tokens = try await answer(ofTokens(), .tokens(prompt), 100)
        #expect(tokens.count == 4)
        #expect(tokens.last?.cut == .context)
    }

    @Test func historyGoesOnWhereItWasLeft() async throws {
        let model = try await ofTokens()
        // The same positions at once and in two prompts, the answer between them included.
        let first = try await answer(model, Prompt(.tokens([1, 2, 3]), keepsHistory: true), 3).map(\.id)
        let second = try await answer(model, Prompt(.tokens([9, 8]), keepsHistory: true), 5).map(\.id)
        let whole = try await answer(model, .tokens([1, 2, 3] + first + [9, 8]), 5).map(\.id)
        #expect(second == whole)
        try await model.clearHistory()
        #expect(
            try await answer(model, Prompt(.tokens([9, 8]), keepsHistory: true), 5).map(\.id)
                == answer(model, .tokens([9, 8]), 5).map(\.id)
        )
    }

    @Test func generationsWithoutHistoryKnowNothingOfEachOther() async throws {
        let model = try await ofTokens()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<24 {
                let (prompt, expected) = Self.golden[index % Self.golden.count]
                group.addTask {
                    let tokens = try await self.answer(model, .tokens(prompt)).map(\.id)
                    #expect(tokens == expected)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func theNextGenerationWithHistoryWaitsUntilTheIteratorIsDropped() async throws {
        let model = try await ofTokens()
        let prompt = Prompt(.tokens([1]), keepsHistory: true)
        var iterator: (any AsyncIteratorProtocol)? = model.generation(after: prompt, sampling: .greedy)
            .makeAsyncIterator()
        _ = try await iterator?.next()
        let done = Flag()
        let other = Task {
            let tokens = try await answer(model, prompt, 1)
            done.raise()
            return tokens
        }
        for _ in 0..<100 { await Task.yield() }
        #expect(!done.isRaised)
        iterator = nil
        #expect(try await other.value.count == 1)
    }

    @Test func statesAreRowsOfThePrompt() async throws {
        let model = try await ofTokens()
        let hidden = try await model.states(.hidden, of: .tokens([1, 2, 3]))
        #expect(hidden.shape == [3, 16])
        let logits = try await model.states(.logits, of: .tokens([1, 2, 3]))
        #expect(logits.shape == [3, 40])
        let last = try Array(logits.scalars(as: Float.self).suffix(40))
        #expect(last.firstIndex(of: last.max() ?? 0) == 24)
    }

    @Test func samplingRepeatsWithItsSeed() async throws {
        let model = try await ofTokens()
        var sampling = Sampling()
        (sampling.temperature, sampling.seed) = (1.5, 3)
        let once = try await answer(model, .tokens([7]), 12, sampling).map(\.id)
        #expect(try await answer(model, .tokens([7]), 12, sampling).map(\.id) == once)
        sampling.seed = 4
        #expect(try await answer(model, .tokens([7]), 12, sampling).map(\.id) != once)
    }

    @Test func whatDoesNotFitIsRefusedInWords() async throws {
        let graph = try await load("lm_tokens.onnx")
        let wrong: [(DecoderLayout, String)] = [
            (DecoderLayout(tokens: "ids"), "ids"), (DecoderLayout(), "one of"),
            (DecoderLayout(tokens: "tokens", hidden: "states"), "states"),
        ]
        for (layout, words) in wrong {
            let error = #expect(throws: InferenceError.self) {
                _ = try ONNXLanguageModel(graph, layout: layout, dimensions: dimensions())
            }
            #expect(error?.description.contains(words) == true)
        }
        let model = try await ofTokens()
        let rows = Tensor(shape: [1, 16], [Float](repeating: 0, count: 16))
        for prompt in [Prompt.tokens([40]), .tokens([]), .embeddings(rows)] {
            let error = await #expect(throws: InferenceError.self) { _ = try await answer(model, prompt) }
            #expect(error?.code == .invalidTensor)
        }
    }
}
