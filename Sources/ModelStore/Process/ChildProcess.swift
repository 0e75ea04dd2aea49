import Foundation
import Glibc

/// One run of a program: own process group, no terminal input, output into a log file.
struct ChildProcess {
    var executable: String
    var arguments: [String]
    var environment: [String: String]
    var directory: String?
    /// Standard output and standard error go here, so that no pipe can fill up and no reader thread is needed.
    var log: String

    /// Seconds between two looks at cancellation and progress.
    private static let tick = 0.1
    /// Seconds that a cancelled child has to clean up before it is killed.
    private static let grace = 2.0

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - cancellation: looked at ten times a second; then the child's whole group is ended.
    ///   - onTick: called about ten times a second while the child runs.
    /// - Returns: the exit status; a death by signal is 128 + its number, as in a shell.
    /// - Throws: ``StoreError/Code/unavailable`` when the program cannot be started, ``StoreError/Code/cancelled``.
    func run(cancellation: Cancellation, onTick: () -> Void = {}) throws(StoreError) -> Int32 {
        try cancellation.check()
        guard FileManager.default.createFile(atPath: log, contents: nil),
            let output = FileHandle(forWritingAtPath: log)
        else { throw StoreError(.cannotCreate, "cannot write '\(log)'; check the disk and the permissions") }
        defer { try? output.close() }
        let ended = DispatchSemaphore(value: 0)
        let process = try start(output: output) { ended.signal() }
        while ended.wait(timeout: .now() + Self.tick) == .timedOut {
            onTick()
            if cancellation.isCancelled {
                stop(process.processIdentifier, ended: ended)
                throw .cancelled
            }
        }
        process.waitUntilExit()
        let signal = process.terminationReason == .uncaughtSignal
        return signal ? 128 + process.terminationStatus : process.terminationStatus
    }

    private func start(
        output: FileHandle,
        onEnd: @escaping @Sendable () -> Void
    ) throws(StoreError) -> Process {
        let process = Process()
        // A child must not outlive a killed parent: it would go on writing where the next run writes.
        let guardian = "/usr/bin/setpriv"
        if FileManager.default.isExecutableFile(atPath: guardian) {
            process.executableURL = URL(fileURLWithPath: guardian)
            process.arguments = ["--pdeathsig", "KILL", "--", executable] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = arguments
        }
        process.environment = environment
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory, isDirectory: true) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { _ in onEnd() }
        do {
            try process.run()
        } catch {
            throw StoreError(.unavailable, "cannot start '\(executable)': \((error as NSError).localizedDescription)")
        }
        return process
    }

    /// Foundation makes each child the leader of its own group; the group goes with it.
    private func stop(_ leader: Int32, ended: DispatchSemaphore) {
        guard leader > 1 else { return }
        kill(-leader, SIGTERM)
        if ended.wait(timeout: .now() + Self.grace) == .timedOut {
            kill(-leader, SIGKILL)
            ended.wait()
        }
    }

    /// Absolute path of a program on the `PATH` of an environment; nil when there is none.
    static func find(_ program: String, environment: [String: String]) -> String? {
        // What a shell uses without PATH (glibc's confstr(_CS_PATH)).
        let path = environment["PATH"] ?? "/bin:/usr/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }.first {
            FileManager.default.isExecutableFile(atPath: $0) && !Disk.isDirectory($0)
        }
    }
}
