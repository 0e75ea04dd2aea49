import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// Answers that go wrong are not taken for whole ones, and work ends with its client.
@Suite struct ResponseTests {
    static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" }

    @Test func aFailureBeforeTheFirstByteIsAnAnswer() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: Self.get("/failing"))
            #expect(answer.hasPrefix("HTTP/1.1 409 Conflict\r\n"))
            #expect(answer.hasSuffix(#"{"code":"broken","error":"It broke."}"#))
        }
    }

    @Test func aFailureInTheMiddleResetsTheConnection() async throws {
        try await TestServer.run { server in
            try await #expect(server.answer(to: Self.get("/broken")).hasSuffix("\r\n\r\n4\r\nhalf\r\n<reset>"))
            try await #expect(server.answer(to: "GET /broken HTTP/1.0\r\n\r\n").hasSuffix("\r\n\r\nhalf<reset>"))
            try await #expect(server.answer(to: Self.get("/short")).hasSuffix("\r\n\r\nhalf<reset>"))
            try await #expect(server.answer(to: Self.get("/hello")).hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func aRequestThatIsCancelledByItsRouteIsTold() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: Self.get("/crooked"))
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func workIsCancelledWhenItsClientIsGone() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.get("/compute"))
                await server.probe.begun.reach(1)
            }
            await server.probe.cancelled.reach(1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func workIsCancelledWhenItsClientIsGoneBehindPipelinedRequests() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.get("/compute") + String(repeating: RequestTests.hello, count: 500))
                await server.probe.begun.reach(1)
            }
            await server.probe.cancelled.reach(1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aStreamEndsWithItsClient() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.get("/stream"))
                _ = try await client.read(until: "aaaa")
            }
            await server.probe.cancelled.reach(1)
        }
    }

    @Test func aClientThatHasSaidAllStillGetsItsAnswer() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: RequestTests.hello, closing: true)
            #expect(answer.hasSuffix("\r\n\r\nhello"))
        }
    }
}
