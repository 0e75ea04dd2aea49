import HTTPTypes
import Testing
import Transport
import VoiceConfiguration

@Suite struct HostTests {
    @Test(arguments: [
        "localhost", "localhost:8621", "LOCALHOST.:8621", "127.0.0.1:8621", "127.9.8.7", "[::1]:8621", "[::1]", nil,
    ])
    func loopbackAnswersToItsNames(host: String?) async throws {
        #expect(try await Asking().ask(.get, "/who", host: host).status == 200)
    }

    @Test(arguments: [
        "rebound.test", "rebound.test:8621", "localhost:80", "127.0.0.1.rebound.test", "127.1", "0.0.0.0:8621",
        "192.0.2.7", "[::2]", "localhost:8621:8621", "localhost:", "localhost:x", "a@localhost", "", "[::1]x", "[::1",
    ])
    func loopbackAnswersToNoOther(host: String) async throws {
        let answer = try await Asking().ask(.get, "/who", host: host)
        #expect(answer.status == 421)
        #expect(answer.body.hasPrefix(#"{"code":"misdirected_host","error":"this server does not answer to the name "#))
    }

    @Test func listedNamesAreAnsweredToo() async throws {
        let asking = Asking { $0.server.allowedHosts = ["voice.test", "other.test:9000"] }
        #expect(try await asking.ask(.get, "/who", host: "voice.test:1234").status == 200)
        #expect(try await asking.ask(.get, "/who", host: "other.test:9000").status == 200)
        #expect(try await asking.ask(.get, "/who", host: "other.test:9001").status == 421)
        #expect(try await asking.ask(.get, "/who", host: "localhost").status == 200)
    }

    @Test func anAddressForAllAnswersToAnyNameUntilSomeAreListed() async throws {
        let open = Asking { $0.server.host = "0.0.0.0" }
        #expect(try await open.ask(.get, "/who", host: "whatever.test").status == 200)
        let listed = Asking {
            $0.server.host = "192.0.2.7"
            $0.server.allowedHosts = ["voice.test"]
        }
        #expect(try await listed.ask(.get, "/who", host: "whatever.test").status == 421)
        #expect(try await listed.ask(.get, "/who", host: "voice.test").status == 200)
        #expect(try await listed.ask(.get, "/who", host: "192.0.2.7:8621").status == 200)
    }

    @Test(arguments: ["https://evil.test", "http://localhost.evil.test:8621", "null", "file://", ""])
    func aPageOfAnotherSiteMayNotUseAServerWithoutKeys(origin: String) async throws {
        let answer = try await Asking().ask(.post, "/tts", headers: [.origin: origin])
        #expect(answer.status == 403)
        #expect(answer.body.hasPrefix(#"{"code":"forbidden_origin","error":"pages of "#))
    }

    @Test func aPageOfTheSameHostMay() async throws {
        #expect(try await Asking().ask(.post, "/tts", headers: [.origin: "http://localhost:3000"]).status == 200)
    }

    @Test func withKeysTheKeyDecides() async throws {
        let asking = Asking { $0.server.apiKeys = ["alpha-key"] }
        let foreign: HTTPFields = [.origin: "https://evil.test"]
        #expect(try await asking.ask(.post, "/tts", headers: foreign).status == 401)
        let known: HTTPFields = [.origin: "https://app.test", .apiKey: "alpha-key"]
        #expect(try await asking.ask(.post, "/tts", headers: known).status == 200)
    }
}

@Suite struct SocketGuardTests {
    /// The code of the refusal, nil for a handshake that is let through.
    private func code(
        _ asking: Asking,
        host: String? = "localhost:8621",
        query: [String: String] = [:],
        headers: HTTPFields = [:]
    ) -> String? {
        do {
            _ = try client(asking, host: host, query: query, headers: headers)
            return nil
        } catch {
            return error.code
        }
    }

    private func client(
        _ asking: Asking,
        host: String? = "localhost:8621",
        query: [String: String] = [:],
        headers: HTTPFields = [:]
    ) throws(HTTPFailure) -> String {
        try asking.guarded.sockets.check(host: host, headers: headers, query: query, remoteAddress: "[IPv6]::1:50000")
    }

    @Test func aHandshakeIsHeldToTheSameRules() {
        let open = Asking()
        #expect(code(open) == nil)
        #expect(code(open, host: nil) == "missing_host")
        #expect(code(open, host: "rebound.test") == "misdirected_host")
        #expect(code(open, headers: [.origin: "https://evil.test"]) == "forbidden_origin")
        #expect(code(open, headers: [.origin: "http://localhost:8621"]) == nil)
        let keyed = Asking { $0.server.apiKeys = ["alpha-key"] }
        #expect(code(keyed) == "unauthorized")
        #expect(code(keyed, query: ["token": "alpha-key"]) == nil)
        #expect(code(keyed, headers: [.authorization: "Bearer alpha-key"]) == nil)
        let busy = Asking { $0.limits.requestsPerMinute = 1 }
        #expect(code(busy) == nil)
        #expect(code(busy) == "rate_limited")
    }

    @Test func itSaysWhoTheSocketCountsFor() throws {
        #expect(try client(Asking()) == "::1")
        let keyed = Asking { $0.server.apiKeys = ["alpha-key"] }
        #expect(try client(keyed, query: ["token": "alpha-key"]).hasPrefix("key:"))
    }
}
