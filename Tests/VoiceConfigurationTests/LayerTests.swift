import Foundation
import Testing
import VoiceConfiguration

@Suite("Layers of the configuration")
struct LayerTests {
    @Test(
        "Flags win over the environment, that over the profile, that over defaults, and each value says where it is from"
    )
    func precedence() throws {
        let files = try Files()
        let loaded = try files.load(
            "server:\n  port: 1\nlimits:\n  streams: 2\n  queue_length: 3\n",
            environment: ["RKVOICE_SERVER_PORT": "10", "RKVOICE_LIMITS_STREAMS": "20"],
            flags: [.init("server.port", "100", name: "--port")]
        )
        #expect(loaded.configuration.server.port == 100)
        #expect(loaded.configuration.limits.streams == 20)
        #expect(loaded.configuration.limits.queueLength == 3)
        #expect(loaded.configuration.limits.bodyBytes == 32 << 20)
        #expect("\(loaded.origin(of: "server.port"))" == "--port")
        #expect("\(loaded.origin(of: "limits.streams"))" == "environment RKVOICE_LIMITS_STREAMS")
        #expect("\(loaded.origin(of: "limits.queue_length"))" == "\(files.path("p.yaml")):5")
        #expect("\(loaded.origin(of: "limits.body_bytes"))" == "default")
        #expect(loaded.profilePath == files.path("p.yaml") && loaded.warnings.isEmpty)
    }

    @Test("Without any source everything has its default")
    func defaults() throws {
        var expected = Configuration()
        expected.store.home = "/srv/anna/.local/share/rkvoice"
        #expect(try load(["HOME": "/srv/anna"]).configuration == expected)
    }

    @Test(
        "Numbers take units",
        arguments: [
            ("limits.body_bytes", "32MiB", 33_554_432.0), ("limits.body_bytes", "5 MB", 5_000_000),
            ("limits.body_bytes", "1.5kib", 1536), ("limits.body_bytes", "4096", 4096),
            ("limits.queue_seconds", "500ms", 0.5), ("limits.queue_seconds", "10s", 10),
            ("limits.queue_seconds", "2m", 120), ("limits.queue_seconds", "1h", 3600), ("limits.queue_seconds", "7", 7),
            ("asr.vad_silence_ms", "350", 0.35), ("asr.vad_silence_ms", "0.35s", 0.35),
            ("asr.vad_silence_ms", "350 ms", 0.35),
        ] as [(String, String, Double)]
    )
    func units(key: String, text: String, value: Double) throws {
        let configuration = try load(flags: .init(key, text, name: "--set")).configuration
        let values = [
            "limits.body_bytes": Double(configuration.limits.bodyBytes),
            "limits.queue_seconds": configuration.limits.queueSeconds,
            "asr.vad_silence_ms": configuration.asr.vadSilenceSeconds,
        ]
        #expect(values[key] == value)
    }

    @Test("Words for yes and no are YAML's and the environment's", arguments: ["true", "True", "1", "on", "YES"])
    func yes(word: String) throws {
        #expect(try Files().load("store:\n  offline: \(word)\n").configuration.store.isOffline)
        #expect(try load(["RKVOICE_OFFLINE": word]).configuration.store.isOffline)
    }

    @Test("A word is a word, whatever YAML makes of it")
    func words() throws {
        let loaded = try Files().load("asr:\n  language: no\n  model: 1e3\ntts:\n  voice: 'null'\n")
        #expect(loaded.configuration.asr.language == "no")
        #expect(loaded.configuration.asr.model == "1e3")
        #expect(loaded.configuration.tts.speaker == "null")
    }

    @Test("Nothing leaves a setting alone", arguments: ["", " null", " ~", "     # later"])
    func nothing(value: String) throws {
        let loaded = try Files().load("server:\n  port:\(value)\nlimits:\ntts:\n  seed:\(value)\n")
        #expect(loaded.configuration.server.port == 8621 && loaded.configuration.tts.seed == 42)
        #expect("\(loaded.origin(of: "server.port"))" == "default")
    }

    @Test("Lists are lists, or words with commas between them")
    func lists() throws {
        let files = try Files()
        for text in ["[a, b]", "\"a, b\"", "\n    - a\n    - b", "a,b"] {
            #expect(
                try files.load("server:\n  cors_origins: \(text)\n").configuration.server.corsOrigins == ["a", "b"]
            )
        }
    }

    @Test("Chance and detection have words of their own")
    func wordsForNone() throws {
        let configuration = try Files().load("tts:\n  seed: random\nasr:\n  language: auto\n").configuration
        #expect(configuration.tts.seed == nil && configuration.asr.language == nil)
    }

    @Test("A name finds a profile in the home; RKVOICE_PROFILE is asked before CONFIG")
    func search() throws {
        let files = try Files()
        try FileManager.default.createDirectory(atPath: files.path("profiles"), withIntermediateDirectories: true)
        try files.write("profiles/kitchen.yaml", "name: kitchen\n")
        try files.write("other.yaml", "name: other\n")
        let home = ["RKVOICE_HOME": files.directory]
        func name(_ more: [String: String]) throws -> String? {
            try load(home.merging(more) { $1 }).configuration.name
        }
        #expect(try name(["RKVOICE_PROFILE": "kitchen"]) == "kitchen")
        #expect(try name(["CONFIG": files.path("other.yaml")]) == "other")
        #expect(try name(["CONFIG": files.path("other.yaml"), "RKVOICE_PROFILE": "kitchen"]) == "kitchen")
        #expect(try name(["CONFIG": ""]) == nil)
        let error = #expect(throws: ConfigurationError.self) { try name(["CONFIG": "kitchne"]) }
        #expect(error?.code == .notFound)
        #expect(error?.description.hasPrefix("environment CONFIG: no profile \"kitchne\": looked for") == true)
        #expect(error?.description.hasSuffix("did you mean kitchen?") == true)
    }
}
