import HTTPTypes
import Testing
import Transport
import VoiceConfiguration

@Suite struct OriginSharingTests {
    private let preflight: HTTPFields = [.origin: "https://app.test", .accessControlRequestMethod: "POST"]

    private func asking(_ origins: [String]) -> Asking {
        Asking {
            $0.server.corsOrigins = origins
            $0.server.apiKeys = ["alpha-key"]
        }
    }

    @Test func offByDefault() async throws {
        let answer = try await Asking().ask(.get, "/who", headers: [.origin: "http://localhost:8621"])
        #expect(answer.status == 200)
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
        #expect(answer.headers[.vary] == nil)
        let refused = try await Asking().ask(.options, "/tts", headers: preflight)
        #expect(refused.status == 403)
        #expect(refused.headers[.accessControlAllowOrigin] == nil)
    }

    @Test func aPreflightOfAListedOriginIsAnsweredWithoutAKey() async throws {
        let answer = try await asking(["https://app.test"]).ask(.options, "/tts", headers: preflight)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentLength] == nil)
        #expect(answer.headers[.accessControlAllowOrigin] == "https://app.test")
        #expect(answer.headers[.accessControlAllowMethods] == "GET, HEAD, POST, DELETE, OPTIONS")
        #expect(
            answer.headers[.accessControlAllowHeaders] == "Accept, Authorization, Content-Type, X-API-Key, X-Request-ID"
        )
        #expect(answer.headers[.accessControlMaxAge] == "600")
        #expect(answer.headers[.accessControlAllowCredentials] == nil)
        #expect(answer.headers[.vary] == "Origin")
        #expect(answer.headers[.requestID] != nil)
    }

    @Test func answersAndRefusalsAreReadableToAListedOrigin() async throws {
        let asking = asking(["https://app.test"])
        let good = try await asking.ask(.get, "/who", headers: [.origin: "https://app.test", .apiKey: "alpha-key"])
        #expect(good.status == 200)
        #expect(good.headers[.accessControlAllowOrigin] == "https://app.test")
        #expect(good.headers[.accessControlExposeHeaders]?.contains("X-Request-ID") == true)
        let bad = try await asking.ask(.get, "/who", headers: [.origin: "https://app.test"])
        #expect(bad.status == 401)
        #expect(bad.headers[.accessControlAllowOrigin] == "https://app.test")
        #expect(bad.headers[.vary] == "Origin")
    }

    @Test func anotherOriginGetsNoWord() async throws {
        let asking = asking(["https://app.test"])
        let headers: HTTPFields = [.origin: "https://evil.test", .apiKey: "alpha-key"]
        let answer = try await asking.ask(.get, "/who", headers: headers)
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
        #expect(answer.headers[.vary] == "Origin")
        let refused = try await asking.ask(
            .options,
            "/tts",
            headers: [.origin: "https://evil.test", .accessControlRequestMethod: "POST"]
        )
        #expect(refused.status == 401)
        #expect(refused.headers[.accessControlAllowOrigin] == nil)
    }

    @Test func aStarMeansAnyAndStillNoCredentials() async throws {
        let answer = try await asking(["*"]).ask(.options, "/tts", headers: preflight)
        #expect(answer.status == 204)
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(answer.headers[.accessControlAllowCredentials] == nil)
        #expect(answer.headers[.vary] == nil)
    }

    @Test func aProbeThatIsNoPreflightReachesItsRoute() async throws {
        let answer = try await asking(["https://app.test"]).ask(
            .options,
            "/tts/stream",
            headers: [.apiKey: "alpha-key"]
        )
        #expect(answer.status == 200)
    }
}
