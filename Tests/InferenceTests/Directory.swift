import Foundation
import Inference

/// A directory that lasts as long as the value.
final class Directory: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("inference-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The directory as a bundle with these placements.
    func bundle(_ placements: String, name: String = "toy") throws -> ModelBundle {
        let json = """
            {"schema": 1, "family": "toy", "name": "\(name)", "sampleRate": 16000, "placements": \(placements)}
            """
        try write(json, to: "bundle.json")
        return try ModelBundle(directory: path)
    }
}
