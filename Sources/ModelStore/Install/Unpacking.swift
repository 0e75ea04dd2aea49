import Foundation

/// Takes files out of archives with `unpack.py`, which trusts nothing that an archive says.
struct Unpacking {
    let context: InstallContext

    /// An archive with more entries than this is no model.
    private static let maximumEntries = 10_000
    /// Larger than any model a small board can hold.
    private static let maximumBytes: Int64 = 64 << 30

    /// Puts a source's files into a directory: members joined in order, or whole files.
    func place(_ files: [DownloadedFile], into directory: String) throws(StoreError) {
        try Disk.makeDirectory(directory)
        for file in files {
            context.meter.begin(.unpacking, file.name)
            if let name = file.to {
                let target = directory + "/" + name
                try Disk.makeDirectory((target as NSString).deletingLastPathComponent)
                try Disk.copy(file.path, to: target)
            } else {
                let pairs = file.extract.flatMap { [$0.from, $0.to] }
                try unpack(file.path, name: file.name, ["members", file.path, directory] + pairs)
            }
        }
    }

    /// Unpacks a whole archive of the user's: .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz.
    ///
    /// - Throws: ``StoreError/Code/badData`` for a corrupt or hostile archive.
    func wholeArchive(_ path: String, into directory: String) throws(StoreError) {
        try Disk.makeDirectory(directory)
        context.meter.begin(.unpacking, path)
        let free = context.options.freeSpace(directory) ?? Self.maximumBytes
        let limits = ["\(min(free, Self.maximumBytes))", "\(Self.maximumEntries)"]
        try unpack(path, name: path, ["all", path, directory] + limits)
    }

    private func unpack(_ archive: String, name: String, _ arguments: [String]) throws(StoreError) {
        guard let python = ChildProcess.find("python3", environment: context.options.environment) else {
            throw StoreError(.unavailable, "python3 was not found; install it with: apt-get install python3")
        }
        let script = context.work + "/unpack.py"
        try Disk.write(PackageResources.unpack_py, to: script)
        let status = try context.run(python, ["-I", "-B", script] + arguments)
        let cause = ProcessLog(file: context.log).cause
        switch status {
        case 0: return
        case 65: throw StoreError(.badData, "'\(name)' is not acceptable: \(cause); get it again from its source")
        case 73: throw StoreError(.cannotCreate, "cannot unpack '\(name)': \(cause)")
        case 74: throw StoreError(.inputOutput, "cannot unpack '\(name)': \(cause); free some space and retry")
        default: throw StoreError(.inputOutput, "cannot unpack '\(name)': unpacking ended with \(status): \(cause)")
        }
    }
}
