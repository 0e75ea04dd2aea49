import Foundation
package import Inference

/// A model directory that lasts as long as the value.
package final class TemporaryBundle: Sendable {
    /// What the directory says of itself.
    package let bundle: ModelBundle

    /// - Parameters:
    ///   - family: which model code reads it.
    ///   - sampleRate: samples per second (Hz).
    ///   - config: the family's settings, as JSON.
    ///   - files: further files, by name.
    /// - Throws: when it cannot be written or is no bundle.
    package init(family: String, sampleRate: Int, config: String, files: [String: [UInt8]] = [:]) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let json = """
            {"schema": 1, "family": "\(family)", "name": "small", "sampleRate": \(sampleRate), "languages": ["en"],
             "placements": {}, "config": \(config)}
            """
        try Data(json.utf8).write(to: directory.appendingPathComponent("bundle.json"))
        for (name, bytes) in files { try Data(bytes).write(to: directory.appendingPathComponent(name)) }
        bundle = try ModelBundle(directory: directory.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: bundle.directory) }
}
