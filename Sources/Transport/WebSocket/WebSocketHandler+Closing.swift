import NIOCore

/// RFC 6455, section 7: who closes, and what everyone is told.
extension WebSocketHandler {
    /// Seconds the peer has for its close frame, and then for closing its end.
    static let closeSeconds = 2.0

    /// Sends our close frame and waits a little for the peer's; does nothing if that has begun already.
    func close(_ code: UInt16, _ reason: String) {
        guard state == .open else { return }
        state = .closing
        wire.send(.close, CloseCode.payload(code, reason))
        endReceiving(nil)
        wire.endWithin(Self.closeSeconds)
        wire.read()
    }

    /// Section 5.5.1: the answer is a close frame with the same code, once. The server closes first (7.1.1).
    func peerCloses(_ code: UInt16?) {
        let wasOpen = state == .open
        state = .closed
        if wasOpen { wire.send(.close, CloseCode.payload(code, "")) }
        endReceiving(nil)
        wire.finishOutput(within: Self.closeSeconds)
        wire.peerIsGone()
    }

    /// Section 7.1.7: fails the connection.
    func fail(_ violation: WebSocketViolation) {
        guard state == .open else {
            state = .closed
            return wire.finishOutput(within: 0)
        }
        state = .closed
        wire.send(.close, CloseCode.payload(violation.code, violation.reason))
        endReceiving(.violation(violation.code, violation.reason))
        wire.finishOutput(within: Self.closeSeconds)
        wire.peerIsGone()
    }

    /// The peer is gone without a word, or in the middle of the closing handshake.
    func lose() {
        if state == .open { endReceiving(.lost) }
        state = .closed
        wire.close()
        wire.peerIsGone()
    }

    /// Shutdown: the body hears the end of the stream and may still send; the close frame follows when it returns.
    func quiesce() {
        guard !isQuiescing else { return }
        isQuiescing = true
        inbox = []
        waiter?.settle(.success(nil))
        waiter = nil
        wire.read()
    }

    /// Ends `receive`: what is complete already is still delivered.
    private func endReceiving(_ error: WebSocketError?) {
        guard let waiter else {
            ending = error
            return
        }
        self.waiter = nil
        ending = error
        waiter.settle(error.map { .failure($0) } ?? .success(nil))
    }
}

/// Fired through a connection's pipeline when graceful shutdown begins.
struct ShutdownBegins: Sendable {}
