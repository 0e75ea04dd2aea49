import HTTPTypes
import NIOHTTP1

extension HTTPFailure {
    /// What the parser of NIO could not read; nil where the connection itself broke.
    init?(parsing error: any Error, isInRequestLine: Bool) {
        guard let error = error as? HTTPParserError else { return nil }
        switch error {
        case .headerOverflow where isInRequestLine:
            self.init(.uriTooLong, "target_too_long", "The request's target is too long.")
        case .headerOverflow:
            self.init(
                .requestHeaderFieldsTooLarge,
                "head_too_large",
                "The request's head has too many fields or too many bytes."
            )
        case .invalidVersion:
            self.init(.httpVersionNotSupported, "unsupported_version", "This server speaks HTTP/1.1.")
        default:
            self.init(.badRequest, "malformed_request", "This is not a request of HTTP/1.1.")
        }
    }

    static func malformed(_ message: String) -> HTTPFailure { .init(.badRequest, "malformed_request", message) }
}
