import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// The probe's server in this process, on a free port.
struct TestServer: Sendable {
    let port: Int
    let probe: Probe
    let group: ServiceGroup

    /// Runs a server for the time of a test; fails the test when the server does not end in order.
    static func run(
        _ change: (inout Configuration) -> Void = { _ in },
        _ test: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        var configuration = Configuration()
        configuration.server.port = 0
        configuration.server.shutdownSeconds = 0.2
        change(&configuration)
        let probe = Probe()
        let (ports, port) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = TransportServer(
            configuration: LiveConfiguration(configuration),
            responder: probe.router().buildResponder(),
            sockets: probe.decide,
            logger: logger,
            onListening: { number in
                port.yield(number)
                port.finish()
            }
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: logger
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await group.run()
            }
            if let number = await ports.first(where: { _ in true }) {
                do {
                    try await test(TestServer(port: number, probe: probe, group: group))
                } catch {
                    Issue.record(error)
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    /// Sends bytes on a new connection and tells what comes until its end.
    func answer(to request: String, closing: Bool = false) async throws -> String {
        try await connect { client in
            try await client.send(request)
            if closing { try await client.endOutput() }
            return try await client.readToEnd()
        }
    }

    /// As SIGTERM does.
    func shutDown() async { await group.triggerGracefulShutdown() }

    /// A raw connection for the time of the closure.
    func connect<Value: Sendable>(
        receiveBuffer: Int? = nil,
        _ use: (inout RawClient) async throws -> Value
    ) async throws -> Value {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        // A test that waits for ever fails instead.
        let end = channel.channel.eventLoop.scheduleTask(in: .seconds(60)) { channel.channel.close(promise: nil) }
        defer { end.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(channel: channel.channel, inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await use(&client)
        }
    }
}

/// Says anything to a server.
struct RawClient {
    let channel: any Channel
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private(set) var text = ""

    init(
        channel: any Channel,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Bytes as characters, each of its own: over 0x7F as in ISO 8859-1.
    static func shown(_ bytes: ByteBuffer) -> String {
        String(String.UnicodeScalarView(bytes.readableBytesView.map { Unicode.Scalar($0) }))
    }

    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) async throws { try await outbound.write(bytes) }

    /// Half-closes.
    func endOutput() async throws { try await channel.close(mode: .output) }

    /// Reads until the text contains another; what was read is taken off, up to and with it.
    mutating func read(until part: String) async throws -> String {
        while true {
            if let range = text.range(of: part) {
                let read = String(text[..<range.upperBound])
                text.removeSubrange(..<range.upperBound)
                return read
            }
            guard let more = try await inbound.next() else {
                throw Ended(after: text)
            }
            text += Self.shown(more)
        }
    }

    /// All that comes until the end; a reset is told as such.
    mutating func readToEnd() async throws -> String {
        do {
            while let more = try await inbound.next() { text += Self.shown(more) }
        } catch {
            text += "<reset>"
        }
        defer { text = "" }
        return text
    }

    /// The connection ended before what was waited for.
    struct Ended: Error { let after: String }
}
