import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// A request that is refused or failed: one JSON object that says what and, where there is one, which parameter.
///
///     {"error": "speed is a number from 0.25 to 4", "code": "invalid_parameter", "parameter": "speed"}
///
/// `error` is a string because clients of the system this one replaces read it as one.
package struct HTTPFailure: HTTPResponseError, Sendable, Encodable {
    /// HTTP status.
    package let status: HTTPResponse.Status
    /// A stable word for programs, such as `invalid_parameter`.
    package var code: String
    /// One sentence for a person.
    package var message: String
    /// The parameter at fault, where there is one.
    package var parameter: String?
    /// Seconds after which to try again, where that helps.
    package var retryAfter: Int?
    /// The same in the words of an older system's clients, where they look for them.
    package var detail: String?

    package init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ message: String,
        parameter: String? = nil,
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryAfter = retryAfter
    }

    private enum Key: String, CodingKey { case error, code, parameter, detail }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(message, forKey: .error)
        try container.encode(code, forKey: .code)
        try container.encodeIfPresent(parameter, forKey: .parameter)
        try container.encodeIfPresent(detail, forKey: .detail)
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json)))
    }

    /// The body, keys sorted.
    package var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A struct of strings always encodes.
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}
