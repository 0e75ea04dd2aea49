import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1

/// The requests of one connection on its event loop: parts are pulled one by one, nothing is read without demand,
/// and every wait has a limit. Tells at once when the client is gone, also while nobody pulls.
final class RequestReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart

    /// What is waited for.
    enum Wait: Equatable {
        /// The head of a request.
        case head
        /// More of a request's body.
        case body
    }

    /// Limits in seconds.
    struct Patience {
        let head: Double
        let body: Double
        let idle: Double
    }

    private let patience: Patience
    private var context: ChannelHandlerContext?
    private var parts = CircularBuffer<HTTPServerRequestPart>()
    private var waiter: OneShot<HTTPServerRequestPart?>?
    private var wait = Wait.head
    private var ending: Result<Void, HTTPFailure>?
    private var timer: Scheduled<Void>?
    private var isReading = false
    private var isDiscarding = false
    private var isFirst = true
    private var isGone = false
    private var isQuiescing = false
    private var line = RequestLine.unseen
    /// Whether bytes of a head have come that is not whole yet.
    private var hasPartialHead = false
    private var onGone: (@Sendable () -> Void)?

    init(patience: Patience) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    /// Settles with the next part; nil once the client has ended the connection between two requests.
    func next(_ wait: Wait, _ result: OneShot<HTTPServerRequestPart?>) {
        if let part = parts.popFirst() {
            result.settle(.success(part))
        } else if wait == .head, isQuiescing, !hasPartialHead {
            result.settle(.success(nil))
        } else if let ending {
            result.settle(ending.map { nil }.mapError { $0 })
        } else {
            waiter = result
            self.wait = wait
            startTimer()
            read()
        }
    }

    /// Runs the closure once, as soon as the client is gone; nil forgets the one before.
    func whenGone(_ run: (@Sendable () -> Void)?) {
        onGone = run
        guard isGone, let run else { return }
        onGone = nil
        run()
    }

    /// Drops whatever else comes, so that the client can read the answer before the connection ends, and closes after
    /// some seconds (RFC 9112, section 9.6).
    func discard(within seconds: Double) {
        isDiscarding = true
        parts.removeAll()
        timer?.cancel()
        guard let context, ending == nil || context.channel.isActive else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds)) { context.close(promise: nil) }
        read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDiscarding else { return }
        let part = unwrapInboundIn(data)
        switch part {
        case .head: hasPartialHead = false
        case .body: break
        case .end: (isFirst, line) = (false, .unseen)
        }
        if let waiter, parts.isEmpty {
            self.waiter = nil
            timer?.cancel()
            if waiter.settle(.success(part)) { return }
        }
        parts.append(part)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if waiter != nil || isDiscarding { read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: end(.success(()))
        case is ShutdownBegins:
            isQuiescing = true
            if waiter != nil, wait == .head, !hasPartialHead { end(.success(())) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.success(()))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // After the first error the parser reports every further byte as one.
        if isDiscarding { return }
        if case .failure? = ending { return }
        guard let failure = HTTPFailure(parsing: error, in: line) else {
            end(.success(()))
            return context.close(promise: nil)
        }
        end(.failure(failure), isClientGone: false)
    }

    private func read() {
        guard let context, !isReading else { return }
        isReading = true
        context.read()
    }

    private func end(_ result: Result<Void, HTTPFailure>, isClientGone: Bool = true) {
        if ending == nil { ending = result }
        timer?.cancel()
        if let waiter {
            self.waiter = nil
            waiter.settle((ending ?? result).map { nil }.mapError { $0 })
        }
        if isDiscarding { context?.close(promise: nil) }
        guard isClientGone else { return }
        isGone = true
        onGone?()
        onGone = nil
    }
}

extension RequestReader {
    /// Bytes came, whole parts or not; told before the parser sees them.
    func bytesCame(_ bytes: ByteBuffer) {
        guard waiter != nil else { return }
        if wait == .body { return startTimer() }
        if line == .unseen { line = RequestLine(in: bytes.readableBytesView) }
        guard !hasPartialHead else { return }
        hasPartialHead = true
        startTimer()
    }

    private func startTimer() {
        timer?.cancel()
        let seconds =
            switch wait {
            case .body: patience.body
            case .head: hasPartialHead || isFirst ? patience.head : patience.idle
            }
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds)) { [weak self] in self?.timeOut()
        }
    }

    private func timeOut() {
        switch wait {
        case .body:
            let seconds = patience.body.formatted()
            end(
                .failure(.init(.requestTimeout, "body_timeout", "No byte of the body came for \(seconds) seconds.")),
                isClientGone: false
            )
        case .head where hasPartialHead:
            let seconds = patience.head.formatted()
            end(.failure(.init(.requestTimeout, "head_timeout", "The request's head took over \(seconds) seconds.")))
        case .head:
            end(.success(()))
        }
    }
}

/// Stands before the parser and tells the reader of raw bytes.
final class ByteArrivals: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let reader: RequestReader

    init(reader: RequestReader) { self.reader = reader }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.bytesCame(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}
