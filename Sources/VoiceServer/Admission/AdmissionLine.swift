/// Who computes, who waits, who is next: decisions only, no waiting.
struct AdmissionLine: Sendable {
    /// One that waits.
    struct Waiter: Sendable {
        var id: UInt64
        var client: String?
        var wake: @Sendable (AdmissionVerdict) -> Void
    }

    private(set) var computing = 0
    private(set) var waiters: [Waiter] = []
    private(set) var isClosed = false
    private var service = RecentMean()

    /// What becomes of one who arrives.
    enum Arrival: Sendable {
        case admitted
        case queued
        case refused(AdmissionVerdict)
    }

    /// - Parameters:
    ///   - waiter: who arrives; nil for one who would not wait, for whom `queued` means that it has to.
    ///   - client: who it is, where one client may not fill the queue.
    ///   - limits: most that compute and wait.
    /// - Returns: what becomes of it.
    mutating func arrive(_ waiter: Waiter?, client: String?, limits: AdmissionLimits) -> Arrival {
        guard !isClosed else { return .refused(.closed) }
        if computing < limits.computing, waiters.isEmpty {
            computing += 1
            return .admitted
        }
        let own = client.map { client in waiters.count { $0.client == client } } ?? 0
        guard waiters.count < limits.waiting, own < limits.share(client) else {
            return .refused(.full(retryAfter: retryAfter(limits)))
        }
        if let waiter { waiters.append(waiter) }
        return .queued
    }

    /// Takes one who does not wait any longer out of the queue; nil when it is not there any more.
    mutating func leave(_ id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index)
    }

    /// A turn comes back.
    ///
    /// - Parameter seconds: how long it was held.
    mutating func finish(after seconds: Double) {
        computing -= 1
        service.add(seconds)
    }

    /// Those whose turn it is now; they have it.
    mutating func next(limits: AdmissionLimits) -> [Waiter] {
        guard !isClosed else { return [] }
        let chosen = Array(waiters.prefix(max(0, limits.computing - computing)))
        waiters.removeFirst(chosen.count)
        computing += chosen.count
        return chosen
    }

    /// Nobody gets a turn any more; those who wait are told.
    mutating func close() -> [Waiter] {
        isClosed = true
        defer { waiters = [] }
        return waiters
    }

    /// Seconds until one who comes now would have had its turn, from the mean time that recent ones took.
    func retryAfter(_ limits: AdmissionLimits) -> Int {
        let ahead = Double(waiters.count + 1)
        let seconds = (service.mean ?? 1) * ahead / Double(max(1, limits.computing))
        return Int(min(600, max(1, seconds.rounded(.up))))
    }
}

/// How the wait for a turn ended.
enum AdmissionVerdict: Sendable, Hashable {
    case admitted
    /// The queue, or the client's share of it, is full.
    case full(retryAfter: Int)
    case timedOut
    case cancelled
    /// The server shuts down.
    case closed
}

/// The limits of admission at one moment.
struct AdmissionLimits: Sendable, Hashable {
    /// Most that compute at a time.
    var computing: Int
    /// Most that wait.
    var waiting: Int
    /// Longest wait in seconds.
    var seconds: Double

    /// How many of one client may wait: half of the queue, where clients are told apart.
    func share(_ client: String?) -> Int { client == nil ? waiting : max(1, waiting / 2) }
}

/// The mean of the last few values.
struct RecentMean: Sendable {
    /// Enough to even out long and short requests, few enough to follow a change of load.
    private static let length = 32
    private var values: [Double] = []
    private var oldest = 0

    /// nil before the first value.
    var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }

    mutating func add(_ value: Double) {
        guard values.count == Self.length else { return values.append(value) }
        values[oldest] = value
        oldest = (oldest + 1) % Self.length
    }
}
