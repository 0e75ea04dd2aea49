/// Sums over all leases of a device.
struct LeaseStatistics: Sendable {
    /// One core's.
    struct Core: Sendable {
        var leases = 0
        var busy = Duration.zero
    }

    var cores: [Core]
    var leases = 0
    var queued = Duration.zero
    var longestQueued = Duration.zero

    init(cores: Int) { self.cores = [Core](repeating: Core(), count: cores) }

    mutating func add(_ record: LeaseRecord) {
        leases += 1
        queued += record.queued
        longestQueued = max(longestQueued, record.queued)
        for core in cores.indices where record.cores.holds(core) {
            cores[core].leases += 1
            cores[core].busy += record.ran
        }
    }
}

/// A device at one moment, for health, metrics and messages.
package struct NPUSnapshot: Sendable {
    /// One core.
    package struct Core: Sendable {
        /// What runs there now; nil when it is free.
        package var running: String?
        /// Whether that run did not come back in time.
        package var isDetained: Bool
        /// Leases that are over.
        package var leases: Int
        /// How long they held the core together.
        package var busy: Duration
    }

    /// Waiting for cores, over all leases that are over, and now.
    package struct Queue: Sendable {
        /// Live requests that wait now.
        package var live: Int
        /// Background requests that wait now.
        package var background: Int
        /// Leases that are over.
        package var leases: Int
        /// How long they waited together.
        package var waited: Duration
        /// The longest wait of one.
        package var longest: Duration
    }

    /// Memory that models hold.
    package struct Memory: Sendable {
        /// Bytes that may be held; nil when no limit is known.
        package var limit: Int?
        /// Bytes held.
        package var used: Int
        /// Who holds how much, largest first.
        package var holders: [(label: String, bytes: Int)]
    }

    /// What the device is.
    package var board: Board
    /// By number.
    package var cores: [Core]
    package var queue: Queue
    package var memory: Memory

    /// Cores that hang.
    package var detained: CoreMask { CoreMask(cores: cores.indices.filter { cores[$0].isDetained }) }

    init(_ state: NPU.State, board: Board) {
        self.board = board
        let running = state.running.values
        cores = (0..<board.cores).map { core in
            Core(
                running: running.first { $0.cores.holds(core) }?.label,
                isDetained: state.cores.detained.holds(core),
                leases: state.statistics.cores[core].leases,
                busy: state.statistics.cores[core].busy
            )
        }
        let waiting = state.cores.waiting
        queue = Queue(
            live: waiting.live,
            background: waiting.background,
            leases: state.statistics.leases,
            waited: state.statistics.queued,
            longest: state.statistics.longestQueued
        )
        memory = Memory(
            limit: state.memory.limit,
            used: state.memory.used,
            holders: state.memory.byLabel.map { ($0.label, $0.bytes) }
        )
    }
}
