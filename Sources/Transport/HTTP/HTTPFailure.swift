import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// A request that is refused or failed: one JSON object that says what and, where there is one, which parameter.
///
///     {"error": "speed is a number from 0.25 to 4", "code": "invalid_parameter", "parameter": "speed"}
///
/// `error` is a string because clients of the system this one replaces read it as one; with status 422 they read a list
/// `detail` of `{loc, msg, type}`, which is there as well.
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
    /// Where the parameter stands: `body`, `query` or `header`.
    package var location = "body"
    /// Further members of the object, by name.
    package var members: [String: String] = [:]

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

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// One entry of the list by which the system this one replaces says what is invalid.
    private struct Detail: Encodable {
        var loc: [String]
        var msg: String
        var type: String
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(message, forKey: Key("error"))
        try container.encode(code, forKey: Key("code"))
        try container.encodeIfPresent(parameter, forKey: Key("parameter"))
        if status == .unprocessableContent {
            let place = [location] + (parameter.map { [$0] } ?? [])
            try container.encode([Detail(loc: place, msg: message, type: code)], forKey: Key("detail"))
        } else {
            try container.encodeIfPresent(detail, forKey: Key("detail"))
        }
        for (name, value) in members { try container.encode(value, forKey: Key(name)) }
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
