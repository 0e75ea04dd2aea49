package import Inference

/// What the server tells about the board that it runs on, and its NPU.
package struct AcceleratorStatus: Sendable {
    /// The board found, chosen or simulated.
    package var board: Board
    /// Cores and memory of its NPU; nil where there is none.
    package var npu: NPU?
    /// Whether a simulator stands in for the NPU.
    package var isSimulated: Bool
    /// What was placed where so far, by model.
    package var placements: @Sendable () -> [(model: String, choice: PlacementChoice)]

    /// - Parameters:
    ///   - board: the board found, chosen or simulated.
    ///   - npu: cores and memory of its NPU.
    ///   - isSimulated: whether a simulator stands in for it.
    ///   - placements: what was placed where so far.
    package init(
        board: Board = .cpu,
        npu: NPU? = nil,
        isSimulated: Bool = false,
        placements: @escaping @Sendable () -> [(model: String, choice: PlacementChoice)] = { [] }
    ) {
        self.board = board
        self.npu = npu
        self.isSimulated = isSimulated
        self.placements = placements
    }

    /// Where a model computes, in the words of the served clients: `npu` when any of its stages does. The parts of a model
    /// are called by its name and their own: `piper_rknn de_DE`.
    func provider(of model: String) -> String {
        placements().contains {
            ($0.model == model || $0.model.hasPrefix(model + " ")) && $0.choice.placement.usesNPU
        } ? "npu" : "cpu"
    }

    /// The member `npu` of `/capabilities`.
    var wire: JSON {
        let snapshot = npu?.snapshot
        var members: [String: JSON] = [
            "board": .string(board.id),
            "simulated": .bool(isSimulated),
            "devices": snapshot.map { [device($0)] } ?? [],
            "cores": .integer(snapshot?.cores.count ?? 0),
            "memory": snapshot.map { Self.memory($0.memory) } ?? .null,
            "placements": .array(placements().flatMap { stages($0.model, $0.choice) }),
        ]
        members["conflicts"] = .array(
            placements().flatMap { model, choice in
                choice.rejections.map { rejection in
                    [
                        "model": .string(model), "placement": .string(rejection.placement),
                        "reason": .string(rejection.reason),
                    ]
                }
            }
        )
        return .object(members)
    }

    private func device(_ snapshot: NPUSnapshot) -> JSON {
        [
            "id": .string(board.id), "name": JSON(npu?.name), "simulated": .bool(isSimulated),
            "queue": [
                "live": .integer(snapshot.queue.live), "background": .integer(snapshot.queue.background),
                "leases": .integer(snapshot.queue.leases),
            ],
            "cores": .array(
                snapshot.cores.enumerated().map { index, core in
                    [
                        "core": .integer(index), "running": JSON(core.running), "hung": .bool(core.isDetained),
                        "leases": .integer(core.leases), "busy_seconds": .rounded(core.busy / .seconds(1)),
                    ]
                }
            ),
        ]
    }

    private static func memory(_ memory: NPUSnapshot.Memory) -> JSON {
        [
            "limit_bytes": memory.limit.map(JSON.integer) ?? .null, "used_bytes": .integer(memory.used),
            "held": .array(memory.holders.map { ["by": .string($0.label), "bytes": .integer($0.bytes)] }),
        ]
    }

    private func stages(_ model: String, _ choice: PlacementChoice) -> [JSON] {
        choice.placement.parts.map { stage, part in
            [
                "model": .string(model), "placement": .string(choice.name), "stage": .string(stage),
                "file": .string(part.fileName(for: board) ?? part.file), "runtime": .string(part.runtime.rawValue),
                "frames": part.frames.map(JSON.integer) ?? .null,
                "cores": part.cores.map { .array($0.map(JSON.integer)) } ?? .null,
            ]
        }
    }
}
