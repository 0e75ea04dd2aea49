import Inference
import ModelStore

/// Where the models that the server would load run, as `rkvoice plan` works it out.
extension Doctor {
    var placementFindings: [Finding] {
        guard let configuration, let store = try? settings.modelStore() else {
            return [Finding(.placement, .ok, "unknown: the configuration cannot be read")]
        }
        let chosen: [SeedModel]
        do throws(InferenceError) { chosen = try SeedModels.chosen(by: configuration, on: host.board) } catch {
            return [Finding(.placement, .fail, place(error.description), fix: "rkvoice plan shows what is chosen")]
        }
        let served = configuration.servedModels(in: store.catalog)
        let usable = store.list().filter { served.contains($0.id) && $0.isUsable }
        let candidates = usable.compactMap { listing in
            (try? ModelBundle(directory: listing.directory)).map { Planner.Candidate(id: listing.id, bundle: $0) }
        }
        let missing = served.filter { id in !usable.contains { $0.id == id } }
        return chosen.compactMap(refusal) + planned(candidates + chosen.map { Planner.Candidate($0) }, missing)
    }

    /// What speaks against a model that a profile of the seed chooses.
    private func refusal(of model: SeedModel) -> Finding? {
        if let reason = model.unavailable {
            let fix = "choose a backend that runs (docs/profiles.md)"
            return Finding(.placement, .fail, place(reason), of: model.id, fix: fix)
        }
        guard model.isPresent else {
            let fix = "put its files there, or choose another model (docs/profiles.md)"
            return Finding(.placement, .fail, "\(place(model.directory)) is not there", of: model.id, fix: fix)
        }
        return nil
    }

    private func planned(_ candidates: [Planner.Candidate], _ missing: [String]) -> [Finding] {
        let isSimulated = host.question.isSimulated
        // A board that is named is taken to have all its memory free.
        let planner = Planner(
            board: host.board,
            memoryLimit: host.question.memoryLimit,
            freeBytes: host.question.board == nil ? host.available : nil,
            canConvert: isSimulated
        )
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
        let later = missing.isEmpty ? [] : ["not installed yet: \(missing.joined(separator: ", "))"]
        let text = (texts + later).joined(separator: ", ")
        let fix = missing.isEmpty ? nil : "rkvoice models pull \(missing.joined(separator: " "))"
        return conflicts.isEmpty
            ? [Finding(.placement, .ok, text.isEmpty ? "nothing is served" : text, fix: fix)] : conflicts
    }
}
