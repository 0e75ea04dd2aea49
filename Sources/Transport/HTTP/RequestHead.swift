import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// A request's head after the checks that keep two readers of one connection from seeing different requests.
struct RequestHead: Sendable {
    /// Longest target: RFC 9110, section 4.1, asks for 8000 bytes at least.
    private static let targetBytes = 8192

    let request: HTTPRequest
    /// Whether the client speaks HTTP/1.0.
    let isOld: Bool
    /// What the client says the body's length is; nil where it is chunked.
    let declaredLength: Int?
    let isChunked: Bool
    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool
    /// Whether the client lets the connection stay open.
    let keepsAlive: Bool
    /// Whether the client asks for another protocol, which ends HTTP on this connection for the parser.
    let asksForUpgrade: Bool

    var hasBody: Bool { isChunked || (declaredLength ?? 0) > 0 }

    /// - Throws: the answer to a head that is refused.
    init(_ head: HTTPRequestHead, isSecure: Bool) throws(HTTPFailure) {
        try Self.checkFraming(head)
        guard head.uri.utf8.count <= Self.targetBytes else {
            throw .init(.uriTooLong, "target_too_long", "A target may have \(Self.targetBytes) bytes.")
        }
        do {
            request = try HTTPRequest(head, secure: isSecure, splitCookie: false)
        } catch {
            throw .malformed("The request's method is not one.")
        }
        isOld = head.version == .http1_0
        isChunked = head.headers.contains(name: "Transfer-Encoding")
        declaredLength = isChunked ? nil : head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        keepsAlive = head.isKeepAlive
        asksForUpgrade = head.headers.contains(name: "Upgrade") || head.method == .CONNECT
        let expectations = head.headers[canonicalForm: "Expect"].map { $0.lowercased() }
        guard !isOld, !expectations.isEmpty else {
            expectsContinue = false
            return
        }
        guard expectations == ["100-continue"] else {
            throw .init(.expectationFailed, "expectation_failed", "The only expectation served is 100-continue.")
        }
        expectsContinue = true
    }

    /// RFC 9112, sections 3.2, 6.1 and 6.3.
    private static func checkFraming(_ head: HTTPRequestHead) throws(HTTPFailure) {
        let hosts = head.headers["Host"]
        guard hosts.count <= 1 else { throw .malformed("There is more than one Host.") }
        guard head.version == .http1_0 || hosts.count == 1 else { throw .malformed("There is no Host.") }
        let lengths = head.headers["Content-Length"]
        let codings = head.headers["Transfer-Encoding"]
        guard lengths.count <= 1 else { throw .malformed("There is more than one Content-Length.") }
        if let length = lengths.first {
            guard codings.isEmpty else { throw .malformed("There are both Content-Length and Transfer-Encoding.") }
            guard length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), Int(length) != nil else {
                throw .malformed("Content-Length is not a number.")
            }
        }
        guard !codings.isEmpty else { return }
        guard head.version != .http1_0 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
        guard codings.count == 1, codings[0].lowercased() == "chunked" else {
            throw .init(.notImplemented, "unsupported_transfer_coding", "The only transfer coding read is chunked.")
        }
    }
}
