import Foundation

/// Private Python environments: one with pip for downloads, one per set of pinned requirements for preparation.
struct PythonEnvironment {
    let context: InstallContext

    /// How to get what Debian and Ubuntu leave out of a minimal system.
    private static let remedy = "install it with: apt-get install python3 python3-venv"

    /// The interpreter whose pip downloads wheels. Made on first use, again when the system's Python has changed.
    func downloader() throws(StoreError) -> String {
        let python = context.home.python + "/bin/python"
        if try isUsable(python) { return python }
        let lock = try context.lock("python")
        defer { withExtendedLifetime(lock) {} }
        if try isUsable(python) { return python }
        context.meter.begin(.environment, "setting up a private Python with pip")
        let fresh = context.home.root + "/.python-work"
        try Disk.remove(fresh)
        guard try context.run(try systemPython(), ["-I", "-m", "venv", fresh]) == 0 else {
            throw environmentFault()
        }
        try Disk.remove(context.home.python)
        try Disk.move(fresh, to: context.home.python)
        return python
    }

    /// An interpreter that has exactly the pinned packages of a requirements file.
    func prepared(requirements: [UInt8]) throws(StoreError) -> String {
        // 12 hex digits tell the few sets of requirements apart that a home ever sees.
        let name = String(FileDigest.sha256(of: requirements).prefix(12))
        let directory = context.home.preparation + "/" + name
        let python = directory + "/bin/python"
        if try isRunnable(python, importing: "numpy") { return python }
        let lock = try context.lock("prep-" + name)
        defer { withExtendedLifetime(lock) {} }
        if try isRunnable(python, importing: "numpy") { return python }
        let pip = try downloader()
        context.meter.begin(.environment, "installing the tools of preparation")
        try Disk.makeDirectory(context.home.preparation)
        let fresh = context.home.preparation + "/.work-" + name
        try Disk.remove(fresh)
        try install(requirements, into: fresh, pip: pip)
        try Disk.remove(directory)
        try Disk.move(fresh, to: directory)
        return python
    }

    private func install(_ requirements: [UInt8], into fresh: String, pip: String) throws(StoreError) {
        guard !context.options.offline else {
            throw StoreError(
                .unavailable,
                "the tools of preparation are not there and downloads are off; unset RKVOICE_OFFLINE"
            )
        }
        guard try context.run(pip, ["-I", "-m", "venv", "--without-pip", fresh]) == 0 else {
            throw environmentFault()
        }
        let list = context.work + "/requirements.txt"
        try Disk.write(requirements, to: list)
        // Run by path, pip needs no installation in the environment that it fills.
        let command = ["-I", try pipPackage(), "install", "--no-compile", "--no-deps", "--only-binary", ":all:"]
        let status = try context.run(fresh + "/bin/python", command + ["--requirement", list]) {
            if let line = ProcessLog(file: context.log).lines.last { context.meter.say(ProcessLog.presentable(line)) }
        }
        guard status == 0 else {
            throw PipFailure.error(downloading: "the tools of preparation", log: ProcessLog(file: context.log))
        }
    }

    private func isUsable(_ python: String) throws(StoreError) -> Bool {
        try isRunnable(python, importing: "pip")
    }

    private func isRunnable(_ python: String, importing module: String) throws(StoreError) -> Bool {
        guard FileManager.default.isExecutableFile(atPath: python) else { return false }
        return try context.run(python, ["-I", "-B", "-c", "import \(module)"]) == 0
    }

    private func systemPython() throws(StoreError) -> String {
        guard let python = ChildProcess.find("python3", environment: context.options.environment) else {
            throw StoreError(.unavailable, "python3 was not found; \(Self.remedy)")
        }
        return python
    }

    private func pipPackage() throws(StoreError) -> String {
        let library = context.home.python + "/lib"
        let found = Disk.names(in: library).map { "\(library)/\($0)/site-packages/pip" }.first(where: Disk.isDirectory)
        guard let found else {
            throw StoreError(.unavailable, "pip is missing in '\(library)'; remove '\(context.home.python)' and retry")
        }
        return found
    }

    private func environmentFault() -> StoreError {
        let log = ProcessLog(file: context.log)
        if log.isDiskFull {
            return StoreError(.inputOutput, "no space left on the disk for a Python environment; free some and retry")
        }
        if log.contains(anyOf: ["ensurepip", "No module named venv"]) {
            return StoreError(.unavailable, "python3 cannot make environments (venv is missing); \(Self.remedy)")
        }
        return StoreError(.unavailable, "cannot make a Python environment: \(log.cause)")
    }
}
