import Foundation
import Testing
import VoiceConfiguration

@Suite("Mistakes in the configuration")
struct MistakeTests {
    @Test(
        "Each mistake in a profile is one error that names its line and what is right",
        arguments: [
            ("server:\n  prot: 1\n", ":2: unknown setting \"server.prot\"; did you mean server.port?"),
            ("port: 1\n", ":1: unknown setting \"port\"; did you mean server.port?"),
            ("sever:\n  port: 1\n", ":1: unknown setting \"sever\"; did you mean server?"),
            ("qwertyuiop: 1\n", ":1: unknown setting \"qwertyuiop\"; `rkvoice config --all` lists all there are"),
            ("\n\nserver:\n  port: high\n", ":4: server.port: \"high\" is not a whole number from 0 to 65535"),
            ("server:\n  port: 65536\n", ":2: server.port: \"65536\" is not a whole number from 0 to 65535"),
            ("server:\n  port: 80.5\n", ":2: server.port: \"80.5\" is not a whole number from 0 to 65535"),
            ("server:\n  port: [1]\n", ":2: server.port: a list is not a whole number from 0 to 65535"),
            ("server:\n  port: {a: 1}\n", ":2: server.port: a mapping is not a whole number from 0 to 65535"),
            ("server:\n  cors_origins: [[a]]\n", ":2: server.cors_origins: only words and numbers are taken inside"),
            ("server: 1\n", ":1: server is a section with settings"),
            ("server:\n  port: 1\n  port: 2\n", ":2: port is given twice in the same section"),
            (
                "store:\n  offline: maybe\n",
                ":2: store.offline: \"maybe\" is not true or false (or 1/0, on/off, yes/no)"
            ),
            (
                "asr:\n  vad_silence_ms: 1 parsec\n",
                ":2: asr.vad_silence_ms: \"1 parsec\" is not milliseconds, or a time"
            ),
            ("tts:\n  speed: nan\n", ":2: tts.speed: \"nan\" is not a number from 0.25 to 4.0"),
            ("limits:\n  body_bytes: 1GB!\n", ":2: limits.body_bytes: \"1GB!\" is not bytes, or a size such as 32MiB"),
            ("limits:\n  body_bytes: 99999999999999999999GiB\n", ":2: limits.body_bytes: "),
            ("asr:\n  npu_core_mask: NPU_CORE_1_1\n", ":2: asr.npu_core_mask: \"NPU_CORE_1_1\" is not NPU_CORE_AUTO, "),
            ("asr:\n  backend: wisper\n", ":2: asr.backend: \"wisper\" is not one of whisper, qwen3_asr_rk, "),
            ("server:\n  host: \"a\\nb\"\n", ":2: server.host: \"a b\" is not text"),
            ("- a\n- b\n", ":1: a profile is a mapping of sections"),
            ("hello", ":1: a profile is a mapping of sections"),
            ("a: [\n", ":2: is no YAML: "), ("a: *b\n", ":1: is no YAML: found undefined alias"),
            ("name: a\n---\nname: b\n", ":2: is no YAML: but found another document"), ("a: \0", ": is no YAML: "),
            ("? [a]\n: b\n", ":1: a key is a word"), ("<<: {a: 1}\n", ":1: unknown setting \"<<\""),
        ] as [(String, String)]
    )
    func profile(text: String, message: String) throws {
        let files = try Files()
        let error = #expect(throws: ConfigurationError.self) { try files.load(text) }
        #expect(error?.description.hasPrefix(files.path("p.yaml") + message) == true, "\(error?.description ?? "")")
        #expect(error?.code == .malformed)
        #expect(error?.description.contains("\n") == false)
    }

    @Test("Files that are no profile: each is told from the others")
    func files() throws {
        let files = try Files()
        func error(_ path: String) -> ConfigurationError? {
            #expect(throws: ConfigurationError.self) {
                try LoadedConfiguration(ConfigurationSources(profile: path))
            }
        }
        let missing = error(files.path("none.yaml"))
        #expect(missing?.code == .notFound && missing?.message == "cannot be opened: No such file or directory")
        #expect(error(files.directory)?.message == "is a directory; a file is needed")
        let big = error(try files.write("big.yaml", String(repeating: "# comment\n", count: 120_000)))
        #expect(big?.message == "is larger than 1MiB, the most that is read" && big?.code == .malformed)
        #expect(error(try files.write("latin.yaml", Data([0x61, 0x3A, 0x20, 0xE4])))?.message == "is not UTF-8 text")
        #expect(mkfifo(files.path("pipe.yaml"), 0o600) == 0)
        #expect(error(files.path("pipe.yaml"))?.message == "is no regular file")
    }

    @Test(
        "YAML that stands for more than any memory holds is refused at once",
        arguments: [
            "a0: &a0 [x, x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined(),
            "a0: &a0 [x, x]\n" + (1..<40).map { "? &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n: 1\n" }.joined(),
            "a: &a [x, x]\nb:\n" + (0..<100).map { _ in "  - *a\n" }.joined(),
            String(repeating: "[", count: 500_000), String(repeating: "- ", count: 500_000),
            String(repeating: "? ", count: 500_000), String(repeating: "{", count: 500_000),
            "server: {port: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900) + "}",
        ]
    )
    func bombs(text: String) throws {
        let files = try Files()
        let begin = ContinuousClock.now
        let error = #expect(throws: ConfigurationError.self) { try files.load(text) }
        #expect(error?.code == .malformed)
        #expect(ContinuousClock.now - begin < .seconds(20))
    }

    @Test("A few references are fine")
    func references() throws {
        let configuration = try Files().load("server:\n  host: &h localhost\n  allowed_hosts: [*h, b]\n").configuration
        #expect(configuration.server.host == "localhost" && configuration.server.allowedHosts == ["localhost", "b"])
    }

    @Test("A mistake in the environment or in a flag names its source, even where another source wins")
    func sources() throws {
        func message(_ body: () throws -> LoadedConfiguration) -> String? {
            let error = #expect(throws: ConfigurationError.self) { _ = try body() }
            #expect(error?.code == .invalid)
            return error?.description
        }
        let many = "\"many\" is not a whole number from 1 to 64"
        #expect(
            message { try load(["RKVOICE_THREADS": "many"]) } == "environment RKVOICE_THREADS: runtime.threads: \(many)"
        )
        #expect(
            message { try load(["RKVOICE_THREADS": "many"], flags: .init("runtime.threads", "2", name: "--threads")) }
                == "environment RKVOICE_THREADS: runtime.threads: \(many)"
        )
        #expect(
            message { try load(flags: .init("runtime.threads", "many", name: "--threads")) }
                == "--threads: runtime.threads: \(many)"
        )
        #expect(
            message { try load(flags: .init("limits.stream", "1", name: "--set")) }
                == "--set: unknown setting \"limits.stream\"; did you mean limits.streams?"
        )
        #expect(
            message {
                try load(flags: .init("server.port", "1", name: "--port"), .init("server.port", "1", name: "--set"))
            }
                == "--set: server.port is given twice, also by --port"
        )
        #expect(
            message { try load(["SPEECH_MODE": "wild"]) }
                == "environment SPEECH_MODE: mode: \"wild\" is not one of dialogue, interpret, zh_en_rknn, asr_only, tts_only"
        )
    }

    @Test("--set takes key=value", arguments: ["", "a", "=a", "key"])
    func badSet(text: String) {
        #expect(throws: ConfigurationError.self) { try ConfigurationSources.Flag(setting: text) }
    }

    @Test("--set splits at the first sign")
    func goodSet() throws {
        let flag = try ConfigurationSources.Flag(setting: "store.mirror=https://host/?a=b")
        #expect(flag.key == "store.mirror" && flag.value == .text("https://host/?a=b"))
    }
}
