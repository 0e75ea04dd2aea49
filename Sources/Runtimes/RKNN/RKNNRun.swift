import Inference
import Synchronization

/// One run from the moment it has its core and its context until the call of the library is back.
///
/// The caller may be gone before that: when it is cancelled, and when the run takes too long. The core and the context
/// are given back all the same, by the thread that made the call.
final class RKNNRun: Sendable {
    typealias Outcome = Result<[Tensor], InferenceError>

    private struct State {
        var continuation: CheckedContinuation<Outcome, Never>?
        var isAnswered = false
        var isBack = false
        var isLate = false
    }

    private let slots: ContextSlots
    private let slot: ContextSlot
    private let lease: Lease
    private let tensors: [Tensor]
    private let watch: RunWatch
    private let state = Mutex(State())

    /// Takes over the slot and the lease.
    init(_ slots: ContextSlots, _ slot: ContextSlot, _ lease: Lease, _ tensors: [Tensor], watch: RunWatch) {
        self.slots = slots
        self.slot = slot
        self.lease = lease
        self.tensors = tensors
        self.watch = watch
    }

    /// Runs on a thread of the pool.
    /// - Returns: the outputs; what the library says; `timedOut`; `cancelled` as soon as the task is.
    func outcome(on pool: BlockingPool) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { start($0, on: pool) }
        } onCancel: {
            answer(.failure(InferenceError(.cancelled, "cancelled", graph: slots.model.path)))
        }
    }

    private func start(_ continuation: CheckedContinuation<Outcome, Never>, on pool: BlockingPool) {
        let isWanted = state.withLock { state in
            guard !state.isAnswered else { return false }
            state.continuation = continuation
            return true
        }
        guard isWanted else {
            slots.model.npu.release(lease)
            slots.put(slot)
            let error = InferenceError(.cancelled, "cancelled", graph: slots.model.path)
            return continuation.resume(returning: .failure(error))
        }
        Task(executorPreference: pool) { self.perform() }
        // While the thread wakes up.
        watch.add(self)
        if state.withLock({ $0.isBack }) { watch.remove(self) }
    }

    /// The blocking call, and giving back what it held.
    private func perform() {
        let outcome: Outcome
        do throws(InferenceError) {
            outcome = .success(try call())
        } catch {
            outcome = .failure(error)
        }
        let wasLate = state.withLock { state in
            state.isBack = true
            return state.isLate
        }
        // A context that failed or hung may fail again: it is made anew, which is nobody's wait but the next run's.
        if case .success = outcome, !wasLate {
            slots.model.npu.release(lease)
            // The rest is done while the caller wakes up.
            answer(outcome)
            watch.remove(self)
            return slots.put(slot)
        }
        watch.remove(self)
        slot.replace(with: nil)
        slots.expect(slot)
        slots.model.npu.release(lease)
        answer(outcome)
        _ = try? slots.renew(slot)
        slots.put(slot)
    }

    private func call() throws(InferenceError) -> [Tensor] {
        let context = if let context = slot.current { context } else { try slots.renew(slot) }
        try context.use(lease.cores, of: slots.model.npu.board)
        return try context.run(tensors)
    }

    /// Time is up: the core and the context serve nobody until the call is back.
    func expire() {
        let isLate = state.withLock { state in
            guard !state.isBack else { return false }
            state.isLate = true
            // Within the lock, so that the call does not come back in between.
            slots.model.npu.detain(lease)
            slots.abandon(slot)
            return true
        }
        guard isLate else { return }
        answer(
            .failure(
                InferenceError(
                    .timedOut,
                    "the run on \(lease.cores) of \(slots.model.npu.name) did not come back within \(watch.timeout); "
                        + "its cores and its context are set aside until it does. If it never does, restart the "
                        + "program or the board; `dmesg | grep -i rknpu` tells more",
                    graph: slots.model.path
                )
            )
        )
    }

    /// The first answer is the one that counts.
    private func answer(_ outcome: Outcome) {
        let continuation = state.withLock { state in
            state.isAnswered = true
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(returning: outcome)
    }
}
