import Inference

/// Paraformer's decoder with caches: acoustic embeddings and what they are heard in → tokens.
///
/// Its caches make a run go on where the one before ended, so that many embeddings may be decoded in several runs. Ports
/// are told apart by kind and order: of three axes, the encoded rows come first, the embeddings second, then the caches;
/// of two axes, the mask of the embeddings and that of the rows; of one, the numbers of rows and embeddings. One port has
/// to have its name: `cache_window`, by which a graph for a fixed number of tokens is told how many of them are real, so
/// that its caches end with the last of those.
struct ParaformerDecoder: Sendable {
    private let graph: any Graph
    private let rows: TensorSpec
    private let embeddings: TensorSpec
    private let caches: [TensorSpec]
    private let freshCaches: [TensorSpec]
    private let masks: [TensorSpec]
    private let window: TensorSpec?
    private let width: Int
    private let cacheLength: Int

    /// - Parameters:
    ///   - graph: the decoder.
    ///   - width: values in an encoded row.
    ///   - config: what the bundle says.
    /// - Throws: `badModel` for ports of another model.
    init(_ graph: any Graph, width: Int, _ config: ParaformerConfig) throws(InferenceError) {
        let inputs = graph.floatInputs(rank: 3).filter { !Self.isWindow($0) }
        let masks = graph.floatInputs(rank: 2)
        let outputs = graph.floatOutputs(rank: 3)
        guard inputs.count > 2, inputs.prefix(2).allSatisfy({ $0.shape[2] ?? width == width }),
            outputs.count >= inputs.count - 2, masks.count == 0 || masks.count == 2
        else { throw graph.misfit("a decoder takes encoded rows of \(width) values, embeddings and caches") }
        guard graph.outputs.contains(where: { $0.shape.count == 2 }) || outputs.count > inputs.count - 2 else {
            throw graph.misfit("a decoder gives tokens or logits")
        }
        guard let length = config.cacheLength ?? inputs[2].shape[2], length > 0 else {
            throw graph.misfit("the length of the caches is not known; say \"cacheLength\"")
        }
        self.graph = graph
        self.width = width
        self.masks = masks
        window = graph.inputs.first(where: Self.isWindow)
        (rows, embeddings) = (inputs[0], inputs[1])
        caches = Array(inputs.dropFirst(2))
        freshCaches = outputs.suffix(inputs.count - 2)
        cacheLength = length
    }

    /// Encoded rows that one run takes; nil takes any number.
    var longest: Int? { rows.shape[1] }

    /// Whether the caches are right after a run with fewer tokens than the graph has room for.
    var goesOn: Bool { Self.goesOn(graph) }

    /// Whether a decoder's caches are right after a run with fewer tokens than it has room for.
    static func goesOn(_ graph: any Graph) -> Bool {
        graph.inputs.contains(where: isWindow) || graph.floatInputs(rank: 3).dropFirst().first?.shape[1] == nil
    }

    private static func isWindow(_ spec: TensorSpec) -> Bool { spec.name == "cache_window" }

    /// The caches before the first token.
    var start: [Tensor] {
        let zeros = [Float](repeating: 0, count: width * cacheLength)
        return caches.map { _ in Tensor(shape: [1, width, cacheLength], zeros) }
    }

    /// Decodes embeddings, in as many runs as the graph needs.
    /// - Parameters:
    ///   - fired: `[embeddings, width]`, row-major; none gives no tokens and no run.
    ///   - heard: what the encoder gave.
    ///   - state: the caches; they go on.
    /// - Returns: a token for each embedding.
    /// - Throws: what the graph throws.
    func tokens(
        of fired: [Float],
        in heard: ParaformerEncoder.Output,
        _ state: inout [Tensor]
    ) async throws(InferenceError) -> [Int] {
        let most = embeddings.shape[1] ?? max(1, fired.count / width)
        var tokens: [Int] = []
        for start in stride(from: 0, to: fired.count, by: most * width) {
            let block = Array(fired[start..<min(fired.count, start + most * width)])
            tokens += try await run(block, heard, &state)
        }
        return tokens
    }

    private func run(
        _ fired: [Float],
        _ heard: ParaformerEncoder.Output,
        _ state: inout [Tensor]
    ) async throws(InferenceError) -> [Int] {
        let count = fired.count / width
        var inputs = try lengths(of: heard, count)
        inputs[rows.name] = try filled(heard.rows, rows)
        inputs[embeddings.name] = try filled(Tensor(shape: [1, count, width], fired), embeddings)
        for (spec, tensor) in zip(caches, state) { inputs[spec.name] = tensor }
        if let window { inputs[window.name] = selection(of: count) }
        let outputs = try await graph.run(inputs)
        state = try freshCaches.map { spec throws(InferenceError) in try outputs.tensor(spec.name) }
        return try ids(outputs, count)
    }

    /// Masks and numbers that say how many rows and embeddings are real.
    private func lengths(
        of heard: ParaformerEncoder.Output,
        _ count: Int
    ) throws(InferenceError) -> [String: Tensor] {
        let heardRows = heard.rows.shape[1]
        var inputs: [String: Tensor] = [:]
        for (spec, (real, room)) in zip(masks, [(count, embeddings.shape[1]), (heardRows, rows.shape[1])]) {
            let length = room ?? real
            inputs[spec.name] = Tensor(shape: [1, length], (0..<length).map { $0 < real ? Float(1) : 0 })
        }
        for (spec, number) in zip(graph.integerInputs, [heardRows, count]) { inputs[spec.name] = spec.tensor(number) }
        // The graph's own count of rows, where it gave one.
        if let spec = graph.integerInputs.first, let given = heard.count, given.dtype == spec.dtype {
            inputs[spec.name] = given
        }
        return inputs
    }

    /// Which columns of cache and tokens side by side the next cache has: `[1, columns, cacheLength]`, a one in each
    /// column, so that the last real token stands last.
    private func selection(of count: Int) -> Tensor {
        let columns = cacheLength + (embeddings.shape[1] ?? count)
        var values = [Float](repeating: 0, count: columns * cacheLength)
        for column in 0..<cacheLength { values[(count + column) * cacheLength + column] = 1 }
        return Tensor(shape: [1, columns, cacheLength], values)
    }

    /// The tensor as long as a graph of fixed shape wants it, zeros behind.
    private func filled(_ tensor: Tensor, _ spec: TensorSpec) throws(InferenceError) -> Tensor {
        guard let length = spec.shape[1], length != tensor.shape[1] else { return tensor }
        guard tensor.shape[1] < length else {
            throw InferenceError(
                .invalidTensor,
                "\(tensor.shape[1]) rows are more than the \(length) that \"\(spec.name)\" takes",
                graph: graph.name
            )
        }
        let values = try tensor.scalars(as: Float.self)
        let zeros = [Float](repeating: 0, count: (length - tensor.shape[1]) * width)
        return Tensor(shape: [1, length, width], values + zeros)
    }

    /// The graph's own choice of tokens, or the likeliest ones where it gives logits alone.
    private func ids(_ outputs: [String: Tensor], _ count: Int) throws(InferenceError) -> [Int] {
        if let spec = graph.outputs.first(where: { $0.isInteger && $0.shape.count == 2 }) {
            return Array(try outputs.tensor(spec.name).integers().prefix(count))
        }
        guard let spec = graph.floatOutputs(rank: 3).first, !freshCaches.contains(spec) else {
            throw graph.misfit("a decoder gives tokens or logits")
        }
        let logits = try outputs.tensor(spec.name)
        return try LogitRows.likeliest(logits, count: count)
    }
}
