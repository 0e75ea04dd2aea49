import Foundation
import ModelStore
import Synchronization

/// A home of its own for one test, with an index that holds the fixture wheels only.
final class Sandbox: Sendable {
    let root: String
    let environment: [String: String]
    let progress = ProgressRecorder()

    var home: StoreHome { StoreHome(root: root + "/home") }

    /// A sandbox that shares Python links the environment that was set up once, to save four seconds.
    init(sharesPython: Bool = true) async throws {
        // Making the fixtures takes seconds: not on the pool.
        try await Fixtures.offPool {
            _ = Fixtures.archives
            if sharesPython { _ = SharedPython.directory }
        }
        root = Fixtures.root + "/" + UUID().uuidString
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PIP_") }
        environment["PIP_CONFIG_FILE"] = "/dev/null"
        environment["PIP_NO_INDEX"] = "1"
        environment["PIP_FIND_LINKS"] = Fixtures.archives
        environment["RKVOICE_HOME"] = root + "/home"
        self.environment = environment
        try FileManager.default.createDirectory(atPath: root + "/home", withIntermediateDirectories: true)
        if sharesPython {
            try FileManager.default.createSymbolicLink(atPath: home.python, withDestinationPath: SharedPython.directory)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// A store over entries given as JSON.
    func store(_ entries: String..., change: (inout StoreOptions) -> Void = { _ in }) throws -> ModelStore {
        var options = StoreOptions(environment: environment)
        options.lockTimeout = 20
        change(&options)
        let text = Self.catalog(entries)
        return ModelStore(home: home, catalog: try .decode(Array(text.utf8), name: "test"), options: options)
    }

    /// Writes a catalog file and returns the environment in which the program uses it.
    func environment(withCatalog entries: String..., also more: [String: String] = [:]) throws -> [String: String] {
        let path = root + "/catalog.json"
        try Fixtures.write(Data(Self.catalog(entries).utf8), to: path)
        return environment.merging(["RKVOICE_CATALOG": path]) { $1 }.merging(more) { $1 }
    }

    private static func catalog(_ entries: [String]) -> String {
        #"{"schema": 1, "entries": [\#(entries.joined(separator: ","))]}"#
    }

    /// Paths below the home that an interrupted or failed installation might have left.
    func leftovers() -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: home.root)) ?? []
        return names.filter { name in
            !name.hasPrefix("python") && (name.contains(".work-") || name.contains(".old-") || name.hasSuffix(".part"))
        }
    }

    func text(of path: String) -> String? {
        FileManager.default.contents(atPath: home.root + "/" + path).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Keeps the progress values of a call.
final class ProgressRecorder: Sendable {
    private let values = Mutex<[StoreProgress]>([])

    var handler: ProgressHandler {
        { [self] value in values.withLock { $0.append(value) } }
    }

    var all: [StoreProgress] { values.withLock { $0 } }
    var phases: [StoreProgress.Phase] {
        all.map(\.phase).reduce(into: []) { phases, phase in if phases.last != phase { phases.append(phase) } }
    }
}

/// A Python environment with pip, made by the system's own `venv`.
enum SharedPython {
    static let directory: String = {
        let path = Fixtures.root + "/shared-python"
        _ = try? Fixtures.runBlocking("/usr/bin/env", ["python3", "-m", "venv", path])
        return path
    }()
}

/// Entries of a test catalog.
enum Entries {
    static func wheel(
        id: String = "tiny",
        requirement: String = "tinymodel==1.0",
        file: String = "tinymodel-1.0-py3-none-any.whl",
        sha256: String? = nil,
        member: String = "tinymodel/tiny.onnx"
    ) -> String {
        entry(
            id: id,
            source: """
                {"kind": "wheel", "wheels": [{"requirement": "\(requirement)", "bytes": \(Fixtures.bytes(file)), \
                "sha256": "\(sha256 ?? Fixtures.sha256(file))", "extract": [{"from": "\(member)", "to": "tiny.onnx"}]}]}
                """
        )
    }

    static func url(_ url: String, id: String = "tiny", sha256: String? = nil, bytes: Int? = nil) -> String {
        entry(id: id, source: urlSource(url, sha256: sha256, bytes: bytes), bytes: bytes ?? Fixtures.bytes("noise"))
    }

    static func urlSource(_ url: String, sha256: String? = nil, bytes: Int? = nil) -> String {
        """
        {"kind": "url", "downloads": [{"url": "\(url)", "sha256": "\(sha256 ?? Fixtures.sha256("noise"))", \
        "bytes": \(bytes ?? Fixtures.bytes("noise")), "to": "tiny.onnx"}]}
        """
    }

    static func entry(id: String, source: String, bytes: Int = 20000, files: String = #"{"path": "tiny.onnx"}"#)
        -> String
    {
        """
        {"id": "\(id)", "kind": "model", "family": "silero", "summary": "a test", "languages": ["en"], "license": "MIT",
         "downloadBytes": \(bytes), "installedBytes": \(bytes), "sources": [\(source)], "files": [\(files)],
         "bundle": {"schema": 1, "family": "silero", "name": "\(id)",
           "placements": {"cpu": {"detector": [[{"file": "tiny.onnx", "runtime": "onnx"}]]}}}}
        """
    }
}
