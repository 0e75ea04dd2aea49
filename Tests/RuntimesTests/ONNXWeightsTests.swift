import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// Weights that stay in their file, and inputs that may be left out (`rows.onnx` of `ModelPrep/tiny/make.py`).
@Suite struct ONNXWeightsTests {
    private func load(_ path: String) async throws -> any Graph {
        let runtime = try await ModelLoader(.fromEnvironment()).runtime(threads: 1)
        return try await runtime.load(.init("rows.onnx", on: .onnx), at: path)
    }

    private func copy() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weights-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("rows.onnx")
        try FileManager.default.copyItem(atPath: Fixture.path("rows.onnx"), toPath: file.path)
        return file
    }

    /// `sin(0.7 k + 0.3)`, row by row.
    private func row(_ index: Int) -> [Float] { (0..<80).map { Float(sin(Double(index * 80 + $0) * 0.7 + 0.3)) } }

    private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    @Test func weightsAreReadInPlaceAndOutliveTheirFile() async throws {
        let file = try copy()
        let outline = try #require(try ONNXOutline.read(file.path))
        #expect(outline.outside == 16 * 80 * 4)
        #expect(outline.bytes.count < 1_000)
        let graph = try await load(file.path)
        try FileManager.default.removeItem(at: file.deletingLastPathComponent())
        let rows = try await graph.run(["index": Tensor(shape: [2], [Int64(15), 0])]).tensor("rows")
        #expect(isClose(try rows.scalars(as: Float.self), row(15) + row(0)))
    }

    @Test func anInputWithAValueOfItsOwnMayBeLeftOut() async throws {
        let graph = try await load(Fixture.path("rows.onnx"))
        #expect(graph.inputs.map(\.name) == ["index"])
        #expect(graph.optionalInputs == [TensorSpec("bias", .f32, [80])])
        let index = Tensor(shape: [1], [Int64(3)])
        let bias = Tensor(shape: [80], [Float](repeating: 2, count: 80))
        let moved = try await graph.run(["bias": bias, "index": index]).tensor("rows").scalars(as: Float.self)
        #expect(isClose(moved, row(3).map { $0 + 2 }))
        let plain = try await graph.run(["index": index]).tensor("rows").scalars(as: Float.self)
        #expect(isClose(plain, row(3)), "the value of the run before is not kept")
        await #expect(throws: InferenceError.self) { try await graph.run(["bias": bias]) }
        let error = await #expect(throws: InferenceError.self) {
            try await graph.run(["index": index, "other": bias])
        }
        #expect(error?.message.contains("other") == true)
    }

    @Test func weightsThatAreNotAlignedStayWhereTheyAre() throws {
        let file = try copy()
        var bytes = [UInt8](try Data(contentsOf: file))
        // A field that nobody knows moves all that follows by three bytes.
        bytes.insert(contentsOf: [0xFA, 0x01, 0x00], at: 0)
        try Data(bytes).write(to: file)
        #expect(try ONNXOutline.read(file.path) == nil)
    }

    @Test(arguments: [0, 1, 40, 2_000]) func aFileThatIsCutShortIsRefusedInWords(length: Int) async throws {
        let file = try copy()
        try Data(contentsOf: file).prefix(length).write(to: file)
        let error = await #expect(throws: InferenceError.self) { try await load(file.path) }
        #expect(error?.code == .badModel && error?.message.contains("models verify") == true)
    }
}
