import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// SIGTERM as each kind of connection sees it.
@Suite struct ShutdownTests {
    @Test func idleConnectionsCloseAndNewOnesAreRefused() async throws {
        try await TestServer.run({ $0.server.shutdownSeconds = 30 }) { server in
            try await server.connect { used in
                try await used.send(RequestTests.hello)
                _ = try await used.read(until: "hello")
                try await server.connect { fresh in
                    await server.shutDown()
                    try await #expect(used.readToEnd() == "")
                    // A reset where the kernel alone had accepted it.
                    let end = try await fresh.readToEnd()
                    #expect(["", "<reset>"].contains(end))
                }
            }
            await #expect(throws: (any Error).self) { try await server.connect { _ in } }
        }
    }

    @Test func runningWorkMayFinish() async throws {
        try await TestServer.run({ $0.server.shutdownSeconds = 30 }) { server in
            try await server.connect { client in
                try await client.send("GET /finish HTTP/1.1\r\nHost: a\r\n\r\n")
                await server.probe.begun.reach(1)
                await server.shutDown()
                let answer = try await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.contains("Connection: close"))
                #expect(answer.hasSuffix("finished"))
            }
        }
    }

    @Test func workThatDoesNotFinishIsCancelledAndTold() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send("GET /compute HTTP/1.1\r\nHost: a\r\n\r\n")
                await server.probe.begun.reach(1)
                await server.shutDown()
                let answer = try await client.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
                #expect(answer.contains(#""code":"shutting_down""#))
            }
            #expect(server.probe.cancelled.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aPeerThatNeverReadsDelaysNothing() async throws {
        try await TestServer.run { server in
            try await server.connect(receiveBuffer: 4096) { stream in
                try await stream.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                try await server.connect(receiveBuffer: 4096) { socket in
                    try await socket.send(SocketTests.handshake("/talk"))
                    await server.probe.begun.reach(2)
                    await server.shutDown()
                    await server.probe.cancelled.reach(2)
                }
            }
        }
    }

    @Test func aSocketSaysItsLastWordsAndIsClosedWith1001() async throws {
        try await TestServer.run({ $0.server.shutdownSeconds = 30 }) { server in
            try await server.connect { client in
                try await client.send(SocketTests.handshake("/last"))
                _ = try await client.read(until: "\r\n\r\n")
                await server.probe.begun.reach(1)
                await server.shutDown()
                try await #expect(client.readToEnd() == "\u{81}\u{A}last words" + SocketTests.close(1001))
            }
        }
    }
}
