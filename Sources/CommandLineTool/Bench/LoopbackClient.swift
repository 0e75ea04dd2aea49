import NIOCore
import NIOHTTP1
import NIOPosix

/// A plain HTTP client on one connection, for measurements: it notes when the first byte that counts arrives.
struct LoopbackClient {
    /// What an exchange gave.
    struct Exchange {
        var status: Int
        /// Milliseconds from the first byte sent to the first byte of the body that counts.
        var first: Double
        /// Milliseconds from the first byte sent to the last byte received.
        var total: Double
        var body: [UInt8]
    }

    let port: Int

    /// - Parameters:
    ///   - path: path and query.
    ///   - contentType: of the body.
    ///   - body: sent whole.
    ///   - skipped: bytes at the start of the answer that do not count as its first.
    /// - Returns: the answer and when it came.
    /// - Throws: an error of the socket.
    func post(
        _ path: String,
        _ contentType: String,
        _ body: [UInt8],
        skipping skipped: Int = 0
    ) async throws -> Exchange {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
            head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
            head.headers.add(name: "Content-Type", value: contentType)
            head.headers.add(name: "Content-Length", value: String(body.count))
            let start = ContinuousClock.now
            try await outbound.write(.head(head))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
            try await outbound.write(.end(nil))
            var exchange = Exchange(status: 0, first: 0, total: 0, body: [])
            for try await part in inbound {
                switch part {
                case .head(let head): exchange.status = Int(head.status.code)
                case .body(let bytes):
                    exchange.body += Array(bytes.readableBytesView)
                    if exchange.first == 0, exchange.body.count > skipped {
                        exchange.first = (.now - start) / .milliseconds(1)
                    }
                case .end:
                    exchange.total = (.now - start) / .milliseconds(1)
                    return exchange
                }
            }
            return exchange
        }
    }

    private func connect() async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }
}
