import CRuntimes
import Inference

/// A loaded model file. ONNX Runtime documents `Run` as re-entrant, so one session serves concurrent runs.
final class ONNXSession: Sendable {
    let library: ONNXLibrary
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    /// The file's own key-value pairs (`metadata_props`).
    let metadata: [String: String]
    private let handle: ForeignHandle<OpaquePointer>
    private let inputNames: CStrings
    private let outputNames: CStrings

    /// - Throws: `runtimeFailed` with ONNX Runtime's words.
    init(path: String, library: ONNXLibrary, threads: ONNXThreads) throws(InferenceError) {
        let calls = library.calls
        let options = try calls.created { calls.CreateSessionOptions(&$0) }
        defer { calls.ReleaseSessionOptions(options) }
        try calls.check(calls.SetSessionLogSeverityLevel(options, Int32(ORT_LOG_FATAL)))
        try calls.check(calls.SetSessionGraphOptimizationLevel(options, Int32(ORT_OPTIMIZE_ALL)))
        try calls.check(calls.SetIntraOpNumThreads(options, Int32(threads.intraOp)))
        try calls.check(calls.SetInterOpNumThreads(options, 1))
        if !threads.spinning {
            try calls.check(calls.AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"))
        }
        let session = try calls.created { calls.CreateSession(library.environment, path, options, &$0) }
        do {
            inputs = try library.ports(
                of: session,
                calls.SessionGetInputCount,
                calls.SessionGetInputName,
                calls.SessionGetInputTypeInfo
            )
            outputs = try library.ports(
                of: session,
                calls.SessionGetOutputCount,
                calls.SessionGetOutputName,
                calls.SessionGetOutputTypeInfo
            )
            metadata = try library.metadata(of: session)
        } catch {
            calls.ReleaseSession(session)
            throw error
        }
        self.library = library
        handle = ForeignHandle(session)
        inputNames = CStrings(inputs.map(\.name))
        outputNames = CStrings(outputs.map(\.name))
    }

    deinit { library.calls.ReleaseSession(handle.value) }

    /// Runs on the calling thread and blocks it.
    func run(_ tensors: [String: Tensor], options: RunOptions) throws(InferenceError) -> [String: Tensor] {
        var ordered: [Tensor] = []
        ordered.reserveCapacity(inputs.count)
        for spec in inputs {
            guard let tensor = tensors[spec.name] else {
                throw InferenceError(.invalidTensor, "the input \"\(spec.name)\" is missing")
            }
            ordered.append(tensor)
        }
        if tensors.count > inputs.count, let extra = tensors.keys.first(where: { !inputs.map(\.name).contains($0) }) {
            throw InferenceError(.invalidTensor, "the graph has no input \"\(extra)\"")
        }
        var values: [OpaquePointer?] = []
        return try withValues(ordered[...], &values) { values throws(InferenceError) in
            try self.run(values, options)
        }
    }

    /// Lends every tensor to ONNX Runtime without a copy: its own values as they are, arrays by their address.
    private func withValues<R>(
        _ tensors: ArraySlice<Tensor>,
        _ values: inout [OpaquePointer?],
        _ body: ([OpaquePointer?]) throws(InferenceError) -> R
    ) throws(InferenceError) -> R {
        guard let tensor = tensors.first else { return try body(values) }
        if let buffer = tensor.buffer as? ONNXValue {
            values.append(buffer.value)
            return try withValues(tensors.dropFirst(), &values, body)
        }
        return try tensor.buffer.withBytes { bytes throws(InferenceError) in
            let value = try library.value(over: bytes, shape: tensor.shape, dtype: tensor.dtype)
            defer { library.calls.ReleaseValue(value) }
            values.append(value)
            return try withValues(tensors.dropFirst(), &values, body)
        }
    }

    private func run(_ values: [OpaquePointer?], _ options: RunOptions) throws(InferenceError) -> [String: Tensor] {
        let calls = library.calls
        var results = [OpaquePointer?](repeating: nil, count: outputs.count)
        try calls.check(
            calls.Run(
                handle.value,
                options.handle.value,
                inputNames.pointers,
                values,
                values.count,
                outputNames.pointers,
                outputs.count,
                &results
            )
        )
        let owned = results.map { $0.map { ONNXValue($0, library: library) } }
        var tensors: [String: Tensor] = [:]
        tensors.reserveCapacity(outputs.count)
        for (spec, value) in zip(outputs, owned) {
            guard let value else { throw InferenceError(.runtimeFailed, "no output \"\(spec.name)\"") }
            tensors[spec.name] = try value.tensor()
        }
        return tensors
    }
}
