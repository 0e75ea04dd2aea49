import HTTPTypes
import Hummingbird
import NIOCore

/// Writes one response: RFC 9112, sections 4, 6 and 7. Used by one task at a time.
final class ResponseStream: ResponseBodyWriter {
    enum Failure: Error {
        /// The body is longer or shorter than its declared length.
        case wrongLength
        /// The route failed in the middle of its body.
        case brokenOff
    }

    private let wire: HTTPWire
    /// Goes out with the first bytes of the body.
    private var head: ByteBuffer?
    private let isChunked: Bool
    private let isBodyless: Bool
    private var remaining: Int?
    /// Whether the response is written to its end.
    private(set) var isFinished = false
    /// Whether any of it is on its way.
    var hasBegun: Bool { head == nil }

    /// The head is completed with framing, date and, if the connection is to end, `Connection: close`. There is no
    /// head to answer where no request was understood.
    init(_ response: HTTPResponse, to request: RequestHead?, closing: Bool, wire: HTTPWire) {
        self.wire = wire
        var fields = response.headerFields
        let code = response.status.code
        let mayHaveBody = code != 204 && code != 304
        isBodyless = !mayHaveBody || request?.request.method == .head
        fields[.transferEncoding] = nil
        if !mayHaveBody, code == 204 { fields[.contentLength] = nil }
        remaining = isBodyless ? 0 : fields[.contentLength].flatMap { Int($0) }
        let isOld = request?.isOld ?? false
        isChunked = !isBodyless && remaining == nil && !isOld
        if isChunked { fields[.transferEncoding] = "chunked" }
        if closing { fields[.connection] = "close" } else if isOld { fields[.connection] = "keep-alive" }
        if fields[.date] == nil { fields[.date] = HTTPDate.text() }
        var text = "HTTP/1.1 \(code) \(response.status.reasonPhrase)\r\n"
        for field in fields { text += "\(field.name.rawName): \(field.value)\r\n" }
        head = ByteBuffer(string: text + "\r\n")
    }

    func write(_ buffer: ByteBuffer) async throws {
        guard buffer.readableBytes > 0, !isBodyless else { return }
        guard !isFinished else { throw Failure.wrongLength }
        if let remaining {
            guard buffer.readableBytes <= remaining else { throw Failure.wrongLength }
            self.remaining = remaining - buffer.readableBytes
        }
        let before = head
        head = nil
        if isChunked {
            let size = ByteBuffer(string: "\(String(buffer.readableBytes, radix: 16))\r\n")
            try await wire.write(before ?? ByteBuffer(), size, buffer, ByteBuffer(string: "\r\n"))
        } else {
            try await wire.write(before ?? ByteBuffer(), buffer)
        }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {
        guard !isFinished else { return }
        guard remaining ?? 0 == 0 else { throw Failure.wrongLength }
        isFinished = true
        var end = head ?? ByteBuffer()
        head = nil
        if isChunked {
            end.writeString("0\r\n")
            for field in trailingHeaders ?? [:] { end.writeString("\(field.name.rawName): \(field.value)\r\n") }
            end.writeString("\r\n")
        }
        guard end.readableBytes > 0 else { return }
        try await wire.write(end)
    }

    /// Sends the head now, without waiting for a first byte of the body.
    func begin() async throws {
        guard let head else { return }
        self.head = nil
        try await wire.write(head)
    }
}
