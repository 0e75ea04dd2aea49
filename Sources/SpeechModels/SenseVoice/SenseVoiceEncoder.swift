import Inference

/// SenseVoice's one graph, in either of its two forms:
///
/// - sherpa-onnx's export: rows `[1, T, 560]`, their number, and the numbers of two queries → logits `[1, T + 4, V]`;
/// - an encoder for an NPU: rows `[1, 4 + T, 560]` with the rows of the queries in front, often of one fixed length, and
///   maybe a mask `[1, 4 + T]` of ones.
///
/// Exporters name the ports as they like, so that their order and kind count.
struct SenseVoiceEncoder: Sendable {
    /// Rows of queries in front of the sound: language, event, emotion, how text is written.
    static let queryRows = 4

    private let graph: any Graph
    private let rows: TensorSpec
    private let integers: [TensorSpec]
    private let logits: TensorSpec
    private let queries: QueryRows?

    /// - Parameters:
    ///   - graph: the encoder.
    ///   - width: values in a row.
    ///   - queries: their rows, where the graph does not hold them.
    /// - Throws: `badModel` for ports of another model, or where rows of queries are missing or not wanted.
    init(_ graph: any Graph, width: Int, queries: QueryRows?) throws(InferenceError) {
        let integers = graph.integerInputs
        guard let rows = graph.floatInputs(rank: 3).first, let logits = graph.floatOutputs(rank: 3).first,
            graph.inputs.count == 1 + integers.count + graph.floatInputs(rank: 2).count,
            rows.shape[2] == nil || rows.shape[2] == width
        else { throw graph.misfit("a SenseVoice graph takes rows of \(width) values and gives logits") }
        switch (integers.count, queries) {
        case (3, nil), (0...1, .some): break
        case (3, _): throw graph.misfit("rows of queries are given, but the graph holds them itself")
        case (0...1, nil): throw graph.misfit("the graph needs the rows of the queries; name the file as \"embedding\"")
        default: throw graph.misfit("a SenseVoice graph takes a length and two queries, or neither query")
        }
        if let queries, queries.width != width || queries[2] == nil {
            throw InferenceError(.badModel, "the rows of the queries do not have \(width) values", graph: graph.name)
        }
        self.graph = graph
        self.rows = rows
        self.integers = integers
        self.logits = logits
        self.queries = queries
    }

    /// Rows of sound that one run takes; nil takes any number.
    var longest: Int? {
        let fixed = graph.frameSizes?.last ?? rows.shape[1]
        return fixed.map { queries == nil ? $0 : $0 - Self.queryRows }
    }

    /// - Parameters:
    ///   - sound: rows, row-major; at least one.
    ///   - width: values in a row.
    ///   - language: number of the query for the language.
    ///   - writing: number of the query for how text is written.
    /// - Returns: logits of the queries' rows and those of the sound.
    /// - Throws: `badModel` for a query that has no row; what the graph throws.
    func run(
        _ sound: [Float],
        width: Int,
        language: Int,
        writing: Int
    ) async throws(InferenceError) -> Tensor {
        var values = sound
        if let queries {
            values = []
            for query in [language, 1, 2, writing] {
                guard let row = queries[query] else {
                    throw InferenceError(.badModel, "there is no row for the query \(query)", graph: graph.name)
                }
                values += row
            }
            values += sound
        }
        let count = values.count / width
        var inputs = [rows.name: Tensor(shape: [1, count, width], values)]
        for spec in graph.floatInputs(rank: 2) {
            inputs[spec.name] = Tensor(shape: [1, count], [Float](repeating: 1, count: count))
        }
        for (spec, number) in zip(integers, [count, language, writing]) { inputs[spec.name] = spec.tensor(number) }
        return try await graph.run(inputs).tensor(logits.name)
    }
}
