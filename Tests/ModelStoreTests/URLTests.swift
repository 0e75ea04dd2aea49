import Foundation
import ModelStore
import Testing

@Suite("Downloads from URLs")
struct URLTests {
    @Test("Broken connections are resumed where they broke", arguments: ["drop", "error", "noranges", "plain"])
    func resumes(behavior: String) async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let store = try sandbox.store(Entries.url(server.url(behavior)))
        try await store.pull(["tiny"], progress: sandbox.progress.handler)
        #expect(try await store.verify("tiny").isIntact)
        let ranges = server.requests.compactMap(\.range)
        #expect(ranges.count == (behavior == "drop" ? 1 : 0))
        let bytes = Int64(Fixtures.bytes("noise"))
        let last = sandbox.progress.all.last { $0.phase == .downloading }
        #expect(last?.total == bytes)
        #expect(sandbox.leftovers().isEmpty)
    }

    @Test("A model of several files is installed as it is published, one broken connection or not")
    func severalFiles() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let files = [("noise", "encoder.int8.onnx", "drop"), ("tinymodel-1.0-py3-none-any.whl", "tokens.txt", "plain")]
        let downloads = files.map { name, place, behavior in
            """
            {"url": "\(server.url(behavior, name))", "sha256": "\(Fixtures.sha256(name))", \
            "bytes": \(Fixtures.bytes(name)), "to": "\(place)"}
            """
        }
        let promised = files.map { name, place, _ in
            #"{"path": "\#(place)", "sha256": "\#(Fixtures.sha256(name))", "bytes": \#(Fixtures.bytes(name))}"#
        }
        let source = #"{"kind": "url", "downloads": [\#(downloads.joined(separator: ","))]}"#
        let bytes = files.map { Fixtures.bytes($0.0) }.reduce(0, +)
        let store = try sandbox.store(
            Entries.entry(id: "tiny", source: source, bytes: bytes, files: promised.joined(separator: ","))
        )
        try await store.pull(["tiny"])
        #expect(try await store.verify("tiny").isIntact)
        let installed = try FileManager.default.contentsOfDirectory(atPath: store.path("tiny")).sorted()
        #expect(installed == ["bundle.json", "encoder.int8.onnx", "manifest.json", "tokens.txt"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.home.downloads).isEmpty)
    }

    @Test("A partial file of a server without ranges is fetched anew")
    func staleWithoutRanges() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        try makePartial(in: sandbox, of: "some bytes")
        try await sandbox.store(Entries.url(server.url("noranges"))).pull(["tiny"])
        #expect(server.requests.count == 2)
    }

    @Test("A partial file of another release is thrown away after the hash says so")
    func stalePartial() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        try makePartial(in: sandbox, of: "not the beginning of this file")
        try await sandbox.store(Entries.url(server.url("plain"))).pull(["tiny"])
        #expect(server.requests.map { $0.range != nil } == [true, false])
    }

    @Test("Credentials go to the mirror and not to the host it redirects to")
    func redirect() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let store = try sandbox.store(Entries.url("https://models.example/moved/noise")) { options in
            options.mirror = "http://user:secret@127.0.0.1:\(server.ports[0])"
        }
        try await store.pull(["tiny"])
        let requests = server.requests
        #expect(requests.map(\.port) == server.ports)
        #expect(requests.first?.authorization == "Basic " + Data("user:secret".utf8).base64EncodedString())
        #expect(requests.last?.authorization == nil)
        #expect(sandbox.text(of: "models/tiny/manifest.json")?.contains("secret") == false)
    }

    @Test(
        "Addresses that can be overheard are refused",
        arguments: [
            "http://models.example/noise", "ftp://models.example/noise", "http://127.0.0.1.example/noise", "noise",
        ]
    )
    func plainHTTP(url: String) async throws {
        let store = try await Sandbox(sharesPython: false).store(Entries.url(url))
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .invalidRequest && error?.message.contains("https://") == true)
    }

    @Test("A redirect to another kind of address is not followed")
    func strangeRedirect() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let store = try sandbox.store(Entries.url(server.url("away")))
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .unavailable && error?.message.contains("not allowed") == true)
    }

    @Test("A file with another hash is named with both hashes, and removed")
    func wrongHash() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let expected = String(repeating: "a", count: 64)
        let store = try sandbox.store(Entries.url(server.url("plain"), sha256: expected))
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .badData)
        #expect(error.map { [expected, Fixtures.sha256("noise")].allSatisfy($0.message.contains) } == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.home.downloads).isEmpty)
    }

    @Test("A file longer or shorter than the catalog says is refused", arguments: [-1, 1])
    func wrongSize(difference: Int) async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let bytes = Fixtures.bytes("noise") + difference
        let store = try sandbox.store(Entries.url(server.url("plain"), bytes: bytes))
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .badData && !store.isInstalled("tiny"))
    }

    @Test("A server that is not there is a network fault with a remedy")
    func unreachable() async throws {
        let store = try await Sandbox(sharesPython: false).store(Entries.url("http://127.0.0.1:9/noise"))
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .unavailable && error?.message.contains("check the network") == true)
    }

    private func makePartial(in sandbox: Sandbox, of text: String) throws {
        try FileManager.default.createDirectory(atPath: sandbox.home.downloads, withIntermediateDirectories: true)
        let path = sandbox.home.downloads + "/" + Fixtures.sha256("noise") + ".part"
        try Fixtures.write(Data(text.utf8), to: path)
    }
}
