import CRuntimes
package import Inference

/// What our layer costs: the same file by bare calls of the library, and as a graph, in turns.
package struct RKNNOverhead: Sendable {
    /// Milliseconds of each bare run: copying the inputs in, `rknn_run`, nothing else.
    package private(set) var bare: [Double] = []
    /// Milliseconds of the same as a task sees it, which has to let a thread of its own block and to be woken again.
    package private(set) var awaited: [Double] = []
    /// Milliseconds of each run of the graph: lease, threads, tensors in and out.
    package private(set) var graph: [Double] = []

    /// Takes turns, so that a busy machine slows both.
    ///
    /// - Parameters:
    ///   - graph: an `.rknn` file, loaded.
    ///   - path: the same file.
    ///   - library: the one it was loaded with.
    ///   - runs: of each; one more of each is thrown away.
    /// - Returns: the times.
    /// - Throws: what loading and running throw.
    package static func measure(
        _ graph: any Graph,
        path: String,
        library: RKNNLibrary,
        runs: Int
    ) async throws(InferenceError) -> RKNNOverhead {
        let tensors = graph.inputs.map(zeros)
        let inputs = Dictionary(uniqueKeysWithValues: zip(graph.inputs.map(\.name), tensors))
        let pool = BlockingPool(label: "rkvoice.rknn.bare", limit: 1)
        let calls = try BareCalls(path: path, library: library)
        var found = RKNNOverhead()
        for run in 0...runs {
            let first = ContinuousClock.now
            let bare = try await withTaskExecutorPreference(pool) { calls.time(tensors) }.get()
            let start = ContinuousClock.now
            _ = try await graph.run(inputs)
            let ours = (ContinuousClock.now - start) / .milliseconds(1)
            guard run > 0 else { continue }
            found.bare.append(bare)
            found.awaited.append((start - first) / .milliseconds(1))
            found.graph.append(ours)
        }
        return found
    }

    private static func zeros(_ spec: TensorSpec) -> Tensor {
        let shape = spec.shape.map { $0 ?? 1 }
        let bytes = CopiedOutput(byteCount: shape.reduce(spec.dtype.size, *))
        bytes.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        return Tensor(shape: shape, dtype: spec.dtype, buffer: bytes)
    }
}

/// One context used as the vendor's examples do.
private final class BareCalls: Sendable {
    private let context: OwnedContext
    private let inputs: [(RKNNBinding, RKNNMemory)]
    // Bound to the context for as long as it is.
    private let outputs: [RKNNMemory]

    init(path: String, library: RKNNLibrary) throws(InferenceError) {
        context = try OwnedContext(path: path, library: library)
        let ports = try RKNNPorts(of: context)
        var bound: [(RKNNBinding, RKNNMemory)] = []
        for port in ports.inputs + ports.outputs {
            guard let binding = RKNNBinding.candidates(for: port).first else { continue }
            let memory = try RKNNMemory(binding.byteCount, for: context)
            var attr = binding.attr
            let status = RKNNStatus(code: library.calls.memory.bind(context.handle, memory.description, &attr))
            try status.check("rknn_set_io_mem", path, port.spec.name)
            bound.append((binding, memory))
        }
        inputs = Array(bound.prefix(ports.inputs.count))
        outputs = bound.dropFirst(ports.inputs.count).map(\.1)
    }

    func time(_ tensors: [Tensor]) -> Result<Double, InferenceError> {
        let start = ContinuousClock.now
        for (tensor, (binding, memory)) in zip(tensors, inputs) { binding.write(tensor, to: memory) }
        let status = RKNNStatus(code: context.library.calls.run(context.handle, nil))
        let time = (ContinuousClock.now - start) / .milliseconds(1)
        return status.isOK ? .success(time) : .failure(status.error("rknn_run", context.path))
    }
}
