import Foundation
import Inference
import Runtimes

/// What the file of a vendor's library tells without being loaded.
struct LibraryFile: Sendable {
    /// As a user of the machine writes it.
    let path: String
    /// Its own text, such as `2.3.2 (429f97ae6b@2025-04-09T09:09:27)`; nil when it is not found.
    let version: String?
    /// Why it cannot be loaded; nil when nothing is seen that speaks against it.
    let problem: String?

    var release: Release? { version.flatMap { Release($0) } }

    /// Looks at libraries.
    /// - Parameters:
    ///   - paths: where to look, in the order in which they would be taken.
    ///   - marks: texts that stand before the release, as different releases have them.
    ///   - machine: where they are.
    /// - Returns: every different file that is there; links to one are no second.
    static func found(_ paths: [String], marks: [String], on machine: Machine) -> [LibraryFile] {
        var seen: Set<String> = []
        return paths.compactMap { path in
            guard machine.exists(path) else { return nil }
            let file = URL(fileURLWithPath: machine.root + path).resolvingSymlinksInPath().path
            return seen.insert(file).inserted ? LibraryFile(path, marks, machine) : nil
        }
    }

    private init(_ path: String, _ marks: [String], _ machine: Machine) {
        self.path = path
        let place = machine.root + path
        guard machine.access(path, writing: false) == .granted else {
            version = nil
            problem = "this user may not read it"
            return
        }
        // RKLLM goes on with " | target: Linux | build: …".
        version = marks.lazy.compactMap { SharedObject.text(after: $0, in: place) }.first
            .map { String($0.prefix { $0 != "|" }).trimmingCharacters(in: .whitespaces) }
        do throws(InferenceError) {
            try SharedObject.check(place, for: machine.architecture.rawValue)
            problem = nil
        } catch {
            problem = error.message.replacing("cannot load \(place): ", with: "")
        }
    }
}
