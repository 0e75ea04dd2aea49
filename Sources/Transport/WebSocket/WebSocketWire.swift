import NIOCore

/// The bytes side of one WebSocket, on its event loop: writes frames, reads on demand, ends the connection.
final class WebSocketWire {
    private var context: ChannelHandlerContext?
    private var isReading = false
    private var clock: Scheduled<Void>?
    private var end: Scheduled<Void>?
    /// Told once, when nobody can be answered any more.
    private var onGone: (@Sendable () -> Void)?

    init(onGone: @escaping @Sendable () -> Void) { self.onGone = onGone }

    func attach(_ context: ChannelHandlerContext) { self.context = context }

    func detach() {
        clock?.cancel()
        end?.cancel()
        context = nil
    }

    /// Asks for bytes, unless that is under way or the peer does not take its own.
    func read() {
        guard let context, !isReading, context.channel.isWritable else { return }
        isReading = true
        context.read()
    }

    func readEnded() { isReading = false }

    /// Writes one frame, unmasked and whole: RFC 6455, sections 5.1 and 5.2.
    func send(_ opcode: Opcode, _ payload: ByteBuffer, _ result: OneShot<Void>? = nil) {
        guard let context else {
            result?.settle(.failure(WebSocketError.closed))
            return
        }
        let length = payload.readableBytes
        var head = ByteBuffer()
        head.writeInteger(0x80 | opcode.rawValue)
        switch length {
        case ...125: head.writeInteger(UInt8(length))
        case ...0xFFFF:
            head.writeInteger(126 as UInt8)
            head.writeInteger(UInt16(length))
        default:
            head.writeInteger(127 as UInt8)
            head.writeInteger(UInt64(length))
        }
        context.write(NIOAny(head), promise: nil)
        let done = context.eventLoop.makePromise(of: Void.self)
        if let result {
            done.futureResult.whenComplete { result.settle($0.mapError { _ in WebSocketError.lost }) }
        }
        context.writeAndFlush(NIOAny(payload), promise: done)
    }

    /// Half-closes our side, then waits for the peer's end, and closes in any case.
    func finishOutput(within seconds: Double) {
        context?.close(mode: .output, promise: nil)
        endWithin(seconds)
        read()
    }

    /// Closes after that long, whatever the peer does.
    func endWithin(_ seconds: Double) {
        end?.cancel()
        end = context?.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds)) { [weak self] in self?.close() }
    }

    func close() { context?.close(promise: nil) }

    func peerIsGone() {
        onGone?()
        onGone = nil
    }

    /// Runs the closure after a while, unless the connection ended.
    func schedule(after delay: TimeAmount, _ ring: @escaping () -> Void) {
        clock = context?.eventLoop.assumeIsolated().scheduleTask(in: delay, ring)
    }
}
