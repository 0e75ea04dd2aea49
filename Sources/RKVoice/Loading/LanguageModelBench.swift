package import Inference
import Runtimes

/// What our layer costs on top of the library of language models, measured on this machine.
package struct LanguageModelBench: Sendable {
    /// Milliseconds for each token of each bare run.
    package let bare: [Double]
    /// The same as somebody receives them who asks for one after the other.
    package let generation: [Double]
    /// Tokens of an answer.
    package let tokens: Int
    /// What the library says of itself; says so when it is simulated.
    package let library: String

    /// A decoder to run, and how.
    package struct Plan: Sendable {
        /// The directory of a bundle whose placement has a decoder on RKLLM.
        package var directory: String
        /// Name of the placement; nil takes the first that can run.
        package var placement: String?
        /// Tokens of the prompt.
        package var promptTokens = 16
        /// Alternating runs of each.
        package var runs = 20
        /// Least milliseconds of a simulated step.
        package var latency = 5.0

        package init(directory: String) { self.directory = directory }
    }

    /// Measures; everything made for it is gone afterward.
    /// - Parameters:
    ///   - plan: what to run.
    ///   - loader: whose NPU to run it on.
    /// - Throws: `badModel` for a decoder that RKLLM does not run; what loading and running throw.
    package init(_ plan: Plan, _ loader: ModelLoader) async throws(InferenceError) {
        let bundle = try ModelBundle(directory: plan.directory)
        let model = try await loader.languageModel(of: bundle, placement: plan.placement)
        let found = loader.accelerator.decoderLibrary
        if let found, found.isSimulated { try found.configure("latency_ms", String(plan.latency)) }
        let size = model.dimensions.vocabularySize
        let prompt = (0..<plan.promptTokens).map { Int32(($0 * 7 + 1) % size) }
        let overhead = try await RKLLMOverhead.measure(model, prompt: .tokens(prompt), runs: plan.runs)
        (bare, generation, tokens) = (overhead.bare, overhead.generation, overhead.tokens)
        library = found.map(String.init(describing:)) ?? "RKLLM"
    }
}
