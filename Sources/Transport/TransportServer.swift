package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
package import VoiceConfiguration

/// HTTP and WebSocket on one port.
package struct TransportServer<Responder: HTTPResponder>: Service where Responder.Context == TransportContext {
    let configuration: LiveConfiguration
    let responder: Responder
    let sockets: @Sendable (WebSocketHandshake) async -> WebSocketDecision
    let logger: Logger
    let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - configuration: address, TLS and limits.
    ///   - responder: answers what is no WebSocket: a router with its middlewares.
    ///   - sockets: decides about a request for a WebSocket.
    ///   - logger: where accesses and faults are told.
    ///   - onListening: told the port as soon as it is open.
    package init(
        configuration: LiveConfiguration,
        responder: Responder,
        sockets: @escaping @Sendable (WebSocketHandshake) async -> WebSocketDecision,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.responder = responder
        self.sockets = sockets
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// Graceful shutdown closes the port and idle connections and tells WebSockets; running work may finish for
    /// `server.shutdownSeconds`, then it is cancelled, and soon after that every connection is reset.
    ///
    /// - Throws: `TransportError` when the server cannot start.
    package func run() async throws {
        let server = configuration.current.server
        let connections = Connections()
        let tls = try TLSFiles.context(server)
        let listener = Listener(configuration: configuration, connections: connections, tls: tls)
        let accepting = try await listener.open(host: server.host, port: server.port)
        let port = accepting.channel.localAddress?.port ?? server.port
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await onListening(port)
                    await accept(accepting, connections)
                }
                group.addTask { await patience(connections) }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            accepting.channel.close(promise: nil)
            connections.quiesce()
        }
    }

    private func accept(_ accepting: NIOAsyncChannel<Connection?, Never>, _ connections: Connections) async {
        await withDiscardingTaskGroup { group in
            do {
                try await accepting.executeThenClose { inbound in
                    for try await connection in inbound {
                        guard let connection else { continue }
                        group.addTask { await serve(connection) }
                    }
                }
            } catch {
                logger.debug("No more connections are accepted", metadata: ["error": "\(error)"])
            }
        }
        // Those that were accepted by the kernel but not by us.
        connections.abort()
    }

    private func serve(_ connection: Connection) async {
        let served = HTTPConnection(
            connection: connection,
            responder: responder,
            sockets: sockets,
            limits: configuration.current.limits,
            logger: logger
        )
        await withTaskCancellationHandler {
            await served.serve()
        } onCancel: {
            connection.wire.channel.eventLoop.scheduleTask(in: .milliseconds(1000)) { connection.wire.abort() }
        }
    }

    /// Returns when running work has had its time after the beginning of graceful shutdown.
    private func patience(_ connections: Connections) async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: .seconds(configuration.current.server.shutdownSeconds))
            logger.warning("Work that did not end in time is cancelled")
        } catch {
            logger.trace("All connections have ended")
        }
    }
}
