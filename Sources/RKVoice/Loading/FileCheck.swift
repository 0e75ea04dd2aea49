import Inference
import ModelStore

/// Holds files against the hashes that their bundle states.
enum FileCheck {
    /// - Throws: `badModel` when the file is another one, `missingFile`, `cancelled`.
    static func verify(_ path: String, sha256 wanted: String) async throws(InferenceError) {
        let found: String
        do { found = try await FileDigest.sha256(ofFile: path) } catch {
            throw InferenceError(error.code == .cancelled ? .cancelled : .missingFile, error.message, graph: path)
        }
        guard found == wanted.lowercased() else {
            throw InferenceError(
                .badModel,
                "its SHA-256 is \(found.prefix(12))…, the bundle says \(wanted.prefix(12))…: it is damaged or another "
                    + "file; run `rkvoice models verify`",
                graph: path
            )
        }
    }
}
