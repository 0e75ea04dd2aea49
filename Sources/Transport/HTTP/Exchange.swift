import HTTPTypes
import Hummingbird
import Logging

/// One request and its answer.
struct Exchange: Sendable {
    /// Bytes of a body that are read past an answer to save the connection.
    static let drainBytes = 256 << 10

    let head: RequestHead
    let body: RequestBodySource
    let wire: HTTPWire
    let connection: Connection
    let logger: Logger

    /// Lets the responder answer and writes what it says. A failure before the first byte becomes an answer of its own,
    /// a later one a reset.
    ///
    /// - Returns: whether the connection is to end.
    /// - Throws: when the answer could not be written to its end.
    func run(_ request: Request, by responder: some HTTPResponder<TransportContext>) async throws -> Bool {
        let context = TransportContext(source: .init(channel: wire.channel, logger: logger))
        var response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch {
            response = answer(to: error, request, context)
        }
        let closing = mustClose
        var stream = ResponseStream(response.head, to: head, closing: closing, wire: wire)
        do {
            try await response.body.write(stream)
        } catch  where !stream.hasBegun {
            response = answer(to: error, request, context)
            stream = ResponseStream(response.head, to: head, closing: closing, wire: wire)
            try await response.body.write(stream)
        } catch {
            logger.debug("An answer broke off", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            throw ResponseStream.Failure.brokenOff
        }
        guard stream.isFinished else { throw ResponseStream.Failure.wrongLength }
        return closing || mustClose
    }

    /// Whether no other request can follow on this connection.
    private var mustClose: Bool {
        !head.keepsAlive || head.asksForUpgrade || connection.isQuiescing || body.isContinueDue || body.isBroken
            || !body.isDrainable(within: Self.drainBytes)
    }

    private func answer(to error: any Error, _ request: Request, _ context: TransportContext) -> Response {
        if let error = error as? any HTTPResponseError,
            let response = try? error.response(from: request, context: context)
        {
            return response
        }
        if error is CancellationError, connection.isQuiescing {
            return HTTPFailure(.serviceUnavailable, "shutting_down", "The server shuts down.", retryAfter: 1)
                .wireResponse
        }
        if error is CancellationError, !body.isDone, connection.isClientGone {
            return RequestBodySource.incomplete.wireResponse
        }
        if error is CancellationError {
            return HTTPFailure(.serviceUnavailable, "cancelled", "The request was cancelled.").wireResponse
        }
        logger.error("A request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return HTTPFailure(.internalServerError, "internal_error", "The server failed to answer.").wireResponse
    }
}

extension HTTPFailure {
    /// The same answer where no router is at hand.
    var wireResponse: Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        headers[.requestID] = RequestID.of([:])
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if status == .upgradeRequired {
            // RFC 9110, section 15.5.22, and RFC 6455, section 4.4.
            headers[.upgrade] = "websocket"
            headers[.secWebSocketVersion] = "13"
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: .init(bytes: json)))
    }
}
