import NIOCore

/// One WebSocket on its event loop: RFC 6455's rules for an endpoint, pings, the closing handshake and the limits.
///
/// Reads on while one whole message waits for `receive`, so a ping or a close behind it is still served; with a second
/// one waiting, the peer is held back by TCP. Nothing is read either while the peer does not take what is written, pongs
/// included.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum State: Equatable {
        case open
        /// We sent a close frame and wait for the peer's.
        case closing
        /// Both sent theirs, or the connection is as good as gone.
        case closed
    }

    let limits: WebSocketLimits
    var state = State.open
    /// Why `receive` ends; nil is an orderly end.
    var ending: WebSocketError?
    var inbox: [WebSocketMessage] = []
    var waiter: OneShot<WebSocketMessage?>?
    var isQuiescing = false
    let wire: WebSocketWire
    private var reader: FrameReader
    var clocks: WebSocketClocks

    init(limits: WebSocketLimits, wire: WebSocketWire) {
        self.limits = limits
        self.wire = wire
        reader = FrameReader(
            limits: .init(messageBytes: limits.messageBytes, messageFragments: limits.messageFragments)
        )
        clocks = WebSocketClocks(limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wire.attach(context)
        scheduleClock()
        wire.read()
    }

    func handlerRemoved(context: ChannelHandlerContext) { wire.detach() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        clocks.heard()
        guard state != .closed else { return }
        reader.feed(bytes)
        do throws(WebSocketViolation) {
            while state != .closed, let event = try reader.next() { handle(event) }
            guard clocks.allows(frames: reader.takeFrameCount()) || state == .closed else {
                throw WebSocketViolation(code: 1008, reason: "at most \(limits.framesPerSecond) frames a second")
            }
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        wire.readEnded()
        readOn()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readOn()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: lose()
        case is ShutdownBegins: quiesce()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose()
        context.close(promise: nil)
    }

    /// Whether the peer is held back because nobody receives.
    var isHeldBack: Bool { inbox.count > 1 }

    /// Reads more of the wire unless messages wait or the peer lets its own wait.
    func readOn() {
        guard !isHeldBack || state != .open || isQuiescing else { return }
        wire.read()
    }

    private func handle(_ event: WebSocketEvent) {
        switch event {
        case .message(let message):
            clocks.dataSeen()
            deliver(message)
        case .ping(let payload):
            clocks.dataSeen()
            if state == .open { wire.send(.pong, payload) }
        case .pong:
            clocks.pongSeen()
        case .close(let code):
            peerCloses(code)
        }
    }

    private func deliver(_ message: WebSocketMessage) {
        guard state == .open, !isQuiescing else { return }
        if let waiter, inbox.isEmpty {
            self.waiter = nil
            if waiter.settle(.success(message)) { return }
        }
        inbox.append(message)
    }
}
