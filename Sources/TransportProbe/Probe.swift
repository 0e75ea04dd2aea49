import Hummingbird
import Synchronization
import Transport

/// What the probe counts, and what it answers with.
package struct Probe: Sendable {
    /// Requests and sockets whose work was cancelled.
    package let cancelled = Tally()
    /// Requests and sockets whose work has begun.
    package let begun = Tally()

    package init() {}
}

/// A number that grows and can be waited for.
package final class Tally: Sendable {
    private struct State {
        var count = 0
        var waiters: [(Int, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.count } }

    package func add() {
        let ready = state.withLock { state in
            state.count += 1
            let ready = state.waiters.filter { $0.0 <= state.count }
            state.waiters.removeAll { $0.0 <= state.count }
            return ready
        }
        for (_, waiter) in ready { waiter.resume() }
    }

    /// Returns once the number is at least so high.
    package func reach(_ number: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count >= number { return true }
                state.waiters.append((number, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
