import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// One line for each request, written when its answer has ended, or when it is certain that it will not.
///
/// The query is left out: it may hold a token, or what somebody said.
struct AccessLog: RouterMiddleware {
    let hooks: MiddlewareHooks

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        let access = Access(request, context, hooks)
        var response = try await next(request, context)
        access.answered(response.status)
        guard request.method != .head else {
            // The router drops the body of the answer to GET.
            access.finish()
            return response
        }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            do {
                try await body.write(CountingWriter(writer: writer, access: access))
            } catch {
                access.finish(error: error)
                throw error
            }
        }
        return response
    }
}

/// A request on its way. Its line is written once; at the latest when nobody holds it any more.
private final class Access: Sendable {
    private let method: String
    private let path: String
    private let context: TransportContext
    private let hooks: MiddlewareHooks
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var status = 0
        var bytes = 0
        var isFinished = false
    }

    /// Methods that are shown by their names; any other would let a client invent labels.
    private static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
    ]
    /// Probes come every few seconds.
    private static let quiet: Set<String> = ["/livez", "/readyz", "/metrics"]

    init(_ request: Request, _ context: TransportContext, _ hooks: MiddlewareHooks) {
        let method = request.method.rawValue
        self.method = Self.methods.contains(method) ? method : "other"
        path = String(request.uri.path.unicodeScalars.prefix(200).map { $0.value < 32 ? "?" : Character($0) })
        self.context = context
        self.hooks = hooks
    }

    func answered(_ status: HTTPResponse.Status) { state.withLock { $0.status = status.code } }

    func wrote(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

    /// Writes the line, the first time it is called.
    ///
    /// - Parameters:
    ///   - error: why the answer did not end as it should.
    ///   - isAborted: whether it will not be written.
    func finish(error: (any Error)? = nil, isAborted: Bool = false) {
        let (status, bytes, isLate) = state.withLock { state in
            defer { state.isFinished = true }
            return (state.status, state.bytes, state.isFinished)
        }
        guard !isLate else { return }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let route = context.endpointPath ?? "NotFound"
        var metadata: Logger.Metadata = [
            "method": .string(method),
            "path": .string(path),
            "status": .stringConvertible(status),
            "ms": .stringConvertible((seconds * 10_000).rounded() / 10),
            "bytes": .stringConvertible(bytes),
        ]
        if error != nil || isAborted { metadata["aborted"] = "true" }
        if let error { metadata["error"] = "\(error)" }
        let isQuiet = Self.quiet.contains(path) && status < 400
        context.logger.log(level: isQuiet ? .debug : .info, "request", metadata: metadata)
        hooks.onFinished(route, method, status, seconds)
    }

    deinit { finish(isAborted: true) }
}

/// Counts what is written, and sees the end.
private struct CountingWriter: ResponseBodyWriter {
    var writer: any ResponseBodyWriter
    let access: Access

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await writer.write(buffer)
        access.wrote(buffer.readableBytes)
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        try await writer.finish(trailers)
        access.finish()
    }
}
