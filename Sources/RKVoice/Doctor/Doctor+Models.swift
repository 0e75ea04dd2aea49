import Foundation
import Inference
import ModelStore
import Runtimes

/// What is installed, file by file, and whether it fits together.
extension Doctor {
    func modelFindings() async -> [Finding] {
        let store: ModelStore
        do { store = try settings.modelStore() } catch {
            return [Finding(.model, .fail, place(error.message), fix: "correct the catalog, or unset RKVOICE_CATALOG")]
        }
        var findings: [Finding] = []
        for listing in store.list() where listing.state != .available && listing.kind != .runtime {
            findings.append(await finding(of: listing, in: store))
        }
        let none = Finding(
            .model,
            .ok,
            "none is installed",
            fix: "rkvoice models pull ID; rkvoice models list names them"
        )
        return findings.isEmpty ? [none] : findings
    }

    private func finding(of listing: StoreListing, in store: ModelStore) async -> Finding {
        let id = listing.id
        let renew = "rkvoice models pull \(id)"
        do {
            let report = try await store.verify(id)
            if let problem = Self.problem(in: report) {
                return Finding(.model, .fail, problem, of: id, fix: renew)
            }
            let bundle = try ModelBundle(directory: listing.directory)
            let notes = try await checkedParts(of: bundle)
            let count = "\(report.files.count) files as they were installed"
            if listing.state == .outdated {
                return Finding(.model, .warn, "\(count), but the catalog has a newer one", of: id, fix: renew)
            }
            return Finding(.model, .ok, ([count] + notes).joined(separator: "; "), of: id)
        } catch {
            return Finding(.model, .fail, place("\(error)"), of: id, fix: renew)
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
    private func checkedParts(of bundle: ModelBundle) async throws -> [String] {
        let board = host.board
        let runtime = host.needsNPU ? host.rknnFiles.first?.version : nil
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

    /// Where the installed models would run.
    var placementFindings: [Finding] {
        let listings = ((try? settings.modelStore())?.list() ?? []).filter { $0.isUsable && $0.kind != .runtime }
        let candidates = listings.compactMap { listing in
            (try? ModelBundle(directory: listing.directory)).map { Planner.Candidate(id: listing.id, bundle: $0) }
        }
        guard !candidates.isEmpty else { return [Finding(.placement, .ok, "no model is there to be placed")] }
        let isSimulated = host.question.isSimulated
        let planner = Planner(board: host.board, memoryLimit: host.question.memoryLimit, canConvert: isSimulated)
        let plan = planner.plan(candidates)
        let conflicts = plan.conflicts.map { conflict in
            Finding(
                .placement,
                conflict.severity == .error ? .fail : .warn,
                "\(conflict.models.joined(separator: ", ")): \(place(conflict.message))",
                fix: conflict.remedy
            )
        }
        let texts = plan.models.compactMap { model in model.placement.map { "\(model.id) as \($0)" } }
        return conflicts.isEmpty ? [Finding(.placement, .ok, texts.joined(separator: ", "))] : conflicts
    }
}
