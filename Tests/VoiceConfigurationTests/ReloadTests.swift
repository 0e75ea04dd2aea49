import Testing
import VoiceConfiguration

@Suite("Reloading the configuration")
struct ReloadTests {
    @Test("What may change is put in force; what may not keeps its value and is named until the restart")
    func reload() throws {
        let files = try Files()
        var loaded = try files.load("server:\n  port: 1000\nlimits:\n  streams: 5\n")
        try files.write("p.yaml", "server:\n  port: 2000\n  api_keys: [k]\nlimits:\n  streams: 6\n")
        let reload = try loaded.reload()
        #expect(reload.changed == ["server.api_keys", "limits.streams"])
        #expect(reload.needRestart == ["server.port"])
        #expect(reload.new.limits.streams == 6 && reload.new.server.port == 1000 && reload.new.server.apiKeys == ["k"])
        #expect(loaded.configuration == reload.new)
        #expect("\(loaded.origin(of: "limits.streams"))" == "\(files.path("p.yaml")):5")
        let again = try loaded.reload()
        #expect(again.changed.isEmpty && again.needRestart == ["server.port"])
    }

    @Test("A file that is wrong changes nothing")
    func mistake() throws {
        let files = try Files()
        var loaded = try files.load("limits:\n  streams: 5\n")
        let before = loaded.configuration
        try files.write("p.yaml", "limits:\n  streams: many\n")
        #expect(throws: ConfigurationError.self) { try loaded.reload() }
        #expect(loaded.configuration == before)
        try files.write("p.yaml", "limits:\n  streams: 7\n")
        #expect(try loaded.reload().new.limits.streams == 7)
    }

    @Test("A flag stays over a changed profile")
    func flags() throws {
        let files = try Files()
        var loaded = try files.load("", flags: [.init("limits.streams", "3", name: "--set")])
        try files.write("p.yaml", "limits:\n  streams: 9\n")
        let reload = try loaded.reload()
        #expect(reload.changed.isEmpty && reload.new.limits.streams == 3)
    }

    @Test("Keys must not go while the server still listens beyond this machine")
    func halfOpen() throws {
        let files = try Files()
        var loaded = try files.load("server:\n  host: 0.0.0.0\n  api_keys: [k]\n")
        try files.write("p.yaml", "server:\n  host: 127.0.0.1\n")
        #expect(throws: ConfigurationError.self) { try loaded.reload() }
        #expect(loaded.configuration.server.apiKeys == ["k"])
    }

    @Test("Keys in a file are read again")
    func keys() throws {
        let files = try Files()
        let path = try files.write("keys", "one\n")
        var loaded = try files.load("server:\n  api_keys_file: \(path)\n")
        try files.write("keys", "one\ntwo\n")
        let reload = try loaded.reload()
        #expect(reload.changed == ["server.api_keys"] && reload.new.server.apiKeys == ["one", "two"])
    }

    @Test("A request sees one state")
    func live() throws {
        let live = LiveConfiguration(try load().configuration)
        let before = live.current
        live.replace(with: try load(["RKVOICE_LIMITS_STREAMS": "8"]).configuration)
        #expect(before.limits.streams == 256 && live.current.limits.streams == 8)
    }
}
