/// One line of the list: a catalog entry or an imported model, with its state on this machine.
package struct StoreListing: Sendable, Equatable, Encodable {
    /// How an entry stands on disk.
    package enum State: String, Sendable, Encodable, CaseIterable {
        /// Not here; can be pulled.
        case available
        case installed
        /// Here and usable, but the catalog now says something else; a pull renews it.
        case outdated
        /// Files are missing or have the wrong size; a pull repairs it.
        case damaged
    }

    package var id: String
    package var kind: Catalog.Kind
    package var family: String
    package var summary: String
    package var languages: [String]
    package var license: String
    package var notice: String?
    package var state: State
    /// Bytes that a pull fetches; 0 for imported models.
    package var downloadBytes: Int64
    /// Bytes on disk, as installed or as the catalog expects.
    package var installedBytes: Int64
    package var defaultFor: Catalog.Role?
    /// Absolute path of the entry's directory, there or not.
    package var directory: String

    /// True when the files are there.
    package var isUsable: Bool { state == .installed || state == .outdated }

    init(entry: Catalog.Entry, manifest: Manifest?, directory: String, _ options: StoreOptions) {
        id = entry.id
        kind = entry.kind
        family = entry.family
        summary = entry.summary
        languages = entry.languages
        license = entry.license
        notice = entry.notice
        state = Self.state(of: manifest, in: directory, revision: entry.revision(for: options.architecture))
        downloadBytes = entry.downloadBytes
        installedBytes = manifest?.files.reduce(0) { $0 + $1.bytes } ?? entry.installedBytes
        defaultFor = entry.defaultFor
        self.directory = directory
    }

    init(manifest: Manifest, directory: String) {
        id = manifest.id
        kind = manifest.kind
        family = manifest.family
        summary = "imported"
        languages = manifest.languages
        license = manifest.license
        state = Self.state(of: manifest, in: directory, revision: manifest.revision)
        downloadBytes = 0
        installedBytes = manifest.files.reduce(0) { $0 + $1.bytes }
        self.directory = directory
    }

    private static func state(of manifest: Manifest?, in directory: String, revision: String) -> State {
        guard let manifest else { return Disk.exists(directory) ? .damaged : .available }
        guard manifest.filesArePresent(in: directory) else { return .damaged }
        return manifest.revision == revision ? .installed : .outdated
    }
}
