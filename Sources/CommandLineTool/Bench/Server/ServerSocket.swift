import NIOCore
import NIOHTTP1
import NIOWebSocket
import VoiceServer

/// What a client sends on an open WebSocket. Any task may.
struct SocketWriter: Sendable {
    fileprivate let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// Sends a text frame.
    func send(_ message: JSON) async throws { try await send(.text, message.bytes) }

    /// Sends a binary frame.
    func send(_ bytes: [UInt8]) async throws { try await send(.binary, bytes) }

    /// Says that there is nothing more to say: 1000 (RFC 6455, section 7.4.1).
    func close() async throws { try await send(.connectionClose, [0x03, 0xE8]) }

    fileprivate func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) async throws {
        let data = ByteBuffer(bytes: bytes)
        try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data))
    }
}

/// What a server says on an open WebSocket.
struct SocketReader {
    enum Message {
        case told(JSON)
        case sound([UInt8])
    }

    fileprivate var frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
    fileprivate let writer: SocketWriter
    /// How messages call the socket.
    fileprivate let name: String
    private var complaint: JSON?

    fileprivate init(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ writer: SocketWriter,
        name: String
    ) {
        frames = inbound.makeAsyncIterator()
        self.writer = writer
        self.name = name
    }

    /// - Returns: the next message; nil when the server closed the socket in good order.
    /// - Throws: ``ServerFault`` with what the server closed it with, or with what it complained of.
    mutating func next() async throws -> Message? {
        while let frame = try await frames.next() {
            let bytes = Array(frame.unmaskedData.readableBytesView)
            switch frame.opcode {
            case .binary: return .sound(bytes)
            case .text: return try read(bytes)
            case .ping: try await writer.send(.pong, bytes)
            case .connectionClose: return try closed(bytes)
            default: break
            }
        }
        throw ServerFault(name, status: 0, told: complaint)
    }

    private mutating func read(_ bytes: [UInt8]) throws -> Message {
        guard let message = try? JSONReader.read(bytes) else {
            throw CommandError(.badData, "\(name): a text frame is no JSON")
        }
        // Told before it is closed for that reason.
        if message["error"] != nil { complaint = message }
        return .told(message)
    }

    private func closed(_ bytes: [UInt8]) throws -> Message? {
        let code = bytes.count < 2 ? 1005 : Int(bytes[0]) << 8 | Int(bytes[1])
        guard code == 1000, complaint == nil else { throw ServerFault(name, status: code, told: complaint) }
        return nil
    }
}

extension ServerClient {
    /// Largest frame that is taken: 100 ms of sound and texts are far below.
    private static let frameLimit = 1 << 20

    private typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    /// Opens a WebSocket, and closes it after `body`.
    ///
    /// - Parameters:
    ///   - path: path and query.
    ///   - limit: longest time for all of it.
    ///   - body: talks.
    /// - Returns: what `body` does.
    /// - Throws: ``ServerFault`` when the server refuses, ``CommandError`` when there is none.
    func socket<R: Sendable>(
        _ path: String,
        limit: Duration = exchangeLimit,
        _ body: @escaping @Sendable (SocketWriter, inout SocketReader) async throws -> R
    ) async throws -> R {
        let name = "WS " + route(path)
        return try await within(limit, name) {
            let upgraded: EventLoopFuture<Frames?> = try await connect { channel in
                channel.eventLoop.makeCompletedFuture { try upgrade(channel, path) }
            }
            return try await reporting(name) {
                guard let channel = try await upgraded.get() else { throw try await refusal(path, name) }
                return try await channel.executeThenClose { inbound, outbound in
                    let writer = SocketWriter(outbound: outbound)
                    var reader = SocketReader(inbound, writer, name: name)
                    let result = try await body(writer, &reader)
                    // The server may have closed it already.
                    try? await writer.close()
                    return result
                }
            }
        }
    }

    /// Asks for the protocol on a connection that has just been opened.
    /// - Returns: the frames; nil where the server wants none.
    private func upgrade(_ channel: any Channel, _ path: String) throws -> EventLoopFuture<Frames?> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Frames?>(
            maxFrameSize: Self.frameLimit,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let aggregator = NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0,
                        maxAccumulatedFrameCount: 1024,
                        maxAccumulatedFrameSize: Self.frameLimit
                    )
                    try channel.pipeline.syncOperations.addHandler(aggregator)
                    return try Frames(wrappingChannelSynchronously: channel)
                }
            }
        )
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        let wanted = NIOTypedHTTPClientUpgradeConfiguration<Frames?>(
            upgradeRequestHead: request,
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in channel.close().map { nil } }
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: wanted)
        // A refusal comes right behind the handshake.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
    }

    /// Why the server opens no socket: it says so to an ordinary request.
    private func refusal(_ path: String, _ name: String) async throws -> ServerFault {
        let answer = try await get(path)
        return ServerFault(name, status: answer.status, body: answer.body)
    }
}
