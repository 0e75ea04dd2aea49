import Foundation

/// Works out a `Plan`: pure, but for looking which files there are.
package struct Planner: Sendable {
    /// A model that is wanted.
    package struct Candidate: Sendable {
        /// Id or directory, as it was asked for.
        package var id: String
        /// Nil when there is none to read.
        package var bundle: ModelBundle?
        /// Why there is none, or why this version does not run it.
        package var problem: String?
        /// Whether its files are to be expected; where they are not, it is not installed.
        package var isPresent = true
        /// What the settings of the profile come to, by their keys.
        package var effects: [String: String] = [:]
        /// What is known not to fit before anything is added up.
        package var conflicts: [Plan.Conflict] = []

        package init(id: String, bundle: ModelBundle?, problem: String? = nil) {
            self.id = id
            self.bundle = bundle
            self.problem = problem
        }
    }

    let board: Board
    private let memoryLimit: Int?
    private let freeBytes: Int?
    private let placement: String?
    private let canConvert: Bool

    /// - Parameters:
    ///   - board: where the models are to run; its runtimes are taken to be there.
    ///   - memoryLimit: bytes that models may hold on the NPU; nil takes what the board can have at most.
    ///   - freeBytes: memory that the system has to give; nil when that is not known.
    ///   - placement: the one to take of every model that has it; nil takes the first that can be.
    ///   - canConvert: whether a missing file may be made from its source, as a simulator does.
    package init(
        board: Board,
        memoryLimit: Int? = nil,
        freeBytes: Int? = nil,
        placement: String? = nil,
        canConvert: Bool = false
    ) {
        self.board = board
        self.memoryLimit = memoryLimit
        self.freeBytes = freeBytes
        self.placement = placement
        self.canConvert = canConvert
    }

    /// The plan for these models, in their order.
    package func plan(_ candidates: [Candidate]) -> Plan {
        var plan = Plan(board: board.id, boardName: board.name, device: nil, models: [], conflicts: [])
        for candidate in candidates { plan.models.append(model(candidate, &plan.conflicts)) }
        if board.hasNPU { plan.device = device(for: plan.models) }
        plan.pairings = pairings(plan.models)
        plan.conflicts += memoryConflicts(plan) + coreConflicts(plan.models) + sharedCores(plan.models)
        plan.conflicts =
            plan.conflicts.filter { $0.severity == .error } + plan.conflicts.filter { $0.severity != .error }
        return plan
    }

    private func device(for models: [Plan.Model]) -> Plan.Device {
        let parts = models.flatMap(\.parts).filter { $0.domain != nil }
        let numbers = Set(parts.compactMap(\.domain)).union([0]).sorted()
        return Plan.Device(
            cores: board.cores,
            masks: board.masks.map(\.rawValue),
            memoryLimit: memoryLimit ?? board.memoryLimit(freeBytes: freeBytes, domains: numbers.count),
            memoryUsed: parts.reduce(0) { $0 + ($1.memory ?? 0) },
            domains: numbers.map { number in domain(number, of: parts) },
            unknownFiles: parts.count { $0.memory == nil },
            clusters: board.clusters
        )
    }

    private func domain(_ number: Int, of parts: [Plan.Part]) -> Plan.Domain {
        let limit = board.memoryLimit(freeBytes: nil) ?? .max
        let used = parts.reduce(0) { $0 + ($1.domain == number ? $1.memory ?? 0 : 0) }
        return Plan.Domain(number: number, memoryUsed: used, memoryLimit: limit)
    }

    // MARK: Models

    private func model(_ candidate: Candidate, _ conflicts: inout [Plan.Conflict]) -> Plan.Model {
        let isInstalled = candidate.bundle != nil && candidate.isPresent
        var model = Plan.Model(id: candidate.id, isInstalled: isInstalled, problem: candidate.problem)
        model.effects = candidate.effects.sorted { $0.key < $1.key }.map { Plan.Effect(key: $0, effect: $1) }
        conflicts += candidate.conflicts
        guard let bundle = candidate.bundle else { return model }
        model.family = bundle.family
        model.directory = bundle.directory
        let wanted = placement.flatMap { bundle.placements[$0] == nil ? nil : $0 }
        var name = wanted
        do throws(InferenceError) {
            let choice = try bundle.choosePlacement(
                board: board,
                runtimes: runtimes,
                named: wanted,
                canConvert: canConvert
            )
            name = choice.name
            model.rejections = choice.rejections
        } catch {
            // What would be taken if everything were there is still worth showing.
            name = wanted ?? bundle.ordered(for: board).first { suits($0.placement) }?.name
            if name == nil || error.code != .missingFile { conflicts.append(refusal(error, candidate.id)) }
        }
        guard let name, let placement = bundle.placements[name] else { return model }
        model.placement = name
        model.parts = parts(of: placement, in: bundle)
        if isInstalled { conflicts += missing(model) }
        return model
    }

    /// Runtimes that a board is taken to have.
    private var runtimes: Set<Placement.Runtime> { board.hasNPU ? Set(Placement.Runtime.allCases) : [.onnx, .worker] }

    private func suits(_ placement: Placement) -> Bool {
        (placement.boards?.contains(board.id) ?? true) && (board.hasNPU || !placement.usesNPU)
    }

    private func parts(of placement: Placement, in bundle: ModelBundle) -> [Plan.Part] {
        placement.stages.sorted { $0.key < $1.key }.flatMap { stage, links in
            links.enumerated().flatMap { link, buckets in
                buckets.map { part(stage, link, $0, in: bundle) }
            }
        }
    }

    private func part(_ stage: String, _ link: Int, _ part: Placement.Part, in bundle: ModelBundle) -> Plan.Part {
        let file = part.fileName(for: board) ?? part.file
        let size = bundle.size(of: file)
        // A worker runs its model on the device; the size of its program says nothing of that.
        let isWorker = part.runtime == .worker && board.hasNPU
        let isOnNPU = part.runtime.usesNPU || isWorker
        let memory = isOnNPU ? part.bytes ?? (isWorker ? nil : size) : nil
        return Plan.Part(
            stage: stage,
            link: link,
            file: file,
            runtime: part.runtime,
            frames: part.frames,
            cores: part.cores,
            contexts: isOnNPU ? part.contexts(onCores: board.cores) : nil,
            isPresent: size != nil || (canConvert && part.source.map(bundle.exists) == true),
            fileBytes: size,
            memory: memory,
            domain: isOnNPU ? part.runtime == .rkllm ? board.languageModelDomain ?? 0 : 0 : nil,
            memoryBasis: memory == nil ? nil : part.bytes == nil ? .file : .stated
        )
    }
}

extension ModelBundle {
    /// Bytes of a file of the bundle; nil when it is not there.
    func size(of file: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + file)
        guard attributes?[.type] as? FileAttributeType != .typeDirectory else { return nil }
        return (attributes?[.size] as? NSNumber)?.intValue
    }
}
