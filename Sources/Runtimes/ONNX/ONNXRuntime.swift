import CRuntimes
package import Inference

/// How ONNX Runtime uses the cores.
package struct ONNXThreads: Sendable, Hashable {
    /// Threads that work on one operator; 0 lets ONNX Runtime take every physical core.
    package var intraOp: Int
    /// Whether idle workers spin: faster on an idle machine, much slower when the cores are shared.
    /// Measured on 2 cores with one taken: RTF 0.077 spinning, 0.054 not.
    package var spinning: Bool

    package init(intraOp: Int, spinning: Bool = false) {
        self.intraOp = intraOp
        self.spinning = spinning
    }
}

/// Loads ONNX files as graphs.
package struct ONNXRuntime: GraphRuntime {
    private let library: ONNXLibrary
    private let threads: ONNXThreads
    private let optimizes: Bool
    private let pool = BlockingPool(label: "rkvoice.onnx")

    /// - Parameters:
    ///   - library: what runs them.
    ///   - threads: how it uses the cores.
    ///   - optimizes: whether graphs are rewritten when they are loaded, which takes its time and pays where operators
    ///     can be joined.
    package init(_ library: ONNXLibrary, threads: ONNXThreads, optimizes: Bool = true) {
        self.library = library
        self.threads = threads
        self.optimizes = optimizes
    }

    package func load(_ part: Placement.Part, at path: String) async throws(InferenceError) -> any Graph {
        let library = library
        let (threads, optimizes) = (threads, optimizes)
        let pool = pool
        let result: Result<ONNXGraph, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) {
                let session = try ONNXSession(path: path, library: library, threads: threads, optimizes: optimizes)
                return .success(ONNXGraph(name: path, session: session, pool: pool))
            } catch {
                // A file that ONNX Runtime refuses is a bad model, whatever stage of loading found it.
                return .failure(
                    InferenceError(
                        .badModel,
                        "\(error.message); run `rkvoice models verify`",
                        graph: path,
                        status: error.status
                    )
                )
            }
        }
        return try result.get()
    }
}
