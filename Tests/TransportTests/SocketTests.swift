import NIOCore
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// The life of a WebSocket beside RFC 6455's rules, which scripts/tests.d/websocket.sh holds.
@Suite struct SocketTests {
    /// Asks for a WebSocket.
    static func handshake(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    /// A text frame of at most 125 bytes, masked with zeros.
    static func text(_ text: String) -> ByteBuffer { frame(0x81, text) }

    static func frame(_ first: UInt8, _ payload: String) -> ByteBuffer {
        ByteBuffer(bytes: [first, 0x80 | UInt8(payload.utf8.count), 0, 0, 0, 0] + Array(payload.utf8))
    }

    /// A close frame of the server, as `RawClient` shows bytes.
    static func close(_ code: Int, _ reason: String = "") -> String {
        let bytes = [0x88, UInt8(2 + reason.utf8.count), UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)
        return RawClient.shown(ByteBuffer(bytes: bytes))
    }

    @Test func aSocketOpensAlsoOnAConnectionThatWasUsed() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(RequestTests.hello + Self.handshake("/echo"))
                _ = try await client.read(until: "hello")
                try await #expect(client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
                try await client.send(Self.text("hi"))
                try await #expect(client.read(until: "hi") == "\u{81}\u{2}hi")
            }
        }
    }

    @Test func aRefusedHandshakeIsAnsweredByTheRouter() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: Self.handshake("/socket"))
            #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix(#"{"code":"unauthorized","error":"No token."}"#))
            try await #expect(server.answer(to: Self.handshake("/nowhere")).hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [false, true])
    func theBodyIsCancelledWhenThePeerIsGone(behindMessages: Bool) async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/deaf"))
                _ = try await client.read(until: "\r\n\r\n")
                if behindMessages { for _ in 1...20 { try await client.send(Self.text("unheard")) } }
                await server.probe.begun.reach(1)
            }
            await server.probe.cancelled.reach(1)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func theBodyIsCancelledWhenThePeerCloses() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/deaf"))
                try await client.send(Self.frame(0x88, ""))
                await server.probe.cancelled.reach(1)
                try await #expect(client.readToEnd().hasSuffix("\r\n\r\n\u{88}\0"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aPeerThatAnswersNoPingIsGone() async throws {
        try await TestServer.run({ $0.limits.pingSeconds = 0.2 }) { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/deaf"))
                await server.probe.cancelled.reach(1)
                try await #expect(client.readToEnd().hasSuffix("\r\n\r\n\u{89}\0\u{89}\0"))
            }
        }
    }

    @Test func aPeerThatAnswersPingsStays() async throws {
        // Long enough for a test that shares its threads with all others to answer in time.
        try await TestServer.run({ $0.limits.pingSeconds = 1 }) { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/echo"))
                for _ in 1...3 {
                    _ = try await client.read(until: "\u{89}\0")
                    try await client.send(Self.frame(0x8A, ""))
                }
                try await client.send(Self.text("still here"))
                try await #expect(client.read(until: "still here").hasSuffix("still here"))
            }
        }
    }

    @Test func aSilentSocketIsClosed() async throws {
        try await TestServer.run({ $0.limits.streamIdleSeconds = 0.3 }) { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/echo"))
                _ = try await client.read(until: "\r\n\r\n")
                try await #expect(client.readToEnd() == Self.close(1001, "nothing was said for 0 seconds"))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aPeerThatNeverReadsIsReset() async throws {
        try await TestServer.run({ $0.limits.slowReaderSeconds = 0.5 }) { server in
            try await server.connect(receiveBuffer: 4096) { client in
                try await client.send(Self.handshake("/talk"))
                await server.probe.cancelled.reach(1)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func aBodyThatDoesNotReceiveHoldsItsPeerBack() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                try await client.send(Self.handshake("/deaf"))
                await server.probe.begun.reach(1)
                let message = ByteBuffer(
                    bytes: [0x82, 0xFE, 0xFD, 0xE8, 0, 0, 0, 0] + Array(repeating: 0, count: 65_000)
                )
                // What the kernels hold is taken; then the channel stays full.
                var taken = 0
                while client.channel.isWritable, taken < 64 << 20 {
                    client.channel.writeAndFlush(message, promise: nil)
                    try await client.channel.eventLoop.submit {}.get()
                    try await Task.sleep(for: .milliseconds(2))
                    taken += message.readableBytes
                }
                #expect(taken < 64 << 20)
            }
        }
    }
}
