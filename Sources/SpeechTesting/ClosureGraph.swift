package import Inference
import Synchronization

/// A graph whose runs are a closure: the seam below which tests may pretend.
package final class ClosureGraph: Graph {
    package let name: String
    package let inputs: [TensorSpec]
    package let outputs: [TensorSpec]
    private let body: @Sendable ([String: Tensor]) throws(InferenceError) -> [String: Tensor]
    private let counter = Mutex(0)

    package init(
        _ name: String = "closure",
        inputs: [TensorSpec],
        outputs: [TensorSpec],
        _ body: @escaping @Sendable ([String: Tensor]) throws(InferenceError) -> [String: Tensor]
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.body = body
    }

    /// How often it was run.
    package var runs: Int { counter.withLock { $0 } }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        counter.withLock { $0 += 1 }
        guard !Task.isCancelled else { throw InferenceError(.cancelled, "cancelled", graph: name) }
        return try body(inputs)
    }
}
