package import Inference
package import Speech

/// Whisper's decoder: token by token, greedy, its KV cache passed from run to run without a copy.
package struct WhisperDecoder: Sendable {
    /// What a decode gave.
    package struct Output: Sendable {
        /// Text tokens, without the prompt and the end.
        package var tokens: [Int]
        /// How each token was chosen.
        package var choices: [GreedySearch.Choice] = []
        /// Language asked for or detected; nil for a model of one language.
        package var language: Language?
        /// False when the decoder looped or ran out of tokens before its end.
        package var isComplete: Bool
    }

    private let config: WhisperConfig
    private let graph: any Graph
    private let first: GreedySearch
    private let next: GreedySearch
    private let languages: GreedySearch
    private let languageByToken: [Int: Language]

    init(_ config: WhisperConfig, _ graph: any Graph) throws(InferenceError) {
        let (h, d) = (config.heads, config.headSize)
        let caches = (0..<config.layers).flatMap { layer in
            [
                TensorSpec("past_k_\(layer)", .f32, [1, h, nil, d]),
                TensorSpec("past_v_\(layer)", .f32, [1, h, nil, d]),
                TensorSpec("cross_k_\(layer)", .f32, [1, h, d, nil]),
                TensorSpec("cross_v_\(layer)", .f32, [1, h, nil, d]),
            ]
        }
        try graph.require(
            inputs: [TensorSpec("tokens", .i64, [1, nil])] + caches,
            outputs: [TensorSpec("logits", .f32, [1, config.vocabularySize])]
                + (0..<config.layers).flatMap {
                    [TensorSpec("k_\($0)", .f32, [1, h, nil, d]), TensorSpec("v_\($0)", .f32, [1, h, nil, d])]
                }
        )
        self.config = config
        self.graph = graph
        let count = config.vocabularySize
        let suppressed = config.suppress + Array(config.timestampBegin..<max(count, config.timestampBegin))
        next = GreedySearch(count: count, suppressed: suppressed)
        first = GreedySearch(count: count, suppressed: suppressed + config.suppressAtStart)
        let spoken = Set(config.languageTokens.values)
        languages = GreedySearch(count: count, suppressed: (0..<count).filter { !spoken.contains($0) })
        languageByToken = config.languageTokens.reduce(into: [:]) { $0[$1.value] = Language($1.key) }
    }

    /// - Parameters:
    ///   - cross: the encoder's outputs.
    ///   - wanted: language spoken; nil detects it.
    /// - Returns: the tokens of the text.
    /// - Throws: `runtimeFailed`, `cancelled`.
    package func decode(
        _ cross: [String: Tensor],
        language wanted: Language?
    ) async throws(InferenceError) -> Output {
        var language = config.multilingual ? known(wanted) : Language("en")
        if language == nil { language = try await detect(cross) }
        var state = start(cross)
        return try await generate(prompt(language), &state, language)
    }

    /// Feeds tokens that are known, one run each as a search would.
    func replay(_ cross: [String: Tensor], tokens: [Int], language: Language?) async throws(InferenceError) {
        var state = start(cross)
        _ = try await step(prompt(language), &state)
        for token in tokens { _ = try await step([token], &state) }
    }

    private func known(_ language: Language?) -> Language? {
        language.flatMap { config.languageTokens[$0.code] == nil ? nil : $0 }
    }

    /// The likeliest language after the start token, as the reference detects it.
    private func detect(_ cross: [String: Tensor]) async throws(InferenceError) -> Language? {
        var state = start(cross)
        return languageByToken[try languages.best(await step([config.startOfTranscript], &state))]
    }

    private func prompt(_ language: Language?) -> [Int] {
        let spoken = language.flatMap { config.languageTokens[$0.code] }
        let task = config.multilingual ? [spoken, config.transcribe] : []
        return [config.startOfTranscript] + task.compactMap { $0 } + [config.noTimestamps]
    }

    private func start(_ cross: [String: Tensor]) -> [String: Tensor] {
        cross.merging(emptyCache) { cross, _ in cross }
    }

    private func generate(
        _ prompt: [Int],
        _ state: inout [String: Tensor],
        _ language: Language?
    ) async throws(InferenceError) -> Output {
        // Half of the text context is the reference's own limit for one window.
        let limit = config.textContext / 2
        var output = Output(tokens: [], language: language, isComplete: false)
        var feed = prompt
        while output.tokens.count < limit {
            let logits = try await step(feed, &state)
            let choice = try (output.tokens.isEmpty ? first : next).choice(logits)
            if choice.token == config.endOfText {
                output.isComplete = true
                return output
            }
            output.tokens.append(choice.token)
            output.choices.append(choice)
            if let start = Repetition.start(in: output.tokens) {
                output.tokens.removeSubrange(start...)
                output.choices.removeSubrange(start...)
                return output
            }
            feed = [choice.token]
        }
        return output
    }

    /// Feeds tokens and takes the logits of the last; the caches in `state` grow.
    private func step(_ feed: [Int], _ state: inout [String: Tensor]) async throws(InferenceError) -> Tensor {
        state["tokens"] = Tensor(shape: [1, feed.count], feed.map(Int64.init))
        let outputs = try await graph.run(state)
        for layer in 0..<config.layers {
            state["past_k_\(layer)"] = try outputs.tensor("k_\(layer)")
            state["past_v_\(layer)"] = try outputs.tensor("v_\(layer)")
        }
        return try outputs.tensor("logits")
    }

    private var emptyCache: [String: Tensor] {
        let empty = Tensor(shape: [1, config.heads, 0, config.headSize], [Float]())
        return (0..<config.layers).reduce(into: [:]) {
            $0["past_k_\($1)"] = empty
            $0["past_v_\($1)"] = empty
        }
    }
}

extension GreedySearch {
    func best(_ logits: Tensor) throws(InferenceError) -> Int { try choice(logits).token }

    func choice(_ logits: Tensor) throws(InferenceError) -> Choice {
        try logits.withScalars(as: Float.self) { choice($0) }
    }
}
