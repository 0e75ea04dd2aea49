import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// A simulator of its own: a copy of the library, whose switches and counters no other test touches.
final class SimulatedBoard: Sendable {
    let library: RKNNLibrary
    let npu: NPU
    let runtime: RKNNRuntime
    let directory: String

    /// Beside the test program, where the build puts it.
    static let libraryPath: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("librknnrt-sim.so").path
    }()
    static let isBuilt = FileManager.default.fileExists(atPath: libraryPath)
    static let skipReason: Comment = "librknnrt-sim.so is not beside the test program: swift build builds it"

    /// - Parameters:
    ///   - board: the chip.
    ///   - memoryLimit: bytes that models may hold.
    ///   - runTimeout: after which a run is given up.
    /// - Throws: when the simulator cannot be loaded or ONNX Runtime is not installed.
    init(_ board: Board = .rk3588, memoryLimit: Int? = 1 << 30, runTimeout: Duration = .seconds(60)) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("rknn-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let copy = directory + "/librknnrt-sim.so"
        try FileManager.default.copyItem(atPath: Self.libraryPath, toPath: copy)
        self.directory = directory
        library = try RKNNLibrary.load(from: [copy])
        npu = NPU(board: board, memoryLimit: memoryLimit, isSimulated: true)
        runtime = RKNNRuntime(library, npu: npu, runTimeout: runTimeout)
        let settings = Settings.fromEnvironment()
        let onnx = try await ModelLoader(settings).installed("onnxruntime") + "/libonnxruntime.so"
        try library.configure("onnxruntime", settings.onnxRuntimePath ?? onnx)
        try library.configure("soc", board.id)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A container around a graph of the fixtures.
    func container(
        _ name: String,
        _ inputs: [String: [Int]],
        quantized: [String: [Float]] = [:],
        file: String = #filePath
    ) throws -> String {
        let path = "\(directory)/\(name).\(npu.board.id).rknn"
        let onnx = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name).onnx").path
        let model = RKNNContainer.Model(inputs: inputs, target: npu.board.id, name: name, quantized: quantized)
        try RKNNContainer.pack(model, onnx: onnx, to: path)
        return path
    }

    /// A graph of the fixtures on the simulator.
    func load(
        _ name: String,
        _ inputs: [String: [Int]],
        quantized: [String: [Float]] = [:],
        cores: [Int]? = nil,
        contexts: Int? = nil
    ) async throws -> any Graph {
        var part = Placement.Part("\(name).rknn", on: .rknn)
        part.cores = cores
        part.contexts = contexts
        return try await runtime.load(part, at: container(name, inputs, quantized: quantized))
    }

    /// One of the simulator's counters.
    func count(_ counter: String) throws -> Int {
        let json = try #require(library.counters())
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        return try #require(object[counter] as? Int, "there is no counter \(counter)")
    }

    /// Waits until everything that was made is given back: the last user may be a thread that has just answered.
    func expectNothingLeft() async throws {
        let isEmpty = await eventually {
            (try? self.count("contexts_created") == self.count("contexts_destroyed")
                && self.count("memories_created") == self.count("memories_destroyed")) == true
                && self.npu.snapshot.memory.used == 0
        }
        let left = try (count("contexts_created") - count("contexts_destroyed"), library.counters() ?? "")
        #expect(isEmpty, "\(left.0) contexts are left, \(npu.snapshot.memory.used) bytes held: \(left.1)")
        #expect(try count("calls_overlapping") == 0)
        #expect(try count("contexts_destroyed_in_use") == 0)
    }
}

/// Whether something becomes true; for what no signal tells.
func eventually(within limit: Duration = .seconds(30), _ condition: @Sendable () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        if ContinuousClock.now > end { return false }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return true
}

/// Numbers that are no round ones.
func numbers(_ shape: [Int], phase: Float = 0) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(shape: shape, (0..<count).map { Float(sin(Double($0) * 0.37 + Double(phase))) })
}

/// The largest difference between two tensors of floats.
func difference(_ a: Tensor, _ b: Tensor) throws -> Float {
    let (left, right) = (try a.scalars(as: Float.self), try b.scalars(as: Float.self))
    try #require(left.count == right.count)
    return zip(left, right).map { abs($0 - $1) }.max() ?? 0
}
