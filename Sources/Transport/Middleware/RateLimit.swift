import Hummingbird
import Synchronization
package import VoiceConfiguration

/// Refuses a client that asks too often.
struct RateLimit: RouterMiddleware {
    let configuration: LiveConfiguration
    let limiter: RateLimiter

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        // A probe that is refused would restart a server that works.
        if !KeyCheck.openPaths.contains(request.uri.path) {
            try limiter.take(context.client, configuration.current.limits)
        }
        return try await next(request, context)
    }
}

/// A token bucket for each client: a minute's requests may come at once, then as many as flow in again.
package final class RateLimiter: Sendable {
    /// Clients remembered. Who is forgotten starts with a full bucket.
    private let capacity: Int
    private let now: @Sendable () -> Double
    private let buckets = Mutex<[String: Bucket]>([:])

    private struct Bucket {
        var tokens: Double
        /// When `tokens` was right.
        var time: Double
    }

    /// - Parameters:
    ///   - capacity: clients remembered.
    ///   - now: seconds since some moment; never goes back.
    package init(capacity: Int = 10_000, now: (@Sendable () -> Double)? = nil) {
        self.capacity = capacity
        let start = ContinuousClock.now
        self.now = now ?? { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// Clients remembered now.
    package var count: Int { buckets.withLock { $0.count } }

    /// Counts a request.
    ///
    /// - Parameters:
    ///   - client: who asks.
    ///   - limits: how many it may ask a minute; 0 means any number.
    /// - Throws: 429 `rate_limited`, with the seconds until it may ask again.
    package func take(_ client: String, _ limits: Configuration.Limits) throws(HTTPFailure) {
        guard limits.requestsPerMinute > 0 else { return }
        let most = Double(limits.requestsPerMinute)
        let time = now()
        let missing = buckets.withLock { buckets -> Double in
            if buckets[client] == nil, buckets.count >= capacity { Self.evict(&buckets, keep: capacity * 7 / 8) }
            var bucket = buckets[client] ?? Bucket(tokens: most, time: time)
            bucket.tokens = min(most, bucket.tokens + (time - bucket.time) * most / 60)
            bucket.time = time
            defer { buckets[client] = bucket }
            guard bucket.tokens >= 1 else { return 1 - bucket.tokens }
            bucket.tokens -= 1
            return 0
        }
        guard missing > 0 else { return }
        let seconds = Int((missing * 60 / most).rounded(.up))
        throw HTTPFailure(
            .tooManyRequests,
            "rate_limited",
            "at most \(limits.requestsPerMinute) requests a minute; try again in \(seconds) s",
            retryAfter: seconds
        )
    }

    /// Forgets those that asked least recently, several at a time, so that a flood of addresses costs little.
    private static func evict(_ buckets: inout [String: Bucket], keep: Int) {
        let oldest = buckets.sorted { $0.value.time < $1.value.time }.prefix(buckets.count - keep)
        for (client, _) in oldest { buckets[client] = nil }
    }
}
