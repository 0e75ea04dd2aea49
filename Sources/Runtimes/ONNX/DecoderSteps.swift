import Inference

/// What a decoder has read: keys and values of every layer. Tensors of the runtime, passed from step to step as they are.
struct DecoderCache: Sendable {
    var tensors: [String: Tensor]
    /// Positions in it.
    var length = 0
    /// The last token of an answer: it was given out, and is read before whatever follows.
    var pending: Int32?

    /// Positions that are taken before a prompt.
    var taken: Int { length + (pending == nil ? 0 : 1) }
}

/// A decoder graph, step by step.
struct DecoderSteps: Sendable {
    let graph: any Graph
    let layout: DecoderLayout
    /// Tokens to embeddings, for a graph that takes those.
    let embed: (any Graph)?
    /// Cache input → the output that takes its place.
    private let successors: [String: String]
    private let empty: [String: Tensor]

    /// - Throws: `badModel` naming the port that is missing, or has another type or shape.
    init(
        _ graph: any Graph,
        embed: (any Graph)?,
        layout: DecoderLayout,
        dimensions: DecoderDimensions
    ) throws(InferenceError) {
        guard (layout.tokens == nil) != (layout.embeddings == nil) else {
            throw InferenceError(.badModel, "the layout names one of \"tokens\" and \"embeddings\"", graph: graph.name)
        }
        let caches = Self.caches(of: graph, layout)
        guard !caches.isEmpty else {
            let first = DecoderLayout.name(layout.pastKeys, 0)
            throw InferenceError(.badModel, "the graph has no cache: no input \"\(first)\"", graph: graph.name)
        }
        try Self.require(graph, layout, dimensions, caches)
        self.graph = graph
        self.embed = embed
        self.layout = layout
        successors = caches.mapValues(\.output)
        empty = caches.mapValues { cache in
            let shape = cache.spec.shape.enumerated().map { axis, length in axis == 0 ? 1 : length ?? 0 }
            return Tensor(shape: shape, [Float](repeating: 0, count: shape.reduce(1, *)))
        }
    }

    private typealias Caches = [String: (spec: TensorSpec, output: String)]

    private static func caches(of graph: any Graph, _ layout: DecoderLayout) -> Caches {
        var caches: Caches = [:]
        for (past, new) in [(layout.pastKeys, layout.keys), (layout.pastValues, layout.values)] {
            // A name without a layer's number is that of the only layer.
            for layer in 0..<(past.contains("{layer}") ? graph.inputs.count : 1) {
                let name = DecoderLayout.name(past, layer)
                guard let spec = graph.inputs.first(where: { $0.name == name }) else { break }
                caches[name] = (spec, DecoderLayout.name(new, layer))
            }
        }
        return caches
    }

    private static func require(
        _ graph: any Graph,
        _ layout: DecoderLayout,
        _ dimensions: DecoderDimensions,
        _ caches: Caches
    ) throws(InferenceError) {
        var inputs = caches.values.map(\.spec)
        var outputs = caches.values.map { TensorSpec($0.output, $0.spec.dtype, $0.spec.shape) }
        for cache in inputs where cache.dtype != .f32 || cache.shape.dropFirst().filter({ $0 == nil }).count != 1 {
            throw InferenceError(
                .badModel,
                "the cache \(cache) has to be f32, and to vary along one axis besides the first",
                graph: graph.name
            )
        }
        if let name = layout.tokens { inputs.append(TensorSpec(name, .i64, [1, nil])) }
        if let name = layout.embeddings { inputs.append(TensorSpec(name, .f32, [1, nil, dimensions.hiddenSize])) }
        if let name = layout.positions { inputs.append(TensorSpec(name, .i64, [1, nil])) }
        if let name = layout.mask { inputs.append(TensorSpec(name, .i64, [1, nil])) }
        let rank = graph.outputs.first { $0.name == layout.logits }?.shape.count ?? 3
        let rows: [Int?] = rank == 2 ? [1] : [1, nil]
        outputs.append(TensorSpec(layout.logits, .f32, rows + [dimensions.vocabularySize]))
        if let name = layout.hidden { outputs.append(TensorSpec(name, .f32, [1, nil, dimensions.hiddenSize])) }
        try graph.require(inputs: inputs, outputs: outputs)
    }

    /// A cache of nothing.
    var start: DecoderCache { DecoderCache(tensors: empty) }

    /// Reads tokens.
    /// - Returns: the graph's outputs for them.
    func read(_ tokens: [Int32], _ cache: inout DecoderCache) async throws(InferenceError) -> [String: Tensor] {
        let ids = Tensor(shape: [1, tokens.count], tokens.map(Int64.init))
        if let name = layout.tokens { return try await run([name: ids], tokens.count, &cache) }
        guard let name = layout.embeddings, let embed, let input = embed.inputs.first, let output = embed.outputs.first
        else {
            throw InferenceError(
                .badModel,
                "the graph takes embeddings, and nothing turns tokens into them",
                graph: graph.name
            )
        }
        let rows = try await embed.run([input.name: ids]).tensor(output.name)
        return try await run([name: rows], tokens.count, &cache)
    }

    /// Reads embeddings, [n, hidden size].
    func read(rows: Tensor, _ cache: inout DecoderCache) async throws(InferenceError) -> [String: Tensor] {
        guard let name = layout.embeddings else {
            throw InferenceError(.invalidTensor, "the graph takes tokens, no embeddings", graph: graph.name)
        }
        let batch = Tensor(shape: [1] + rows.shape, dtype: rows.dtype, buffer: rows.buffer)
        return try await run([name: batch], rows.shape[0], &cache)
    }

    private func run(
        _ content: [String: Tensor],
        _ count: Int,
        _ cache: inout DecoderCache
    ) async throws(InferenceError) -> [String: Tensor] {
        var inputs = cache.tensors
        inputs.merge(content) { _, new in new }
        let end = cache.length + count
        if let name = layout.positions {
            inputs[name] = Tensor(shape: [1, count], (cache.length..<end).map(Int64.init))
        }
        if let name = layout.mask { inputs[name] = Tensor(shape: [1, end], [Int64](repeating: 1, count: end)) }
        let outputs = try await graph.run(inputs)
        var tensors: [String: Tensor] = [:]
        for (input, output) in successors { tensors[input] = try outputs.tensor(output) }
        cache.tensors = tensors
        cache.length = end
        return outputs
    }
}
