import NIOCore

/// What the body of a socket asks for, on the event loop.
extension WebSocketHandler {
    /// Settles with the next message, nil at the end.
    func receive(_ result: OneShot<WebSocketMessage?>) {
        if !inbox.isEmpty, !isQuiescing {
            if result.settle(.success(inbox[0])) { inbox.removeFirst() }
            return readOn()
        }
        guard state == .open, !isQuiescing else {
            result.settle(ending.map { .failure($0) } ?? .success(nil))
            return
        }
        waiter = result
        readOn()
    }

    /// Settles once the message is with the kernel.
    func send(_ message: WebSocketMessage, _ result: OneShot<Void>) {
        guard state == .open else {
            result.settle(.failure(ending ?? .closed))
            return
        }
        clocks.dataSeen()
        switch message {
        case .text(let text): wire.send(.text, ByteBuffer(string: text), result)
        case .binary(let bytes): wire.send(.binary, bytes, result)
        }
    }

    /// Pings, notices silence, and comes back.
    func scheduleClock() {
        wire.schedule(after: clocks.nextDue()) { [weak self] in self?.clockRings() }
    }

    private func clockRings() {
        guard state == .open else { return }
        switch clocks.due(isHeldBack: isHeldBack) {
        case .ping: wire.send(.ping, ByteBuffer())
        case .gone: return lose()
        case .idle: return close(1001, "nothing was said for \(Int(limits.streamIdleSeconds)) seconds")
        case .nothing: break
        }
        scheduleClock()
    }
}
