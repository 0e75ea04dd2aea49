import Foundation
import Inference
import ModelStore
import Runtimes

/// What is installed, file by file, and whether it fits together.
extension Doctor {
    func modelFindings(_ progress: @escaping ProgressHandler) async -> [Finding] {
        let store: ModelStore
        do { store = try settings.modelStore() } catch {
            return [Finding(.model, .fail, place(error.message), fix: "correct the catalog, or unset RKVOICE_CATALOG")]
        }
        var findings: [Finding] = []
        // Runtimes are looked at by loading them, and nothing runs on references.
        let listings = store.list().filter { $0.state != .available && $0.kind == .model }
        let runtime = host.needsNPU && !listings.isEmpty ? host.rknnFiles.first?.version : nil
        for listing in listings {
            findings.append(await finding(of: listing, in: store, runtime: runtime, progress))
        }
        let none = Finding(
            .model,
            .ok,
            "none is installed",
            fix: "rkvoice models pull ID; rkvoice models list names them"
        )
        return findings.isEmpty ? [none] : findings
    }

    private func finding(
        of listing: StoreListing,
        in store: ModelStore,
        runtime: String?,
        _ progress: @escaping ProgressHandler
    ) async -> Finding {
        let id = listing.id
        let again = store.catalog[id] == nil ? "import it again" : "rkvoice models pull \(id)"
        do {
            let report = try await store.verify(id, progress: progress)
            if let problem = Self.problem(in: report) {
                // A pull leaves files of the right size as they are.
                let isWhole = listing.state != .damaged
                let renew = (isWhole ? "rkvoice models remove \(id) && " : "") + again
                return Finding(.model, .fail, problem, of: id, fix: renew)
            }
            let bundle = try ModelBundle(directory: listing.directory)
            let notes = try await checkedParts(of: bundle, runtime: runtime)
            let count = "\(report.files.count) files as they were installed"
            if listing.state == .outdated {
                return Finding(.model, .warn, "\(count), but the catalog has a newer one", of: id, fix: again)
            }
            return Finding(.model, .ok, ([count] + notes).joined(separator: "; "), of: id)
        } catch let error as InferenceError {
            let fix = "give the file that fits (docs/rknn-conversions.md), or choose the placement cpu"
            return Finding(.model, .fail, place(error.description), of: id, fix: fix)
        } catch {
            return Finding(.model, .fail, place("\(error)"), of: id, fix: again)
        }
    }

    /// The first file that is not as it was installed, in words.
    private static func problem(in report: VerifyReport) -> String? {
        guard let file = report.files.first(where: { $0.state != .intact }) else { return nil }
        switch file.state {
        case .intact: return nil
        case .missing: return "\(file.path) is missing"
        case .wrongSize: return "\(file.path) has \(file.actualBytes ?? 0) bytes, not \(file.expectedBytes)"
        case .wrongHash: return "\(file.path) has another SHA-256 than when it was installed"
        }
    }

    /// Files of every placement for this board that are there: digest, chip, release of the toolkit.
    private func checkedParts(of bundle: ModelBundle, runtime: String?) async throws -> [String] {
        let board = host.board
        var notes: Set<String> = []
        for placement in bundle.placements.values where placement.boards?.contains(board.id) ?? true {
            for (_, part) in placement.parts {
                guard let name = part.fileName(for: board) else { continue }
                let path = bundle.directory + "/" + name
                guard FileManager.default.fileExists(atPath: path) else { continue }
                if let digest = part.sha256?.text(for: board.id) { try await FileCheck.verify(path, sha256: digest) }
                guard part.runtime == .rknn, board.hasNPU, !host.question.isSimulated else { continue }
                let file = try RKNNFile(path: path)
                try file.check(board: board, runtimeVersion: runtime, isSimulator: false)
                notes.insert("toolkit \(file.toolkitVersion)")
            }
        }
        return notes.sorted()
    }
}
