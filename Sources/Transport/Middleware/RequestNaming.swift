package import HTTPTypes
import Hummingbird
import Logging

/// Gives every request a name, which its answer, its errors and its log lines carry.
struct RequestNaming: RouterMiddleware {
    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = RequestID.of(request.headers)
        context.logger[metadataKey: "request.id"] = .string(context.requestID)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }
}

/// Names of requests.
package enum RequestID {
    /// Longest name taken from a client.
    static let longest = 128

    /// The client's own name for a request if it is sound, else a new one.
    ///
    /// Sound are 1 to 128 ASCII letters, digits, `.`, `_` and `-`: such a name forges no line of a log.
    package static func of(_ headers: HTTPFields) -> String {
        guard let name = headers[.requestID], isSound(name) else { return new() }
        return name
    }

    static func isSound(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// 32 hexadecimal digits at random.
    private static func new() -> String {
        Hexadecimal.digits((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}

/// Bytes as text.
enum Hexadecimal {
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }, as: UTF8.self)
    }
}
