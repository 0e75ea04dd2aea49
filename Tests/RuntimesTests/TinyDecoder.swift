import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting

/// The tiny decoders of the fixtures (`ModelPrep/tiny/decoder.py`) and their words.
enum TinyDecoder: String, CaseIterable {
    /// Takes tokens and counts positions itself.
    case tokens
    /// Takes embeddings, positions and a mask.
    case rows

    /// Prompts, and what a reference without a cache answers.
    static let golden: [(prompt: [Int32], answer: [Int32])] = [
        ([1, 2, 3], [24, 24, 23, 4, 25, 13, 13, 13, 13, 36, 14, 36]),
        ([7], [25, 4, 21, 17, 21, 5, 4, 4, 4, 4, 17, 21]),
        ([39, 0, 12, 5, 5], [15, 25, 15, 25, 15, 25, 17, 25, 13, 25, 12, 2]),
    ]

    static func dimensions(ends: Set<Int32> = []) -> DecoderDimensions {
        DecoderDimensions(contextLength: 64, vocabularySize: 40, hiddenSize: 16, endTokens: ends)
    }

    func description(ends: Set<Int32> = []) -> DecoderDescription {
        let layout =
            self == .tokens
            ? DecoderLayout(tokens: "tokens", hidden: "hidden")
            : DecoderLayout(embeddings: "rows", positions: "positions", mask: "mask", hidden: "hidden")
        return DecoderDescription(Self.dimensions(ends: ends), layers: 2, layout: layout)
    }

    /// Of a fixture.
    static func path(_ name: String) -> String { Fixture.path(name) }

    var graphPath: String { Fixture.path("lm_\(rawValue).onnx") }

    private static func load(_ name: String) async throws -> any Graph {
        let path = Fixture.path(name)
        return try await ModelLoader(.fromEnvironment()).runtime(threads: 1).load(.init(name, on: .onnx), at: path)
    }

    /// On the CPU.
    func onnx(ends: Set<Int32> = [], tokenizer: (any Tokenizer)? = TinyWords()) async throws -> ONNXLanguageModel {
        try ONNXLanguageModel(
            await Self.load("lm_\(rawValue).onnx"),
            embed: self == .rows ? await Self.load("lm_embed.onnx") : nil,
            layout: description().layout,
            dimensions: Self.dimensions(ends: ends),
            tokenizer: tokenizer
        )
    }

    /// The embeddings of tokens, f32 [n, hidden size].
    static func embeddings(of tokens: [Int32]) async throws -> Tensor {
        let ids = Tensor(shape: [1, tokens.count], tokens.map(Int64.init))
        let rows = try await load("lm_embed.onnx").run(["tokens": ids]).tensor("rows")
        return Tensor(shape: [tokens.count, 16], dtype: .f32, buffer: rows.buffer)
    }
}

/// Letters, and characters that are cut into several tokens.
struct TinyWords: Tokenizer {
    private static let pieces: [Int32: [UInt8]] = [
        24: [0xE4], 23: [0xBD, 0xA0], 25: [0xF0, 0x9F], 4: [0x98, 0x80], 5: Array("é".utf8), 36: Array("zh".utf8),
    ]

    func tokens(of text: String) throws(InferenceError) -> [Int32] {
        var rest = Array(text.utf8)[...]
        var tokens: [Int32] = []
        while !rest.isEmpty {
            let matching = (0..<Int32(40)).filter { rest.starts(with: bytes(of: $0)) }
            guard let best = matching.max(by: { bytes(of: $0).count < bytes(of: $1).count }) else {
                throw InferenceError(.invalidTensor, "no token begins \"\(String(decoding: rest, as: UTF8.self))\"")
            }
            tokens.append(best)
            rest.removeFirst(bytes(of: best).count)
        }
        return tokens
    }

    func bytes(of token: Int32) -> [UInt8] { Self.pieces[token] ?? [UInt8(truncatingIfNeeded: 65 + token)] }

    func text(of tokens: [Int32]) -> String {
        tokens.map { String(decoding: bytes(of: $0), as: UTF8.self) }.joined()
    }
}

/// Everything that a model answers.
func answer(
    _ model: any LanguageModel,
    _ prompt: Prompt,
    _ count: Int? = 12,
    _ base: Sampling = .greedy
) async throws -> [GeneratedToken] {
    var sampling = base
    sampling.maxNewTokens = count
    var tokens: [GeneratedToken] = []
    for try await token in model.generation(after: prompt, sampling: sampling) { tokens.append(token) }
    return tokens
}

/// What somebody has been told. With which of its tokens a character comes is up to the runtime.
struct Told: Equatable {
    var ids: [Int32]
    var text: String
    var cut: GeneratedToken.Cut?

    init(_ tokens: [GeneratedToken]) {
        ids = tokens.map(\.id)
        text = tokens.map(\.text).joined()
        cut = tokens.last?.cut
    }
}

/// Everything that a model answers, put together.
func told(
    _ model: any LanguageModel,
    _ prompt: Prompt,
    _ count: Int? = 12,
    _ sampling: Sampling = .greedy
) async throws -> Told {
    Told(try await answer(model, prompt, count, sampling))
}
