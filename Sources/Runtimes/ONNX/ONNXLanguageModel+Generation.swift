import Inference

/// One generation: each token is computed when it is asked for, on the threads of the graph.
actor ONNXGeneration: Generation.Source {
    private let model: ONNXLanguageModel
    private let prompt: Prompt
    private let sampling: Sampling
    /// Nil before the first token and behind the last.
    private var progress: Progress?
    private var isOver = false

    private struct Progress {
        var cache: DecoderCache
        var sampler: TokenSampler
        var tally: AnswerTally
        var logits: Tensor
        /// Ends when the generation is dropped.
        var turn: Turn?
    }

    init(_ model: ONNXLanguageModel, _ prompt: Prompt, _ sampling: Sampling) {
        self.model = model
        self.prompt = prompt
        self.sampling = sampling
    }

    func next() async throws(InferenceError) -> GeneratedToken? {
        guard !isOver else { return nil }
        do throws(InferenceError) {
            let token = try await step()
            if token == nil { end() }
            return token
        } catch {
            end()
            throw error
        }
    }

    private func end() {
        isOver = true
        progress?.turn?.end()
        progress = nil
    }

    private func step() async throws(InferenceError) -> GeneratedToken? {
        var current: Progress
        if let progress { current = try await advanced(progress) } else { current = try await begun() }
        if current.tally.isOver { return nil }
        let id = try current.sampler.next(current.logits)
        guard let token = current.tally.add(id, model.tokenizer?.bytes(of: id) ?? []) else { return nil }
        current.cache.pending = id
        model.keep(current.cache, prompt)
        progress = current
        return token
    }

    private func begun() async throws(InferenceError) -> Progress {
        try sampling.check()
        let turn = try await model.turn(for: prompt)
        let known = try model.tokens(of: prompt)
        var cache = model.cache(for: prompt)
        let outputs = try await model.read(known, &cache)
        model.keep(cache, prompt)
        let before: [Int32] = if case .tokens(let tokens) = known.content { tokens } else { [] }
        return Progress(
            cache: cache,
            sampler: TokenSampler(sampling, after: before),
            tally: AnswerTally(sampling, model.dimensions, taken: cache.length),
            logits: try lastRow(outputs),
            turn: turn
        )
    }

    /// The token before is read.
    private func advanced(_ former: Progress) async throws(InferenceError) -> Progress {
        var current = former
        guard !current.tally.isOver, let token = current.cache.pending else { return current }
        current.cache.pending = nil
        current.logits = try lastRow(await model.steps.read([token], &current.cache))
        model.keep(current.cache, prompt)
        return current
    }

    /// The logits of the last position.
    private func lastRow(_ outputs: [String: Tensor]) throws(InferenceError) -> Tensor {
        let logits = try outputs.tensor(model.steps.layout.logits)
        let size = model.dimensions.vocabularySize
        guard logits.count > size else { return logits }
        return Tensor(shape: [size], try logits.withScalars(as: Float.self) { Array($0.suffix(size)) })
    }
}
