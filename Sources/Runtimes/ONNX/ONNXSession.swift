import CRuntimes
import Inference

/// A loaded model file. ONNX Runtime documents `Run` as re-entrant, so one session serves concurrent runs.
final class ONNXSession: Sendable {
    let library: ONNXLibrary
    let inputs: [TensorSpec]
    /// Weights that a caller may replace.
    let optionalInputs: [TensorSpec]
    let outputs: [TensorSpec]
    /// The file's own key-value pairs (`metadata_props`).
    let metadata: [String: String]
    private let handle: ForeignHandle<OpaquePointer>
    private let inputNames: CStrings
    private let outputNames: CStrings

    /// - Throws: `runtimeFailed` with ONNX Runtime's words.
    init(path: String, library: ONNXLibrary, threads: ONNXThreads, optimizes: Bool = true) throws(InferenceError) {
        let calls = library.calls
        let options = try Self.options(library, threads, optimizes: optimizes)
        defer { calls.ReleaseSessionOptions(options) }
        let session = try Self.created(path, options, library)
        do {
            inputs = try library.ports(
                of: session,
                calls.SessionGetInputCount,
                calls.SessionGetInputName,
                calls.SessionGetInputTypeInfo
            )
            optionalInputs = try library.ports(
                of: session,
                calls.SessionGetOverridableInitializerCount,
                calls.SessionGetOverridableInitializerName,
                calls.SessionGetOverridableInitializerTypeInfo
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
        inputNames = CStrings((inputs + optionalInputs).map(\.name))
        outputNames = CStrings(outputs.map(\.name))
    }

    private static func options(
        _ library: ONNXLibrary,
        _ threads: ONNXThreads,
        optimizes: Bool
    ) throws(InferenceError) -> OpaquePointer {
        let calls = library.calls
        let options = try calls.created { calls.CreateSessionOptions(&$0) }
        do {
            try calls.check(calls.SetSessionLogSeverityLevel(options, Int32(ORT_LOG_FATAL)))
            let level = Int32(optimizes ? ORT_OPTIMIZE_ALL : ORT_OPTIMIZE_NONE)
            try calls.check(calls.SetSessionGraphOptimizationLevel(options, level))
            try calls.check(calls.SetIntraOpNumThreads(options, Int32(threads.intraOp)))
            try calls.check(calls.SetInterOpNumThreads(options, 1))
            // It would keep a plan, and one block as large as all of it, for every length of an input that is seen. Measured
            // with a Piper decoder, 42 to 852 frames: 342 MB in place of 554, in the same time.
            try calls.check(calls.DisableMemPattern(options))
            if !threads.spinning {
                try calls.check(calls.AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"))
            }
        } catch {
            calls.ReleaseSessionOptions(options)
            throw error
        }
        return options
    }

    /// Weights are left in the file where that can be done.
    private static func created(
        _ path: String,
        _ options: OpaquePointer,
        _ library: ONNXLibrary
    ) throws(InferenceError) -> OpaquePointer {
        let calls = library.calls
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let key = "session.model_external_initializers_file_folder_path"
        // What is wrong with a file is said by ONNX Runtime, and a release that maps nothing reads the file as ever.
        if let outline = try? ONNXOutline.read(path),
            (try? calls.check(calls.AddSessionConfigEntry(options, key, folder.isEmpty ? "." : folder))) != nil,
            let session = try? calls.created({
                calls.CreateSessionFromArray(library.environment, outline.bytes, outline.bytes.count, options, &$0)
            })
        {
            return session
        }
        return try calls.created { calls.CreateSession(library.environment, path, options, &$0) }
    }

    deinit { library.calls.ReleaseSession(handle.value) }

    /// Runs on the calling thread and blocks it.
    func run(_ tensors: [String: Tensor], options: RunOptions) throws(InferenceError) -> [String: Tensor] {
        var ordered: [Tensor] = []
        var names: [UnsafePointer<CChar>] = []
        ordered.reserveCapacity(tensors.count)
        names.reserveCapacity(tensors.count)
        for (index, name) in inputNames.pointers.enumerated() {
            let spec = index < inputs.count ? inputs[index] : optionalInputs[index - inputs.count]
            guard let tensor = tensors[spec.name] else {
                guard index >= inputs.count else {
                    throw InferenceError(.invalidTensor, "the input \"\(spec.name)\" is missing")
                }
                continue
            }
            ordered.append(tensor)
            names.append(name)
        }
        if tensors.count > ordered.count {
            let known = Set((inputs + optionalInputs).map(\.name))
            let extra = tensors.keys.first { !known.contains($0) } ?? ""
            throw InferenceError(.invalidTensor, "the graph has no input \"\(extra)\"")
        }
        var values: [OpaquePointer?] = []
        return try withValues(ordered[...], &values) { values throws(InferenceError) in
            try self.run(names, values, options)
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

    private func run(
        _ names: [UnsafePointer<CChar>],
        _ values: [OpaquePointer?],
        _ options: RunOptions
    ) throws(InferenceError) -> [String: Tensor] {
        let calls = library.calls
        var results = [OpaquePointer?](repeating: nil, count: outputs.count)
        try calls.check(
            calls.Run(
                handle.value,
                options.handle.value,
                names,
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
