import Inference
import Testing

@Suite struct LanguageModelTurnsTests {
    private func waits(_ turns: Turns, _ count: Int) async {
        while turns.waiting < count { await Task.yield() }
    }

    @Test func whoCameFirstGoesFirst() async throws {
        let turns = Turns(name: "model")
        let order = Shared<[Int]>([])
        let first = try await turns.take()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    guard let turn = try? await turns.take() else { return }
                    order.withLock { $0.append(number) }
                    turn.end()
                }
                await waits(turns, number + 1)
            }
            first.end()
        }
        #expect(order.withLock { $0 } == Array(0..<20))
        try await turns.take().end()
    }

    @Test func whoIsCancelledWaitsNoLonger() async throws {
        let turns = Turns(name: "model")
        let held = try await turns.take()
        let task = Task { try await turns.take() }
        await waits(turns, 1)
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        held.end()
        try await turns.take().end()
    }

    @Test func aTurnThatNobodyHoldsIsOver() async throws {
        let turns = Turns(name: "model")
        do { _ = try await turns.take() }
        try await turns.take().end()
    }

    @Test func nobodyWaitsForWhatHangs() async throws {
        let turns = Turns(name: "model")
        let held = try await turns.take()
        let task = Task { try await turns.take() }
        await waits(turns, 1)
        turns.close(InferenceError(.deviceUnavailable, "hangs"))
        let waiting = await #expect(throws: InferenceError.self) { _ = try await task.value }
        let coming = await #expect(throws: InferenceError.self) { _ = try await turns.take() }
        #expect(waiting?.code == .deviceUnavailable && coming?.code == .deviceUnavailable)
        turns.open()
        held.end()
        try await turns.take().end()
    }
}
