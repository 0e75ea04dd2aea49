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
    ///
    /// The body's task is cancelled as soon as the peer has closed or is gone.
    case accept(subprotocol: String? = nil, @Sendable (WebSocketConnection) async throws -> Void)
    /// Go on as an ordinary request: the router answers.
    case refuse
}

/// Why a WebSocket ended out of order.
package enum WebSocketError: Error, Hashable {
    /// The connection broke, or the peer answered no ping.
    case lost
    /// The peer broke the protocol or a limit: the close code it was sent, and the reason.
    case violation(UInt16, String)
    /// Something was to be sent after the end.
    case closed
}

/// An open WebSocket. Pings, pongs, limits and the closing handshake are its own business.
package struct WebSocketConnection: Sendable {
    let handler: NIOLoopBound<WebSocketHandler>
    let channel: any Channel

    /// Whole messages in order; ends when the peer closed in order or the server shuts down. Read by one task.
    /// Not receiving holds the peer back: reading stops with a second message waiting.
    ///
    /// - Throws: `WebSocketError`; `CancellationError` if the task is cancelled while it waits.
    package func receive() async throws -> WebSocketMessage? {
        let result = OneShot<WebSocketMessage?>()
        channel.eventLoop.execute { handler.value.receive(result) }
        return try await result.value()
    }

    /// Waits while the peer is slow.
    ///
    /// - Throws: `WebSocketError` once the peer is gone; `CancellationError` if the task is cancelled.
    package func send(_ message: WebSocketMessage) async throws {
        try Task.checkCancellation()
        let result = OneShot<Void>()
        channel.eventLoop.execute { handler.value.send(message, result) }
        try await result.value()
    }

    /// Sends a close frame, waits for the answer a little, closes. Later calls do nothing.
    ///
    /// - Parameters:
    ///   - code: 1000, 1001, 1003, 1007 … 1014 or 3000 … 4999.
    ///   - reason: at most 123 bytes of UTF-8 are sent.
    package func close(_ code: UInt16, _ reason: String = "") async {
        channel.eventLoop.execute { handler.value.close(code, reason) }
        // Fails never: it is completed when the channel is closed.
        try? await channel.closeFuture.get()
    }
}
