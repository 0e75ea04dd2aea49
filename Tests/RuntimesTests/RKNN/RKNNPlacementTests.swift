import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// One piece of model code, its two stages on whatever the bundle says.
@Suite(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) struct RKNNPlacementTests {
    /// The model: it knows two graphs and nothing of where they run.
    private struct TwoStages {
        let front: any Graph
        let back: any Graph

        func scores(_ features: Tensor) async throws -> Tensor {
            let hidden = try await front.run(["features": features]).tensor("hidden")
            return try await back.run(["hidden": hidden]).tensor("scores")
        }
    }

    private func runtimes(_ simulator: SimulatedBoard) async throws -> RuntimeSet {
        let onnx = try await ModelLoader(.fromEnvironment()).runtime(threads: 1)
        return RuntimeSet([.onnx: onnx, .rknn: simulator.runtime], board: simulator.npu.board)
    }

    private func bundle(_ simulator: SimulatedBoard) throws -> String {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures")
        for name in ["front", "back"] {
            try FileManager.default.copyItem(
                atPath: fixtures.appendingPathComponent("\(name).onnx").path,
                toPath: "\(simulator.directory)/\(name).onnx"
            )
        }
        _ = try simulator.container("front", ["features": [1, 8, 12]])
        _ = try simulator.container("back", ["hidden": [1, 12, 6]])
        return simulator.directory
    }

    @Test(arguments: [Board.rk3588, .rk3576]) func threePlacementsGiveOneResult(board: Board) async throws {
        let simulator = try await SimulatedBoard(board)
        let (runtimes, directory) = (try await runtimes(simulator), try bundle(simulator))
        let onnx: [Placement.Part] = ["front.onnx", "back.onnx"].map { Placement.Part($0, on: .onnx) }
        let rknn: [Placement.Part] = ["front.{board}.rknn", "back.{board}.rknn"].map { Placement.Part($0, on: .rknn) }
        var results: [Tensor] = []
        for (front, back) in [(onnx[0], onnx[1]), (rknn[0], onnx[1]), (rknn[0], rknn[1])] {
            let placement = Placement(["front": [[front]], "back": [[back]]])
            let model = TwoStages(
                front: try await runtimes.graph(for: "front", of: placement, in: directory),
                back: try await runtimes.graph(for: "back", of: placement, in: directory)
            )
            let bound = try simulator.count("inputs_bound")
            results.append(try await model.scores(numbers([1, 8, 12])))
            let isShared = front.runtime == .rknn && back.runtime == .rknn
            #expect(try simulator.count("inputs_bound") - bound == (isShared ? 1 : 0))
        }
        #expect(try difference(results[0], results[1]) < 1e-3)
        #expect(try difference(results[0], results[2]) < 1e-3)
        // From one compiled file to the next nothing is copied: the second reads the memory that the first wrote.
        #expect(try simulator.count("input_bytes_copied") == 0)
        #expect(try simulator.count("output_bytes_copied") == 0)
    }

    @Test func twoRequestsRunOnTwoCoresAtOnceAsTheTraceShows() async throws {
        struct Document: Decodable {
            struct Event: Decodable {
                var cat: String?
                var name: String
                var pid: Int
                var tid: Int
                var ts: Double?
                var dur: Double?
            }
            var traceEvents: [Event]
        }
        let simulator = try await SimulatedBoard()
        let trace = Trace(isSimulated: true)
        trace.observe(simulator.npu)
        // Long enough that both are asked for while the first still runs.
        try simulator.library.configure("latency_ms", "500")
        let front = try await simulator.load("front", ["features": [1, 8, 12]])
        let model = TwoStages(front: front, back: try await simulator.load("back", ["hidden": [1, 12, 6]]))
        async let one = model.scores(numbers([1, 8, 12]))
        async let other = model.scores(numbers([1, 8, 12]))
        #expect(try difference(await one, await other) == 0)
        let leases = try JSONDecoder().decode(Document.self, from: trace.json()).traceEvents
            .filter { $0.cat == "lease" && $0.name.contains("front") }
        let (first, second) = (try #require(leases.first), try #require(leases.last))
        #expect(leases.count == 2 && first.tid != second.tid, "each on a core of its own")
        let starts = [first.ts ?? 0, second.ts ?? 0]
        let ends = [starts[0] + (first.dur ?? 0), starts[1] + (second.dur ?? 0)]
        #expect((starts.max() ?? 0) < (ends.min() ?? 0), "at once: \(starts), \(ends)")
        #expect(try simulator.count("running_max") == 2)
    }

    @Test func aContextThatWasGivenUpIsNotKeptByThoseThatReadItsResults() async throws {
        let simulator = try await SimulatedBoard()
        let front = try await simulator.load("front", ["features": [1, 8, 12]], contexts: 1)
        let back = try await simulator.load("back", ["hidden": [1, 12, 6]], contexts: 1)
        let model = TwoStages(front: front, back: back)
        try simulator.library.configure("fault_model", "front")
        for _ in 0..<3 {
            _ = try await model.scores(numbers([1, 8, 12]))
            try simulator.library.configure("fault_count", "1")
            try simulator.library.configure("fault", "run")
            await #expect(throws: InferenceError.self) { _ = try await model.scores(numbers([1, 8, 12])) }
            try simulator.library.configure("fault", "none")
        }
        _ = try await model.scores(numbers([1, 8, 12]))
        // One of each is in use; the three that failed are gone.
        #expect(try simulator.count("contexts_created") - simulator.count("contexts_destroyed") == 2)
    }

    @Test func bucketsTakeWhatFits() async throws {
        let simulator = try await SimulatedBoard()
        let (runtimes, directory) = (try await runtimes(simulator), try bundle(simulator))
        let small = try simulator.container("front", ["features": [1, 8, 4]])
        try FileManager.default.moveItem(atPath: small, toPath: directory + "/front.4.rknn")
        _ = try simulator.container("front", ["features": [1, 8, 12]])
        var parts: [Placement.Part] = [
            .init("front.4.rknn", on: .rknn, frames: 4), .init("front.rk3588.rknn", on: .rknn, frames: 12),
        ]
        // Eight channels could as well be twice four frames.
        for index in parts.indices { parts[index].axes = ["features": 2, "hidden": 1] }
        let placement = Placement([
            "front": [parts],
            "cpu": [[.init("front.onnx", on: .onnx)]],
        ])
        let graph = try await runtimes.graph(for: "front", of: placement, in: directory)
        let reference = try await runtimes.graph(for: "cpu", of: placement, in: directory)
        #expect(graph.frameSizes == [4, 12])
        for frames in [1, 4, 5, 12] {
            let inputs = ["features": numbers([1, 8, frames])]
            let (found, wanted) = (try await graph.run(inputs), try await reference.run(inputs))
            #expect(try difference(found.tensor("hidden"), wanted.tensor("hidden")) < 1e-3, "\(frames) frames")
        }
    }
}
