import Foundation
import Inference

/// A program of its own that answers one job a line, so that turns can be taken and memory be told apart.
///
/// It ends when its standard input does, also when this process is killed. Reading blocks: the actor has a thread of
/// its own.
actor PeerProcess {
    /// An answer is at most so long.
    private static let longestAnswer = 1 << 22

    nonisolated let name: String
    private nonisolated let thread: BlockingThread
    private let process = Process()
    private let jobs = Pipe()
    private let answers = Pipe()
    private let log: String
    private var unread = Data()
    private var isStarted = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - name: for tables and errors.
    ///   - command: the program and its arguments.
    ///   - environment: all of it.
    ///   - log: where its standard error goes.
    init(name: String, command: [String], environment: [String: String], log: String) {
        self.name = name
        self.log = log
        thread = BlockingThread(label: "rkvoice.peer")
        process.executableURL = URL(fileURLWithPath: command.first ?? "")
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        process.standardInput = jobs
        process.standardOutput = answers
    }

    /// Starts the program and waits until it is ready.
    /// - Parameter limit: seconds that loading may take.
    /// - Returns: versions of what runs.
    /// - Throws: `unavailable` with what the program said last.
    func start(within limit: Double = 180) async throws -> [String: String] {
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        do { try process.run() } catch {
            throw CommandError(.unavailable, "\(name) cannot be started: \((error as NSError).localizedDescription)")
        }
        isStarted = true
        return try await answer(within: limit).ready ?? [:]
    }

    /// One job and its answer.
    /// - Parameters:
    ///   - job: what is asked.
    ///   - limit: seconds it may take.
    /// - Returns: the answer, which is no error.
    /// - Throws: `unavailable` when the peer fails, says that it does, or takes longer.
    func ask(_ job: some Encodable & Sendable, within limit: Double = 300) async throws -> PeerAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        do { try jobs.fileHandleForWriting.write(contentsOf: try encoder.encode(job) + Data("\n".utf8)) } catch {
            throw CommandError(.unavailable, "\(name) went away: \(lastWords)")
        }
        let answer = try await answer(within: limit)
        if let error = answer.error { throw CommandError(.unavailable, "\(name): \(error)") }
        return answer
    }

    /// Ends the program.
    func stop() {
        try? jobs.fileHandleForWriting.close()
        guard isStarted else { return }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    private func answer(within limit: Double) async throws -> PeerAnswer {
        let watch = Task.detached { [process, name] in
            try await Task.sleep(for: .seconds(limit))
            process.terminate()
            throw CommandError(.temporary, "\(name) gave no answer within \(Int(limit)) s")
        }
        defer { watch.cancel() }
        let line = try await withTaskCancellationHandler {
            try self.line()
        } onCancel: { [process] in
            if process.isRunning { process.terminate() }
        }
        try Task.checkCancellation()
        guard let line else {
            watch.cancel()
            // When time was up, the watch has the better words.
            if case .failure(let error as CommandError) = await watch.result { throw error }
            throw CommandError(.unavailable, "\(name) ended: \(lastWords)")
        }
        do { return try JSONDecoder().decode(PeerAnswer.self, from: line) } catch {
            throw CommandError(.badData, "\(name) answered what is no answer")
        }
    }

    /// The next line; nil at the end of the output.
    private func line() throws -> Data? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(unread[..<end])
                unread.removeSubrange(...end)
                return line
            }
            guard unread.count < Self.longestAnswer else {
                throw CommandError(.badData, "\(name) answered more than \(Self.longestAnswer >> 20) MiB")
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            unread += more
        }
    }

    private var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return String((line ?? "no reason was given").prefix(300))
    }
}
