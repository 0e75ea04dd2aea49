import NIOCore
import NIOHTTP1

/// One connection as its task sees it: parts come when asked for, a write returns when the kernel has the bytes.
///
/// So nothing is queued in either direction: the slower side sets the pace.
struct HTTPWire: Sendable {
    /// Seconds a client has to read the last answer before the connection is closed.
    private static let lingerSeconds = 5.0

    let channel: any Channel
    let reader: NIOLoopBound<RequestReader>

    /// The next part of a request; nil once the client has ended the connection.
    func next(_ wait: RequestReader.Wait) async throws -> HTTPServerRequestPart? {
        let result = OneShot<HTTPServerRequestPart?>()
        channel.eventLoop.execute { reader.value.next(wait, result) }
        return try await result.value()
    }

    /// Writes and waits until the kernel has taken it all.
    func write(_ buffers: ByteBuffer...) async throws {
        try await channel.eventLoop.flatSubmit { [channel] in
            for buffer in buffers.dropLast() { channel.write(buffer, promise: nil) }
            return channel.writeAndFlush(buffers.last ?? ByteBuffer())
        }.get()
    }

    /// Runs the closure once when the client is gone; nil forgets the one before.
    func whenGone(_ run: (@Sendable () -> Void)?) {
        channel.eventLoop.execute { reader.value.whenGone(run) }
    }

    /// Closes where nothing is left for the client to read.
    func close() async {
        // Fails only when it is closed already.
        try? await channel.close()
    }

    /// Ends our side, lets the client read, then closes; at once if the task is cancelled.
    func finish() async {
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.execute { reader.value.discard(within: Self.lingerSeconds) }
        await withTaskCancellationHandler {
            // Fails never: it is completed when the channel is closed.
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Ends the connection so that the client cannot take what it has for whole: by a reset.
    func abort() { channel.triggerUserOutboundEvent(ConnectionAborts(), promise: nil) }
}
