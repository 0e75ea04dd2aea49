import Foundation

/// `manifest.json` in an installed directory: what was installed, from where, and the hash of every file.
package struct Manifest: Sendable, Equatable, Codable {
    /// One installed file.
    package struct File: Sendable, Equatable, Codable {
        /// Path inside the entry's directory.
        package var path: String
        package var bytes: Int64
        package var sha256: String
    }

    package var schema = 1
    package var id: String
    package var kind: Catalog.Kind
    package var family: String
    package var languages: [String]
    package var license: String
    /// Where the files came from: requirements and URLs with their SHA-256, or the imported path.
    package var sources: [String]
    /// The preparation command, when there was one.
    package var prepared: String?
    /// Identifies what the catalog said at installation; an entry with another revision is outdated.
    package var revision: String
    /// ISO 8601, UTC.
    package var installed: String
    package var files: [File]

    static let name = "manifest.json"

    /// The manifest of an installed directory; nil when there is none or it cannot be understood.
    static func read(from directory: String) -> Manifest? {
        guard let data = FileManager.default.contents(atPath: directory + "/" + name),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data), manifest.schema == 1
        else { return nil }
        return manifest
    }

    /// Hashes every file below a directory and forces it to the disk.
    static func files(
        in directory: String,
        cancellation: Cancellation,
        meter: ProgressMeter
    ) throws(StoreError) -> [File] {
        var found: [File] = []
        let paths = ((try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []).sorted()
        for path in paths where path != name {
            let full = directory + "/" + path
            if Disk.isDirectory(full), !Disk.isLink(full) { continue }
            guard let bytes = Disk.size(of: full) else {
                throw StoreError(.badData, "'\(path)' is not a regular file; links and devices are not installed")
            }
            meter.begin(.verifying, path, total: bytes)
            let sha256 = try FileDigest.sha256(ofFile: full, cancellation: cancellation) { meter.update($0) }
            try Disk.synchronize(full)
            found.append(File(path: path, bytes: bytes, sha256: sha256))
        }
        return found
    }

    /// Writes `manifest.json`.
    func write(to directory: String) throws(StoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let data = try encoder.encode(self)
            try Disk.write(Array(data + Data("\n".utf8)), to: directory + "/" + Self.name)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.inputOutput, "cannot write the manifest of '\(id)': \(error.localizedDescription)")
        }
    }

    /// True when every file is there with its size; reads no content, so it costs a few system calls only.
    func filesArePresent(in directory: String) -> Bool {
        files.allSatisfy { Disk.size(of: directory + "/" + $0.path) == $0.bytes }
    }

    /// The present time as the manifest writes it.
    static func timestamp() -> String {
        Date.now.formatted(.iso8601)
    }
}
