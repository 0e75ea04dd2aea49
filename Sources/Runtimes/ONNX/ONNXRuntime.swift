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
    private let pool = BlockingPool(label: "rkvoice.onnx")

    package init(_ library: ONNXLibrary, threads: ONNXThreads) {
        self.library = library
        self.threads = threads
    }

    package func load(_ part: Placement.Part, at path: String) async throws(InferenceError) -> any Graph {
        let library = library
        let threads = threads
        let pool = pool
        let result: Result<ONNXGraph, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) {
                let session = try ONNXSession(path: path, library: library, threads: threads)
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
