/// Name, type and shape of an input or output; checked at load, so that a wrong file fails before the first request.
package struct TensorSpec: Sendable, Hashable, CustomStringConvertible {
    /// The name in the graph.
    package var name: String
    /// Length of each axis; nil where it varies.
    package var shape: [Int?]
    /// Element type.
    package var dtype: DType

    package init(_ name: String, _ dtype: DType, _ shape: [Int?]) {
        self.name = name
        self.shape = shape
        self.dtype = dtype
    }

    package var description: String {
        "\(name) \(dtype)[\(shape.map { $0.map(String.init) ?? "?" }.joined(separator: ","))]"
    }

    /// Whether a port of this graph can carry what `wanted` describes: same name, type and rank, no axis that differs.
    package func fits(_ wanted: TensorSpec) -> Bool {
        name == wanted.name && dtype == wanted.dtype && shape.count == wanted.shape.count
            && zip(shape, wanted.shape).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
    }
}

extension Graph {
    /// Checks that the graph has the ports that a model needs; further inputs are refused, further outputs are not.
    /// - Throws: `badModel` naming the port and what was found.
    package func require(
        inputs wantedInputs: [TensorSpec],
        outputs wantedOutputs: [TensorSpec]
    ) throws(InferenceError) {
        for (kind, wanted, found) in [("input", wantedInputs, inputs), ("output", wantedOutputs, outputs)] {
            for spec in wanted where !found.contains(where: { $0.fits(spec) }) {
                let names = found.map(\.description).joined(separator: ", ")
                throw InferenceError(.badModel, "the graph lacks the \(kind) \(spec); it has \(names)", graph: name)
            }
        }
        let known = Set(wantedInputs.map(\.name))
        if let extra = inputs.first(where: { !known.contains($0.name) }) {
            throw InferenceError(
                .badModel,
                "the graph wants the input \(extra), which this model does not give",
                graph: name
            )
        }
    }
}
