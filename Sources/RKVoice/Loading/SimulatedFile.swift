import Foundation
import Inference
import Runtimes

/// The container that a simulator runs in place of a graph for the NPU: packed from the ONNX file that the graph is
/// converted from, and kept below the home.
struct SimulatedFile: Sendable {
    private let part: Placement.Part
    private let source: String
    private let container: String
    private let board: String

    /// - Parameters:
    ///   - part: the graph.
    ///   - path: where a board has it, in the directory of its bundle.
    ///   - board: id of the simulated board.
    ///   - home: directory of the program's files.
    /// - Throws: `badModel` when the part does not say what it is made of.
    init(_ part: Placement.Part, _ path: String, board: String, home: String) throws(InferenceError) {
        let file = URL(fileURLWithPath: path)
        let directory = file.deletingLastPathComponent()
        guard let source = part.source, part.shapes != nil else {
            throw InferenceError(
                .badModel,
                "its placement names no \"source\" and \"shapes\", so there is nothing to simulate it with",
                graph: path
            )
        }
        self.part = part
        self.source = directory.appendingPathComponent(source).path
        self.board = board
        let name = file.deletingPathExtension().lastPathComponent
        container = "\(home)/simulated/\(board)/\(directory.lastPathComponent)/\(name).rknn"
    }

    /// Packs the container if it is not there or older than its source.
    /// - Returns: its path.
    /// - Throws: `missingFile` without the source, `badModel` when the container cannot be written.
    func path() async throws(InferenceError) -> String {
        guard let made = Self.changed(source) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: source)
        }
        if let packed = Self.changed(container), packed >= made { return container }
        let pool = BlockingPool(label: "rkvoice.files")
        let result: Result<Void, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) { return .success(try pack()) } catch { return .failure(error) }
        }
        try result.get()
        return container
    }

    private func pack() throws(InferenceError) {
        let directory = URL(fileURLWithPath: container).deletingLastPathComponent()
        do { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) } catch {
            throw InferenceError(
                .badModel,
                "a simulation needs a place for its files: \(error.localizedDescription)",
                graph: directory.path
            )
        }
        try RKNNContainer.pack(
            onnx: source,
            inputs: part.shapes ?? [:],
            target: board,
            name: URL(fileURLWithPath: container).lastPathComponent,
            to: container
        )
    }

    private static func changed(_ path: String) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
}
