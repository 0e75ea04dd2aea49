import Inference
import Synchronization

/// A place for a context: one run at a time; empty after a failure, until it is filled again.
final class ContextSlot: Sendable {
    private let context: Mutex<RKNNContext?>

    init(_ context: RKNNContext) { self.context = Mutex(context) }

    var current: RKNNContext? { context.withLock { $0 } }

    /// Puts a context in, or nothing; the former is destroyed when its last result is gone.
    func replace(with new: RKNNContext?) {
        let former = context.withLock { context in
            defer { context = new }
            return context
        }
        former?.owned.giveUp()
    }
}

/// The contexts of a model: who has one, who waits for one.
///
/// Live runs go before background ones, which are overtaken by at most `patience` of them.
final class ContextSlots: Sendable {
    private typealias Continuation = CheckedContinuation<Result<ContextSlot, InferenceError>, Never>

    private struct Waiter {
        let id: UInt64
        let priority: RunPriority
        let continuation: Continuation
        var overtaken = 0
    }

    private struct State {
        var free: [ContextSlot]
        var waiters: [Waiter] = []
        /// Slots whose run did not come back in time.
        var hanging: Set<ObjectIdentifier> = []
        var nextID: UInt64 = 0
    }

    private static let patience = 8
    /// Runs that may hang before nobody is let in any more: a model that hangs must not take the last core, which the
    /// others need.
    private var hangLimit: Int { min(count, max(1, model.npu.board.cores - 1)) }
    let model: RKNNModel
    /// Contexts there are.
    let count: Int
    private let state: Mutex<State>

    init(_ model: RKNNModel, _ contexts: [RKNNContext]) {
        self.model = model
        count = contexts.count
        state = Mutex(State(free: contexts.map(ContextSlot.init)))
    }

    /// A slot for one run; waits for its turn. `put` gives it back.
    /// - Parameter cores: a slot that ran there last is taken if there is one.
    /// - Returns: the slot, which may be empty.
    /// - Throws: `cancelled`; `deviceUnavailable` when too many of its runs did not come back.
    func take(_ cores: CoreMask?) async throws(InferenceError) -> ContextSlot {
        if let slot = try takeFree(cores) { return slot }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let priority = RunPriority.current
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue(Waiter(id: id, priority: priority, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        return try result.get()
    }

    private func takeFree(_ cores: CoreMask?) throws(InferenceError) -> ContextSlot? {
        try state.withLock { state throws(InferenceError) in
            guard state.hanging.count < hangLimit else { throw hangs() }
            guard state.waiters.isEmpty, !state.free.isEmpty else { return nil }
            let index = cores.flatMap { cores in state.free.lastIndex { $0.current?.lastCores == cores } }
            return state.free.remove(at: index ?? state.free.count - 1)
        }
    }

    private func enqueue(_ waiter: Waiter) {
        let result: Result<ContextSlot, InferenceError>? = state.withLock { state in
            // Somebody may have given a slot back, or cancelled, since it was looked at.
            if Task.isCancelled { return .failure(cancelled()) }
            if state.hanging.count >= hangLimit { return .failure(hangs()) }
            if state.waiters.isEmpty, let slot = state.free.popLast() { return .success(slot) }
            state.waiters.append(waiter)
            return nil
        }
        if let result { waiter.continuation.resume(returning: result) }
    }

    private func cancel(_ id: UInt64) {
        let waiter: Waiter? = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .failure(cancelled()))
    }

    /// Gives a slot back.
    func put(_ slot: ContextSlot) {
        let waiter: Waiter? = state.withLock { state in
            if let index = Self.next(state.waiters) {
                let waiter = state.waiters.remove(at: index)
                if waiter.priority == .live, let first = state.waiters.firstIndex(where: { $0.priority != .live }) {
                    state.waiters[first].overtaken += 1
                }
                return waiter
            }
            state.free.append(slot)
            return nil
        }
        waiter?.continuation.resume(returning: .success(slot))
    }

    private static func next(_ waiters: [Waiter]) -> Int? {
        let background = waiters.firstIndex { $0.priority != .live }
        if let background, waiters[background].overtaken >= patience { return background }
        return waiters.firstIndex { $0.priority == .live } ?? background
    }

    /// The run in this slot did not come back in time. When that is so for too many, nobody waits on.
    func abandon(_ slot: ContextSlot) {
        let stranded: [Waiter] = state.withLock { state in
            state.hanging.insert(ObjectIdentifier(slot))
            guard state.hanging.count >= hangLimit else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in stranded { waiter.continuation.resume(returning: .failure(hangs())) }
    }

    /// The run that had been given up is back: the slot will be given back, so waiting for it makes sense again.
    func expect(_ slot: ContextSlot) { state.withLock { _ = $0.hanging.remove(ObjectIdentifier(slot)) } }

    /// Fills an empty slot that the caller has taken.
    /// - Returns: what it holds now.
    /// - Throws: what the library says; the slot stays empty, the next run tries again.
    func renew(_ slot: ContextSlot) throws(InferenceError) -> RKNNContext {
        // An idle context is a sound one, and nobody runs it while it is duplicated.
        let idle = state.withLock { state in
            state.free.lastIndex { $0.current != nil }.map { state.free.remove(at: $0) }
        }
        defer { if let idle { put(idle) } }
        let context = try model.makeContext(like: idle?.current)
        slot.replace(with: context)
        return context
    }

    private func cancelled() -> InferenceError { InferenceError(.cancelled, "cancelled", graph: model.path) }

    private func hangs() -> InferenceError {
        InferenceError(
            .deviceUnavailable,
            "its runs hang on the NPU; it serves again when they come back, otherwise restart the program",
            graph: model.path
        )
    }
}
