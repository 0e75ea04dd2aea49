package import Inference
package import Speech
package import SpeechText

/// Words that are likelier to be said than others, as a Paraformer takes them (FunASR's SeACo-Paraformer and
/// contextual Paraformer).
///
///     words → their tokens [n + 1, 10] → graph → a row for each token [10, n + 1, D] → that of the last token of each
///
/// The last of the n + 1 stands for "none of them" and is there always. Reference: FunASR's `funasr_onnx` 0.4.3
/// (`SeacoParaformer`), exact; that one takes what it cannot write for an unknown token, here it is refused.
package struct ParaformerHotwords: Sendable {
    private let graph: any Graph
    private let tokens: TokenSpelling
    /// Token numbers of the words, and what the graph makes of them.
    private let words: TensorSpec
    private let rows: TensorSpec
    /// Most tokens of a word.
    private let longest: Int
    /// `<s>`, which stands for none of the words.
    private let none: Int32

    /// More words are refused; the published graph itself looks at 51 of them.
    package static let most = 1_000
    /// Tokens of a row in the published export, where the graph does not say.
    private static let published = 10

    /// - Parameters:
    ///   - table: pieces of the tokens; words are written with them.
    ///   - graph: the encoder of hotwords, token numbers `[n, 10]` → `[10, n, D]`.
    /// - Throws: `badModel` when these do not belong together.
    package init(table: TokenTable, graph: any Graph) throws(InferenceError) {
        guard let words = graph.integerInputs.first, words.shape.count == 2, graph.inputs.count == 1,
            let rows = graph.floatOutputs(rank: 3).first
        else { throw graph.misfit("an encoder of hotwords takes token numbers and gives a row for each") }
        guard let none = table.token("<s>"), table.style == .words else {
            throw InferenceError(.badModel, "hotwords want a vocabulary of words with <s>", graph: graph.name)
        }
        self.graph = graph
        self.words = words
        self.rows = rows
        self.none = Int32(none)
        tokens = TokenSpelling(table)
        longest = words.shape[1] ?? Self.published
    }

    /// What the model is given beside the sound.
    /// - Parameter hotwords: words or phrases; empty ones count for nothing.
    /// - Returns: `[1, n + 1, D]`.
    /// - Throws: `invalidText` naming words that the vocabulary cannot write, or that are too long or too many.
    func encoded(_ hotwords: [String]) async throws(SpeechError) -> Tensor {
        let numbers = try numbers(of: hotwords) + [[none]]
        return try await speaking { () throws(InferenceError) in try await self.encoded(numbers) }
    }

    private func numbers(of hotwords: [String]) throws(SpeechError) -> [[Int32]] {
        let wanted = hotwords.filter { word in !word.allSatisfy(\.isWhitespace) }
        guard wanted.count <= Self.most else {
            throw SpeechError(.invalidText, "\(wanted.count) hotwords; at most \(Self.most) are heard")
        }
        var found: [[Int32]] = []
        var unknown: [String] = []
        for word in wanted {
            let numbers = tokens.numbers(of: word)
            if let numbers, numbers.count <= longest { found.append(numbers) } else { unknown.append(word) }
        }
        guard unknown.isEmpty else {
            let names = unknown.prefix(10).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
            throw SpeechError(
                .invalidText,
                "\(unknown.count) hotwords that the model cannot write in \(longest) tokens: \(names)"
            )
        }
        return found
    }

    private func encoded(_ numbers: [[Int32]]) async throws(InferenceError) -> Tensor {
        let filled = numbers.flatMap { $0 + [Int32](repeating: 0, count: longest - $0.count) }
        let shape = [numbers.count, longest]
        let input = words.dtype == .i64 ? Tensor(shape: shape, filled.map(Int64.init)) : Tensor(shape: shape, filled)
        let output = try await graph.run([words.name: input]).tensor(rows.name)
        guard output.shape.count == 3, output.shape[0] == longest, output.shape[1] == numbers.count else {
            throw InferenceError(.runtimeFailed, "hotwords of the shape \(output.shape)", graph: graph.name)
        }
        let width = output.shape[2]
        let values = try output.withScalars(as: Float.self) { values in
            numbers.indices.flatMap { word in
                let start = ((numbers[word].count - 1) * numbers.count + word) * width
                return Array(values[start..<start + width])
            }
        }
        return Tensor(shape: [1, numbers.count, width], values)
    }
}

extension ParaformerModel {
    /// This model, listening for words: a value for one session, the words encoded once.
    /// - Parameter hotwords: words or phrases; empty ones count for nothing.
    /// - Returns: a model that shares its graphs with this one.
    /// - Throws: `unsupported` where the model does not take any; `invalidText` naming words that its vocabulary cannot
    ///   write; what the graph throws.
    package func listening(for hotwords: [String]) async throws(SpeechError) -> ParaformerModel {
        guard let encoder = self.hotwords else {
            guard hotwords.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) else {
                throw SpeechError(
                    .unsupported,
                    "this model takes no hotwords; one that does has the stage \"hotwords\""
                )
            }
            return self
        }
        var model = self
        model.bias = try await encoder.encoded(hotwords)
        return model
    }
}
