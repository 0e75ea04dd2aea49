/// What a bundle says of its decoder: a library for language models tells nothing of what it has loaded.
package struct DecoderDescription: Sendable, Hashable, Codable {
    /// Tokens of prompt, history and answer together.
    package var contextLength: Int
    /// Tokens there are.
    package var vocabularySize: Int
    /// Elements of an embedding.
    package var hiddenSize: Int
    /// Layers with keys and values.
    package var layers: Int
    /// Tokens that end an answer; they are not part of it.
    package var endTokens: [Int32]
    /// Tokens without text besides these; nil means none.
    package var specialTokens: [Int32]?
    /// The table of embeddings, a path inside the bundle: f32 [vocabulary, hidden size], bare or as `.npy`. Nil for a
    /// graph that takes tokens.
    package var embeddings: String?
    /// The names of its ONNX graph's ports.
    package var layout: DecoderLayout

    /// - Parameters:
    ///   - dimensions: how large it is, and what ends its answers.
    ///   - layers: layers with keys and values.
    ///   - layout: the names of its ONNX graph's ports.
    package init(_ dimensions: DecoderDimensions, layers: Int, layout: DecoderLayout) {
        contextLength = dimensions.contextLength
        vocabularySize = dimensions.vocabularySize
        hiddenSize = dimensions.hiddenSize
        endTokens = dimensions.endTokens.sorted()
        self.layers = layers
        self.layout = layout
    }

    /// Its numbers.
    package var dimensions: DecoderDimensions {
        DecoderDimensions(
            contextLength: contextLength,
            vocabularySize: vocabularySize,
            hiddenSize: hiddenSize,
            endTokens: Set(endTokens)
        )
    }

    /// - Throws: `badModel` naming the number that cannot be.
    package func check() throws(InferenceError) {
        let numbers = [
            ("contextLength", contextLength, 2...1 << 20), ("vocabularySize", vocabularySize, 1...1 << 20),
            ("hiddenSize", hiddenSize, 1...1 << 16), ("layers", layers, 1...120),
        ]
        for (name, number, range) in numbers where !range.contains(number) {
            throw InferenceError(
                .badModel,
                "the decoder's \"\(name)\" is \(number); it is from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        let tokens = endTokens + (specialTokens ?? [])
        if let wrong = tokens.first(where: { !(0..<Int32(vocabularySize)).contains($0) }) {
            throw InferenceError(.badModel, "the decoder has no token \(wrong): its vocabulary is \(vocabularySize)")
        }
        if let embeddings, let problem = BundlePath.problem(embeddings) { throw InferenceError(.badModel, problem) }
    }
}
