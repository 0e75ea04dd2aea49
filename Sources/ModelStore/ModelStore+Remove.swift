import Glibc

extension ModelStore {
    /// Removes an installed or damaged entry.
    ///
    /// It disappears at once and whole; a process that has its files open keeps them.
    ///
    /// - Throws: ``StoreError/Code/unknownModel``, ``StoreError/Code/notFound`` when it is not installed,
    ///   ``StoreError/Code/locked`` while another process works on it.
    package func remove(_ id: String) async throws(StoreError) {
        let listing = try listing(of: id)
        guard listing.state != .available else {
            throw StoreError(.notFound, "'\(id)' is not installed; there is nothing to remove")
        }
        try await blocking { (cancellation) throws(StoreError) in
            let lock = try StoreLock.acquire(
                id,
                in: home,
                timeout: options.lockTimeout,
                cancellation: cancellation
            )
            defer { withExtendedLifetime(lock) {} }
            // A work name, not an `.old-` one: if the process dies here, sweeping finishes the removal.
            let doomed = "\(home.parent(of: listing.kind))/.work-\(id)-\(getpid())"
            try Disk.remove(doomed)
            try Disk.move(listing.directory, to: doomed)
            try Disk.remove(doomed)
        }
    }
}
