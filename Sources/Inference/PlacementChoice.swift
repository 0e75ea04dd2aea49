import Foundation

/// Which placement of a bundle is taken, and why the others are not.
package struct PlacementChoice: Sendable, Hashable {
    /// Name in the bundle.
    package var name: String
    package var placement: Placement
    /// Those that came before it in order and cannot be taken.
    package var rejections: [Rejection]

    /// A placement that cannot be taken here.
    package struct Rejection: Sendable, Hashable, Encodable {
        package var placement: String
        /// What is missing, in words.
        package var reason: String
    }
}

extension ModelBundle {
    /// The placement that is named, or the first whose board, runtimes and files are there: those with an NPU before
    /// those without on a board that has one, `cpu` last.
    ///
    /// - Parameters:
    ///   - board: the machine, or what is simulated.
    ///   - runtimes: those there are.
    ///   - name: the placement that is wanted; nil takes the first that can be.
    ///   - canConvert: whether a missing file counts as there when its source is, because it can be made from that.
    /// - Returns: the placement, and why those before it were not taken.
    /// - Throws: `badModel`, `runtimeUnavailable` or `missingFile` with the reason for each.
    package func choosePlacement(
        board: Board,
        runtimes: Set<Placement.Runtime>,
        named name: String? = nil,
        canConvert: Bool = false
    ) throws(InferenceError) -> PlacementChoice {
        if let name {
            let wanted = try placement(name)
            if let obstacle = obstacle(to: wanted, board, runtimes, canConvert) {
                throw InferenceError(obstacle.code, "placement \"\(name)\": \(obstacle.message)", graph: directory)
            }
            return PlacementChoice(name: name, placement: wanted, rejections: [])
        }
        var rejections: [PlacementChoice.Rejection] = []
        var code = InferenceError.Code.badModel
        for (name, candidate) in ordered(for: board) {
            guard let obstacle = obstacle(to: candidate, board, runtimes, canConvert) else {
                return PlacementChoice(name: name, placement: candidate, rejections: rejections)
            }
            code = obstacle.code
            rejections.append(.init(placement: name, reason: obstacle.message))
        }
        let reasons = rejections.map { "\($0.placement): \($0.reason)" }.joined(separator: "; ")
        let message = rejections.isEmpty ? "it has no placement" : "no placement can be taken here: \(reasons)"
        throw InferenceError(code, message, graph: directory)
    }

    /// Placements in the order in which they are considered.
    package func ordered(for board: Board) -> [(name: String, placement: Placement)] {
        let ranked = placements.map { name, placement in
            let rank = name == "cpu" ? 2 : placement.usesNPU == board.hasNPU ? 0 : 1
            return (rank, name, placement)
        }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { ($0.1, $0.2) }
    }

    /// Why a placement cannot be taken; nil when it can.
    private func obstacle(
        to placement: Placement,
        _ board: Board,
        _ runtimes: Set<Placement.Runtime>,
        _ canConvert: Bool
    ) -> InferenceError? {
        if let boards = placement.boards, !boards.contains(board.id) {
            let made = boards.joined(separator: ", ")
            return InferenceError(.badModel, "it is made for \(made), and this is \(board.id)")
        }
        for (_, part) in placement.parts {
            let name = part.fileName(for: board) ?? part.file
            guard runtimes.contains(part.runtime) else {
                let message = "\(name) needs the runtime \(part.runtime.rawValue), which is not there"
                return InferenceError(.runtimeUnavailable, message)
            }
            if part.runtime.usesNPU, !board.hasNPU {
                return InferenceError(.deviceUnavailable, "\(name) needs an NPU, and this is \(board.id)")
            }
            guard let file = part.fileName(for: board), exists(file) || (canConvert && part.source.map(exists) == true)
            else { return InferenceError(.missingFile, "\(name) is missing") }
        }
        return nil
    }

    /// Whether a file of the bundle is there.
    package func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/" + file) }
}
