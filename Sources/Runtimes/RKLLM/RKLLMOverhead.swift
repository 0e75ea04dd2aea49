import CRuntimes
package import Inference

/// What our layer costs: the same answer by the bare call, with a callback that does nothing, and as a generation, in
/// turns.
package struct RKLLMOverhead: Sendable {
    /// Milliseconds for each token of each bare run.
    package private(set) var bare: [Double] = []
    /// Milliseconds for each token as somebody receives them who asks for one after the other.
    package private(set) var generation: [Double] = []
    /// Tokens of an answer.
    package private(set) var tokens = 0

    /// Takes turns, so that a busy machine slows both.
    ///
    /// - Parameters:
    ///   - model: a decoder that RKLLM runs, in use by nobody else.
    ///   - prompt: what is before the answer, which goes on to its end or until the context is full.
    ///   - runs: of each; one more of each is thrown away.
    /// - Returns: the times.
    /// - Throws: `badModel` for another runtime's decoder; what running throws.
    package static func measure(
        _ model: any LanguageModel,
        prompt: Prompt,
        runs: Int
    ) async throws(InferenceError) -> RKLLMOverhead {
        guard let model = model as? RKLLMLanguageModel else {
            throw InferenceError(.badModel, "it does not run on RKLLM", graph: model.name)
        }
        var found = RKLLMOverhead()
        for run in 0...runs {
            let start = ContinuousClock.now
            var tokens = 0
            for try await _ in model.generation(after: prompt, sampling: model.model.options.sampling) { tokens += 1 }
            let whole = (ContinuousClock.now - start) / .milliseconds(1)
            let bare = try await model.model.bareRun(prompt)
            guard tokens > 0 else { throw InferenceError(.runtimeFailed, "the answer is empty", graph: model.name) }
            guard run > 0 else { continue }
            found.tokens = tokens
            found.bare.append(bare / Double(tokens))
            found.generation.append(whole / Double(tokens))
        }
        return found
    }
}

extension RKLLMModel {
    /// Milliseconds of a run whose tokens nobody looks at, on the thread that blocks.
    fileprivate func bareRun(_ prompt: Prompt) async throws(InferenceError) -> Double {
        let request = RKLLMRequest(
            prompt: prompt,
            sampling: options.sampling,
            mode: Int32(RKLLM_MODE_GENERATE),
            maxNewTokens: Int32(clamping: dimensions.contextLength)
        )
        return try await onPool { () throws(InferenceError) in
            let start = ContinuousClock.now
            let status = try request.lend(to: nil) { self.library.calls.interface.run(self.handle, request, $0) }
            guard status == 0 else {
                throw InferenceError(.runtimeFailed, "rkllm_run failed", graph: self.path, status: status)
            }
            return (ContinuousClock.now - start) / .milliseconds(1)
        }
    }
}
