/// Where everything lives on disk: one directory that the store owns, and nothing is written outside it.
package struct StoreHome: Sendable, Equatable {
    /// Absolute path of the home.
    package let root: String

    package init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// `models/<id>/`: `bundle.json`, `manifest.json` and the model's files.
    package var models: String { root + "/models" }
    /// `runtimes/<id>/`: vendor libraries, for instance ONNX Runtime.
    package var runtimes: String { root + "/runtimes" }
    /// `downloads/<sha256>` (verified) and `downloads/<sha256>.part` (partial).
    package var downloads: String { root + "/downloads" }
    /// The private Python environment whose pip downloads wheels.
    package var python: String { root + "/python" }
    /// `prep/<hash of requirements>/`: environments in which preparation scripts run.
    package var preparation: String { root + "/prep" }
    /// Lock files; they stay, only the lock on them comes and goes.
    package var locks: String { root + "/locks" }

    /// The directory that holds installed entries of a kind.
    package func parent(of kind: Catalog.Kind) -> String {
        kind == .runtime ? runtimes : models
    }

    /// The directory of one installed entry.
    package func directory(of id: String, kind: Catalog.Kind) -> String {
        parent(of: kind) + "/" + id
    }

    /// True for ids that are safe as one path component: letters, digits, `.`, `_`, `-`; at most 64 characters.
    package static func isValidID(_ id: String) -> Bool {
        guard let first = id.utf8.first, id.utf8.count <= 64 else { return false }
        let alphanumeric = { (byte: UInt8) in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        let allowed = id.utf8.allSatisfy { alphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
        return allowed && alphanumeric(first) && !id.contains("..")
    }
}
