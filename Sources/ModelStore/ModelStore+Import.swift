import Foundation

extension ModelStore {
    /// Installs a model of the user's own.
    ///
    /// - Parameters:
    ///   - path: a directory with `bundle.json`, an archive of one (.zip, .tar, .tar.gz, .tar.bz2, .tar.xz), or a Piper
    ///     voice `NAME.onnx` with `NAME.onnx.json` beside it, which is split as the catalog's voices are.
    ///   - id: the new id; nil takes the bundle's name or the voice's file name.
    ///   - license: SPDX expression noted for a Piper voice, whose files do not tell.
    ///   - progress: called on a working thread, about ten times a second.
    /// - Returns: the id under which it was installed.
    /// - Throws: ``StoreError/Code/notFound`` without the file, ``StoreError/Code/badData`` for an archive that is corrupt
    ///   or hostile (absolute paths, `..`, links, bombs) and for a faulty bundle, ``StoreError/Code/invalidRequest`` for a
    ///   bad id or one that is taken; otherwise as ``pull(_:progress:)``.
    package func importModel(
        from path: String,
        id: String? = nil,
        license: String = "unknown",
        progress: @escaping ProgressHandler = { _ in }
    ) async throws(StoreError) -> String {
        guard Disk.exists(path) else { throw StoreError(.notFound, "there is no file or directory '\(path)'") }
        if let id, !StoreHome.isValidID(id) { throw Self.invalid(id) }
        return try await blocking { (cancellation) throws(StoreError) in
            let meter = ProgressMeter(id: id ?? path, handler: progress)
            var installed = ""
            try withWorkDirectory(id: "import", kind: .model, cancellation, meter) { (context) throws(StoreError) in
                let staging = ImportStaging(context: context, path: path, license: license)
                let manifest = try staging.stage(id: id)
                let lock = try context.lock(manifest.id)
                defer { withExtendedLifetime(lock) {} }
                try checkFree(manifest)
                try WorkDirectory(parent: home.parent(of: manifest.kind), id: manifest.id).install(staging.root())
                installed = manifest.id
            }
            return installed
        }
    }

    private func checkFree(_ manifest: Manifest) throws(StoreError) {
        guard StoreHome.isValidID(manifest.id) else { throw Self.invalid(manifest.id) }
        try Disk.makeDirectory(home.parent(of: manifest.kind))
        let taken = [home.models, home.runtimes].contains { Disk.exists($0 + "/" + manifest.id) }
        guard taken else { return }
        throw StoreError(
            .invalidRequest,
            "'\(manifest.id)' is installed already; choose another --id, or run: rkvoice models remove \(manifest.id)"
        )
    }

    private static func invalid(_ id: String) -> StoreError {
        StoreError(.invalidRequest, "'\(id)' is no valid id: letters, digits, '.', '_' and '-' only, 64 at most")
    }
}
