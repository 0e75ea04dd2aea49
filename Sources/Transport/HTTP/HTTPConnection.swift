import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import VoiceConfiguration

/// One connection from its first request to its end, which may be a WebSocket.
struct HTTPConnection<Responder: HTTPResponder>: Sendable where Responder.Context == TransportContext {
    let connection: Connection
    let responder: Responder
    let sockets: @Sendable (WebSocketHandshake) async -> WebSocketDecision
    let limits: Configuration.Limits
    let logger: Logger

    private var wire: HTTPWire { connection.wire }

    /// Serves request after request; returns once the connection is closed.
    func serve() async {
        do {
            while let head = try await nextHead() {
                if let upgrade = try WebSocketUpgrade(head) {
                    if try await switchProtocols(upgrade, head) { return }
                }
                guard try await answer(head) else { return await wire.finish() }
            }
        } catch let failure as HTTPFailure {
            await refuse(failure)
            return await wire.finish()
        } catch {
            logger.trace("The connection broke", metadata: ["error": "\(error)"])
            return wire.abort()
        }
        await wire.close()
    }

    private func nextHead() async throws -> RequestHead? {
        guard !connection.isQuiescing, !Task.isCancelled else { return nil }
        guard let part = try await wire.next(.head), case .head(let head) = part else { return nil }
        return try RequestHead(head, isSecure: connection.isSecure)
    }

    /// Answers what never became a request that the router could see.
    private func refuse(_ failure: HTTPFailure) async {
        logger.debug("A request was refused", metadata: ["code": "\(failure.code)"])
        let response = failure.wireResponse
        let stream = ResponseStream(response.head, to: nil, closing: true, wire: wire)
        try? await response.body.write(stream)
    }

    /// - Returns: whether another request may follow.
    private func answer(_ head: RequestHead) async throws -> Bool {
        let body = RequestBodySource(head, wire: wire, limit: limits.bodyBytes)
        let request = Request(head: head.request, body: .init(asyncSequence: RequestBodyPieces(source: body)))
        let exchange = Exchange(head: head, body: body, wire: wire, connection: connection, logger: logger)
        let closing = try await connection.work {
            try await exchange.run(request, by: responder)
        }
        guard !closing else { return false }
        return (try? await body.drain(upTo: Exchange.drainBytes)) ?? false
    }

    /// - Returns: whether the connection has been a WebSocket, and is over.
    private func switchProtocols(_ upgrade: WebSocketUpgrade, _ head: RequestHead) async throws -> Bool {
        let handshake = upgrade.handshake(of: head, remoteAddress: connection.remoteAddress)
        let decision = try await connection.work { await sockets(handshake) }
        guard case .accept(let subprotocol, let run) = decision else { return false }
        guard case .end? = try await wire.next(.body) else { throw HTTPFailure.malformed("A handshake has no body.") }
        try await wire.write(upgrade.response(subprotocol: subprotocol))
        await WebSocketSession(connection: connection, limits: limits, logger: logger).run(run)
        return true
    }
}
