import Foundation
import Inference
import Speech

/// Whisper's decoder: token by token, its KV cache passed from run to run without a copy.
package struct WhisperDecoder: Sendable {
    let config: WhisperConfig
    /// Languages spoken, by their tokens.
    let languageByToken: [Int: Language]
    /// Whether the graph takes a bias of the cross-attention's scores.
    let takesBias: Bool
    /// Whether the graph gives the attention that times words.
    package let aligns: Bool
    private let graph: any Graph
    private let texts: TokenRules
    private let timedTexts: TokenRules
    private let languages: GreedySearch

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
        let heads = config.alignmentHeads?.count ?? 0
        aligns = heads > 0 && graph.outputs.contains { $0.fits(TensorSpec("attention", .f32, [1, heads, nil, nil])) }
        takesBias = graph.optionalInputs.contains { $0.fits(TensorSpec("bias", .f32, [nil])) }
        texts = TokenRules(config, withTimes: false)
        timedTexts = TokenRules(config, withTimes: true)
        let count = config.vocabularySize
        let spoken = Set(config.languageTokens.values)
        languages = GreedySearch(count: count, suppressed: (0..<count).filter { !spoken.contains($0) })
        languageByToken = config.languageTokens.reduce(into: [:]) { $0[$1.value] = Language($1.key) }
    }

    /// The decoder after the start token: what every attempt at a text begins with.
    struct Opening: Sendable {
        /// Caches and cross-attention.
        var state: [String: Tensor]
        /// Tokens that are to be fed before the first one is picked; none where `logits` are those of the first one.
        var feed: [Int]
        /// What follows the start token; nil where it is still to be fed.
        var logits: Tensor?
        var language: Language?
        /// Probability that nobody speaks; 0 where it was not asked for.
        var noSpeech: Double
    }

    /// Feeds what stands before the text, and finds out on the way which language is spoken and whether anybody speaks.
    /// - Parameters:
    ///   - cross: the encoder's outputs.
    ///   - request: what is wanted.
    /// - Returns: where every attempt starts.
    /// - Throws: `runtimeFailed`, `cancelled`.
    func open(_ cross: [String: Tensor], _ request: WhisperRequest) async throws(InferenceError) -> Opening {
        var language = config.multilingual ? known(request.language) : Language("en")
        var state = start(cross)
        // The reference finds the language without what was said before.
        if language == nil, !request.previous.isEmpty {
            var aside = state
            language = try await detected(step([config.startOfTranscript], &aside))
        }
        let start = before(request) + [config.startOfTranscript]
        guard request.checksSpeech || language == nil else {
            let feed = start + task(language, request)
            return Opening(state: state, feed: feed, language: language, noSpeech: 0)
        }
        let logits = try await step(start, &state)
        if language == nil { language = try detected(logits) }
        let noSpeech = if let token = config.noSpeech { try probability(of: token, logits) } else { 0.0 }
        let feed = task(language, request)
        return Opening(state: state, feed: feed, logits: logits, language: language, noSpeech: noSpeech)
    }

    /// Decodes one text.
    /// - Parameters:
    ///   - opening: from ``open(_:_:)``.
    ///   - request: what is wanted.
    ///   - temperature: 0 takes the likeliest tokens.
    /// - Returns: the tokens and how likely they were.
    /// - Throws: `runtimeFailed`, `cancelled`.
    func decode(
        _ opening: Opening,
        _ request: WhisperRequest,
        temperature: Double = 0
    ) async throws(InferenceError) -> Output {
        var state = opening.state
        var random = SplitMix64(seed: UInt64(temperature * 10))
        let rules = request.withTimes ? timedTexts : texts
        var output = Output(tokens: [], language: opening.language, isComplete: false)
        output.noSpeech = opening.noSpeech
        output.temperature = temperature
        var feed = opening.feed
        while output.tokens.count < limit(request) {
            // A model of one language has no task tokens: with times, the text begins right behind the start token.
            let known = feed.isEmpty ? opening.logits : nil
            let logits = if let known { known } else { try await step(feed, &state) }
            let pick = try logits.withScalars(as: Float.self) {
                rules.pick($0, after: output.tokens, temperature: temperature, &random)
            }
            if pick.choice.token == config.endOfText {
                output.isComplete = true
                output.endLogProbability = pick.logProbability
                return output
            }
            output.append(pick)
            if let start = Repetition.start(in: output.tokens) {
                output.removeAll(from: start)
                return output
            }
            feed = [pick.choice.token]
        }
        return output
    }

    /// Feeds tokens that are known, one run each as a search would.
    func replay(_ cross: [String: Tensor], tokens: [Int], language: Language?) async throws(InferenceError) {
        var state = start(cross)
        let request = WhisperRequest(language: language)
        _ = try await step([config.startOfTranscript] + task(language, request), &state)
        for token in tokens { _ = try await step([token], &state) }
    }

    /// How much the alignment heads look at each position of the encoder while each of some tokens is read.
    /// - Returns: `[1, heads, tokens, positions]`, before the softmax.
    /// - Throws: `invalidTensor` where the graph gives none, `runtimeFailed`, `cancelled`.
    func attention(_ cross: [String: Tensor], to tokens: [Int]) async throws(InferenceError) -> Tensor {
        var inputs = start(cross)
        inputs["tokens"] = Tensor(shape: [1, tokens.count], tokens.map(Int64.init))
        return try await graph.run(inputs).tensor("attention")
    }

    /// Start, language and task: what stands before every text.
    func startSequence(_ language: Language?, translates: Bool) -> [Int] {
        let spoken = language.flatMap { config.languageTokens[$0.code] }
        let task = config.multilingual ? [spoken, translates ? config.translate : config.transcribe] : []
        return [config.startOfTranscript] + task.compactMap { $0 }
    }

    private func task(_ language: Language?, _ request: WhisperRequest) -> [Int] {
        let sequence = Array(startSequence(language, translates: request.translates).dropFirst())
        return request.withTimes ? sequence : sequence + [config.noTimestamps]
    }

    /// What was said before, as far as there is room for it: half of the text context less one, as in the reference.
    private func before(_ request: WhisperRequest) -> [Int] {
        guard let mark = config.startOfPrevious, !request.previous.isEmpty else { return [] }
        return [mark] + request.previous.suffix(config.textContext / 2 - 1)
    }

    /// Half of the text context is the reference's own limit for one window; what stands before takes its room too.
    private func limit(_ request: WhisperRequest) -> Int {
        let room = min(config.textContext / 2, config.textContext - before(request).count - 4)
        return min(room, request.longest ?? room)
    }

    private func known(_ language: Language?) -> Language? {
        language.flatMap { config.languageTokens[$0.code] == nil ? nil : $0 }
    }

    /// The likeliest language after the start token, as the reference detects it.
    private func detected(_ logits: Tensor) throws(InferenceError) -> Language? {
        languageByToken[try logits.withScalars(as: Float.self) { languages.best($0) }]
    }

    private func probability(of token: Int, _ logits: Tensor) throws(InferenceError) -> Double {
        try logits.withScalars(as: Float.self) { logits in
            guard logits.indices.contains(token), let top = logits.max() else { return 0 }
            return exp(Double(logits[token] - LogitSum.logarithm(logits, over: [logits.indices], top: top)))
        }
    }

    private func start(_ cross: [String: Tensor]) -> [String: Tensor] {
        cross.merging(emptyCache) { cross, _ in cross }
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
