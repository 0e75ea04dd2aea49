import HTTPTypes
import Testing
import Transport
import VoiceConfiguration

@Suite struct KeyTests {
    private func asking() -> Asking { Asking { $0.server.apiKeys = ["alpha-key", "beta-key"] } }

    @Test(arguments: [
        [HTTPField.Name.authorization: "Bearer alpha-key"],
        [.authorization: "bearer  beta-key"],
        [.apiKey: "beta-key"],
        [.authorization: "Basic eDp5", .apiKey: "alpha-key"],
    ])
    func aKnownKeyOpens(headers: HTTPFields) async throws {
        #expect(try await asking().ask(.get, "/who", headers: headers).status == 200)
    }

    @Test(arguments: [
        [:],
        [HTTPField.Name.authorization: "Bearer wrong"],
        [.authorization: "Bearer "],
        [.authorization: "alpha-key"],
        [.authorization: "Bearer alpha-ke"],
        [.authorization: "Bearer alpha-key2"],
        [.apiKey: ""],
    ])
    func anythingElseIsRefusedAlike(headers: HTTPFields) async throws {
        let asking = asking()
        let answer = try await asking.ask(.get, "/who?token=alpha-key", headers: headers)
        #expect(answer.status == 401)
        #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        #expect(
            answer.body == #"{"code":"unauthorized","error":"this server asks for an API key: "#
                + #"send it as Authorization: Bearer KEY"}"#
        )
        #expect(asking.log.entries.allSatisfy { !"\($0)".contains("alpha") })
    }

    @Test func clientsAreToldApartWithoutTheirKeys() async throws {
        let asking = asking()
        let first = try await asking.ask(.get, "/who", headers: [.apiKey: "alpha-key"]).body
        let second = try await asking.ask(.get, "/who", headers: [.apiKey: "beta-key"]).body
        // The first four bytes of the SHA-256 of each.
        #expect(first.hasPrefix("key:") && first.prefix(12) != second.prefix(12))
        #expect(
            asking.log.entries.map { $0.metadata["client"] } == [String(first.prefix(12)), String(second.prefix(12))]
        )
    }

    @Test func probesNeedNoKey() async throws {
        #expect(try await asking().ask(.get, "/livez").status == 200)
        #expect(try await asking().ask(.get, "/nowhere").status == 401)
    }

    @Test func withoutKeysNoneIsAskedFor() async throws {
        #expect(try await Asking().ask(.get, "/who", headers: [.apiKey: "anything"]).status == 200)
    }

    @Test func anEmptyKeyOpensNothing() async throws {
        let asking = Asking { $0.server.apiKeys = [""] }
        #expect(try await asking.ask(.get, "/who").status == 401)
        #expect(try await asking.ask(.get, "/who", headers: [.apiKey: ""]).status == 401)
    }

    @Test func aReloadChangesTheKeys() async throws {
        let asking = asking()
        var settings = asking.live.current
        settings.server.apiKeys = ["gamma-key"]
        asking.live.replace(with: settings)
        #expect(try await asking.ask(.get, "/who", headers: [.apiKey: "alpha-key"]).status == 401)
        #expect(try await asking.ask(.get, "/who", headers: [.apiKey: "gamma-key"]).status == 200)
    }

    @Test func aWebSocketMayBringItsKeyInTheAddress() {
        let keys = APIKeys(["alpha-key"])
        #expect(keys.check(headers: [:], query: ["token": "alpha-key"]) == keys.check(headers: [.apiKey: "alpha-key"]))
        #expect(keys.check(headers: [:], query: ["token": "wrong"]) == .refused)
        #expect(keys.check(headers: [.authorization: "Bearer wrong"], query: ["token": "alpha-key"]) == .refused)
        #expect(APIKeys([]).check(headers: [:]) == .open)
    }

    @Test func guessingIsSlowedDown() async throws {
        let asking = Asking {
            $0.server.apiKeys = ["alpha-key"]
            $0.limits.requestsPerMinute = 2
        }
        var statuses: [Int] = []
        for guess in ["a", "b", "c"] {
            statuses.append(try await asking.ask(.get, "/who", headers: [.apiKey: guess]).status)
        }
        #expect(statuses == [401, 401, 429])
        #expect(try await asking.ask(.get, "/who", headers: [.apiKey: "alpha-key"]).status == 200)
    }
}
