import NIOCore

/// Resets a connection whose peer takes nothing of what waits for it. Stands next to the socket.
final class SlowReaderWatch: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Checks within one span of patience.
    private static let checks = 4.0

    private let seconds: Double
    private var written = 0
    private var taken = 0
    private var lastProgress = NIODeadline.now()
    private var check: Scheduled<Void>?

    /// - Parameter seconds: how long a peer may take nothing.
    init(seconds: Double) { self.seconds = seconds }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        guard check == nil else { return }
        lastProgress = .now()
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

    private func schedule(_ context: ChannelHandlerContext) {
        check = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds / Self.checks)) { [weak self] in
            self?.look(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        check = nil
        let options = context.channel.syncOptions
        guard let waiting = try? options?.getOption(.bufferedWritableBytes), waiting > 0 else { return }
        if written - waiting > taken {
            taken = written - waiting
            lastProgress = .now()
        }
        guard .now() - lastProgress < .seconds(seconds) else { return context.channel.abort() }
        schedule(context)
    }
}
