import Conversation
import Testing

@Suite("Turn taking under random events") struct TurnMachineRandomTests {
    /// Parts of the 10,000 runs, for as many cores. A seed that fails is printed, and can be run by itself.
    private static let parts = 0..<8
    private static let runs = 10_000 / parts.count

    @Test(
        "Every turn ends once, nothing of a cancelled one follows, and the dialogue always comes to its end",
        arguments: parts
    )
    func everyOrder(part: Int) {
        var outcomes: [String: Int] = [:]
        for seed in part * Self.runs..<(part + 1) * Self.runs {
            var world = RandomDialogue(seed: UInt64(seed))
            world.run(events: 40, isHung: seed.isMultiple(of: 3))
            if let fault = world.books.faults.first {
                Issue.record("seed \(seed): \(fault)")
                return
            }
            for outcome in world.books.ended.values { outcomes[kind(outcome), default: 0] += 1 }
        }
        // Every way to end was taken, or the runs have shown little.
        for kind in ["done", "failed"] + TurnReport.Reason.allCases.map(\.rawValue) {
            #expect(outcomes[kind, default: 0] > 0, "\(kind)")
        }
    }

    private func kind(_ outcome: TurnReport.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .cancelled(let reason): reason.rawValue
        case .failed: "failed"
        }
    }
}
