import Foundation
import NIOCore

/// Asks for a reset of the connection instead of an orderly end.
struct ConnectionAborts: Sendable {}

/// Resets a connection: on demand, and when its peer takes nothing of what waits for it. Stands next to the socket, so
/// that TLS has no word in it.
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

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ConnectionAborts else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        promise?.succeed()
        abort(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

    private func abort(_ context: ChannelHandlerContext) {
        let socket = context.channel as? any SocketOptionProvider
        // Done at once on the event loop of the socket; a socket that is closed already needs no reset.
        socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
        context.close(promise: nil)
    }

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
        guard .now() - lastProgress < .seconds(seconds) else { return abort(context) }
        schedule(context)
    }
}
