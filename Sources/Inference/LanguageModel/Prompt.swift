/// What is before the first token of a generation.
package struct Prompt: Sendable {
    /// What a prompt is made of.
    package enum Content: Sendable {
        /// As it is: no chat template is put around it.
        case text(String)
        /// Tokens of the model's vocabulary.
        case tokens([Int32])
        /// f32 [n, hidden size]: rows as the model's own table of embeddings has them, or an encoder's.
        case embeddings(Tensor)
    }

    /// What it is made of.
    package var content: Content
    /// Whether it goes on from what such prompts left behind, and leaves itself and the answer behind for the next one.
    /// Otherwise the generation begins with nothing and leaves nothing; on an NPU, which has one cache for a model, it
    /// also ends what others have kept. Of an answer that came to its own end, everything is kept but its end token; of
    /// one that was cut or dropped, the last token may be missing or some more than were told may be there.
    package var keepsHistory: Bool
    /// File that the state after the prompt is written to, for `LanguageModel.loadPromptCache`; nil writes none.
    package var savesCache: String?

    /// - Parameters:
    ///   - content: what it is made of.
    ///   - keepsHistory: whether it goes on from the ones before and is remembered.
    ///   - savesCache: file that the state after the prompt is written to.
    package init(_ content: Content, keepsHistory: Bool = false, savesCache: String? = nil) {
        self.content = content
        self.keepsHistory = keepsHistory
        self.savesCache = savesCache
    }

    /// Text as it is.
    package static func text(_ text: String) -> Prompt { Prompt(.text(text)) }
    /// Tokens of the model's vocabulary.
    package static func tokens(_ tokens: [Int32]) -> Prompt { Prompt(.tokens(tokens)) }
    /// f32 [n, hidden size].
    package static func embeddings(_ rows: Tensor) -> Prompt { Prompt(.embeddings(rows)) }

    /// Positions it takes; nil for text, which the runtime counts.
    package var count: Int? {
        switch content {
        case .text: nil
        case .tokens(let tokens): tokens.count
        case .embeddings(let rows): rows.shape.first
        }
    }

    /// Checks that a model can take it.
    /// - Parameters:
    ///   - dimensions: the model's.
    ///   - history: positions that are taken already.
    /// - Throws: `invalidTensor` saying what is wrong: empty, of another width, a token that there is none, too long.
    package func check(_ dimensions: DecoderDimensions, history: Int = 0) throws(InferenceError) {
        switch content {
        case .text(let text):
            if text.isEmpty { throw InferenceError(.invalidTensor, "the prompt is empty") }
            if text.utf8.contains(0) { throw InferenceError(.invalidTensor, "the prompt's text holds a zero byte") }
        case .tokens(let tokens):
            let size = dimensions.vocabularySize
            if let bad = tokens.first(where: { !(0..<Int32(clamping: size)).contains($0) }) {
                throw InferenceError(.invalidTensor, "the prompt has the token \(bad); the vocabulary has \(size)")
            }
        case .embeddings(let rows):
            guard rows.dtype == .f32, rows.shape.count == 2, rows.shape[1] == dimensions.hiddenSize else {
                throw InferenceError(
                    .invalidTensor,
                    "the prompt's embeddings are \(rows.dtype)\(rows.shape); f32[n, \(dimensions.hiddenSize)] is needed"
                )
            }
        }
        guard let count else { return }
        if count == 0 { throw InferenceError(.invalidTensor, "the prompt is empty") }
        // One position is left for the first token of the answer.
        guard count + history < dimensions.contextLength else {
            let before = history > 0 ? " after \(history) that are kept" : ""
            throw InferenceError(
                .invalidTensor,
                "the prompt has \(count) positions\(before); the model's context has \(dimensions.contextLength), "
                    + "one of them for an answer"
            )
        }
    }
}
