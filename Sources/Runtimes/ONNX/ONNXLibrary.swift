import CRuntimes
package import Inference

#if canImport(Glibc)
    import Glibc
#endif

/// ONNX Runtime's library: its functions and the process-wide environment.
package struct ONNXLibrary: Sendable {
    /// Version that the library says of itself, such as `1.32.0`.
    package let version: String
    /// Path it was loaded from.
    package let path: String
    // ONNX Runtime documents the function table, the environment and its allocator as thread-safe.
    private let handles: ForeignHandle<Handles>

    private final class Handles {
        let calls: OrtCalls
        /// One for the process, which ONNX Runtime gives out again and again; it stays until the process ends.
        let environment: OpaquePointer
        /// ONNX Runtime's own, which nobody gives back.
        let allocator: OpaquePointer
        let memory: OpaquePointer

        init(_ calls: OrtCalls) throws(InferenceError) {
            self.calls = calls
            environment = try calls.created { calls.CreateEnv(Int32(ORT_LOG_FATAL), "rkvoice", &$0) }
            allocator = try calls.created { calls.GetAllocatorWithDefaultOptions(&$0) }
            memory = try calls.created {
                calls.CreateCpuMemoryInfo(Int32(ORT_ARENA_ALLOCATOR), Int32(ORT_MEMORY_DEFAULT), &$0)
            }
        }

        deinit { calls.ReleaseMemoryInfo(memory) }
    }

    var calls: OrtCalls { handles.value.calls }
    var environment: OpaquePointer { handles.value.environment }
    var memory: OpaquePointer { handles.value.memory }
    var allocator: OpaquePointer { handles.value.allocator }

    /// Loads the first of `paths` that is there.
    /// - Parameter paths: files, or a soname for the system's own search, in the order to try.
    /// - Returns: the library, ready for sessions.
    /// - Throws: `runtimeUnavailable` naming every path tried, or a library that is too old.
    package static func load(from paths: [String]) throws(InferenceError) -> ONNXLibrary {
        var reasons: [String] = []
        for path in paths {
            // A file that is not there is no news; one that is there and does not load is.
            if path.contains("/"), access(path, F_OK) != 0 {
                reasons.append("\(path) is not there")
                continue
            }
            do { return try ONNXLibrary(path: path) } catch { reasons.append(error.message) }
        }
        throw InferenceError(
            .runtimeUnavailable,
            "ONNX Runtime is not available (\(reasons.joined(separator: "; "))); "
                + "without a path of your own, `rkvoice models pull onnxruntime` brings one"
        )
    }

    /// Official builds since 1.29 send usage data to their vendor and keep an identifier in the user's cache. This
    /// variable, set before the library is loaded, is their documented way to have none of it made, written or sent.
    private static let isSilenced = setenv("ORT_DISABLE_TELEMETRY", "1", 1) == 0

    /// Keeps glibc from holding on to what a model's file took while it was read: from 256 KiB on, blocks are the system's
    /// again as soon as they are free; by itself glibc raises that limit with the first large one. Measured with a Piper
    /// voice and two words: 150 MB at most in place of 184.
    private static let givesBackLargeBlocks =
        mallopt(M_MMAP_THRESHOLD, 256 << 10) == 1 && mallopt(M_TRIM_THRESHOLD, 1 << 20) == 1

    init(path: String) throws(InferenceError) {
        _ = Self.givesBackLargeBlocks
        guard Self.isSilenced else {
            throw InferenceError(.runtimeUnavailable, "cannot turn ONNX Runtime's usage reports off; not loading it")
        }
        let library = try DynamicLibrary(path: path)
        let getBase = try library.function("OrtGetApiBase", as: OrtGetCallsBase.self)
        guard let base = getBase() else {
            throw InferenceError(.runtimeUnavailable, "\(path) gives no ONNX Runtime API")
        }
        let version = String(cString: base.pointee.GetVersionString())
        // Asking a library for an API that it lacks prints a line of its own, so look at the version first.
        guard Self.apiVersion(version) >= Int(ORT_CALLS_API_VERSION),
            let calls = base.pointee.GetApi(UInt32(ORT_CALLS_API_VERSION))?.pointee
        else {
            throw InferenceError(
                .runtimeUnavailable,
                "\(path) is ONNX Runtime \(version), which is too old: 1.\(ORT_CALLS_API_VERSION) or later is needed"
            )
        }
        self.path = path
        self.version = version
        handles = ForeignHandle(try Handles(calls))
    }

    /// The API number of a version: 32 for `1.32.0`; 0 when it cannot be read.
    static func apiVersion(_ version: String) -> Int {
        let parts = version.split(separator: ".")
        guard parts.count >= 2, parts[0] == "1" else { return 0 }
        return Int(parts[1]) ?? 0
    }
}

extension OrtCalls {
    /// Turns a status into an error with ONNX Runtime's own words.
    func check(_ status: OpaquePointer?) throws(InferenceError) {
        guard let status else { return }
        let message = String(cString: GetErrorMessage(status))
        let code = GetErrorCode(status)
        ReleaseStatus(status)
        throw InferenceError(.runtimeFailed, "ONNX Runtime: \(message)", status: code)
    }

    /// Calls a function that hands out a new object.
    func created(_ call: (inout OpaquePointer?) -> OpaquePointer?) throws(InferenceError) -> OpaquePointer {
        var object: OpaquePointer?
        try check(call(&object))
        guard let object else { throw InferenceError(.runtimeFailed, "ONNX Runtime gave no object") }
        return object
    }
}
