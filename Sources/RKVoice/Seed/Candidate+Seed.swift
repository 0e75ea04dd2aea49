package import Inference

extension Planner.Candidate {
    /// A model of the seed's, as a plan sees it.
    package init(_ model: SeedModel) {
        var sentences = (model.unavailable.map { [$0] } ?? []) + model.problems
        if !model.isPresent { sentences.append("\(model.directory) is not there; the files that are expected:") }
        self.init(
            id: model.id,
            bundle: model.bundle,
            problem: sentences.isEmpty ? nil : sentences.joined(separator: "; ")
        )
        isPresent = model.isPresent
        effects = model.effects
        conflicts = model.conflicts
        guard !model.missing.isEmpty else { return }
        conflicts.append(
            Plan.Conflict(
                severity: .error,
                kind: .missingFile,
                models: [model.id],
                message: "missing beside its graphs: " + model.missing.joined(separator: ", "),
                remedy: "copy them to \(model.bundle.directory), as the seed had them"
            )
        )
    }
}
