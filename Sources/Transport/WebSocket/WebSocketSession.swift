import Logging
import NIOCore
import NIOHTTP1
import VoiceConfiguration

/// From the switch of protocols to the end of the connection.
struct WebSocketSession: Sendable {
    let connection: Connection
    let limits: Configuration.Limits
    let logger: Logger

    /// Runs the body, then closes: 1000 when it returns, 1011 when it throws, 1001 when the server shuts down.
    func run(_ body: @escaping @Sendable (WebSocketConnection) async throws -> Void) async {
        guard let socket = try? await install() else { return connection.wire.abort() }
        do {
            try await connection.work { try await body(socket) }
            await socket.close(connection.isQuiescing ? 1001 : 1000)
        } catch {
            let isShutdown = Task.isCancelled || connection.isQuiescing
            if !isShutdown, !(error is WebSocketError), !(error is CancellationError) {
                logger.error("A WebSocket failed", metadata: ["error": "\(error)"])
            }
            await socket.close(isShutdown ? 1001 : 1011, isShutdown ? "the server shuts down" : "the server failed")
        }
    }

    /// Replaces HTTP in the pipeline; bytes that came with the handshake go to the WebSocket.
    private func install() async throws -> WebSocketConnection {
        let channel = connection.wire.channel
        let webSocket = WebSocketLimits(limits)
        return try await channel.eventLoop.flatSubmit { [connection] in
            let handler = WebSocketHandler(limits: webSocket, wire: WebSocketWire { connection.cancelWork() })
            let socket = WebSocketConnection(handler: .init(handler, eventLoop: channel.eventLoop), channel: channel)
            let pipeline = channel.pipeline.syncOperations
            do {
                try pipeline.addHandler(handler)
                let parser = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
                let arrivals = try pipeline.context(handlerType: ByteArrivals.self)
                let reader = try pipeline.context(handlerType: RequestReader.self)
                // In this order, because the parser hands its rest on when it goes.
                let removals = [reader, arrivals, parser].map { pipeline.removeHandler(context: $0) }
                return EventLoopFuture.andAllSucceed(removals, on: channel.eventLoop)
                    .map {
                        // What happened meanwhile was told to the reader of requests.
                        if connection.isClientGone { socket.handler.value.lose() }
                        if connection.isQuiescing { socket.handler.value.quiesce() }
                        return socket
                    }
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }
}
