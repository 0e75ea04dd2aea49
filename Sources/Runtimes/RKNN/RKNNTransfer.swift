import CRuntimes
import Inference
import Synchronization

/// How tensors get into a context and out of it.
protocol RKNNTransfer: Sendable {
    /// Gives the inputs, runs, takes the outputs. On the calling thread, which it blocks; one run at a time.
    func run(_ tensors: [Tensor]) throws(InferenceError) -> [Tensor]
}

/// Zero-copy: every port has memory that the device reads and writes itself.
final class SharedMemoryTransfer: RKNNTransfer {
    private struct Input {
        let binding: RKNNBinding
        let own: RKNNMemory
        var bound: RKNNMemory
        /// Memory of other contexts, made known to this one; the newest last.
        var imports: [(source: RKNNMemory, memory: RKNNMemory)] = []
    }

    private struct Output {
        let binding: RKNNBinding
        let memories: OutputMemories
        var bound: RKNNMemory
    }

    private struct State {
        var inputs: [Input]
        var outputs: [Output]
    }

    /// Memories of other contexts that are known at a time, for each input.
    private static let importLimit = 10
    private let context: OwnedContext
    private let state: Mutex<State>

    /// - Returns: nil when the library takes no memory for one of the ports; the context is then to be thrown away.
    /// - Throws: `outOfMemory`, or what the library says otherwise.
    init?(_ context: OwnedContext, _ ports: RKNNPorts) throws(InferenceError) {
        var inputs: [Input] = []
        for port in ports.inputs {
            guard let (binding, memory) = try Self.bound(port, context) else { return nil }
            inputs.append(Input(binding: binding, own: memory, bound: memory))
        }
        var outputs: [Output] = []
        for port in ports.outputs {
            guard let (binding, memory) = try Self.bound(port, context) else { return nil }
            let output = Output(binding: binding, memories: OutputMemories(limit: ports.lentLimit), bound: memory)
            output.memories.put(memory)
            outputs.append(output)
        }
        self.context = context
        state = Mutex(State(inputs: inputs, outputs: outputs))
    }

    deinit { state.withLock { state in for output in state.outputs { output.memories.close() } } }

    func run(_ tensors: [Tensor]) throws(InferenceError) -> [Tensor] {
        try state.withLock { state throws(InferenceError) in
            for (index, tensor) in tensors.enumerated() { try give(tensor, to: &state.inputs[index]) }
            for index in state.outputs.indices { try prepare(&state.outputs[index]) }
            let status = RKNNStatus(code: context.library.calls.run(context.handle, nil))
            try status.check("rknn_run", context.path)
            return state.outputs.map(result)
        }
    }

    /// Memory that the library takes for a port; nil when it takes none.
    private static func bound(
        _ port: RKNNPort,
        _ context: OwnedContext
    ) throws(InferenceError) -> (RKNNBinding, RKNNMemory)? {
        for binding in RKNNBinding.candidates(for: port) {
            let memory = try RKNNMemory(binding.byteCount, for: context)
            let status = bind(memory, binding, context)
            if status.isOK { return (binding, memory) }
            guard status.isRefusal else { throw status.error("rknn_set_io_mem", context.path, port.spec.name) }
        }
        return nil
    }

    private static func bind(_ memory: RKNNMemory, _ binding: RKNNBinding, _ context: OwnedContext) -> RKNNStatus {
        var attr = binding.attr
        return RKNNStatus(code: context.library.calls.memory.bind(context.handle, memory.description, &attr))
    }

    private func bind(_ memory: RKNNMemory, _ binding: RKNNBinding) throws(InferenceError) {
        try Self.bind(memory, binding, context).check("rknn_set_io_mem", context.path, binding.port.spec.name)
    }

    /// A result of the device is bound as it is, anything else is written once.
    private func give(_ tensor: Tensor, to input: inout Input) throws(InferenceError) {
        if let memory = shared(tensor, &input) {
            if input.bound !== memory {
                try bind(memory, input.binding)
                input.bound = memory
            }
            return
        }
        if input.bound !== input.own {
            try bind(input.own, input.binding)
            input.bound = input.own
        }
        input.binding.write(tensor, to: input.own)
    }

    /// The tensor's memory as this context knows it; nil when its contents have to be written.
    private func shared(_ tensor: Tensor, _ input: inout Input) -> RKNNMemory? {
        guard let lent = tensor.buffer as? LentOutput, input.binding.isPlain,
            lent.memory.byteCount >= input.binding.byteCount
        else { return nil }
        if lent.memory.context === context { return lent.memory }
        if let known = input.imports.first(where: { $0.source === lent.memory }) { return known.memory }
        guard let memory = RKNNMemory(lent.memory, for: context) else { return nil }
        // What belongs to a context that was given up would keep it alive.
        input.imports.removeAll { $0.source.context.isGivenUp }
        if input.imports.count >= Self.importLimit { input.imports.removeFirst() }
        input.imports.append((lent.memory, memory))
        return memory
    }

    /// Binds memory that no tensor holds.
    private func prepare(_ output: inout Output) throws(InferenceError) {
        let memory: RKNNMemory
        if let free = output.memories.take(preferring: output.bound) {
            memory = free
        } else {
            memory = try RKNNMemory(output.binding.byteCount, for: context)
        }
        if output.bound !== memory {
            try bind(memory, output.binding)
            output.bound = memory
        }
    }

    private func result(_ output: Output) -> Tensor {
        if output.binding.isPlain, let lent = output.memories.lend(output.bound) { return output.binding.tensor(lent) }
        defer { output.memories.put(output.bound) }
        return output.binding.tensor(output.binding.read(output.bound))
    }
}

extension RKNNStatus {
    /// Whether the library says no to a buffer, so that another way may be tried.
    fileprivate var isRefusal: Bool {
        [RKNN_STATUS_FAILED, RKNN_STATUS_BAD_PARAMETER, RKNN_STATUS_BAD_INPUT, RKNN_STATUS_BAD_OUTPUT]
            .contains { Int($0) == Int(code) }
    }
}

/// The library copies: for ports that it takes no memory for.
struct CopyTransfer: RKNNTransfer {
    let context: OwnedContext
    let ports: RKNNPorts

    func run(_ tensors: [Tensor]) throws(InferenceError) -> [Tensor] {
        var inputs: [RKNNInput] = []
        try give(tensors[...], &inputs)
        try RKNNStatus(code: context.library.calls.run(context.handle, nil)).check("rknn_run", context.path)
        return try results()
    }

    /// Lends every tensor's bytes to one call.
    private func give(_ tensors: ArraySlice<Tensor>, _ inputs: inout [RKNNInput]) throws(InferenceError) {
        guard let tensor = tensors.first else {
            let status = context.library.calls.copies.setInputs(context.handle, UInt32(inputs.count), &inputs)
            return try RKNNStatus(code: status).check("rknn_inputs_set", context.path)
        }
        let port = ports.inputs[tensors.startIndex]
        try tensor.buffer.withBytes { bytes throws(InferenceError) in
            var input = RKNNInput()
            input.index = UInt32(tensors.startIndex)
            // The library only reads.
            input.data = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            input.size = UInt32(port.count * port.spec.dtype.size)
            input.type = port.hostType
            input.layout = port.order == nil ? port.attr.layout : Int32(RKNN_LAYOUT_NCHW)
            inputs.append(input)
            try give(tensors.dropFirst(), &inputs)
        }
    }

    private func results() throws(InferenceError) -> [Tensor] {
        let copies = ports.outputs.map { CopiedOutput(byteCount: $0.count * $0.spec.dtype.size) }
        var outputs = zip(ports.outputs, copies).enumerated().map { index, pair in
            var output = RKNNOutput()
            output.index = UInt32(index)
            output.want_float = pair.0.spec.dtype == .f32 ? 1 : 0
            output.is_preallocated = 1
            output.data = pair.1.bytes.baseAddress
            output.size = UInt32(pair.1.byteCount)
            return output
        }
        let calls = context.library.calls.copies
        let status = calls.getOutputs(context.handle, UInt32(outputs.count), &outputs, nil)
        try RKNNStatus(code: status).check("rknn_outputs_get", context.path)
        _ = calls.releaseOutputs(context.handle, UInt32(outputs.count), &outputs)
        return zip(ports.outputs, copies).map { port, copy in
            Tensor(shape: port.spec.shape.compactMap { $0 }, dtype: port.spec.dtype, buffer: copy)
        }
    }
}
