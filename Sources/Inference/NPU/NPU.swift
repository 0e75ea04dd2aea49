import Synchronization

/// One device with an NPU: who runs on which core now, who is next, and how much memory is left.
///
/// A mutex over pure ledgers, no actor: a lease is given back in a `defer`, or by a call of the vendor's that comes back
/// when nobody waits for it any more, and neither can wait for an actor.
package final class NPU: Sendable {
    /// What the device is.
    package let board: Board
    /// Name in messages and traces: the board's, with `simulated` where it is.
    package let name: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - board: what the device is.
    ///   - memoryLimit: bytes that models may hold; nil takes min(free RAM now, 4 GB), or what the board has of its own.
    ///   - isSimulated: whether a simulator stands in for the device.
    ///   - patience: live runs that may go before the first background run that waits.
    package init(board: Board, memoryLimit: Int? = nil, isSimulated: Bool = false, patience: Int = 8) {
        let name = board.name + (isSimulated ? " (simulated)" : "")
        let limit = memoryLimit ?? board.memoryLimit(freeBytes: HostMemory.availableBytes())
        self.board = board
        self.name = name
        state = Mutex(
            State(
                cores: CoreLedger(cores: board.cores, patience: patience),
                memory: MemoryLedger(limit: limit, device: name),
                statistics: LeaseStatistics(cores: board.cores)
            )
        )
    }

    /// Cores for one run; waits for its turn. The priority is that of the task.
    ///
    /// - Parameters:
    ///   - request: which cores.
    ///   - label: what runs, for messages and traces.
    /// - Returns: the cores; they are given back by `release`.
    /// - Throws: `cancelled` at once when the task is; `deviceUnavailable` when the board has no such cores, or when those
    ///   it has hang in runs that did not come back.
    package func acquire(_ request: CoreRequest, label: String) async throws(InferenceError) -> Lease {
        if case .exactly(let mask) = request { try board.check(mask) }
        guard board.hasNPU else { throw InferenceError(.deviceUnavailable, "\(name) has no NPU", graph: label) }
        if Task.isCancelled { throw Self.cancelled(label) }
        let requested = ContinuousClock.now
        let priority = RunPriority.current
        let begun = state.withLock { $0.begin(request, label, priority, requested, on: self) }
        let (id, lease) = try begun.get()
        if let lease { return lease }
        return try await wait(id, request, label, priority, requested).get()
    }

    /// Gives cores back. Also those of a run that had been detained; doing it twice does nothing.
    package func release(_ lease: Lease) {
        let now = ContinuousClock.now
        guard let end = state.withLock({ $0.finish(lease, at: now, device: name) }) else { return }
        end.resumed.resume()
        for observer in end.observers { observer(end.record) }
    }

    /// The run did not come back in time: its cores serve nobody until `release`. Whoever waits for just these cores, and
    /// everybody when no other core is left, is told `deviceUnavailable` now.
    package func detain(_ lease: Lease) {
        let now = ContinuousClock.now
        state.withLock { state in state.settle(state.cores.detain(lease.id), at: now, device: name) }.resume()
    }

    /// Calls an observer after each lease, on the thread that gave it back: it has to be quick. It stays for good.
    package func onLease(_ observer: @escaping @Sendable (LeaseRecord) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    // MARK: Memory

    /// Sets memory aside for a model that is about to be loaded.
    ///
    /// - Parameters:
    ///   - bytes: how much it needs on the device.
    ///   - label: who: a model and its file.
    /// - Returns: what is given back by `free`.
    /// - Throws: `outOfMemory` with the sum, who holds how much, and what to do.
    package func admit(bytes: Int, label: String) throws(InferenceError) -> MemoryGrant {
        try state.withLock { state throws(InferenceError) in
            state.nextID += 1
            try state.memory.hold(bytes, id: state.nextID, label: label)
            return MemoryGrant(id: state.nextID, label: label)
        }
    }

    /// Corrects a grant once the runtime has said how much it really is.
    ///
    /// - Throws: `outOfMemory` as `admit`; the grant is then what it was before.
    package func adjust(_ grant: MemoryGrant, toBytes bytes: Int) throws(InferenceError) {
        try state.withLock { state throws(InferenceError) in
            try state.memory.hold(bytes, id: grant.id, label: grant.label)
        }
    }

    /// Gives memory back. Doing it twice does nothing.
    package func free(_ grant: MemoryGrant) { state.withLock { $0.memory.free(grant.id) } }

    /// What is going on now.
    package var snapshot: NPUSnapshot { state.withLock { NPUSnapshot($0, board: board) } }
}

extension NPU {
    private static func cancelled(_ label: String) -> InferenceError {
        InferenceError(.cancelled, "cancelled before it ran", graph: label)
    }

    static func stranded(_ label: String, device: String) -> InferenceError {
        InferenceError(
            .deviceUnavailable,
            "the cores it needs on \(device) hang in a run that did not come back; they serve again when it does, "
                + "otherwise restart the program, or the board",
            graph: label
        )
    }

    private func wait(
        _ id: UInt64,
        _ request: CoreRequest,
        _ label: String,
        _ priority: RunPriority,
        _ requested: ContinuousClock.Instant
    ) async -> Result<Lease, InferenceError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(
                    label: label,
                    priority: priority,
                    requested: requested,
                    continuation: continuation
                )
                enqueue(id, request, waiter).resume()
            }
        } onCancel: {
            abandon(id)
        }
    }

    private func enqueue(_ id: UInt64, _ request: CoreRequest, _ waiter: Waiter) -> Resumptions {
        state.withLock { state in
            // A cancellation before this line has found nobody to wake; one after it will.
            guard !Task.isCancelled else { return Resumptions(waiter, .failure(Self.cancelled(waiter.label))) }
            guard state.cores.isServable(request) else {
                return Resumptions(waiter, .failure(Self.stranded(waiter.label, device: name)))
            }
            state.waiters[id] = waiter
            return state.settle(state.cores.request(id, request, waiter.priority), at: .now, device: name)
        }
    }

    private func abandon(_ id: UInt64) {
        state.withLock { state in
            guard let waiter = state.waiters.removeValue(forKey: id) else { return Resumptions() }
            var resumed = state.settle(state.cores.cancel(id), at: .now, device: name)
            resumed.add(waiter, .failure(Self.cancelled(waiter.label)))
            return resumed
        }.resume()
    }
}
