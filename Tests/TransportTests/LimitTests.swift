import NIOCore
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// What a connection may cost: heads, time, number, and bytes that nobody reads.
@Suite struct LimitTests {
    @Test func aHundredThousandFieldsAreRefused() async throws {
        try await TestServer.run { server in
            let fields = (0..<100_000).map { "X\($0): a\r\n" }.joined()
            let answer = try await server.answer(to: "GET /hello HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
            #expect(answer.contains(#""code":"head_too_large""#))
            try await #expect(server.answer(to: ResponseTests.get("/hello")).hasSuffix("hello"))
        }
    }

    @Test func fieldsAreCountedAndMeasured() async throws {
        let change: (inout Configuration) -> Void = {
            $0.limits.headerFields = 4
            $0.limits.headerBytes = 200
        }
        try await TestServer.run(change) { server in
            let request = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: b\r\nY: c\r\n"
            try await #expect(server.answer(to: request + "\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await #expect(server.answer(to: request + "Z: d\r\n\r\n").hasPrefix("HTTP/1.1 431 "))
            let long = "GET /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "b", count: 200))\r\n\r\n"
            try await #expect(server.answer(to: long).hasPrefix("HTTP/1.1 431 "))
        }
    }

    /// The parser of requests hands every field to a type that ends the process at 65,536 of them.
    @Test func aLimitBeyondAllReasonIsSafe() async throws {
        let change: (inout Configuration) -> Void = {
            $0.limits.headerFields = 1_000_000
            $0.limits.headerBytes = 10 << 20
        }
        try await TestServer.run(change) { server in
            let fields = String(repeating: "X: a\r\n", count: 70_000)
            let answer = try await server.answer(to: "GET /hello HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test func aHeadThatDripsIsTimedOut() async throws {
        try await TestServer.run({ $0.limits.headSeconds = 0.3 }) { server in
            let answer = try await server.answer(to: "GET /hello HTTP/1.1\r\nHost:")
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.contains(#""code":"head_timeout""#))
        }
    }

    @Test func aConnectionThatSaysNothingIsClosed() async throws {
        try await TestServer.run({ $0.limits.headSeconds = 0.3 }) { server in
            try await #expect(server.answer(to: "") == "")
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestServer.run({ $0.limits.idleSeconds = 0.3 }) { server in
            let answer = try await server.answer(to: RequestTests.hello)
            #expect(answer.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func aConnectionTooManyIsToldToComeBack() async throws {
        try await TestServer.run({ $0.limits.connections = 1 }) { server in
            try await server.connect { first in
                try await first.send(RequestTests.hello)
                _ = try await first.read(until: "hello")
                let answer = try await server.answer(to: ResponseTests.get("/hello"))
                #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                #expect(answer.contains("\r\nRetry-After: 1\r\n"))
                #expect(answer.contains(#""code":"too_many_connections""#))
                try await first.send(RequestTests.hello)
                _ = try await first.read(until: "hello")
            }
            // The place is free again as soon as the server has seen the end of the first.
            var answer = ""
            while !answer.hasSuffix("hello") { answer = try await server.answer(to: ResponseTests.get("/hello")) }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aClientThatNeverReadsIsReset() async throws {
        try await TestServer.run({ $0.limits.slowReaderSeconds = 0.5 }) { server in
            try await server.connect(receiveBuffer: 4096) { client in
                try await client.send(ResponseTests.get("/stream"))
                // The client's channel reads ahead a little, then waits for us.
                await server.probe.cancelled.reach(1)
            }
        }
    }
}
