import HTTPTypes
package import Hummingbird
import NIOCore
package import Transport

/// What the probe answers over HTTP.
extension Probe {
    package func router() -> Router<TransportContext> {
        let router = Router(context: TransportContext.self)
        router.get("hello") { _, _ in "hello" }
        router.head("hello") { _, _ in "hello" }
        router.get("empty") { _, _ in Response(status: .noContent) }
        router.get("socket") { _, _ -> String in throw HTTPFailure(.unauthorized, "unauthorized", "No token.") }
        router.get("cancelled") { _, _ in "\(cancelled.count)" }
        router.post("upload") { request, _ in "\(try await request.collect(limit: .max).readableBytes)" }
        router.post("small") { request, _ in "\(try await request.collect(limit: 10).readableBytes)" }
        router.post("ignore") { _, _ in "ignored" }
        router.get("compute") { _, _ in try await compute() }
        router.get("finish") { request, _ in
            begun.add()
            // Work that does not look whether it is still wanted.
            await Task { try? await Task.sleep(for: .milliseconds(500)) }.value
            return "finished"
        }
        router.get("stream") { request, _ in stream(of: request.uri.queryParameters.get("bytes", as: Int.self)) }
        addFailures(to: router)
        return router
    }

    private func addFailures(to router: Router<TransportContext>) {
        let broken = HTTPFailure(.conflict, "broken", "It broke.")
        router.get("failing") { _, _ in Response(status: .ok, body: .init { _ in throw broken }) }
        router.get("crooked") { _, _ -> String in throw CancellationError() }
        router.get("broken") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    throw broken
                }
            )
        }
        router.get("short") { _, _ in
            Response(
                status: .ok,
                body: .init(contentLength: 10) { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    try await writer.finish(nil)
                }
            )
        }
    }

    /// Computes for half a minute, unless it is cancelled.
    private func compute() async throws -> String {
        begun.add()
        do {
            try await Task.sleep(for: .seconds(30))
            return "computed"
        } catch {
            cancelled.add()
            throw error
        }
    }

    /// Without a number, streams for ever.
    private func stream(of bytes: Int?) -> Response {
        Response(
            status: .ok,
            body: .init { writer in
                begun.add()
                let piece = ByteBuffer(repeating: 0x61, count: 65_536)
                var rest = bytes ?? .max
                do {
                    while rest > 0 {
                        let count = min(rest, piece.readableBytes)
                        try await writer.write(piece.getSlice(at: 0, length: count) ?? piece)
                        rest -= count
                    }
                } catch {
                    cancelled.add()
                    throw error
                }
                try await writer.finish(nil)
            }
        )
    }
}
