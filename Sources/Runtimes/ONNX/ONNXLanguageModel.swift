package import Inference
import Synchronization

/// A decoder graph with a KV cache as a language model.
///
/// Generations without history run side by side; those with history share one cache and take turns.
package final class ONNXLanguageModel: LanguageModel {
    package let dimensions: DecoderDimensions
    let steps: DecoderSteps
    let tokenizer: (any Tokenizer)?
    let turns: Turns
    let history: Mutex<DecoderCache?>

    /// - Parameters:
    ///   - graph: one step: tokens or embeddings and the caches in, logits and the caches out.
    ///   - embed: one input of tokens, i64 [1, n], one output of their embeddings; for a graph that takes embeddings.
    ///   - layout: the names of the graph's ports.
    ///   - dimensions: as the bundle says them.
    ///   - tokenizer: for text prompts and for the text of tokens; without it, tokens have none.
    /// - Throws: `badModel` naming the port that does not fit.
    package init(
        _ graph: any Graph,
        embed: (any Graph)? = nil,
        layout: DecoderLayout,
        dimensions: DecoderDimensions,
        tokenizer: (any Tokenizer)? = nil
    ) throws(InferenceError) {
        steps = try DecoderSteps(graph, embed: embed, layout: layout, dimensions: dimensions)
        self.dimensions = dimensions
        self.tokenizer = tokenizer
        turns = Turns(name: graph.name)
        history = Mutex(nil)
    }

    package var name: String { steps.graph.name }

    package func generation(
        after prompt: Prompt,
        sampling: Sampling
    ) -> any AsyncSequence<GeneratedToken, InferenceError> & Sendable {
        Generation { ONNXGeneration(self, prompt, sampling) }
    }

    package func states(_ state: DecoderState, of prompt: Prompt) async throws(InferenceError) -> Tensor {
        guard let output = state == .hidden ? steps.layout.hidden : steps.layout.logits else {
            throw InferenceError(.badModel, "the graph gives no hidden states", graph: name)
        }
        let turn = try await turn(for: prompt)
        defer { turn?.end() }
        var cache = cache(for: prompt)
        let outputs = try await read(try tokens(of: prompt), &cache)
        keep(cache, prompt)
        let tensor = try outputs.tensor(output)
        let width = tensor.shape.last ?? 1
        return Tensor(shape: [tensor.count / max(1, width), width], dtype: tensor.dtype, buffer: tensor.buffer)
    }

    package func clearHistory() async throws(InferenceError) {
        let turn = try await turns.take()
        history.withLock { $0 = nil }
        turn.end()
    }

    package func loadPromptCache(from path: String) async throws(InferenceError) { throw noPromptCache() }

    // MARK: For its generations

    /// The turn that a prompt needs; nil where it touches no history.
    func turn(for prompt: Prompt) async throws(InferenceError) -> Turn? {
        if prompt.savesCache != nil { throw noPromptCache() }
        return prompt.keepsHistory ? try await turns.take() : nil
    }

    func cache(for prompt: Prompt) -> DecoderCache {
        (prompt.keepsHistory ? history.withLock { $0 } : nil) ?? steps.start
    }

    func keep(_ cache: DecoderCache, _ prompt: Prompt) {
        if prompt.keepsHistory { history.withLock { $0 = cache } }
    }

    /// The prompt without text.
    func tokens(of prompt: Prompt) throws(InferenceError) -> Prompt {
        guard case .text(let text) = prompt.content else { return prompt }
        try prompt.check(dimensions)
        guard let tokenizer else {
            throw InferenceError(.invalidTensor, "the prompt is text, and the model has no tokenizer", graph: name)
        }
        return Prompt(.tokens(try tokenizer.tokens(of: text)), keepsHistory: prompt.keepsHistory)
    }

    /// Reads a prompt without text, and the token that is pending before it.
    func read(_ prompt: Prompt, _ cache: inout DecoderCache) async throws(InferenceError) -> [String: Tensor] {
        try prompt.check(dimensions, history: cache.taken)
        let pending = cache.pending
        cache.pending = nil
        switch prompt.content {
        case .tokens(let tokens): return try await steps.read((pending.map { [$0] } ?? []) + tokens, &cache)
        case .embeddings(let rows):
            if let pending { _ = try await steps.read([pending], &cache) }
            return try await steps.read(rows: rows, &cache)
        case .text: throw InferenceError(.invalidTensor, "the prompt is text", graph: name)
        }
    }

    private func noPromptCache() -> InferenceError {
        InferenceError(.badModel, "ONNX Runtime has no prompt cache in a file; keep the history instead", graph: name)
    }
}
