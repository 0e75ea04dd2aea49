import BenchPeers
import Foundation
import ModelStore
import RKVoice

/// Where peers run: a private Python environment of pinned packages, the programs that speak for them, and the models
/// as they were published. All of it under `RKVOICE_HOME`; nothing of it is needed for anything but measuring.
struct PeerEnvironment {
    let settings: Settings
    let console: Console
    private let directory: String

    /// Writes the programs; environments and models follow when they are asked for.
    /// - Throws: `cannotCreate` where the home cannot be written.
    init(_ settings: Settings, _ console: Console) throws {
        self.settings = settings
        self.console = console
        directory = settings.home + "/peers"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for (name, bytes) in BenchPeers.programs {
                try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name), options: .atomic)
            }
        } catch {
            throw CommandError(
                .cannotCreate,
                "\(directory) cannot be written: \((error as NSError).localizedDescription)"
            )
        }
    }

    /// A directory for what peers leave behind.
    func work(_ name: String) -> String { directory + "/" + name }

    /// The interpreter that has the packages of a list; made on first use.
    func python(_ requirements: [UInt8]) async throws -> String {
        let bar = console.isQuiet ? nil : ProgressBar(noColor: console.noColor)
        defer { bar?.clear() }
        return try await settings.modelStore().python(requirements: requirements) { progress in
            if progress.phase == .installed { bar?.clear() } else { bar?.show(progress) }
        }
    }

    /// The directory of a model as it was published; pulled on first use.
    func reference(_ id: String) async throws -> String {
        try await console.loader(settings).installed(id)
    }

    /// A peer in Python.
    /// - Parameters:
    ///   - name: as tables name it.
    ///   - python: an interpreter of ``python(_:)``.
    ///   - program: a file name of ``BenchPeers``.
    ///   - arguments: of the program.
    /// - Returns: the peer, not started yet.
    func peer(_ name: String, _ python: String, _ program: String, _ arguments: [String] = []) -> PeerProcess {
        PeerProcess(
            name: name,
            command: command(python, program, arguments),
            environment: environment,
            log: directory + "/" + name.filter { $0.isLetter || $0.isNumber } + ".log"
        )
    }

    func command(_ python: String, _ program: String, _ arguments: [String]) -> [String] {
        // -I keeps the user's packages out, and with them the folder of the program: -c brings that back.
        let start = "import runpy, sys; sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[2:]; "
        return [python, "-I", "-B", "-c", start + "runpy.run_path(sys.argv[0], run_name='__main__')"]
            + [directory, directory + "/" + program] + arguments
    }

    /// This program, answering jobs.
    func ours(_ name: String, _ arguments: [String]) throws -> PeerProcess {
        PeerProcess(
            name: name,
            command: [try Self.executable()] + ["bench", "worker"] + arguments,
            environment: environment,
            log: directory + "/" + name.filter { $0.isLetter || $0.isNumber } + ".log"
        )
    }

    /// This program's own path.
    static func executable() throws -> String {
        do { return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") } catch {
            throw CommandError(.unavailable, "this program does not find its own file: /proc is not there")
        }
    }

    private var environment: [String: String] {
        settings.environment.filter { !["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"].contains($0.key) }
    }
}
