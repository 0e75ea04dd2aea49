import Foundation

/// Installs one catalog entry: fetch, unpack, prepare, hash, rename.
struct Installation {
    let entry: Catalog.Entry
    let context: InstallContext

    /// Room that is left free beside the computed need, for manifests, logs and the file system's own blocks.
    private static let marginBytes: Int64 = 16 << 20

    private var result: String { context.work + "/out" }

    /// Leaves the finished directory at the path returned; the caller renames it.
    func build() throws(StoreError) -> String {
        let suitable = entry.sources.filter { [nil, context.options.architecture].contains($0.architecture) }
        guard !suitable.isEmpty else {
            throw StoreError(.unavailable, "'\(entry.id)' is not offered for \(context.options.architecture) machines")
        }
        var failures: [StoreError] = []
        for source in suitable {
            do {
                return try build(from: source)
            } catch  where error.code == .unavailable || error.code == .badData {
                failures.append(error)
            }
        }
        let code = failures.last?.code ?? .unavailable
        throw StoreError(code, failures.map(\.message).joined(separator: "; another source: "))
    }

    private func build(from source: Catalog.Source) throws(StoreError) -> String {
        try checkSpace(for: source)
        try Disk.remove(result)
        try Disk.makeDirectory(result)
        let locks = try lockDownloads(of: source)
        defer { withExtendedLifetime(locks) {} }
        let files = try fetch(source)
        if let prepare = entry.prepare {
            let unpacked = context.work + "/source"
            try Disk.remove(unpacked)
            try Unpacking(context: context).place(files, into: unpacked)
            let arguments = prepare.arguments.map {
                $0.replacing("{source}", with: unpacked).replacing("{out}", with: result).replacing(
                    "{id}",
                    with: entry.id
                )
            }
            try PreparationStep(context: context).run(prepare.script, arguments)
            try keepPromised(from: unpacked)
            try Disk.remove(unpacked)
        } else {
            try Unpacking(context: context).place(files, into: result)
        }
        try finish(files)
        return result
    }

    /// Licenses and cards that came with the download, and that preparation does not write, are installed too.
    private func keepPromised(from unpacked: String) throws(StoreError) {
        for file in entry.files where !Disk.exists(result + "/" + file.path) && Disk.exists(unpacked + "/" + file.path)
        {
            try Disk.move(unpacked + "/" + file.path, to: result + "/" + file.path)
        }
    }

    /// Two entries may share a download: whoever fetches or unpacks it holds its lock. One order for all: no deadlock.
    private func lockDownloads(of source: Catalog.Source) throws(StoreError) -> [StoreLock] {
        var locks: [StoreLock] = []
        for hash in Set(source.hashes).sorted() {
            locks.append(try context.lock("download-" + hash.prefix(16)))
        }
        return locks
    }

    private func fetch(_ source: Catalog.Source) throws(StoreError) -> [DownloadedFile] {
        var files: [DownloadedFile] = []
        switch source {
        case .wheels(let wheels, _):
            for wheel in wheels { files.append(try WheelDownload(context: context).fetch(wheel)) }
        case .urls(let downloads, _):
            for download in downloads { files.append(try URLDownload(context: context).fetch(download)) }
        }
        return files
    }

    private func finish(_ downloads: [DownloadedFile]) throws(StoreError) {
        if let bundle = entry.bundle {
            try Disk.write(encoded(bundle), to: result + "/bundle.json")
        }
        let files = try Manifest.files(in: result, cancellation: context.cancellation, meter: context.meter)
        try check(files)
        let manifest = Manifest(
            id: entry.id,
            kind: entry.kind,
            family: entry.family,
            languages: entry.languages,
            license: entry.license,
            sources: downloads.map { "\($0.name) sha256:\($0.sha256)" },
            prepared: entry.prepare.map { ([$0.script] + $0.arguments).joined(separator: " ") },
            revision: entry.revision(for: context.options.architecture),
            installed: Manifest.timestamp(),
            files: files
        )
        try manifest.write(to: result)
        try Disk.synchronize(result + "/" + Manifest.name)
    }

    /// Holds the result against what the catalog promises.
    private func check(_ files: [Manifest.File]) throws(StoreError) {
        for promised in entry.files {
            guard let file = files.first(where: { $0.path == promised.path }) else {
                throw StoreError(
                    .badData,
                    "'\(entry.id)' came without its file '\(promised.path)'; the source is faulty"
                )
            }
            if let expected = promised.sha256, file.sha256 != expected {
                throw StoreError(
                    .badData,
                    "wrong SHA-256 for '\(promised.path)' of '\(entry.id)': expected \(expected), got \(file.sha256)"
                )
            }
        }
    }

    private func checkSpace(for source: Catalog.Source) throws(StoreError) {
        let present = source.hashes.reduce(into: Int64(0)) { sum, hash in
            let store = DownloadStore(context: context)
            sum += Disk.size(of: store.verifiedPath(hash)) ?? Disk.size(of: store.partialPath(hash)) ?? 0
        }
        var need = max(0, entry.downloadBytes - present) + entry.installedBytes + Self.marginBytes
        if entry.prepare != nil {
            need += entry.unpackedBytes
            if !Disk.exists(context.home.preparation) { need += PreparationStep.environmentBytes }
        }
        guard let free = context.options.freeSpace(context.home.root), free < need else { return }
        throw StoreError(
            .inputOutput,
            "'\(entry.id)' needs \(megabytes(need)) in '\(context.home.root)', \(megabytes(free)) are free; "
                + "free some, or set RKVOICE_HOME to a larger disk"
        )
    }
}

/// Sizes as people read them; decimal megabytes, as disks are sold.
func megabytes(_ bytes: Int64) -> String {
    "\((bytes + 999_999) / 1_000_000) MB"
}

/// Deterministic JSON text of a value.
func encoded(_ value: JSONValue) throws(StoreError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        return Array(try encoder.encode(value) + Data("\n".utf8))
    } catch {
        throw StoreError(.badData, "cannot write bundle.json: \(error.localizedDescription)")
    }
}
