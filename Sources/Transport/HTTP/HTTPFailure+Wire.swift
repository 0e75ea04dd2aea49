import HTTPTypes
import NIOCore
import NIOHTTP1

extension HTTPFailure {
    /// Statuses with which a request is refused for its head alone, whatever its path: by the parser, ``RequestHead``
    /// and the limits of time.
    package static let headStatuses = [400, 408, 414, 417, 431, 501, 505]

    /// What the parser of NIO could not read; nil where the connection itself broke.
    init?(parsing error: any Error, in line: RequestLine) {
        guard let error = error as? HTTPParserError else { return nil }
        switch error {
        case .headerOverflow where line == .unseen:
            self.init(.uriTooLong, "target_too_long", "The request's target is too long.")
        case .headerOverflow:
            self.init(
                .requestHeaderFieldsTooLarge,
                "head_too_large",
                "The request's head has too many fields or too many bytes."
            )
        case .invalidVersion where line == .hasVersion:
            self.init(.httpVersionNotSupported, "unsupported_version", "This server speaks HTTP/1.1.")
        default:
            self.init(.badRequest, "malformed_request", "This is not a request of HTTP/1.1.")
        }
    }

    static func malformed(_ message: String) -> HTTPFailure { .init(.badRequest, "malformed_request", message) }
}

/// What is known of a request's first line where the parser fails.
enum RequestLine {
    /// Its end has not come.
    case unseen
    /// It ends with a version, such as `HTTP/1.1`.
    case hasVersion
    case hasNoVersion

    /// - Parameter bytes: from the beginning of the line or within it.
    init(in bytes: ByteBufferView) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            self = .unseen
            return
        }
        let tail = String(decoding: bytes[..<end].suffix(9), as: UTF8.self)
        self = tail.wholeMatch(of: /HTTP\/[0-9]\.[0-9]\r/) == nil ? .hasNoVersion : .hasVersion
    }
}
