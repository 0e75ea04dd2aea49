extension NPU {
    /// Everything that changes, behind the lock.
    struct State: Sendable {
        var cores: CoreLedger
        var memory: MemoryLedger
        var nextID: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        var running: [UInt64: Lease] = [:]
        var statistics: LeaseStatistics
        var observers: [@Sendable (LeaseRecord) -> Void] = []
    }

    /// Somebody who waits for cores.
    struct Waiter: Sendable {
        var label: String
        var priority: RunPriority
        var requested: ContinuousClock.Instant
        var continuation: CheckedContinuation<Result<Lease, InferenceError>, Never>
    }
}

/// Waiters to wake once the lock is open.
struct Resumptions: Sendable {
    private var list: [(NPU.Waiter, Result<Lease, InferenceError>)] = []

    init() {}
    init(_ waiter: NPU.Waiter, _ result: Result<Lease, InferenceError>) { add(waiter, result) }

    mutating func add(_ waiter: NPU.Waiter, _ result: Result<Lease, InferenceError>) { list.append((waiter, result)) }

    func resume() { for (waiter, result) in list { waiter.continuation.resume(returning: result) } }
}

extension NPU.State {
    /// Names a request, and serves it when nobody is before it.
    mutating func begin(
        _ request: CoreRequest,
        _ label: String,
        _ priority: RunPriority,
        _ requested: ContinuousClock.Instant,
        on npu: NPU
    ) -> Result<(UInt64, Lease?), InferenceError> {
        guard cores.isServable(request) else { return .failure(NPU.stranded(label, device: npu.name)) }
        nextID += 1
        guard let mask = cores.take(nextID, request, priority) else { return .success((nextID, nil)) }
        return .success((nextID, start(nextID, mask, label, priority, requested: requested, granted: requested)))
    }

    mutating func start(
        _ id: UInt64,
        _ cores: CoreMask,
        _ label: String,
        _ priority: RunPriority,
        requested: ContinuousClock.Instant,
        granted: ContinuousClock.Instant
    ) -> Lease {
        let lease = Lease(
            id: id,
            cores: cores,
            label: label,
            priority: priority,
            requested: requested,
            granted: granted
        )
        running[id] = lease
        return lease
    }

    /// Takes cores back and notes the lease down; nil when that has been done already.
    mutating func finish(
        _ lease: Lease,
        at now: ContinuousClock.Instant,
        device: String
    ) -> (resumed: Resumptions, record: LeaseRecord, observers: [@Sendable (LeaseRecord) -> Void])? {
        guard running.removeValue(forKey: lease.id) != nil else { return nil }
        let wasDetained = !cores.detained.isDisjoint(with: lease.cores)
        let record = LeaseRecord(lease, end: now, wasDetained: wasDetained)
        statistics.add(record)
        let outcome = cores.release(lease.id)
        return (settle(outcome, at: now, device: device), record, observers)
    }

    /// Turns what the ledger decided into waiters to wake.
    mutating func settle(
        _ outcome: CoreLedger.Outcome,
        at now: ContinuousClock.Instant,
        device: String
    ) -> Resumptions {
        var resumed = Resumptions()
        for grant in outcome.granted {
            guard let waiter = waiters.removeValue(forKey: grant.id) else { continue }
            let lease = start(
                grant.id,
                grant.cores,
                waiter.label,
                waiter.priority,
                requested: waiter.requested,
                granted: now
            )
            resumed.add(waiter, .success(lease))
        }
        for id in outcome.stranded {
            guard let waiter = waiters.removeValue(forKey: id) else { continue }
            resumed.add(waiter, .failure(NPU.stranded(waiter.label, device: device)))
        }
        return resumed
    }
}
