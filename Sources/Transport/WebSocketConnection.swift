package import HTTPTypes
package import NIOCore

/// One whole WebSocket message, reassembled.
package enum WebSocketMessage: Sendable, Hashable {
    /// Valid UTF-8.
    case text(String)
    case binary(ByteBuffer)
}

/// The request that asks for a WebSocket.
package struct WebSocketHandshake: Sendable {
    /// Path without the query.
    package var path: String
    /// Query parameters, percent-decoded; the last of a name wins.
    package var query: [String: String]
    package var headers: HTTPFields
    /// The header `Host`, which HTTPTypes keeps apart from the others.
    package var authority: String?
    /// Names the connection in logs and errors.
    package var requestID: String
    /// The client's address.
    package var remoteAddress: String
}

/// What a route does with a handshake.
package enum WebSocketDecision: Sendable {
    /// Switch protocols, then run the body; the socket is closed when it returns (1000) or throws (1011).
    case accept(subprotocol: String? = nil, @Sendable (WebSocketConnection) async throws -> Void)
    /// Go on as an ordinary request: the router answers.
    case refuse
}

/// An open WebSocket. Pings, pongs, limits and the closing handshake are its own business.
package struct WebSocketConnection: Sendable {
    package init() {}

    /// Whole messages in order; ends when the peer closed in order, throws `WebSocketError` otherwise. Read by one task.
    /// Not reading holds the peer back: nothing is queued beyond one read.
    package func receive() async throws -> WebSocketMessage? { nil }

    /// Waits while the peer is slow; throws once it is gone.
    package func send(_ message: WebSocketMessage) async throws {}

    /// Sends a close frame, waits for the answer a little, closes. Later calls do nothing.
    package func close(_ code: UInt16, _ reason: String = "") async {}
}
