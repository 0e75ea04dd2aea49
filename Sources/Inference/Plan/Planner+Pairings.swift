// Which models work at the same time.

extension Planner {
    /// Every two models that are installed or expected, and whether one waits for the other.
    func pairings(_ models: [Plan.Model]) -> [Plan.Pairing] {
        // A window of the speech detector is too little work for anybody to wait for.
        let known = models.filter { !$0.parts.isEmpty && $0.family != "silero" }
        return known.indices.flatMap { first in
            // Models of one family are the voices of one half, which speaks with one at a time.
            known[(first + 1)...].filter { $0.family != known[first].family }.map { pairing(known[first], $0) }
        }
    }

    private func pairing(_ one: Plan.Model, _ other: Plan.Model) -> Plan.Pairing {
        let reason = reason(one, other)
        return Plan.Pairing(
            models: [one.id, other.id],
            mode: reason.isShared ? .sequential : .parallel,
            reason: reason.text
        )
    }

    private func reason(_ one: Plan.Model, _ other: Plan.Model) -> (isShared: Bool, text: String) {
        for model in [one, other] where !model.parts.contains(where: isOnNPU) {
            return (false, "\(model.id) runs on the CPU")
        }
        for model in [one, other] {
            guard let part = model.parts.first(where: { $0.runtime == .rkllm }) else { continue }
            return (true, "\(part.stage) of \(model.id) holds every core of the NPU while it answers")
        }
        if board.cores == 1 { return (true, "\(board.name) has one core for both") }
        let shared = cores(of: one).intersection(cores(of: other)).sorted()
        if let core = shared.first { return (true, "both are tied to core \(core)") }
        return (false, "there are cores for both")
    }

    private func isOnNPU(_ part: Plan.Part) -> Bool { part.domain != nil }

    private func cores(of model: Plan.Model) -> Set<Int> { Set(model.parts.flatMap { $0.cores ?? [] }) }
}
