import Inference

/// Ports of a graph by what they carry. Exporters agree on their order and kind, not on their names.
extension Graph {
    /// Inputs of 32-bit floats with so many axes, in the graph's order.
    func floatInputs(rank: Int) -> [TensorSpec] { inputs.filter { $0.dtype == .f32 && $0.shape.count == rank } }

    /// Outputs of 32-bit floats with so many axes, in the graph's order.
    func floatOutputs(rank: Int) -> [TensorSpec] { outputs.filter { $0.dtype == .f32 && $0.shape.count == rank } }

    /// Inputs of whole numbers, in the graph's order.
    var integerInputs: [TensorSpec] { inputs.filter(\.isInteger) }

    /// - Throws: `badModel` with what was expected and what there is.
    func misfit(_ expected: String) -> InferenceError {
        let ports =
            "\(inputs.map(\.description).joined(separator: ", ")) → "
            + outputs.map(\.description).joined(separator: ", ")
        return InferenceError(.badModel, "\(expected); its ports are \(ports)", graph: name)
    }
}

extension TensorSpec {
    var isInteger: Bool { dtype == .i32 || dtype == .i64 }

    /// One whole number for this port.
    func tensor(_ number: Int) -> Tensor {
        let shape = [Int](repeating: 1, count: shape.count)
        return dtype == .i64
            ? Tensor(shape: shape, [Int64(number)]) : Tensor(shape: shape, [Int32(truncatingIfNeeded: number)])
    }
}

extension Tensor {
    /// The whole numbers of a tensor of either size.
    /// - Throws: `invalidTensor` when it holds something else.
    func integers() throws(InferenceError) -> [Int] {
        dtype == .i64 ? try scalars(as: Int64.self).map(Int.init) : try scalars(as: Int32.self).map(Int.init)
    }
}
