import Foundation
import Inference
import RKVoice
import Testing
import VoiceConfiguration

/// Plans of profiles and settings.
enum Plans {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The plan for settings given as flags.
    static func plan(_ settings: [String], on board: Board = .rk3588, memory: Int? = nil) throws -> Plan {
        let flags = try settings.map { try ConfigurationSources.Flag(setting: $0) }
        return try plan(
            LoadedConfiguration(ConfigurationSources(flags: flags)).configuration,
            on: board,
            memory: memory
        )
    }

    /// The plan for a configuration, of its seed models alone.
    static func plan(_ configuration: Configuration, on board: Board, memory: Int? = nil) throws -> Plan {
        let models = try SeedModels.chosen(by: configuration, on: board)
        return Planner(board: board, memoryLimit: memory).plan(models.map { Planner.Candidate($0) })
    }

    /// The text of a document of the repository.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// Reads a profile of `configs/` whose `/opt` is somewhere else.
    static func profile(_ name: String, opt: String, adding lines: String = "") throws -> Configuration {
        let text = try text("configs/\(name).yaml").replacingOccurrences(of: "/opt/", with: opt + "/") + lines
        let file = "\(opt)/\(name).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try LoadedConfiguration(ConfigurationSources(profile: file)).configuration
    }
}

/// A folder with files that are as large as they say and take no room.
struct ModelTree {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("seed-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func add(_ directory: String, _ files: [String: Int]) throws {
        for (file, megabytes) in files {
            let file = "\(path)/\(directory)/\(file)"
            let parent = URL(fileURLWithPath: file).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            #expect(truncate(file, off_t(megabytes) << 20) == 0)
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
