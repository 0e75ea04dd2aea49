import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import VoiceConfiguration

/// Opens the port and sets accepted connections up.
struct Listener: Sendable {
    /// Connections that the kernel holds until they are accepted.
    private static let backlog: Int32 = 256
    /// `TCP_USER_TIMEOUT` of Linux: tcp(7).
    private static let userTimeout = NIOBSDSocket.Option(rawValue: 18)
    /// Most header fields that may be configured: `HTTPFields` ends the process at 65,536.
    private static let headerFields = 10_000

    let configuration: LiveConfiguration
    let connections: Connections
    let tls: NIOSSLContext?

    /// - Throws: `TransportError`.
    func open(host: String, port: Int) async throws -> NIOAsyncChannel<Connection?, Never> {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
        do {
            return try await bootstrap.bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try setUp(channel) }
            }
        } catch {
            throw TransportError(listening: error, host: host, port: port)
        }
    }

    /// - Returns: nil for a connection that is not served.
    private func setUp(_ channel: any Channel) throws -> Connection? {
        let limits = configuration.current.limits
        let patience = RequestReader.Patience(
            head: limits.headSeconds,
            body: limits.bodyIdleSeconds,
            idle: limits.idleSeconds
        )
        let reader = RequestReader(patience: patience)
        let wire = HTTPWire(channel: channel, reader: .init(reader, eventLoop: channel.eventLoop))
        let connection = Connection(wire: wire, isSecure: tls != nil)
        let pipeline = channel.pipeline.syncOperations
        let admission = connections.admit(connection, limit: limits.connections)
        guard admission != .dropped else {
            channel.close(promise: nil)
            return nil
        }
        try pipeline.addHandler(SlowReaderWatch(seconds: limits.slowReaderSeconds))
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        guard admission == .served else {
            try pipeline.addHandler(ConnectionRefusal())
            return nil
        }
        setUserTimeout(channel, limits)
        try pipeline.addHandler(ByteArrivals(reader: reader))
        try pipeline.addHandler(ByteToMessageHandler(decoder(limits)))
        try pipeline.addHandler(reader)
        return connection
    }

    private func decoder(_ limits: Configuration.Limits) -> HTTPRequestDecoder {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headerBytes
        decoding.maxHeaderListSize = limits.headerBytes
        decoding.maxHeaderFieldCount = min(limits.headerFields, Self.headerFields)
        return HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding)
    }

    /// A peer that vanished without a word is noticed by the kernel also while we do not read.
    private func setUserTimeout(_ channel: any Channel, _ limits: Configuration.Limits) {
        let seconds = min(max(limits.slowReaderSeconds, 2 * limits.pingSeconds, 1), 86_400)
        let option = ChannelOptions.Types.SocketOption(level: .tcp, name: Self.userTimeout)
        channel.setOption(option, value: .init(seconds * 1000)).whenFailure { _ in }
    }
}

/// Answers 503 on a connection over the limit and closes it, so that a client is told instead of left waiting.
final class ConnectionRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Seconds the client has to read it.
    private static let seconds = 2.0

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { refuse(context) }
    }

    func channelActive(context: ChannelHandlerContext) { refuse(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelReadComplete(context: ChannelHandlerContext) { context.read() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func refuse(_ context: ChannelHandlerContext) {
        let failure = HTTPFailure(
            .serviceUnavailable,
            "too_many_connections",
            "The server has as many connections as it may.",
            retryAfter: 1
        )
        let body = failure.json
        var text = ByteBuffer(string: "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n")
        text.writeString("Content-Type: application/json; charset=utf-8\r\nContent-Length: \(body.count)\r\n")
        text.writeString("Date: \(HTTPDate.text())\r\n\r\n")
        text.writeBytes(body)
        context.writeAndFlush(NIOAny(text), promise: nil)
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Self.seconds)) { context.close(promise: nil) }
        context.read()
    }
}
