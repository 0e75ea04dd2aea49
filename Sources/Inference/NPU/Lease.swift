/// Cores of an NPU for the length of one run. Given back by `NPU.release`, in a `defer`.
package struct Lease: Sendable, Identifiable {
    /// Names it on its device.
    package let id: UInt64
    /// The cores, at least one.
    package let cores: CoreMask
    /// What runs: a stage or a file.
    package let label: String
    /// The priority it was asked for with.
    package let priority: RunPriority
    /// When it was asked for.
    package let requested: ContinuousClock.Instant
    /// When it was granted.
    package let granted: ContinuousClock.Instant

    /// A lease as a device grants it.
    package init(
        id: UInt64,
        cores: CoreMask,
        label: String,
        priority: RunPriority,
        requested: ContinuousClock.Instant,
        granted: ContinuousClock.Instant
    ) {
        self.id = id
        self.cores = cores
        self.label = label
        self.priority = priority
        self.requested = requested
        self.granted = granted
    }
}

/// A lease that is over: what statistics and traces are made of.
package struct LeaseRecord: Sendable {
    /// What ran: a stage or a file.
    package var label: String
    /// On which cores.
    package var cores: CoreMask
    /// With which priority.
    package var priority: RunPriority
    /// When it was granted.
    package var start: ContinuousClock.Instant
    /// How long it had waited for that.
    package var queued: Duration
    /// How long it held the cores.
    package var ran: Duration
    /// Whether the run came back only after it had been given up.
    package var wasDetained: Bool

    /// - Parameters:
    ///   - lease: what is over.
    ///   - end: when its cores came back.
    ///   - wasDetained: whether it had been given up before.
    package init(_ lease: Lease, end: ContinuousClock.Instant, wasDetained: Bool = false) {
        label = lease.label
        cores = lease.cores
        priority = lease.priority
        start = lease.granted
        queued = lease.granted - lease.requested
        ran = end - lease.granted
        self.wasDetained = wasDetained
    }
}

/// Memory of a device that a model was admitted with. Given back by `NPU.free`.
package struct MemoryGrant: Sendable, Identifiable {
    /// Names it on its device.
    package let id: UInt64
    /// Who holds it: a model and its file.
    package let label: String
}
