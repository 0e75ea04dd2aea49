import Foundation
import Glibc
import ModelStore
import Testing

@Suite("Interruptions, locks and full disks")
struct InterruptionTests {
    /// Starts `rkvoice models pull tiny` and returns when half of the file has arrived.
    private func startPull(_ sandbox: Sandbox, _ server: FaultyServer, _ behavior: String = "hold") async throws
        -> Process
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Fixtures.program)
        process.arguments = ["models", "pull", "tiny"]
        process.environment = try sandbox.environment(withCatalog: Entries.url(server.url(behavior)))
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let part = sandbox.home.downloads + "/" + Fixtures.sha256("noise") + ".part"
        try await eventually {
            let size = (try? FileManager.default.attributesOfItem(atPath: part)[.size] as? NSNumber)?.intValue ?? 0
            return size > 1_000_000
        }
        return process
    }

    /// Waits for something that another process does; a failure after two minutes, which a busy machine may need.
    private func eventually(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while !condition() {
            try #require(ContinuousClock.now < deadline, "did not happen within two minutes")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits for a process without holding a thread of the pool.
    private func ended(_ process: Process) async throws {
        try await eventually { !process.isRunning }
    }

    @Test("Killed in the middle, the next pull goes on where it was and sweeps up")
    func killed() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let process = try await startPull(sandbox, server)
        kill(process.processIdentifier, SIGKILL)
        try await ended(process)
        #expect(sandbox.leftovers().contains { $0.contains(".work-tiny-") })
        let store = try sandbox.store(Entries.url(server.url("hold")))
        #expect(!store.isInstalled("tiny"))
        try await store.pull(["tiny"])
        #expect(try await store.verify("tiny").isIntact)
        #expect(server.requests.last?.range != nil)
        #expect(sandbox.leftovers().isEmpty)
    }

    @Test("Ctrl-C ends the download and its child; status 130", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let process = try await startPull(sandbox, server)
        kill(process.processIdentifier, signal)
        try await ended(process)
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(sandbox.leftovers().allSatisfy { $0.hasSuffix(".part") })
        let children = try await Fixtures.run("/usr/bin/env", ["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"])
        #expect(!children.output.contains(sandbox.root))
    }

    @Test("Cancelling the task ends the download soon")
    func cancelled() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let store = try sandbox.store(Entries.url(server.url("hold")))
        let work = Task { try await store.pull(["tiny"], progress: sandbox.progress.handler) }
        try await eventually { sandbox.progress.all.contains { $0.completed > 1_000_000 } }
        let start = ContinuousClock.now
        work.cancel()
        let error = await #expect(throws: StoreError.self) { try await work.value }
        #expect(error?.code == .cancelled)
        // The server would hold it forever; beside a thousand other tests it has taken 15 s.
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("A second process waits for the lock, says so, and gives up in time")
    func locked() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let process = try await startPull(sandbox, server)
        let impatient = try sandbox.store(Entries.url(server.url("plain"))) { $0.lockTimeout = 0.2 }
        let error = await #expect(throws: StoreError.self) {
            try await impatient.pull(["tiny"], progress: sandbox.progress.handler)
        }
        #expect(error?.code == .locked && error?.message.contains("'tiny'") == true)
        #expect(sandbox.progress.phases == [.waiting])
        let environment = try sandbox.environment(
            withCatalog: Entries.url(server.url("plain")),
            also: ["RKVOICE_LOCK_TIMEOUT": "0.2"]
        )
        let second = try await Fixtures.run(Fixtures.program, ["models", "pull", "tiny"], environment: environment)
        #expect(second.status == 75)
        let patient = try sandbox.store(Entries.url(server.url("plain")))
        let work = Task { try await patient.pull(["tiny"], progress: sandbox.progress.handler) }
        try await eventually { sandbox.progress.all.filter { $0.phase == .waiting }.count == 2 }
        kill(process.processIdentifier, SIGKILL)
        try await ended(process)
        try await work.value
        #expect(patient.isInstalled("tiny"))
    }

    @Test("An old installation that a killed process had moved aside comes back")
    func recovered() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        _ = try await store.importModel(from: Fixtures.archives + "/directory")
        try FileManager.default.moveItem(
            atPath: sandbox.home.models + "/tiny",
            toPath: sandbox.home.models + "/.old-tiny-99"
        )
        #expect(!store.isInstalled("tiny"))
        _ = try await store.importModel(from: Fixtures.archives + "/directory", id: "other")
        #expect(store.isInstalled("tiny"))
        #expect(sandbox.leftovers().isEmpty)
    }

    @Test(
        "A disk that fills up in the middle is said to be full, and nothing is installed",
        .enabled(if: geteuid() == 0, "needs root, to mount a file system of 4 MB")
    )
    func fullDisk() async throws {
        let (sandbox, server) = (try await Sandbox(sharesPython: false), try await FaultyServer())
        let mounted = try await Fixtures.run(
            "/usr/bin/env",
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", sandbox.home.root]
        )
        try #require(mounted.status == 0, "\(mounted.errors)")
        defer { _ = try? Fixtures.runBlocking("/usr/bin/env", ["umount", sandbox.home.root]) }
        let store = try sandbox.store(Entries.url(server.url("plain"))) { $0.freeSpace = { _ in nil } }
        let error = await #expect(throws: StoreError.self) { try await store.pull(["tiny"]) }
        #expect(error?.code == .inputOutput && error?.message.contains("disk full") == true)
        #expect(!store.isInstalled("tiny"))
        let archive = await #expect(throws: StoreError.self) {
            try await store.importModel(from: Fixtures.archives + "/bomb.zip")
        }
        #expect(archive != nil)
    }
}
