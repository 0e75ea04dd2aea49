/// One loaded graph on one runtime. All that a model ever sees of ONNX Runtime, RKNN or a worker process.
package protocol Graph: Sendable {
    /// The file or stage, for messages.
    var name: String { get }
    /// What it takes.
    var inputs: [TensorSpec] { get }
    /// What it takes but has values of its own for.
    var optionalInputs: [TensorSpec] { get }
    /// What it gives.
    var outputs: [TensorSpec] { get }
    /// Lengths along the time axis (frames) that one run takes without padding, ascending; nil takes any length.
    var frameSizes: [Int]? { get }
    /// Runs once. Safe to call from several tasks at the same time; cancelling the task stops the runtime.
    /// - Throws: `invalidTensor`, `runtimeFailed` with the runtime's words, `timedOut`, `deviceUnavailable`, `cancelled`.
    func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor]
}

extension Graph {
    package var frameSizes: [Int]? { nil }
    package var optionalInputs: [TensorSpec] { [] }
}

extension [String: Tensor] {
    /// The tensor of that name.
    /// - Throws: `invalidTensor` when a graph did not give it.
    package func tensor(_ name: String) throws(InferenceError) -> Tensor {
        guard let tensor = self[name] else {
            throw InferenceError(.invalidTensor, "the graph gave no output \"\(name)\"")
        }
        return tensor
    }
}
