import Foundation
package import Inference
import Runtimes

/// What our layer costs on top of an NPU's library, measured on this machine.
package struct NPUBench: Sendable {
    /// Milliseconds of each run by bare calls.
    package var bare: [Double]
    /// Milliseconds of the same, awaited by a task: a thread that blocks, and waking up again.
    package var awaited: [Double]
    /// Milliseconds of each run as a graph.
    package var graph: [Double]
    /// What the library says of itself; says so when it is simulated.
    package var library: String

    /// A file to run, on what, and how often.
    package struct Plan: Sendable {
        /// An `.rknn` file; or, on a simulator, an ONNX file with the shapes of its inputs.
        package var file: String
        package var shapes: [String: [Int]] = [:]
        package var board: Board
        /// The library; nil takes that of the system.
        package var library: String?
        /// The simulator's switches; nil for a real NPU.
        package var switches: [String: String]?
        package var runs = 200

        package init(file: String, board: Board) {
            self.file = file
            self.board = board
        }
    }

    /// Measures; everything made for it is gone afterward.
    /// - Throws: what loading and running throw.
    package init(_ plan: Plan) async throws(InferenceError) {
        let library = try RKNNLibrary.load(from: plan.library.map { [$0] } ?? RKNNLibrary.standardPaths)
        for (key, value) in plan.switches ?? [:] { try library.configure(key, value) }
        let (path, isMade) = try Self.prepared(plan)
        defer { if isMade { try? FileManager.default.removeItem(atPath: path) } }
        let npu = NPU(board: plan.board, isSimulated: library.isSimulated)
        let graph = try await RKNNRuntime(library, npu: npu).load(Placement.Part(plan.file, on: .rknn), at: path)
        let times = try await RKNNOverhead.measure(graph, path: path, library: library, runs: plan.runs)
        bare = times.bare
        awaited = times.awaited
        self.graph = times.graph
        self.library = library.versions.map(String.init(describing:)) ?? library.path
    }

    private static func prepared(_ plan: Plan) throws(InferenceError) -> (String, isMade: Bool) {
        guard plan.file.hasSuffix(".onnx") else { return (plan.file, false) }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).rknn").path
        try RKNNContainer.pack(onnx: plan.file, inputs: plan.shapes, target: plan.board.id, name: "bench", to: path)
        return (path, true)
    }
}

extension ModelLoader {
    /// The simulator beside this executable, and the switches it needs.
    /// - Throws: `runtimeUnavailable` when ONNX Runtime is missing.
    package func simulator(for board: Board) async throws(InferenceError) -> (path: String, switches: [String: String])
    {
        let path = Executable.directory + "/librknnrt-sim.so"
        return (path, ["soc": board.id, "onnxruntime": try await onnxLibrary().path])
    }
}
