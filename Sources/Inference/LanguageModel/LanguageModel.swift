/// One loaded decoder: a prompt goes in, tokens come out one by one. All that a family sees of ONNX Runtime or RKLLM.
package protocol LanguageModel: Sendable {
    /// The file, for messages.
    var name: String { get }
    /// How large it is, and what ends its answers.
    var dimensions: DecoderDimensions { get }

    /// The tokens that follow a prompt.
    ///
    /// Nothing happens before the first is asked for. Tokens are computed as they are asked for, at most a few ahead. A
    /// generation that is no longer wanted ends within one token: when its iterator is dropped, and when the task that
    /// asks is cancelled. It has its NPU to itself from the first token to the last; others wait in order.
    ///
    /// - Parameters:
    ///   - prompt: what is before the first token.
    ///   - sampling: how tokens are chosen and what ends the generation.
    /// - Returns: the tokens. Each iterator is a generation of its own. Throws `invalidTensor` for a prompt or a sampling
    ///   that the model cannot take, `runtimeFailed` with the runtime's words, `timedOut`, `deviceUnavailable`,
    ///   `cancelled`.
    func generation(
        after prompt: Prompt,
        sampling: Sampling
    ) -> any AsyncSequence<GeneratedToken, InferenceError> & Sendable

    /// Runs a prompt through the decoder and chooses nothing.
    ///
    /// - Parameters:
    ///   - state: which of the decoder's outputs.
    ///   - prompt: what is run.
    /// - Returns: f32 [n, hidden size] or [n, vocabulary]: a row for each position of the prompt, or for the last alone.
    /// - Throws: as a generation; `badModel` for a state that the model does not give.
    func states(_ state: DecoderState, of prompt: Prompt) async throws(InferenceError) -> Tensor

    /// Forgets what prompts with `keepsHistory` have left behind. Waits for a generation that runs.
    func clearHistory() async throws(InferenceError)

    /// Loads what `Prompt.savesCache` has written: the next prompt of text or tokens goes on from it, and does not have
    /// the saved part in it once more. With embeddings, releases of RKLLM are known to answer wrongly.
    /// - Throws: `missingFile`; `badModel` where the runtime refuses it or has no such thing.
    func loadPromptCache(from path: String) async throws(InferenceError)
}

/// How large a decoder is, and what ends its answers.
package struct DecoderDimensions: Sendable, Hashable {
    /// Tokens of prompt, history and answer together.
    package var contextLength: Int
    /// Tokens there are.
    package var vocabularySize: Int
    /// Elements of an embedding.
    package var hiddenSize: Int
    /// Tokens that end an answer; they are not part of it.
    package var endTokens: Set<Int32>

    /// - Parameters:
    ///   - contextLength: tokens of prompt, history and answer together.
    ///   - vocabularySize: tokens there are.
    ///   - hiddenSize: elements of an embedding.
    ///   - endTokens: tokens that end an answer.
    package init(contextLength: Int, vocabularySize: Int, hiddenSize: Int, endTokens: Set<Int32>) {
        self.contextLength = contextLength
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.endTokens = endTokens
    }
}

/// What a decoder gives besides tokens.
package enum DecoderState: String, Sendable, Hashable, CaseIterable {
    /// What the last layer gives, before the vocabulary.
    case hidden
    /// A number for each token of the vocabulary.
    case logits
}

/// Turns text into tokens and back, where the runtime does not do it itself.
package protocol Tokenizer: Sendable {
    /// The tokens of a text, without a chat template.
    /// - Throws: `invalidTensor` for text that cannot be written in tokens.
    func tokens(of text: String) throws(InferenceError) -> [Int32]
    /// The UTF-8 of one token, which need not be whole characters; empty for special tokens.
    func bytes(of token: Int32) -> [UInt8]
}
