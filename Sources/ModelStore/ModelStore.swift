/// Models on disk: what can be had, what is installed, and how one becomes the other.
///
/// Installed entries need no network and no Python. All methods may be called from several processes at once.
package struct ModelStore: Sendable {
    package let home: StoreHome
    package let catalog: Catalog
    package let options: StoreOptions

    /// Reads the catalogs; touches nothing on disk.
    ///
    /// - Throws: ``StoreError/Code/notFound`` or ``StoreError/Code/badData`` for the user's own catalog.
    package init(home: StoreHome, options: StoreOptions) throws(StoreError) {
        var catalog = try Catalog.builtIn()
        if let path = options.catalogPath { catalog = catalog.merging(try Catalog.file(at: path)) }
        self.init(home: home, catalog: catalog, options: options)
    }

    /// A store over a given catalog.
    package init(home: StoreHome, catalog: Catalog, options: StoreOptions) {
        self.home = home
        self.catalog = catalog
        self.options = options
    }

    /// The catalog's entries in its order, then models that were imported.
    package func list() -> [StoreListing] {
        let known = catalog.entries.map { entry in
            let directory = home.directory(of: entry.id, kind: entry.kind)
            return StoreListing(entry: entry, manifest: Manifest.read(from: directory), directory: directory, options)
        }
        let ids = Set(catalog.entries.map(\.id))
        let imported = [home.models, home.runtimes].flatMap { parent in
            Disk.names(in: parent).filter { StoreHome.isValidID($0) && !ids.contains($0) }.compactMap { id in
                Manifest.read(from: parent + "/" + id).map { StoreListing(manifest: $0, directory: parent + "/" + id) }
            }
        }
        return known + imported
    }

    /// The state of one entry.
    ///
    /// - Throws: ``StoreError/Code/unknownModel`` with the nearest known id.
    package func listing(of id: String) throws(StoreError) -> StoreListing {
        if let listing = list().first(where: { $0.id == id }) { return listing }
        let hint = catalog.nearestID(to: id).map { "did you mean '\($0)'? " } ?? ""
        throw StoreError(.unknownModel, "there is no model '\(id)'; \(hint)see: rkvoice models list")
    }

    /// True when an entry is there with all its files; looks at sizes only, so it is quick.
    package func isInstalled(_ id: String) -> Bool {
        (try? listing(of: id))?.isUsable ?? false
    }

    /// The directory of an installed entry.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when it is not installed, ``StoreError/Code/badData`` when files of it
    ///   are missing or cut, ``StoreError/Code/unknownModel``.
    package func path(_ id: String) throws(StoreError) -> String {
        let listing = try listing(of: id)
        switch listing.state {
        case .installed, .outdated:
            return listing.directory
        case .available:
            throw StoreError(.notFound, "'\(id)' is not installed; run: rkvoice models pull \(id)")
        case .damaged:
            let repair = catalog[id] == nil ? "remove and import it again" : "run: rkvoice models pull \(id)"
            throw StoreError(.badData, "'\(id)' is damaged: files are missing or have the wrong size; \(repair)")
        }
    }
}
