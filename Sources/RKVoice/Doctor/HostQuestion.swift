package import Inference

/// What a machine is looked at for.
package struct HostQuestion: Sendable {
    /// The board it counts as; nil looks.
    package var board: Board?
    /// Whether the board's NPU is simulated, so that its driver, device and libraries do not matter.
    package var isSimulated = false
    /// A librknnrt to use before any other.
    package var rknnPath: String?
    /// A librkllmrt to use before any other.
    package var rkllmPath: String?
    /// The release that librkllmrt is taken to be; nil reads it from the file.
    package var rkllmVersion: String?
    /// Bytes that models may hold on the NPU; nil takes what the board has.
    package var memoryLimit: Int?
    /// Port that the server would listen on; 0 takes a free one.
    package var port = 8621

    package init() {}
}

/// What all checks of a machine share: the machine, the board, and what is wanted of it.
struct Host: Sendable {
    let machine: Machine
    let question: HostQuestion
    let board: Board
    let detection: BoardDetection

    init(_ machine: Machine, _ question: HostQuestion) {
        self.machine = machine
        self.question = question
        detection = BoardDetection.detect(root: machine.root.isEmpty ? "/" : machine.root)
        board = question.board ?? detection.board
    }

    /// Whether a real NPU on the system's own bus is expected: one that needs driver, device and library.
    var needsNPU: Bool {
        guard case .deviceTree = board.attachment else { return false }
        return board.hasNPU && !question.isSimulated
    }

    /// Why the checks of an NPU do not apply.
    var noNPU: String {
        if question.isSimulated { return "not needed: the NPU of \(board.id) is simulated" }
        return board.hasNPU ? "not needed: \(board.name) has its own driver" : "not needed: this machine has no NPU"
    }
}
