import ModelPrep

/// Runs a ModelPrep script in its private, pinned environment.
struct PreparationStep {
    let context: InstallContext

    static let requirements = "requirements.txt"

    /// Bytes that the environment of preparation takes on disk: numpy and onnx unpacked, measured 150 MB.
    static let environmentBytes: Int64 = 200 << 20

    /// Runs the script; its progress lines become the progress detail.
    ///
    /// - Throws: ``StoreError/Code/badData`` with the script's own last line when it fails.
    func run(_ script: String, _ arguments: [String]) throws(StoreError) {
        guard ModelPrep.files[script] != nil, let requirements = ModelPrep.files[Self.requirements] else {
            throw StoreError(
                .badData,
                "the preparation script '\(script)' is not part of this program; correct the catalog"
            )
        }
        let python = try PythonEnvironment(context: context).prepared(requirements: requirements)
        let scripts = context.work + "/scripts"
        for (name, bytes) in ModelPrep.files {
            let path = scripts + "/" + name
            try Disk.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
            try Disk.write(bytes, to: path)
        }
        context.meter.begin(.preparing, script)
        // The environment's own bytecode is worth keeping; the cache stays inside the home.
        let cache = "pycache_prefix=" + context.home.python + "/pycache"
        let status = try context.run(python, ["-E", "-s", "-X", cache, scripts + "/" + script] + arguments) {
            if let line = ProcessLog(file: context.log).lines.last { context.meter.say(ProcessLog.presentable(line)) }
        }
        guard status == 0 else { throw failure(of: script, status: status) }
        try Disk.remove(scripts)
    }

    private func failure(of script: String, status: Int32) -> StoreError {
        let log = ProcessLog(file: context.log)
        if log.isDiskFull {
            return StoreError(.inputOutput, "no space left on the disk while \(script) ran; free some and retry")
        }
        if status == 128 + 9 {
            return StoreError(
                .inputOutput,
                "\(script) was killed, most likely for lack of memory; close other programs"
            )
        }
        return StoreError(.badData, "\(script) failed: \(log.cause)")
    }

    /// Identifies the scripts and pins that made a prepared model: a change of them makes it outdated.
    static func revision(of script: String) -> String {
        let family = script.split(separator: "/").first.map { $0 + "/" } ?? ""
        let names = ModelPrep.files.keys.sorted().filter {
            $0.hasPrefix(family) || $0.hasPrefix("common/") || $0 == requirements
        }
        let hashes = names.map { $0 + " " + FileDigest.sha256(of: ModelPrep.files[$0] ?? []) }
        return FileDigest.sha256(of: Array(hashes.joined(separator: "\n").utf8))
    }
}
