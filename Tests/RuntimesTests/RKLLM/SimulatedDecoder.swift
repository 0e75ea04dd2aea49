import Foundation
import Inference
import RKVoice
import Runtimes
import Testing

/// A simulator of RKLLM of its own: a copy of the library, whose switches and counters no other test touches.
final class SimulatedDecoder: Sendable {
    let library: RKLLMLibrary
    let npu: NPU
    let runtime: RKLLMRuntime
    let directory: String

    /// One release of each generation, and the last of those that have several.
    static let releases = ["1.1.0", "1.1.4", "1.2.0", "1.2.1", "1.2.3", "1.3.0"]
    static let isBuilt = FileManager.default.fileExists(atPath: libraryPath)
    static let skipReason: Comment = "librkllmrt-sim.so is not beside the test program: swift build builds it"

    /// Beside the test program, where the build puts it.
    static let libraryPath: String = URL(fileURLWithPath: SimulatedBoard.libraryPath).deletingLastPathComponent()
        .appendingPathComponent("librkllmrt-sim.so").path

    /// - Parameters:
    ///   - release: of RKLLM.
    ///   - memoryLimit: bytes that models may hold.
    ///   - patience: when to give up.
    /// - Throws: when the simulator cannot be loaded or ONNX Runtime is not installed.
    init(
        _ release: String = "1.2.3",
        memoryLimit: Int? = 1 << 30,
        patience: RKLLMPatience = RKLLMPatience(token: .seconds(60), consumer: .seconds(60))
    ) async throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("rkllm-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let copy = directory + "/librkllmrt-sim.so"
        try FileManager.default.copyItem(atPath: Self.libraryPath, toPath: copy)
        library = try RKLLMLibrary.load(from: [copy], version: release)
        npu = NPU(board: .rk3588, memoryLimit: memoryLimit, isSimulated: true)
        runtime = RKLLMRuntime(library, npu: npu, patience: patience)
        let settings = Settings.fromEnvironment()
        let onnx = try await ModelLoader(settings).installed("onnxruntime") + "/libonnxruntime.so"
        try library.configure("onnxruntime", settings.onnxRuntimePath ?? onnx)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A tiny decoder in a container of its own.
    func load(
        _ decoder: TinyDecoder,
        ends: Set<Int32> = [],
        options: DecoderOptions = DecoderOptions()
    ) async throws -> any LanguageModel {
        let path = "\(directory)/\(decoder)-\(UUID().uuidString).rkllm"
        try await container(decoder, ends: ends, at: path)
        return try await runtime.load(
            Placement.Part("\(decoder).rkllm", on: .rkllm),
            at: path,
            dimensions: TinyDecoder.dimensions(ends: ends),
            options: options
        )
    }

    func container(_ decoder: TinyDecoder, ends: Set<Int32> = [], at path: String) async throws {
        var table: String?
        if decoder == .rows {
            let rows = try await TinyDecoder.embeddings(of: Array(0..<40))
            let file = path + ".table"
            try rows.scalars(as: Float.self).withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
            table = file
        }
        let description = decoder.description(ends: ends)
        try RKLLMContainer(description, target: "rk3588", name: "tiny", tokenizer: TinyWords())
            .pack(onnx: decoder.graphPath, embeddings: table, to: path)
    }

    /// One of the simulator's counters.
    func count(_ counter: String) throws -> Int {
        let json = try #require(library.counters())
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        return try #require(object[counter] as? Int, "there is no counter \(counter)")
    }

    /// Whether no core is taken and nobody waits for one.
    var isIdle: Bool {
        let now = npu.snapshot
        return now.cores.allSatisfy { $0.running == nil } && now.queue.live == 0 && now.detained.isEmpty
    }

    /// Waits until everything that was made is given back.
    func expectNothingLeft() async throws {
        let isEmpty = await eventually {
            (try? self.count("handles_created") == self.count("handles_destroyed") && self.count("running") == 0
                && self.count("memory") == 0) == true && self.npu.snapshot.memory.used == 0 && self.isIdle
        }
        #expect(library.openModels == 0)
        #expect(isEmpty, "\(npu.snapshot.memory.used) bytes held: \(library.counters() ?? "")")
    }
}
