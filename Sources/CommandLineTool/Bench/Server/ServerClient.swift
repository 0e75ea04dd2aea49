import NIOCore
import NIOHTTP1

/// A plain client of a server, for measurements: each exchange has a connection of its own and notes when the first
/// byte that counts arrived.
struct ServerClient: Sendable {
    /// What an exchange gave.
    struct Exchange: Sendable {
        var status = 0
        /// Milliseconds from the first byte sent to the first byte of the body that counts.
        var first = 0.0
        /// Milliseconds from the first byte sent to the last byte received.
        var total = 0.0
        var body: [UInt8] = []
        /// The board whose NPU the server simulates; nil where it does not.
        var simulated: String?
    }

    /// Longest time for a connection, and for anything that needs no computing.
    static let patience = Duration.seconds(10)
    /// Longest time for one exchange: a board may take its time, a hung server must not take for ever.
    static let exchangeLimit = Duration.seconds(60)
    /// The largest answer taken: 10 minutes of sound at 48 kHz.
    private static let bodyLimit = 64 << 20

    let address: ServerAddress
    /// Sent as a bearer token; nil sends none.
    let key: String?

    /// Asks for something that is there at once.
    func get(_ path: String) async throws -> Exchange {
        try await exchange(.GET, path, limit: Self.patience)
    }

    /// - Parameters:
    ///   - path: path and query.
    ///   - contentType: of the body.
    ///   - body: sent whole.
    ///   - skipped: bytes at the start of the answer that do not count as its first.
    /// - Returns: the answer, whose status is 200.
    /// - Throws: ``ServerFault`` for any other status, ``CommandError`` when there is no answer.
    func post(
        _ path: String,
        _ contentType: String,
        _ body: [UInt8],
        skipping skipped: Int = 0
    ) async throws -> Exchange {
        let answer = try await exchange(.POST, path, [("Content-Type", contentType)], body, skipping: skipped)
        guard answer.status == 200 else {
            throw ServerFault("POST " + route(path), status: answer.status, body: answer.body)
        }
        return answer
    }

    private func exchange(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)] = [],
        _ body: [UInt8] = [],
        skipping skipped: Int = 0,
        limit: Duration = exchangeLimit
    ) async throws -> Exchange {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: self.headers)
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        if method == .POST { head.headers.add(name: "Content-Length", value: String(body.count)) }
        let (request, bytes) = (head, ByteBuffer(bytes: body))
        let asked = "\(method) \(route(path))"
        return try await within(limit, asked) {
            let channel = try await connect { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
            return try await reporting(asked) {
                try await channel.executeThenClose { inbound, outbound in
                    let start = ContinuousClock.now
                    try await outbound.write(.head(request))
                    try await outbound.write(.body(.byteBuffer(bytes)))
                    try await outbound.write(.end(nil))
                    return try await Self.answer(inbound, asked, since: start, skipping: skipped)
                }
            }
        }
    }

    private static func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
        _ asked: String,
        since start: ContinuousClock.Instant,
        skipping skipped: Int
    ) async throws -> Exchange {
        var exchange = Exchange()
        for try await part in inbound {
            switch part {
            case .head(let head):
                exchange.status = Int(head.status.code)
                exchange.simulated = head.headers.first(name: "X-Simulated")
            case .body(let bytes):
                exchange.body += Array(bytes.readableBytesView)
                guard exchange.body.count <= bodyLimit else {
                    throw CommandError(.badData, "\(asked): more than \(bodyLimit >> 20) MiB came")
                }
                if exchange.first == 0, exchange.body.count > skipped {
                    exchange.first = (.now - start) / .milliseconds(1)
                }
            case .end:
                exchange.total = (.now - start) / .milliseconds(1)
                return exchange
            }
        }
        throw ServerFault(asked, status: 0, told: nil)
    }

    /// What every request has.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders([("Host", address.authority)])
        if let key { headers.add(name: "Authorization", value: "Bearer \(key)") }
        return headers
    }

    /// A path without its query, for messages.
    func route(_ path: String) -> String { String(path.prefix { $0 != "?" }) }
}
