import HTTPTypes
import Metrics
import Synchronization
import Transport
package import VoiceConfiguration

/// Who may compute: a few at a time, the others one after the other, nobody for ever.
///
/// Limits are read when a request arrives or a turn comes back, so a reload applies to who comes then. Where the
/// server has several API keys, those of one client take at most half of the queue, so that one busy client cannot
/// lock the others out; with one key or none, all requests look alike and share it.
package final class AdmissionQueue: Sendable {
    private let configuration: LiveConfiguration
    private let metrics: ServerMetrics
    private let clock: AdmissionClock
    private let line = Mutex(AdmissionLine())
    private let ids = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - configuration: the limits.
    ///   - metrics: told every wait and refusal.
    ///   - clock: time.
    package init(configuration: LiveConfiguration, metrics: ServerMetrics, clock: AdmissionClock = .system) {
        self.configuration = configuration
        self.metrics = metrics
        self.clock = clock
    }

    /// Runs a body when it is its turn; the turn ends with the body, or earlier by ``AdmissionTurn/release()``.
    ///
    /// - Parameters:
    ///   - kind: what is computed, for the metrics: `tts`, `asr`.
    ///   - client: who asks (``TransportContext/client``).
    ///   - body: what to do; handed the turn, which says how long it was waited for.
    /// - Returns: what the body returns.
    /// - Throws: what ``turn(kind:client:)`` and the body throw.
    package func withTurn<Value>(
        kind: String,
        client: String = "",
        _ body: (AdmissionTurn) async throws -> Value
    ) async throws -> Value {
        let turn = try await turn(kind: kind, client: client)
        defer { turn.release() }
        return try await body(turn)
    }

    /// Waits for a turn that outlives the caller, such as that of an answer written while it is computed.
    ///
    /// - Parameters:
    ///   - kind: what is computed, for the metrics: `tts`, `asr`.
    ///   - client: who asks (``TransportContext/client``).
    /// - Returns: the turn.
    /// - Throws: `HTTPFailure` 429 `too_many_requests` when the queue is full, 503 `queue_timeout` after the longest
    ///   wait, 503 `shutting_down`; `CancellationError` when the task is cancelled while it waits.
    package func turn(kind: String, client: String = "") async throws -> AdmissionTurn {
        try Task.checkCancellation()
        let settings = configuration.current
        let limits = AdmissionLimits(settings.limits)
        let client = settings.server.apiKeys.count > 1 ? client : nil
        let start = clock.now()
        let arrival = line.withLock { $0.arrive(nil, client: client, limits: limits) }
        let verdict: AdmissionVerdict =
            switch arrival {
            case .admitted: .admitted
            case .refused(let verdict): verdict
            case .queued: await wait(client: client, limits: limits)
            }
        return try conclude(verdict, kind: kind, waited: clock.now() - start, limits: limits)
    }

    /// Refuses everybody from now on, also those who wait. Who computes goes on.
    package func shutDown() {
        for waiter in line.withLock({ $0.close() }) { waiter.wake(.closed) }
    }

    /// Requests that compute and that wait, now.
    package var occupancy: (computing: Int, waiting: Int) {
        line.withLock { ($0.computing, $0.waiters.count) }
    }

    /// Waits in the queue, with an alarm beside.
    private func wait(client: String?, limits: AdmissionLimits) async -> AdmissionVerdict {
        let id = ids.add(1, ordering: .relaxed).newValue
        metrics.waiting.increment()
        defer { metrics.waiting.decrement() }
        return await withTaskGroup(of: AdmissionVerdict?.self) { group in
            group.addTask { await self.stand(id, client: client, limits: limits) }
            group.addTask { [clock] in
                // Cancelled when the turn came first.
                guard (try? await clock.sleep(limits.seconds)) != nil else { return nil }
                self.wake(id, .timedOut)
                return nil
            }
            var verdict = AdmissionVerdict.cancelled
            for await result in group {
                guard let result else { continue }
                verdict = result
                group.cancelAll()
            }
            return verdict
        }
    }

    /// Stands in the queue until somebody says how it ends.
    private func stand(_ id: UInt64, client: String?, limits: AdmissionLimits) async -> AdmissionVerdict {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = AdmissionLine.Waiter(id: id, client: client) { continuation.resume(returning: $0) }
                let arrival = line.withLock { line -> AdmissionLine.Arrival in
                    // A cancellation before this moment found nobody to wake.
                    guard !Task.isCancelled else { return .refused(.cancelled) }
                    return line.arrive(waiter, client: client, limits: limits)
                }
                switch arrival {
                case .admitted: continuation.resume(returning: .admitted)
                case .refused(let verdict): continuation.resume(returning: verdict)
                case .queued: break
                }
            }
        } onCancel: {
            wake(id, .cancelled)
        }
    }

    private func wake(_ id: UInt64, _ verdict: AdmissionVerdict) {
        line.withLock { $0.leave(id) }?.wake(verdict)
    }

    /// Makes a turn, or says why there is none.
    private func conclude(
        _ verdict: AdmissionVerdict,
        kind: String,
        waited: Double,
        limits: AdmissionLimits
    ) throws -> AdmissionTurn {
        if verdict == .admitted {
            metrics.admitted(kind: kind, waitSeconds: waited)
            metrics.computing.increment()
            let start = clock.now()
            return AdmissionTurn(waitSeconds: waited) { self.giveBack(after: self.clock.now() - start) }
        }
        guard let failure = verdict.failure(waited: waited, limits: limits) else { throw CancellationError() }
        metrics.refused(kind: kind, code: failure.code)
        throw failure
    }

    private func giveBack(after seconds: Double) {
        metrics.computing.decrement()
        let limits = AdmissionLimits(configuration.current.limits)
        let chosen = line.withLock { line in
            line.finish(after: seconds)
            return line.next(limits: limits)
        }
        for waiter in chosen { waiter.wake(.admitted) }
    }
}

extension AdmissionLimits {
    init(_ limits: Configuration.Limits) {
        self.init(computing: limits.concurrentRequests, waiting: limits.queueLength, seconds: limits.queueSeconds)
    }
}

extension AdmissionVerdict {
    /// The answer to the client; nil for one that is gone.
    fileprivate func failure(waited: Double, limits: AdmissionLimits) -> HTTPFailure? {
        switch self {
        case .admitted, .cancelled: nil
        case .full(let seconds):
            HTTPFailure(
                .tooManyRequests,
                "too_many_requests",
                "too many requests wait for their turn; try again in \(seconds) s",
                retryAfter: seconds
            )
        case .timedOut:
            HTTPFailure(
                .serviceUnavailable,
                "queue_timeout",
                "no turn came within \(Int(limits.seconds.rounded(.up))) s; try again later",
                retryAfter: 1
            )
        case .closed:
            HTTPFailure(.serviceUnavailable, "shutting_down", "the server is shutting down", retryAfter: 5)
        }
    }
}
