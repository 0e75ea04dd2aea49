import HTTPTypes
import Metrics
import Synchronization
package import Transport
package import VoiceConfiguration

/// How many recognition streams are open, and whether one more may be.
package final class StreamCounter: Sendable {
    private let configuration: LiveConfiguration
    private let metrics: ServerMetrics
    private let clock: AdmissionClock
    private let state = Mutex(State())

    private struct State {
        var open = 0
        var isClosed = false
        var lifetimes = RecentMean()
    }

    /// - Parameters:
    ///   - configuration: the limit, read whenever a stream opens.
    ///   - metrics: shows how many are open.
    ///   - clock: time.
    package init(configuration: LiveConfiguration, metrics: ServerMetrics, clock: AdmissionClock = .system) {
        self.configuration = configuration
        self.metrics = metrics
        self.clock = clock
    }

    /// Streams that are open now.
    package var count: Int { state.withLock { $0.open } }

    /// Counts a stream in.
    ///
    /// - Returns: counts it out by ``StreamPermit/release()``, or when nobody holds it any more.
    /// - Throws: 429 `too_many_streams`, with the seconds after which one should have ended, by the mean life of
    ///   recent ones; 503 `shutting_down`.
    package func open() throws(HTTPFailure) -> StreamPermit {
        let limit = configuration.current.limits.streams
        let refusal = state.withLock { state -> HTTPFailure? in
            if state.isClosed {
                return HTTPFailure(.serviceUnavailable, "shutting_down", "the server is shutting down", retryAfter: 5)
            }
            guard state.open < limit else { return Self.refusal(state, limit) }
            state.open += 1
            return nil
        }
        if let refusal { throw refusal }
        metrics.streams.increment()
        let start = clock.now()
        return StreamPermit { self.close(after: self.clock.now() - start) }
    }

    /// Refuses new streams from now on.
    package func shutDown() { state.withLock { $0.isClosed = true } }

    private func close(after seconds: Double) {
        state.withLock {
            $0.open -= 1
            $0.lifetimes.add(seconds)
        }
        metrics.streams.decrement()
    }

    private static func refusal(_ state: State, _ limit: Int) -> HTTPFailure {
        let seconds = (state.lifetimes.mean ?? 1) / Double(max(1, state.open))
        let retryAfter = Int(min(60, max(1, seconds.rounded(.up))))
        return HTTPFailure(
            .tooManyRequests,
            "too_many_streams",
            "\(limit) streams are open, and no more may be; try again in \(retryAfter) s",
            retryAfter: retryAfter
        )
    }
}

/// A stream that is counted. It is counted out once.
package final class StreamPermit: Sendable {
    private let end: Mutex<(@Sendable () -> Void)?>

    init(end: @escaping @Sendable () -> Void) { self.end = Mutex(end) }

    /// Counts the stream out. Later calls do nothing.
    package func release() {
        let last = end.withLock { closure in
            defer { closure = nil }
            return closure
        }
        last?()
    }

    deinit { release() }
}
