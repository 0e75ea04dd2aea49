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

    /// More memory than there is.
    func memoryConflicts(_ plan: Plan) -> [Plan.Conflict] {
        guard let device = plan.device, let limit = device.memoryLimit, device.memoryUsed > limit else { return [] }
        let needs: [(id: String, bytes: Int)] = plan.models.map { model in
            (model.id, model.parts.reduce(0) { $0 + ($1.memory ?? 0) })
        }
        let holders = needs.filter { $0.bytes > 0 }.sorted { $0.bytes > $1.bytes }
        let sum = holders.map { "\(ByteCount.text($0.bytes)) (\($0.id))" }.joined(separator: " + ")
        let over = ByteCount.text(device.memoryUsed - limit)
        let unknown = device.unknownFiles == 0 ? "" : ", and \(device.unknownFiles) files of unknown size come on top"
        let message =
            "\(sum) = \(ByteCount.text(device.memoryUsed)), \(over) more than the \(ByteCount.text(limit)) of "
            + "\(plan.boardName)\(unknown)"
        let largest = holders.first.map { "place a stage of \($0.id) on the CPU" } ?? "place a stage on the CPU"
        return [
            Plan.Conflict(
                severity: .error,
                kind: .memory,
                models: holders.map(\.id),
                message: message,
                remedy: "load fewer models, take smaller ones, or \(largest)"
            )
        ]
    }

    /// Cores that the board lacks, and masks that its driver may refuse.
    func coreConflicts(_ models: [Plan.Model]) -> [Plan.Conflict] {
        models.flatMap { model in
            model.parts.compactMap { part in
                guard part.runtime.usesNPU, let cores = part.cores else { return nil }
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
            remedy: "write cores of this board into the bundle, or leave \"cores\" out for any free one"
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
            (model.id, model.parts.reduce(into: CoreMask()) { $0.formUnion(CoreMask(cores: $1.cores ?? [])) })
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
