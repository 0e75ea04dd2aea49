package import Hummingbird
package import Logging
package import ServiceLifecycle
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
    package func run() async throws {}
}
