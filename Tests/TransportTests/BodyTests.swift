import NIOCore
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// Bodies: how much, how slowly, and when the client is asked for them.
@Suite struct BodyTests {
    static let head = "POST /upload HTTP/1.1\r\nHost: a\r\n"

    @Test func aDeclaredLengthOverTheLimitIsRefusedBeforeTheBody() async throws {
        try await TestServer.run({ $0.limits.bodyBytes = 1000 }) { server in
            let answer = try await server.answer(to: Self.head + "Content-Length: 1001\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.hasSuffix(#"{"code":"body_too_large","error":"A body may have 1000 bytes."}"#))
        }
    }

    @Test func aClientThatSendsItAllFirstStillReadsTheRefusal() async throws {
        try await TestServer.run({ $0.limits.bodyBytes = 1000 }) { server in
            let body = String(repeating: "x", count: 3_000_000)
            let answer = try await server.answer(to: Self.head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        }
    }

    @Test func aChunkedBodyOverTheLimitIsRefused() async throws {
        try await TestServer.run({ $0.limits.bodyBytes = 1000 }) { server in
            let chunk = "200\r\n" + String(repeating: "x", count: 512) + "\r\n"
            let answer = try await server.answer(to: Self.head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.contains("Connection: close"))
        }
    }

    @Test func aRouteMayTakeLessThanTheServer() async throws {
        try await TestServer.run { server in
            let small = "POST /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            try await #expect(server.answer(to: small + "Content-Length: 10\r\n\r\n0123456789").hasSuffix("\r\n\r\n10"))
            let answer = try await server.answer(to: small + "Content-Length: 11\r\n\r\n0123456789a")
            #expect(answer.hasSuffix(#"{"code":"body_too_large","error":"A body may have 10 bytes."}"#))
        }
    }

    @Test func aBodyThatStallsIsTimedOut() async throws {
        try await TestServer.run({ $0.limits.bodyIdleSeconds = 0.3 }) { server in
            let answer = try await server.answer(to: Self.head + "Content-Length: 10\r\n\r\nabc")
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.contains("Connection: close"))
            #expect(answer.hasSuffix(#"{"code":"body_timeout","error":"No byte of the body came for 0.3 seconds."}"#))
        }
    }

    @Test func aBodyThatIsCutIsRefused() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: Self.head + "Content-Length: 10\r\n\r\nabc", closing: true)
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test func theClientIsAskedForTheBodyWhenTheRouteReadsIt() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.head + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                try await #expect(client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await client.send("hello")
                try await #expect(client.read(until: "\r\n\r\n5").hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
        }
    }

    @Test func theClientIsNotAskedForABodyThatNobodyReads() async throws {
        try await TestServer.run({ $0.limits.bodyBytes = 1000 }) { server in
            let ignored = "POST /ignore HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
            let answer = try await server.answer(to: ignored)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("Connection: close"))
            let large = Self.head + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n"
            try await #expect(server.answer(to: large).hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        }
    }

    @Test func aShortBodyThatNobodyReadIsPassedOver() async throws {
        try await TestServer.run { server in
            let ignored = "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
            let answer = try await server.answer(
                to: ignored + "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.contains("\r\n\r\nignoredHTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nhello"))
        }
    }
}
