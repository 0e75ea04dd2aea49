import Synchronization

/// One at a time, first come, first served.
package final class Turns: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<InferenceError?, Never>
    }

    private struct State {
        var isTaken = false
        var closed: InferenceError?
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())
    private let name: String

    /// - Parameter name: of what is waited for, for messages.
    package init(name: String) { self.name = name }

    /// How many wait.
    package var waiting: Int { state.withLock { $0.waiters.count } }

    /// Waits for its turn.
    /// - Returns: the turn, which is over when `end` is called or nobody holds it any more.
    /// - Throws: `cancelled` at once when the task is; what `close` was given.
    package func take() async throws(InferenceError) -> Turn {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue(Waiter(id: id, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        if let error { throw error }
        return Turn(self)
    }

    /// Tells everybody who waits, and whoever comes, that there is no use in waiting; until `open`.
    package func close(_ error: InferenceError) {
        let waiters = state.withLock { state in
            state.closed = error
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: error) }
    }

    /// Waiting makes sense again.
    package func open() { state.withLock { $0.closed = nil } }

    private func enqueue(_ waiter: Waiter) {
        // Nil waits; the inner value is the answer.
        let answer: InferenceError?? = state.withLock { state in
            // A cancellation before this line has found nobody to wake; one after it will.
            if Task.isCancelled { return cancelled() }
            if let closed = state.closed { return closed }
            if state.isTaken {
                state.waiters.append(waiter)
                return .none
            }
            state.isTaken = true
            return .some(nil)
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func cancel(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: cancelled())
    }

    private func cancelled() -> InferenceError {
        InferenceError(.cancelled, "cancelled while others were served", graph: name)
    }

    fileprivate func pass() {
        let next: Waiter? = state.withLock { state in
            if !state.waiters.isEmpty { return state.waiters.removeFirst() }
            state.isTaken = false
            return nil
        }
        next?.continuation.resume(returning: nil)
    }
}

/// What the one who is served holds.
package final class Turn: Sendable {
    private let turns: Turns
    private let isOver = Mutex(false)

    fileprivate init(_ turns: Turns) { self.turns = turns }

    deinit { end() }

    /// Lets the next one in. Doing it twice does nothing.
    package func end() {
        let ends = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        if ends { turns.pass() }
    }
}
