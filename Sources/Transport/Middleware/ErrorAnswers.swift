import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns everything that is thrown, and what no route answers, into the JSON of ``HTTPFailure``.
struct ErrorAnswers: RouterMiddleware {
    let routes: RouteTable
    let hooks: MiddlewareHooks

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let failure = failure(error, request, context)
            hooks.onFailure(failure.code)
            var response = try failure.response(from: request, context: context)
            switch failure.status {
            case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer"
            case .methodNotAllowed: response.headers[.allow] = allowed(request)
            default: break
            }
            return response
        }
    }

    private func failure(_ error: any Error, _ request: Request, _ context: TransportContext) -> HTTPFailure {
        if let failure = error as? HTTPFailure { return failure }
        if let failure = hooks.failure(error) {
            if failure.status.code >= 500 { log(error, failure, context) }
            return failure
        }
        switch error {
        case let error as HTTPError where error.status == .notFound && error.body == nil:
            return unanswered(request)
        case let error as any HTTPResponseError: return Self.failure(error)
        case is CancellationError, is ChannelError, is IOError: return Self.gone
        default:
            let failure = HTTPFailure(
                .internalServerError,
                "internal_error",
                "something went wrong inside; the server's log has it under request \(context.requestID)"
            )
            log(error, failure, context)
            return failure
        }
    }

    private func log(_ error: any Error, _ failure: HTTPFailure, _ context: TransportContext) {
        context.logger.error("request failed", metadata: ["code": .string(failure.code), "error": "\(error)"])
    }

    private func allowed(_ request: Request) -> String {
        routes.methods(of: request.uri.path).map(\.rawValue).joined(separator: ", ")
    }

    /// No route took the request: the path is unknown, or takes other methods.
    private func unanswered(_ request: Request) -> HTTPFailure {
        let methods = allowed(request)
        let path = request.uri.path.prefix(200)
        guard methods.isEmpty else {
            return HTTPFailure(.methodNotAllowed, "method_not_allowed", "\(path) takes \(methods)")
        }
        var failure = HTTPFailure(.notFound, "not_found", "there is nothing at \(path)")
        // Clients of the system that this one replaces look for it.
        failure.detail = "Not Found"
        return failure
    }

    /// The client went away; nobody reads this, but the log and the metrics tell it from a fault. 499 as in nginx.
    private static let gone = HTTPFailure(
        HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"),
        "client_gone",
        "the client closed the connection"
    )

    /// A refusal of Hummingbird's own, such as a body that is too large or no JSON.
    private static func failure(_ error: any HTTPResponseError) -> HTTPFailure {
        let message = (error as? HTTPError)?.body ?? error.status.reasonPhrase
        let code =
            switch error.status {
            case .badRequest: "bad_request"
            case .contentTooLarge: "payload_too_large"
            case .unprocessableContent: "invalid_request"
            case .unsupportedMediaType: "unsupported_media_type"
            default: "http_\(error.status.code)"
            }
        return HTTPFailure(error.status, code, message)
    }
}
