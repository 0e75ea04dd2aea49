import Foundation
import Inference
import Runtimes

/// The container that a simulator runs in place of a graph for the NPU: packed from the ONNX file that the graph is
/// converted from, and kept below the home.
struct SimulatedFile: Sendable {
    private let part: Placement.Part
    private let path: String
    /// The ONNX file; nil where the container itself is in the bundle.
    private let source: String?
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
        self.part = part
        self.path = path
        self.board = board
        let name = file.deletingPathExtension().lastPathComponent
        container = "\(home)/simulated/\(board)/\(Self.folder(directory, home))/\(name).rknn"
        guard let source = part.source, part.shapes != nil else {
            // Someone may have packed it. A vendor's own file is told by the simulator.
            if FileManager.default.fileExists(atPath: path) {
                self.source = nil
                return
            }
            throw InferenceError(
                .badModel,
                "its placement names no \"source\" and \"shapes\", so there is nothing to simulate it with",
                graph: path
            )
        }
        self.source = Self.root(of: part, directory).appendingPathComponent(source).path
    }

    /// The directory of the bundle, from which the source counts as the file itself does.
    private static func root(of part: Placement.Part, _ directory: URL) -> URL {
        part.file.split(separator: "/").dropLast().reduce(directory) { above, _ in above.deletingLastPathComponent() }
    }

    /// Where the containers of a directory are: models of the store go by their names; elsewhere many may have the same.
    private static func folder(_ directory: URL, _ home: String) -> String {
        let name = directory.lastPathComponent
        guard directory.deletingLastPathComponent().path != home + "/models" else { return name }
        // FNV-1a (Fowler, Noll, Vo), 64 bits.
        let hash = directory.path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\(name)-\(String(hash, radix: 36))"
    }

    /// Packs the container if it is not there or older than its source.
    /// - Returns: its path.
    /// - Throws: `missingFile` without the source, `badModel` when the container cannot be written.
    func path() async throws(InferenceError) -> String {
        guard let source else { return path }
        guard let made = Self.changed(source) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: source)
        }
        if let packed = Self.changed(container), packed >= made { return container }
        let pool = BlockingPool(label: "rkvoice.files")
        let result: Result<Void, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) { return .success(try pack(source)) } catch { return .failure(error) }
        }
        try result.get()
        return container
    }

    private func pack(_ source: String) throws(InferenceError) {
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
