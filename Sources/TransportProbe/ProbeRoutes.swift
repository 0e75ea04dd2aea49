import Hummingbird
import NIOCore
import Synchronization
import Transport

/// What the probe answers over HTTP.
enum ProbeRoutes {
    /// How many computing requests were cancelled.
    static let cancellations = Mutex(0)

    static func router() -> Router<TransportContext> {
        let router = Router(context: TransportContext.self)
        router.get("hello") { _, _ in "hello" }
        router.head("hello") { _, _ in "hello" }
        router.get("socket") { _, _ -> String in throw HTTPFailure(.unauthorized, "unauthorized", "No token.") }
        router.get("cancellations") { _, _ in cancellations.withLock { "\($0)" } }
        router.post("upload") { request, _ in "\(try await request.collect(limit: .max).readableBytes)" }
        router.post("ignore") { _, _ in "ignored" }
        router.get("compute") { _, _ in
            do {
                try await Task.sleep(for: .seconds(30))
                return "computed"
            } catch {
                cancellations.withLock { $0 += 1 }
                throw error
            }
        }
        router.get("stream") { request, _ in stream(of: request.uri.queryParameters.get("bytes", as: Int.self)) }
        router.get("broken") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    throw HTTPFailure(.internalServerError, "broken", "It broke.")
                }
            )
        }
        router.get("failing") { _, _ in
            Response(status: .ok, body: .init { _ in throw HTTPFailure(.conflict, "early", "It failed early.") })
        }
        return router
    }

    /// Without a number, streams for ever.
    private static func stream(of bytes: Int?) -> Response {
        Response(
            status: .ok,
            body: .init { writer in
                let piece = ByteBuffer(repeating: 0x61, count: 65_536)
                var rest = bytes ?? .max
                while rest > 0 {
                    try Task.checkCancellation()
                    let count = min(rest, piece.readableBytes)
                    try await writer.write(piece.getSlice(at: 0, length: count) ?? piece)
                    rest -= count
                }
                try await writer.finish(nil)
            }
        )
    }
}
