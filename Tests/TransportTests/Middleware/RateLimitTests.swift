import HTTPTypes
import Synchronization
import Testing
import Transport
import VoiceConfiguration

@Suite struct RateLimitTests {
    /// Seconds, passed by hand.
    private final class Time: Sendable {
        private let now = Mutex(0.0)
        var seconds: Double { now.withLock { $0 } }
        func pass(_ seconds: Double) { now.withLock { $0 += seconds } }
    }

    private let time = Time()

    @Test func aMinutesRequestsMayComeAtOnceAndThenAsTheyFlowIn() async throws {
        let time = time
        let asking = Asking(limiter: RateLimiter(now: { time.seconds })) { $0.limits.requestsPerMinute = 6 }
        for _ in 0..<6 { #expect(try await asking.ask(.get, "/who").status == 200) }
        let refused = try await asking.ask(.get, "/who")
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] == "10")
        #expect(refused.body == #"{"code":"rate_limited","error":"at most 6 requests a minute; try again in 10 s"}"#)
        #expect(try await asking.ask(.get, "/livez").status == 200)
        #expect(try await asking.ask(.get, "/who", from: "[IPv4]127.0.0.2:50000").status == 200)
        time.pass(9)
        #expect(try await asking.ask(.get, "/who").headers[.retryAfter] == "1")
        time.pass(1)
        #expect(try await asking.ask(.get, "/who").status == 200)
        #expect(try await asking.ask(.get, "/who").status == 429)
    }

    @Test func zeroMeansNoLimit() async throws {
        let asking = Asking { $0.limits.requestsPerMinute = 0 }
        for _ in 0..<50 { #expect(try await asking.ask(.get, "/who").status == 200) }
    }

    @Test func onlySoManyClientsAreRemembered() throws {
        let time = time
        let limiter = RateLimiter(capacity: 80, now: { time.seconds })
        var limits = Configuration.Limits()
        limits.requestsPerMinute = 1
        for index in 0..<1000 {
            time.pass(0.001)
            try limiter.take("client \(index)", limits)
            #expect(limiter.count <= 80)
        }
        // Who asked last is not forgotten.
        #expect(throws: HTTPFailure.self) { try limiter.take("client 999", limits) }
    }
}
