import Conversation
import Testing

@Suite("Turn taking under random events") struct TurnMachineRandomTests {
    /// Seeds of 0 … 9,999; one that fails is printed, and can be run by itself.
    private static let runs = 10_000

    @Test("Every turn ends once, nothing of a cancelled one follows, and the dialogue always comes to its end")
    func everyOrder() {
        var outcomes: [String: Int] = [:]
        for seed in 0..<Self.runs {
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
            #expect(outcomes[kind, default: 0] > 20, "\(kind)")
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
