package import Hummingbird
package import NIOCore

extension Request {
    /// The whole body in one buffer.
    ///
    /// - Parameter limit: most bytes; the server's own limit holds in any case.
    /// - Returns: the bytes, after the transfer coding.
    /// - Throws: `HTTPFailure` with 413 when there is more, before reading where the length is declared; 408 when the
    ///   client stalls, 400 when the body is cut.
    package func collect(limit: Int) async throws -> ByteBuffer {
        let tooLarge = HTTPFailure(.contentTooLarge, "body_too_large", "A body may have \(limit) bytes.")
        if let declared = headers[.contentLength].flatMap({ Int($0) }), declared > limit { throw tooLarge }
        var whole = ByteBuffer()
        for try await piece in body {
            guard whole.readableBytes + piece.readableBytes <= limit else { throw tooLarge }
            whole.writeImmutableBuffer(piece)
        }
        return whole
    }
}
