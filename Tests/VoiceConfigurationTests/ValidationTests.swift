import Foundation
import Testing
import VoiceConfiguration

@Suite("Settings that contradict each other")
struct ValidationTests {
    @Test(
        "Beyond this machine, a key is needed",
        arguments: ["0.0.0.0", "::", "192.168.1.5", "board.local", "127.0.0.1.evil"]
    )
    func open(host: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try load(["RKVOICE_SERVER_HOST": host]) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("server.host \(host) can be reached from other machines") == true)
        #expect(error?.message.contains("--api-key-file") == true && error?.message.contains("--insecure") == true)
        let keyed = try load(["RKVOICE_SERVER_HOST": host, "OVS_API_KEYS": "k"])
        #expect(keyed.warnings.isEmpty)
        let insecure = try load(["RKVOICE_SERVER_HOST": host, "RKVOICE_SERVER_INSECURE": "1"])
        #expect(insecure.warnings.count == 1 && insecure.warnings.first?.hasPrefix("INSECURE: ") == true)
    }

    @Test("On this machine, none is", arguments: ["127.0.0.1", "127.8.9.10", "localhost", "::1", "LOCALHOST", "[::1]"])
    func closed(host: String) throws {
        #expect(try load(["RKVOICE_SERVER_HOST": host]).warnings.isEmpty)
    }

    @Test("TLS takes both files or none")
    func tls() throws {
        for (given, missing) in [("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")] {
            let flag = ConfigurationSources.Flag("server.\(given)", "/a.pem", name: "--set")
            let error = #expect(throws: ConfigurationError.self) { try load(flags: flag) }
            #expect(error?.message == "server.\(given) needs server.\(missing) beside it: TLS takes both or none")
        }
        let both = try load(["RKVOICE_SERVER_TLS_CERTIFICATE": "/a.pem", "RKVOICE_SERVER_TLS_KEY": "~/b.pem"])
        #expect(both.configuration.server.certificatePath == "/a.pem")
        #expect(both.configuration.server.keyPath == NSHomeDirectory() + "/b.pem")
    }

    @Test("Keys come from a file as well, one a line")
    func keyFile() throws {
        let files = try Files()
        let path = try files.write("keys", "# for the kitchen\nalpha\n\n  beta  \r\n")
        #expect(chmod(path, 0o600) == 0)
        let loaded = try load(["RKVOICE_SERVER_API_KEYS_FILE": path, "OVS_API_KEYS": "gamma"])
        #expect(loaded.configuration.server.apiKeys == ["gamma", "alpha", "beta"] && loaded.warnings.isEmpty)
        #expect(chmod(path, 0o644) == 0)
        #expect(
            try load(["RKVOICE_SERVER_API_KEYS_FILE": path]).warnings == [
                "\(path) can be read by every user of this machine"
            ]
        )
    }

    @Test("A file without a key must not open the door; a bad key is never shown")
    func badKeys() throws {
        let files = try Files()
        let empty = try files.write("empty", "# nothing\n\n")
        let bad = try files.write("bad", "fine\nnot fine\n")
        for (path, message) in [
            (empty, "\(empty): there is no key in it"), (bad, "\(bad):2: a key is 1 to 256 visible ASCII"),
            (files.path("none"), "cannot be opened"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try load(["RKVOICE_SERVER_API_KEYS_FILE": path]) }
            #expect(error?.description.contains(message) == true)
            #expect(error?.description.contains("not fine") == false)
        }
        for keys in ["a b", "é", ",", String(repeating: "k", count: 257)] {
            let error = #expect(throws: ConfigurationError.self) { try load(["OVS_API_KEYS": keys]) }
            #expect(
                error?.description == "environment OVS_API_KEYS: server.api_keys: the value is not keys of 1 to 256 "
                    + "visible ASCII characters with commas between them"
            )
        }
    }
}
