import Foundation
package import Inference
import Runtimes

/// What our layer costs on top of an NPU's library, measured on this machine.
package struct NPUBench: Sendable {
    /// Milliseconds of each run by bare calls.
    package private(set) var bare: [Double]
    /// Milliseconds of the same, awaited by a task: a thread that blocks, and waking up again.
    package private(set) var awaited: [Double]
    /// Milliseconds of each run as a graph.
    package private(set) var graph: [Double]
    /// Milliseconds from a live request to the end of its first run, while nothing else runs.
    package private(set) var liveAlone: [Double] = []
    /// The same beside background requests.
    package private(set) var liveBeside: [Double] = []
    /// What the library says of itself; says so when it is simulated.
    package var library: String

    /// A file to run, on what, and how often.
    package struct Plan: Sendable {
        /// An `.rknn` file; or, on a simulator, an ONNX file with the shapes of its inputs.
        package var file: String
        package var shapes: [String: [Int]] = [:]
        /// Alternating runs by bare calls and as a graph.
        package var runs = 200
        /// Live requests at a time; none measures no load.
        package var live = 0
        /// Background requests beside them.
        package var background = 0
        /// Least milliseconds of a simulated run.
        package var latency = 5.0

        package init(file: String) { self.file = file }
    }

    /// Measures; everything made for it is gone afterward.
    /// - Parameters:
    ///   - plan: what to run.
    ///   - loader: whose NPU to run it on.
    /// - Throws: `deviceUnavailable` without an NPU; what loading and running throw.
    package init(_ plan: Plan, _ loader: ModelLoader) async throws(InferenceError) {
        let onnx = try await loader.onnxLibrary()
        guard let runtime = try loader.accelerator.rknn(onnx: onnx.path) else {
            let problem = loader.accelerator.libraryProblem ?? "\(loader.accelerator.board.name) has no NPU"
            throw InferenceError(.deviceUnavailable, "\(problem); --simulate rk3588 needs none")
        }
        if loader.accelerator.isSimulated { try runtime.library.configure("latency_ms", String(plan.latency)) }
        let (path, isMade) = try Self.prepared(plan, loader.accelerator.board)
        defer { if isMade { try? FileManager.default.removeItem(atPath: path) } }
        let graph = try await runtime.load(Placement.Part(plan.file, on: .rknn), at: path)
        let times = try await RKNNOverhead.measure(graph, path: path, library: runtime.library, runs: plan.runs)
        bare = times.bare
        awaited = times.awaited
        self.graph = times.graph
        library = runtime.library.versions.map(String.init(describing:)) ?? runtime.library.path
        guard plan.live > 0 else { return }
        for _ in 0..<NPULoad.rounds {
            liveAlone += try await NPULoad(graph, live: plan.live, background: 0).firstResults()
            liveBeside += try await NPULoad(graph, live: plan.live, background: plan.background).firstResults()
        }
    }

    private static func prepared(_ plan: Plan, _ board: Board) throws(InferenceError) -> (String, isMade: Bool) {
        guard plan.file.hasSuffix(".onnx") else { return (plan.file, false) }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).rknn").path
        try RKNNContainer.pack(onnx: plan.file, inputs: plan.shapes, target: board.id, name: "bench", to: path)
        return (path, true)
    }
}
