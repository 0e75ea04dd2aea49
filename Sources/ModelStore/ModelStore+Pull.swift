extension ModelStore {
    /// Installs entries; those that are installed and up to date are left alone and need no network.
    ///
    /// Interrupted at any point, the next call goes on with what was downloaded and verified. The old installation of
    /// an entry stays until the new one is whole.
    ///
    /// - Parameters:
    ///   - ids: catalog ids.
    ///   - progress: called on a working thread, about ten times a second.
    /// - Throws: ``StoreError``: `unknownModel`, `unavailable` (no network), `badData` (wrong hash, corrupt archive),
    ///   `inputOutput` (disk full), `cannotCreate`, `locked`, `cancelled`.
    package func pull(_ ids: [String], progress: @escaping ProgressHandler = { _ in }) async throws(StoreError) {
        var entries: [Catalog.Entry] = []
        for id in ids {
            let listing = try listing(of: id)
            guard let entry = catalog[id] else {
                throw StoreError(
                    .invalidRequest,
                    "'\(listing.id)' was imported and has no source; import it again instead"
                )
            }
            entries.append(entry)
        }
        let wanted = entries
        try await blocking { (cancellation) throws(StoreError) in
            for entry in wanted { try install(entry, cancellation, progress) }
            // Entries of one call may share downloads, so these go at the end.
            try discardDownloads(of: wanted, cancellation)
        }
    }

    private func install(
        _ entry: Catalog.Entry,
        _ cancellation: Cancellation,
        _ progress: @escaping ProgressHandler
    ) throws(StoreError) {
        let meter = ProgressMeter(id: entry.id, handler: progress)
        if try listing(of: entry.id).state == .installed {
            meter.begin(.installed, "installed already")
            return
        }
        try withWorkDirectory(id: entry.id, kind: entry.kind, cancellation, meter) { (context) throws(StoreError) in
            // Another process may have done the work while this one waited.
            guard try listing(of: entry.id).state != .installed else { return }
            let finished = try Installation(entry: entry, context: context).build()
            try WorkDirectory(parent: home.parent(of: entry.kind), id: entry.id).install(finished)
        }
        meter.begin(.installed, home.directory(of: entry.id, kind: entry.kind))
    }

    /// Holds the lock of an id and gives the body a work directory, which is removed whatever happens.
    func withWorkDirectory(
        id: String,
        kind: Catalog.Kind,
        _ cancellation: Cancellation,
        _ meter: ProgressMeter,
        _ body: (InstallContext) throws(StoreError) -> Void
    ) throws(StoreError) {
        let work = WorkDirectory(parent: home.parent(of: kind), id: id)
        let context = InstallContext(
            home: home,
            options: options,
            cancellation: cancellation,
            meter: meter,
            work: work.path
        )
        let lock = try context.lock(id)
        defer { withExtendedLifetime(lock) {} }
        try sweep(work.parent, holding: id, cancellation)
        try work.create()
        do throws(StoreError) {
            try body(context)
        } catch {
            // The first fault is the one to report, whatever the cleaning meets.
            try? Disk.remove(work.path)
            throw error
        }
        try Disk.remove(work.path)
    }

    private func sweep(_ parent: String, holding held: String, _ cancellation: Cancellation) throws(StoreError) {
        var locks: [String: StoreLock] = [:]
        try WorkDirectory.sweep(parent) { id in
            if id == held || locks[id] != nil { return true }
            locks[id] = try? StoreLock.acquire(id, in: home, timeout: 0, cancellation: cancellation)
            return locks[id] != nil
        }
    }

    private func discardDownloads(of entries: [Catalog.Entry], _ cancellation: Cancellation) throws(StoreError) {
        guard !options.keepDownloads else { return }
        for hash in Set(entries.flatMap(\.sources).flatMap(\.hashes)) {
            let path = home.downloads + "/" + hash
            guard Disk.exists(path) else { continue }
            let name = "download-" + hash.prefix(16)
            // Somebody else is using it: that process removes it.
            guard let lock = try? StoreLock.acquire(name, in: home, timeout: 0, cancellation: cancellation) else {
                continue
            }
            try Disk.remove(path)
            withExtendedLifetime(lock) {}
        }
    }
}
