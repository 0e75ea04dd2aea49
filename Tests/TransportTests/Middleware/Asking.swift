import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Transport
import VoiceConfiguration

/// A router with all middlewares and a few routes, asked without a network.
struct Asking: Sendable {
    let live: LiveConfiguration
    let log = LogLines()
    let told = Told()
    let guarded: Middlewares
    private let responder: RouterResponder<TransportContext>

    /// An error of the kinds that only the server around the middlewares knows.
    struct OwnError: Error {}
    /// An error that nobody knows.
    struct Secret: Error { let text = "the password is swordfish" }

    init(limiter: RateLimiter = RateLimiter(), _ change: (inout Configuration) -> Void = { _ in }) {
        var settings = Configuration()
        change(&settings)
        live = LiveConfiguration(settings)
        let hooks = MiddlewareHooks(
            failure: { $0 is OwnError ? HTTPFailure(.serviceUnavailable, "model_failed", "a stage failed") : nil },
            onFailure: { [told] in told.note("failed \($0)") },
            onFinished: { [told] in told.note("finished \($0) \($1) \($2)\($3 >= 0 ? "" : " in negative time")") }
        )
        guarded = Middlewares(configuration: live, hooks: hooks, limiter: limiter)
        responder = guarded.router(Self.routes).buildResponder()
    }

    private static func routes(_ router: Router<TransportContext>) {
        router.get("/livez") { _, _ in "ok" }
        router.get("/who") { _, context in "\(context.client) \(context.requestID)" }
        router.post("/tts") { _, _ in "sound" }
        router.on("/tts/stream", method: .options) { _, _ in Response(status: .ok) }
        router.post("/tts/stream") { _, _ in
            Response(
                status: .ok,
                headers: [.cacheControl: "no-transform"],
                body: ResponseBody { writer in
                    for _ in 0..<3 { try await writer.write(ByteBuffer(repeating: 7, count: 100)) }
                    try await writer.finish(nil)
                }
            )
        }
        router.get("/things/{id}") { _, context in context.parameters.get("id") ?? "" }
        router.get("/fail/{how}") { _, context -> String in
            switch context.parameters.get("how") {
            case "own": throw OwnError()
            case "cancelled": throw CancellationError()
            case "large": throw NIOTooManyBytesError(maxBytes: 10)
            case "bad": throw HTTPError(.badRequest, message: "that is no JSON")
            case "busy": throw HTTPFailure(.tooManyRequests, "too_many_requests", "wait", retryAfter: 3)
            default: throw Secret()
            }
        }
    }

    /// What came back.
    struct Answer {
        var status: Int
        var headers: HTTPFields
        var body: String
    }

    /// Sends a request; the client is gone after `failAfter` bytes of the answer.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        host: String? = "localhost:8621",
        headers: HTTPFields = [:],
        from address: String = "[IPv4]127.0.0.1:50000",
        failAfter: Int = .max
    ) async throws -> Answer {
        let logger = Logger(label: "test", factory: { [log] _ in log.handler })
        let source = ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
        var context = TransportContext(source: source)
        context.remoteAddress = address
        let head = HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let response = try await responder.respond(to: request, context: context)
        let bytes = Bytes()
        do {
            try await response.body.write(Collector(bytes: bytes, limit: failAfter))
        } catch is Gone {}
        return Answer(
            status: response.status.code,
            headers: response.headers,
            body: String(buffer: bytes.buffer.withLock { $0 })
        )
    }
}

private struct Gone: Error {}

private final class Bytes: Sendable {
    let buffer = Mutex(ByteBuffer())
}

/// Collects a body, or breaks like a connection.
private struct Collector: ResponseBodyWriter {
    let bytes: Bytes
    let limit: Int

    mutating func write(_ buffer: ByteBuffer) async throws {
        let size = bytes.buffer.withLock { all in
            all.writeImmutableBuffer(buffer)
            return all.readableBytes
        }
        if size > limit { throw Gone() }
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {}
}

/// What hooks were told, in order.
final class Told: Sendable {
    private let lines = Mutex<[String]>([])
    var entries: [String] { lines.withLock { $0 } }
    func note(_ line: String) { lines.withLock { $0.append(line) } }
}

/// The lines of a log, with their metadata.
final class LogLines: Sendable {
    struct Line: Sendable {
        var level: Logger.Level
        var message: String
        var metadata: [String: String]
    }

    private let lines = Mutex<[Line]>([])
    var entries: [Line] { lines.withLock { $0 } }
    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = Line(
                level: event.level,
                message: "\(event.message)",
                metadata: all.mapValues { "\($0)" }
            )
            lines.lines.withLock { $0.append(line) }
        }
    }
}
