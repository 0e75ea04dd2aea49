// What does not fit: each conflict with its arithmetic and a way out.

extension Planner {
    func refusal(_ error: InferenceError, _ id: String) -> Plan.Conflict {
        Plan.Conflict(
            severity: .error,
            kind: .placement,
            models: [id],
            message: error.message,
            remedy: "choose another board or placement, or a model that has one for it"
        )
    }

    /// Files that a model lacks.
    func missing(_ model: Plan.Model) -> [Plan.Conflict] {
        let files = model.parts.filter { !$0.isPresent }.map(\.file)
        guard !files.isEmpty else { return [] }
        let list = files.joined(separator: ", ")
        return [
            Plan.Conflict(
                severity: .error,
                kind: .missingFile,
                models: [model.id],
                message: "\(files.count) of \(model.parts.count) files missing: \(list)",
                remedy:
                    "pull the model again (rkvoice models pull), convert it for this board, or take its placement cpu"
            )
        ]
    }

    /// More memory than there is, in all or in one IOMMU domain.
    func memoryConflicts(_ plan: Plan) -> [Plan.Conflict] {
        guard let device = plan.device else { return [] }
        if let limit = device.memoryLimit, device.memoryUsed > limit {
            let unknown =
                device.unknownFiles == 0 ? "" : ", and \(device.unknownFiles) files of unknown size come on top"
            return [shortage(plan.models, limit: limit, of: plan.boardName, unknown) { _ in true }]
        }
        return device.domains.filter { $0.memoryUsed > $0.memoryLimit }.map { domain in
            let place = "IOMMU domain \(domain.number) of \(plan.boardName)"
            return shortage(plan.models, limit: domain.memoryLimit, of: place, "") { $0.domain == domain.number }
        }
    }

    private func shortage(
        _ models: [Plan.Model],
        limit: Int,
        of place: String,
        _ unknown: String,
        where counts: (Plan.Part) -> Bool
    ) -> Plan.Conflict {
        let needs: [(id: String, bytes: Int)] = models.map { model in
            (model.id, model.parts.filter(counts).reduce(0) { $0 + ($1.memory ?? 0) })
        }
        let holders = needs.filter { $0.bytes > 0 }.sorted { $0.bytes > $1.bytes }
        let used = holders.reduce(0) { $0 + $1.bytes }
        let sum = holders.map { "\(ByteCount.text($0.bytes)) (\($0.id))" }.joined(separator: " + ")
        let over = ByteCount.text(used - limit)
        let largest = holders.first.map { "place a stage of \($0.id) on the CPU" } ?? "place a stage on the CPU"
        return Plan.Conflict(
            severity: .error,
            kind: .memory,
            models: holders.map(\.id),
            message:
                "\(sum) = \(ByteCount.text(used)), \(over) more than the \(ByteCount.text(limit)) of \(place)\(unknown)",
            remedy: "load fewer models, take smaller ones, or \(largest)"
        )
    }

    /// Cores that the board lacks, and masks that its driver may refuse.
    func coreConflicts(_ models: [Plan.Model]) -> [Plan.Conflict] {
        models.flatMap { model -> [Plan.Conflict] in
            var seen: Set<[Int]> = []
            return model.parts.compactMap { part -> Plan.Conflict? in
                guard part.runtime.usesNPU, let cores = part.cores, seen.insert(cores).inserted else { return nil }
                return conflict(CoreMask(cores: cores), part, model)
            }
        }
    }

    private func conflict(_ mask: CoreMask, _ part: Plan.Part, _ model: Plan.Model) -> Plan.Conflict? {
        var conflict = Plan.Conflict(
            severity: .error,
            kind: .noSuchCore,
            models: [model.id],
            message: "",
            remedy: model.coreSetting.map { "set \($0) to one that \(board.name) has, or to NPU_CORE_AUTO for any" }
                ?? "write cores of this board into the bundle, or leave \"cores\" out for any free one"
        )
        do throws(InferenceError) { try board.check(mask) } catch {
            conflict.message = "\(part.file): \(error.message)"
            return conflict
        }
        guard !board.documents(mask) else { return nil }
        conflict.severity = .warning
        conflict.kind = .mask
        conflict.message =
            "\(part.file): \(mask) is mask \(mask.rawValue), which drivers of \(board.name) may refuse; documented: "
            + board.maskList
        return conflict
    }

    /// Models tied to the same core.
    func sharedCores(_ models: [Plan.Model]) -> [Plan.Conflict] {
        let pinned = models.map { model in
            // A model on RKLLM holds every core, which no setting can change.
            (
                model.id,
                model.parts.filter { $0.runtime != .rkllm }.reduce(into: CoreMask()) {
                    $0.formUnion(CoreMask(cores: $1.cores ?? []))
                }
            )
        }
        var conflicts: [Plan.Conflict] = []
        for core in 0..<board.cores {
            let holders = pinned.filter { $0.1.holds(core) }.map(\.0)
            guard holders.count > 1 else { continue }
            let names = holders.joined(separator: " and ")
            let idle = (0..<board.cores).filter { other in !pinned.contains { $0.1.holds(other) } }
            let way = idle.first.map { "put one of them on core \($0), which nobody is tied to" }
            conflicts.append(
                Plan.Conflict(
                    severity: .warning,
                    kind: .sharedCore,
                    models: holders,
                    message:
                        "core \(core): \(names) are tied to it, \(holders.count) models on 1 core; they take turns",
                    remedy: way ?? "leave \"cores\" out of one of them, so that it runs on any free core"
                )
            )
        }
        return conflicts
    }
}

extension Plan.Model {
    /// The setting that ties it to cores; nil when a bundle does.
    fileprivate var coreSetting: String? {
        effects.first { $0.key.hasSuffix("_core") || $0.key.hasSuffix("_core_mask") }?.key
    }
}
