import Inference

/// Paraformer's encoder with its predictor: rows → encoded rows and their weights.
///
/// Three exports have it: for chunks (rows and their number), and for an NPU whole or as a chain (rows, masks of ones
/// and zeros, and their number). Inputs are told apart by kind: three axes are rows, two a mask, one a number.
struct ParaformerEncoder: Sendable {
    /// What one run gave.
    struct Output: Sendable {
        /// Encoded rows, `[1, rows, width]`.
        var rows: Tensor
        /// How many of them, as the graph says; nil where it does not.
        var count: Tensor?
        /// Weight of each row.
        var weights: [Float]
    }

    /// Values in an encoded row.
    let width: Int
    private let graph: any Graph
    private let rows: TensorSpec
    private let encoded: TensorSpec
    private let weights: TensorSpec

    /// - Parameters:
    ///   - graph: the encoder.
    ///   - rowWidth: values in a row of features.
    ///   - config: what the bundle says.
    /// - Throws: `badModel` for ports of another model.
    init(_ graph: any Graph, rowWidth: Int, _ config: ParaformerConfig) throws(InferenceError) {
        guard let rows = graph.floatInputs(rank: 3).first, rows.shape[2] ?? rowWidth == rowWidth,
            let encoded = graph.floatOutputs(rank: 3).first, let weights = graph.floatOutputs(rank: 2).first,
            graph.inputs.allSatisfy({ Self.isKnown($0, rows) })
        else {
            throw graph.misfit("an encoder takes rows of \(rowWidth) values and gives encoded rows with their weights")
        }
        guard let width = config.width ?? encoded.shape[2], width > 0, encoded.shape[2] ?? width == width else {
            throw graph.misfit("the width of the encoder is not known; say \"width\"")
        }
        self.width = width
        self.graph = graph
        self.rows = rows
        self.encoded = encoded
        self.weights = weights
    }

    private static func isKnown(_ spec: TensorSpec, _ rows: TensorSpec) -> Bool {
        spec == rows || (spec.dtype == .f32 && spec.shape.count == 2) || (spec.isInteger && spec.shape.count <= 1)
    }

    /// Rows that one run takes; nil takes any number.
    var longest: Int? { graph.frameSizes?.last ?? rows.shape[1] }

    /// - Parameters:
    ///   - values: rows of features, row-major; at least one.
    ///   - rowWidth: values in a row.
    /// - Returns: at least as many encoded rows and weights.
    /// - Throws: what the graph throws; `runtimeFailed` where it gave no numbers.
    func run(_ values: [Float], rowWidth: Int) async throws(InferenceError) -> Output {
        let count = values.count / rowWidth
        var inputs: [String: Tensor] = [:]
        for spec in graph.inputs {
            inputs[spec.name] =
                switch spec.shape.count {
                case 3: Tensor(shape: [1, count, rowWidth], values)
                case 2: Tensor(shape: [1, count], [Float](repeating: 1, count: count))
                default: spec.tensor(count)
                }
        }
        let outputs = try await graph.run(inputs)
        let lengths = graph.outputs.first(where: \.isInteger).flatMap { outputs[$0.name] }
        let weights = try outputs.tensor(weights.name).scalars(as: Float.self)
        let encoded = try outputs.tensor(encoded.name)
        guard weights.allSatisfy(\.isFinite) else {
            throw InferenceError(.runtimeFailed, "the encoder gave weights that are no numbers", graph: graph.name)
        }
        guard encoded.shape.count == 3, encoded.shape[2] == width, encoded.shape[1] >= count, weights.count >= count
        else {
            throw InferenceError(
                .invalidTensor,
                "\(encoded.shape) encoded values and \(weights.count) weights for \(count) rows",
                graph: graph.name
            )
        }
        return Output(rows: encoded, count: lengths, weights: weights)
    }
}
