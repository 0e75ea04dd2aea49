import Foundation
import Inference
import SpeechTesting
import Testing

@Suite struct ReplayGraphTests {
    private let recording = """
        {"inputs": [{"name": "x", "dtype": "f32", "shape": [1, 4]}, {"name": "n", "dtype": "i64", "shape": [1]}],
         "outputs": [{"name": "y", "dtype": "f32", "shape": [1, 4]}],
         "runs": [{"inputs": {"x": {"shape": [1, 4], "values": [1, 2, 3, 0]}, "n": {"shape": [1], "values": [3]}},
                   "outputs": {"y": {"shape": [1, 4], "file": "y.f32"}}}]}
        """

    private func directory() throws -> Directory {
        let directory = try Directory(["replay.json": recording])
        let bytes = [Float(2), 4, 6, 0].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: directory.path + "/y.f32"))
        return directory
    }

    @Test func whatWasRecordedIsAnswered() async throws {
        let directory = try directory()
        let graph = try ReplayGraph(directory: directory.path)
        #expect(graph.inputs == [TensorSpec("x", .f32, [1, 4]), TensorSpec("n", .i64, [1])])
        let n = Tensor(shape: [1], [Int64(3)])
        let y = try await graph.run(["x": Tensor(shape: [1, 4], [Float(1), 2, 3, 0.000_001]), "n": n]).tensor("y")
        #expect(try y.scalars(as: Float.self) == [2, 4, 6, 0])
        let error = await #expect(throws: InferenceError.self) {
            _ = try await graph.run(["x": Tensor(shape: [1, 4], [Float(1), 2, 3, 1]), "n": n])
        }
        #expect(error?.message.contains("1 recorded runs") == true)
    }

    /// The recording is of a graph for four frames; the model has three.
    @Test func aRecordingStandsInForAGraphOfFixedLength() async throws {
        let directory = try directory()
        let graph = try BucketedGraph([.init(frames: 4, try ReplayGraph(directory: directory.path))])
        let y = try await graph.run([
            "x": Tensor(shape: [1, 3], [Float(1), 2, 3]), "n": Tensor(shape: [1], [Int64(3)]),
        ])
        #expect(try y.tensor("y").scalars(as: Float.self) == [2, 4, 6])
    }

    @Test func aRecordingThatCannotBeReadIsRefused() throws {
        #expect(throws: (any Error).self) { try ReplayGraph(directory: "/nowhere") }
        let short = recording.replacingOccurrences(of: "[1, 2, 3, 0]", with: "[1, 2]")
        #expect(throws: (any Error).self) { try ReplayGraph(directory: try Directory(["replay.json": short]).path) }
    }
}
