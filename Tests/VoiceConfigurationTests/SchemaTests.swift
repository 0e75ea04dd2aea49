import Foundation
import Testing
import VoiceConfiguration

@Suite("The schema")
struct SchemaTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../.."

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Self.root)/\(path)", encoding: .utf8)
    }

    @Test("Keys and names are used once; every setting says what it does")
    func unique() {
        let keys = Schema.settings.map(\.key)
        #expect(Set(keys).count == keys.count)
        let names = Schema.settings.compactMap { $0.environment.first?.name }
        #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix("RKVOICE_") })
        let flags = Schema.settings.compactMap(\.flag)
        #expect(Set(flags).count == flags.count && flags.count == 18)
        #expect(Schema.settings.allSatisfy { $0.summary.hasSuffix(".") && !$0.taken.isEmpty })
    }

    @Test("Every default is a value that the setting itself takes", arguments: Schema.settings.map(\.key))
    func defaults(key: String) throws {
        let setting = try #require(Schema.setting(key))
        guard let text = setting.text(in: Configuration()) else { return }
        let loaded = try load(flags: .init(key, text, name: "--set"))
        #expect(setting.value(in: loaded.configuration) == setting.value(in: Configuration()))
    }

    @Test("Every setting can be set by its own name in the environment, and that is what it says")
    func names() throws {
        // A file of keys has to be there, and TLS takes two files.
        let others = ["server.api_keys_file", "server.tls_key", "server.tls_certificate"]
        for setting in Schema.settings where !others.contains(setting.key) {
            var samples = ["1", "NPU_CORE_0", "0.5", "true", "2s", "64KiB", "8000", "a", "A=b", "100"]
            samples += setting.taken.split(separator: " ").map { String($0).replacing(",", with: "") }
            let name = try #require(setting.environment.first?.name)
            let loaded = samples.lazy.compactMap {
                try? load(["RKVOICE_SERVER_INSECURE": "1", "RKVOICE_LLM_MODEL": "any"].merging([name: $0]) { $1 })
            }.first
            let found = try #require(loaded, "\(setting.key) takes none of the samples")
            #expect("\(found.origin(of: setting.key))" == "environment \(name)")
        }
    }

    @Test("The example profile is that of the program, and sets nothing")
    func example() throws {
        #expect(try text("profiles/example.yaml") == Schema.exampleProfile)
        let loaded = try LoadedConfiguration(ConfigurationSources(profile: Self.root + "/profiles/example.yaml"))
        #expect(Schema.settings.allSatisfy { loaded.origin(of: $0.key) == .builtIn })
    }

    @Test("With every # taken away, the example says the defaults")
    func wholeExample() throws {
        let lines = Schema.exampleProfile.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.replacing(/^( *)#([a-z])/) { "\($0.1)\($0.2)" }
        }
        let loaded = try Files().load(lines.joined(separator: "\n"))
        var expected = Configuration()
        expected.store.home = loaded.configuration.store.home
        #expect(loaded.configuration == expected && loaded.warnings.isEmpty)
        #expect("\(loaded.origin(of: "limits.streams"))" != "default")
    }

    @Test("The reference is that of the program")
    func reference() throws {
        let document = try text("docs/configuration.md")
        let parts = document.components(separatedBy: "<!-- settings -->\n")
        #expect(parts.count == 3 && parts[1] == Schema.markdown)
    }
}
