import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// Tiny generated graphs through the real library (`ModelPrep/tiny/make.py`).
@Suite struct ONNXTests {
    private func runtime() async throws -> ONNXRuntime { try await ModelLoader(.fromEnvironment()).runtime(threads: 1) }

    private func load(_ name: String) async throws -> any Graph {
        try await runtime().load(.init(name, on: .onnx), at: Fixture.path(name))
    }

    @Test func portsComeFromTheFile() async throws {
        let graph = try await load("add.onnx")
        #expect(graph.inputs == [TensorSpec("a", .f32, [1, nil]), TensorSpec("b", .f32, [1, nil])])
        #expect(graph.outputs == [TensorSpec("sum", .f32, [1, nil])])
    }

    @Test(arguments: [0, 1, 5, 1_000]) func axesMayVary(count: Int) async throws {
        let graph = try await load("add.onnx")
        let ones = Tensor(shape: [1, count], [Float](repeating: 1, count: count))
        let sum = try await graph.run(["a": ones, "b": ones]).tensor("sum")
        #expect(sum.shape == [1, count])
        #expect(try sum.scalars(as: Float.self) == [Float](repeating: 2, count: count))
    }

    @Test func everyElementTypeGoesThrough() async throws {
        let inputs: [String: Tensor] = [
            "f32_in": Tensor(shape: [2], [Float(1.5), -2]), "f16_in": Tensor(shape: [1], [Half(bits: 0x3C00)]),
            "i64_in": Tensor(shape: [1], [Int64.max]), "i32_in": Tensor(shape: [1], [Int32.min]),
            "i8_in": Tensor(shape: [2], [Int8(-128), 127]), "u8_in": Tensor(shape: [1], [UInt8(255)]),
            "bool_in": Tensor(shape: [2], [true, false]),
        ]
        let outputs = try await load("identities.onnx").run(inputs)
        #expect(try outputs.tensor("f32_out").scalars(as: Float.self) == [1.5, -2])
        #expect(try outputs.tensor("f16_out").scalars(as: Half.self) == [Half(bits: 0x3C00)])
        #expect(try outputs.tensor("i64_out").scalars(as: Int64.self) == [.max])
        #expect(try outputs.tensor("i32_out").scalars(as: Int32.self) == [.min])
        #expect(try outputs.tensor("i8_out").scalars(as: Int8.self) == [-128, 127])
        #expect(try outputs.tensor("u8_out").scalars(as: UInt8.self) == [255])
        #expect(try outputs.tensor("bool_out").scalars(as: Bool.self) == [true, false])
    }

    @Test func anOutputIsTheNextInputAsItIs() async throws {
        let graph = try await load("add.onnx")
        var value = Tensor(shape: [1, 3], [Float(1), 2, 3])
        for _ in 0..<10 { value = try await graph.run(["a": value, "b": value]).tensor("sum") }
        #expect(try value.scalars(as: Float.self) == [1_024, 2_048, 3_072])
    }

    @Test func oneSessionServesManyTasks() async throws {
        let graph = try await load("add.onnx")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let input = Tensor(shape: [1, 1], [Float(number)])
                    let sum = try await graph.run(["a": input, "b": input]).tensor("sum")
                    #expect(try sum.scalars(as: Float.self) == [Float(2 * number)])
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func wrongTensorsAreRefusedInWords() async throws {
        let graph = try await load("add.onnx")
        let one = Tensor(shape: [1, 1], [Float(1)])
        let missing = await #expect(throws: InferenceError.self) { _ = try await graph.run(["a": one]) }
        #expect(missing?.description.contains("\"b\" is missing") == true)
        let extra = await #expect(throws: InferenceError.self) {
            _ = try await graph.run(["a": one, "b": one, "c": one])
        }
        #expect(extra?.description.contains("\"c\"") == true)
        let integers = Tensor(shape: [1, 1], [Int64(1)])
        let type = await #expect(throws: InferenceError.self) { _ = try await graph.run(["a": integers, "b": one]) }
        #expect(type?.description.contains("ONNX Runtime: ") == true)
        #expect(type?.description.contains("add.onnx") == true)
    }

    @Test func cancellingTheTaskStopsTheRun() async throws {
        let graph = try await load("endless.onnx")
        let start = Tensor(shape: [128, 128], [Float](repeating: 0, count: 128 * 128))
        let clock = ContinuousClock.now
        let task = Task { try await graph.run(["start": start]) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        // The graph itself runs for minutes.
        #expect(ContinuousClock.now - clock < .seconds(60))
    }

    @Test func blockedRunsLeaveTheCooperativePoolFree() async throws {
        let graph = try await load("endless.onnx")
        let start = Tensor(shape: [128, 128], [Float](repeating: 0, count: 128 * 128))
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let blocked = (0..<cores + 2).map { _ in Task { try await graph.run(["start": start]) } }
        try await Task.sleep(for: .milliseconds(50))
        let ticks = await Task { (0..<10).reduce(0) { sum, _ in sum + 1 } }.value
        #expect(ticks == 10)
        for task in blocked { task.cancel() }
        for task in blocked { await #expect(throws: InferenceError.self) { _ = try await task.value } }
    }

    @Test func aFileThatIsNoModelIsNamed() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("broken-\(UUID().uuidString).onnx")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for content in [Data(), Data("not a model".utf8), try Fixture.data("add.onnx").prefix(60)] {
            try content.write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: InferenceError.self) {
                _ = try await runtime().load(.init("bad.onnx", on: .onnx), at: path)
            }
            #expect(error?.code == .badModel)
            #expect(error?.description.contains("broken-") == true)
        }
    }

    @Test func aMissingOrWrongLibraryIsToldWithItsPath() throws {
        let nowhere = #expect(throws: InferenceError.self) {
            try ONNXLibrary.load(from: ["/nowhere/libonnxruntime.so"])
        }
        #expect(nowhere?.code == .runtimeUnavailable)
        #expect(nowhere?.message.contains("/nowhere/libonnxruntime.so is not there") == true)
        #expect(nowhere?.message.contains("rkvoice models pull onnxruntime") == true)
        // A library that loads and is another one.
        let other = #expect(throws: InferenceError.self) { try ONNXLibrary.load(from: ["libsndfile.so.1"]) }
        #expect(other?.message.contains("OrtGetApiBase") == true)
    }
}
