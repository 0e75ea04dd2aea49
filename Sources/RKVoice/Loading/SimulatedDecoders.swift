import Foundation
import Inference
import Runtimes

/// Decoders on the simulator of RKLLM: the container that it runs is packed from the ONNX graph that the real file is
/// converted from, and kept below the home.
struct SimulatedDecoders: LanguageModelRuntime {
    private let runtime: RKLLMRuntime
    private let home: String
    private let board: String

    /// - Parameters:
    ///   - runtime: the simulator.
    ///   - board: id of the simulated board.
    ///   - home: directory of the program's files.
    init(_ runtime: RKLLMRuntime, board: String, home: String) {
        self.runtime = runtime
        self.board = board
        self.home = home
    }

    // The path is that of the ONNX graph.
    func load(
        _ part: Placement.Part,
        at path: String,
        _ setup: DecoderSetup
    ) async throws(InferenceError) -> any LanguageModel {
        let pool = BlockingPool(label: "rkvoice.files")
        let result: Result<String, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) { return .success(try pack(part, path, setup)) } catch { return .failure(error) }
        }
        return try await runtime.load(part, at: result.get(), setup)
    }

    /// Packs each time: what the container says comes from the bundle and from the tokenizer, and is not in the files'
    /// times. A container that another process has open stays its own.
    private func pack(
        _ part: Placement.Part,
        _ graph: String,
        _ setup: DecoderSetup
    ) throws(InferenceError) -> String {
        let bundle = URL(fileURLWithPath: setup.directory)
        let directory = "\(home)/simulated/\(board)/\(bundle.lastPathComponent)"
        do { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) } catch {
            throw InferenceError(
                .badModel,
                "a simulation needs a place for its files: \(error.localizedDescription)",
                graph: directory
            )
        }
        let name = URL(fileURLWithPath: part.file.replacing("{board}", with: board)).lastPathComponent
        let container = "\(directory)/\(name)"
        let table = setup.description.embeddings.map { bundle.appendingPathComponent($0).path }
        try RKLLMContainer(setup.description, target: board, name: name, tokenizer: setup.tokenizer)
            .pack(onnx: graph, embeddings: table, to: container)
        return container
    }
}
