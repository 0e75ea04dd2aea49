import Foundation

/// Paths that a bundle names: they stay inside its directory.
enum BundlePath {
    /// What is wrong with a path as written; nil when nothing is.
    static func problem(_ path: String) -> String? {
        if path.isEmpty { return "an empty path" }
        if path.hasPrefix("/") { return "\"\(path)\" is an absolute path; files are inside the bundle's directory" }
        if path.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            return "\"\(path.debugDescription)\" holds control characters"
        }
        if path.split(separator: "/", omittingEmptySubsequences: false).contains(where: { $0 == ".." }) {
            return "\"\(path)\" leaves the bundle's directory"
        }
        return nil
    }

    /// The absolute path of a file, once links have been followed.
    /// - Throws: `badModel` when it leads out of the directory.
    static func resolve(_ path: String, in directory: String) throws(InferenceError) -> String {
        let root = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        let plain = URL(fileURLWithPath: directory).appendingPathComponent(path)
        let real = plain.resolvingSymlinksInPath().path
        guard real.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            throw InferenceError(
                .badModel,
                "\"\(path)\" is a link that leaves the bundle's directory",
                graph: directory
            )
        }
        return plain.path
    }
}
