import Foundation
import VoiceConfiguration

/// A directory for one test.
final class Files {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/rkvoice-configuration-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Writes a file, and says where it is.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        try data.write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// The configuration of a profile.
    func load(
        _ profile: String,
        environment: [String: String] = [:],
        flags: [ConfigurationSources.Flag] = []
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let path = path("p.yaml")
        guard FileManager.default.createFile(atPath: path, contents: Data(profile.utf8)) else {
            throw ConfigurationError(.unreadable, at: path, "cannot be written")
        }
        return try LoadedConfiguration(ConfigurationSources(environment: environment, profile: path, flags: flags))
    }
}

/// The configuration without a profile.
func load(
    _ environment: [String: String] = [:],
    flags: ConfigurationSources.Flag...
) throws(ConfigurationError) -> LoadedConfiguration {
    try LoadedConfiguration(ConfigurationSources(environment: environment, flags: flags))
}
