/// A verified file in `downloads/` and what to take out of it.
struct DownloadedFile: Sendable, Equatable {
    var path: String
    /// For people: a requirement or a URL without credentials.
    var name: String
    var sha256: String
    /// Name in the entry when the file is installed whole.
    var to: String?
    /// Members to extract when it is an archive.
    var extract: [Catalog.Member]
}

/// The part that all kinds of downloads share: what is already there is used, what arrives is verified.
struct DownloadStore {
    let context: InstallContext

    func verifiedPath(_ sha256: String) -> String { context.home.downloads + "/" + sha256 }
    func partialPath(_ sha256: String) -> String { verifiedPath(sha256) + ".part" }

    /// True when the download is there and sound; a damaged one is removed.
    func holds(_ sha256: String, name: String, bytes: Int64) throws(StoreError) -> Bool {
        let path = verifiedPath(sha256)
        guard Disk.exists(path) else { return false }
        if try digest(of: path, name: name, bytes: bytes) == sha256 { return true }
        try Disk.remove(path)
        return false
    }

    /// Moves an arrived file to its place if its hash is right; removes it and throws if not.
    func admit(_ path: String, sha256: String, name: String, bytes: Int64) throws(StoreError) {
        let actual = try digest(of: path, name: name, bytes: bytes)
        guard actual == sha256 else {
            try Disk.remove(path)
            throw StoreError(
                .badData,
                "wrong SHA-256 for \(name): expected \(sha256), got \(actual); the file was removed: "
                    + "retry, or check the index or mirror it came from"
            )
        }
        try Disk.makeDirectory(context.home.downloads)
        try Disk.move(path, to: verifiedPath(sha256))
    }

    func refuseWhenOffline(_ name: String) throws(StoreError) {
        guard context.options.offline else { return }
        throw StoreError(.unavailable, "\(name) is not there and downloads are off; unset RKVOICE_OFFLINE")
    }

    private func digest(of path: String, name: String, bytes: Int64) throws(StoreError) -> String {
        context.meter.begin(.verifying, name, total: bytes)
        return try FileDigest.sha256(ofFile: path, cancellation: context.cancellation) { context.meter.update($0) }
    }
}
