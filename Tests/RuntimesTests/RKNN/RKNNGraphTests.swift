import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// Compiled files through the library's real calls; what the library computes is ONNX Runtime's in half precision.
@Suite(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) struct RKNNGraphTests {
    private func onnx(_ name: String) async throws -> any Graph {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name).onnx").path
        return try await ModelLoader(.fromEnvironment()).runtime(threads: 1).load(
            Placement.Part(name, on: .onnx),
            at: path
        )
    }

    @Test(arguments: [Board.rk3588, .rk3576]) func portsAndResultsAreThoseOfTheGraph(board: Board) async throws {
        let simulator = try await SimulatedBoard(board)
        let graph = try await simulator.load("front", ["features": [1, 8, 12]])
        #expect(graph.inputs == [TensorSpec("features", .f32, [1, 8, 12])])
        #expect(graph.outputs == [TensorSpec("hidden", .f32, [1, 12, 6])])
        let inputs = ["features": numbers([1, 8, 12])]
        let expected = try await onnx("front").run(inputs).tensor("hidden")
        let found = try await graph.run(inputs).tensor("hidden")
        #expect(found.shape == [1, 12, 6])
        #expect(try difference(found, expected) < 1e-3)
    }

    @Test(arguments: ["all", "native", "none"]) func channelsComeFirstForTheModelHoweverBuffersAreBound(
        buffers: String
    ) async throws {
        for align in ["1", "16"] {
            let simulator = try await SimulatedBoard()
            try simulator.library.configure("io_mem", buffers)
            try simulator.library.configure("width_align", align)
            let graph = try await simulator.load("image", ["pixels": [1, 3, 4, 5]])
            #expect(graph.inputs == [TensorSpec("pixels", .f32, [1, 3, 4, 5])])
            let inputs = ["pixels": numbers([1, 3, 4, 5])]
            let expected = try await onnx("image").run(inputs).tensor("brighter")
            for _ in 0..<3 {
                let found = try await graph.run(inputs).tensor("brighter")
                #expect(found.shape == [1, 3, 4, 5])
                #expect(try difference(found, expected) < 1e-3, "\(buffers), rows of \(align)")
            }
            #expect(try (simulator.count("input_bytes_copied") > 0) == (buffers == "none"))
        }
    }

    @Test(arguments: ["all", "native", "none"]) func integersWithAScaleAreRealsToTheModel(buffers: String) async throws
    {
        let simulator = try await SimulatedBoard()
        try simulator.library.configure("io_mem", buffers)
        let step: Float = 1 / 64
        let graph = try await simulator.load(
            "recur",
            ["input": [1, 4], "state": [1, 4]],
            quantized: ["input": [step, 3], "next": [step * 2, -5]]
        )
        #expect(graph.inputs.allSatisfy { $0.dtype == .f32 } && graph.outputs.allSatisfy { $0.dtype == .f32 })
        let input = Tensor(shape: [1, 4], [0.5, -0.25, 9, .nan] as [Float])
        let state = Tensor(shape: [1, 4], [1, 2, 0, 0] as [Float])
        let next = try await graph.run(["input": input, "state": state]).tensor("next").scalars(as: Float.self)
        // 9 is more than 127 steps can hold.
        let expected: [Float] = [1, 0.75, (127 - 3) * step, 0]
        for (found, wanted) in zip(next, expected).prefix(3) { #expect(abs(found - wanted) <= step * 1.01) }
    }

    @Test(arguments: ["all", "none"]) func integersStayIntegers(buffers: String) async throws {
        let simulator = try await SimulatedBoard()
        try simulator.library.configure("io_mem", buffers)
        let graph = try await simulator.load("embed", ["tokens": [1, 3]])
        #expect(graph.inputs == [TensorSpec("tokens", .i64, [1, 3])])
        let inputs = ["tokens": Tensor(shape: [1, 3], [Int64(7), 0, 9])]
        let expected = try await onnx("embed").run(inputs).tensor("vectors")
        let found = try await graph.run(inputs).tensor("vectors")
        #expect(try difference(found, expected) < 1e-3)
    }

    @Test func wrongTensorsAreRefusedBeforeTheLibrarySeesThem() async throws {
        let simulator = try await SimulatedBoard()
        let graph = try await simulator.load("front", ["features": [1, 8, 12]])
        let wrong: [([String: Tensor], String)] = [
            ([:], "\"features\" is missing"),
            (["features": numbers([1, 8, 13])], "features f32[1,8,13], not features f32[1,8,12]"),
            (["features": numbers([1, 12, 8])], "not features f32[1,8,12]"),
            (["features": Tensor(shape: [1, 8, 12], [Int64](repeating: 0, count: 96))], "i64"),
            (["features": numbers([1, 8, 12]), "more": numbers([1])], "no input \"more\""),
        ]
        for (inputs, words) in wrong {
            let error = await #expect(throws: InferenceError.self) { _ = try await graph.run(inputs) }
            #expect(error?.code == .invalidTensor)
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        #expect(try simulator.count("runs") == 0)
    }

    @Test func aResultIsTheNextInputWithoutACopy() async throws {
        let simulator = try await SimulatedBoard()
        let graph = try await simulator.load("recur", ["input": [1, 4], "state": [1, 4]], contexts: 1)
        let input = Tensor(shape: [1, 4], [1, 1, 1, 1] as [Float])
        var state = Tensor(shape: [1, 4], [0, 0, 0, 0] as [Float])
        var history: [Tensor] = []
        for _ in 0..<50 {
            state = try await graph.run(["input": input, "state": state]).tensor("next")
            history.append(state)
        }
        #expect(try state.scalars(as: Float.self).allSatisfy { abs($0 - 2) < 1e-2 })
        // Results that are kept are not written over by later runs.
        #expect(try history[0].scalars(as: Float.self) == [1, 1, 1, 1])
        #expect(try abs(history[1].scalars(as: Float.self)[0] - 1.5) < 1e-3)
        #expect(try simulator.count("input_bytes_copied") == 0)
        #expect(try simulator.count("output_bytes_copied") == 0)
        // Once at load for each of two inputs, and once for each of the first eight results.
        #expect(try simulator.count("inputs_bound") >= 2 + 8)
        // Two inputs, and outputs as far as they are lent; more results than that are copied.
        #expect(try simulator.count("memories_created") <= 2 + 9)
    }

    @Test func resultsAndTensorsOfTheModelTakeTurns() async throws {
        let simulator = try await SimulatedBoard()
        let graph = try await simulator.load("recur", ["input": [1, 4], "state": [1, 4]], contexts: 1)
        let zero = Tensor(shape: [1, 4], [0, 0, 0, 0] as [Float])
        let given = Tensor(shape: [1, 4], [8, 8, 8, 8] as [Float])
        for _ in 0..<3 {
            let first = try await graph.run(["input": zero, "state": given]).tensor("next")
            #expect(try first.scalars(as: Float.self) == [4, 4, 4, 4])
            let second = try await graph.run(["input": zero, "state": first]).tensor("next")
            #expect(try second.scalars(as: Float.self) == [2, 2, 2, 2])
        }
    }

    @Test func resultsOutliveTheGraph() async throws {
        let simulator = try await SimulatedBoard()
        var kept: Tensor?
        do {
            let graph = try await simulator.load("front", ["features": [1, 8, 4]])
            kept = try await graph.run(["features": numbers([1, 8, 4])]).tensor("hidden")
        }
        #expect(try kept?.scalars(as: Float.self).allSatisfy { abs($0) <= 1 } == true)
        kept = nil
        try await simulator.expectNothingLeft()
    }

    @Test func twoCoresServeTwoRequestsAtOnce() async throws {
        let simulator = try await SimulatedBoard(.rk3576)
        let graph = try await simulator.load("front", ["features": [1, 8, 12]])
        try simulator.library.configure("latency_ms", "100")
        let trace = Trace(isSimulated: true)
        trace.observe(simulator.npu)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { _ = try? await graph.run(["features": numbers([1, 8, 12])]) } }
        }
        #expect(try simulator.count("running_max") == 2)
        #expect(try simulator.count("core_running_max") == 1)
        #expect(trace.count == 4)
    }

    @Test func aThousandRunsAtOnceLeaveNothing() async throws {
        let simulator = try await SimulatedBoard()
        do {
            let graph = try await simulator.load("front", ["features": [1, 8, 12]])
            let reference = try await onnx("front")
            let wanted = try await reference.run(["features": numbers([1, 8, 12])]).tensor("hidden")
            let worst = try await withThrowingTaskGroup(of: Float.self) { group in
                for _ in 0..<1_000 {
                    group.addTask {
                        try await difference(graph.run(["features": numbers([1, 8, 12])]).tensor("hidden"), wanted)
                    }
                }
                return try await group.reduce(0) { max($0, $1) }
            }
            #expect(worst < 1e-3)
            #expect(try simulator.count("runs") == 1_000)
            #expect(try simulator.count("memories_created") <= 3 * (1 + 9))
        }
        try await simulator.expectNothingLeft()
    }
}
