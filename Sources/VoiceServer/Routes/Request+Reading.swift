import HTTPTypes
import Hummingbird
import Transport

extension Request {
    /// The query's parameters; a name without a value is the empty string. Of a repeated name the first counts.
    var query: [String: JSON] {
        var query: [String: JSON] = [:]
        for (name, value) in uri.queryParameters where query[String(name)] == nil {
            query[String(name)] = .string(String(value))
        }
        return query
    }

    /// Refuses a body that says it is something else than JSON.
    ///
    /// `application/x-www-form-urlencoded` is what curl says of every `-d`, so it says nothing; pages of other origins,
    /// which may send it unasked, are refused before.
    /// - Throws: 415 `unsupported_media_type`.
    func requireJSON() throws(HTTPFailure) {
        guard let type = headers[.contentType] else { return }
        let name = HeaderValue(type).name
        guard
            name == "application/json" || name.hasSuffix("+json") || name.isEmpty
                || name == "application/x-www-form-urlencoded"
        else {
            let message = "the body is said to be \(name.prefix(80)); send JSON with Content-Type: application/json"
            throw HTTPFailure(.unsupportedMediaType, "unsupported_media_type", message)
        }
    }

    /// The whole body.
    /// - Throws: 413 `body_too_large`.
    func bytes(atMost limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await eachPart(atMost: limit) { bytes += $0.readableBytesView }
        return bytes
    }

    /// Hands over the body as it comes.
    /// - Throws: 413 `body_too_large`, 415 `unsupported_media_type`, and what `take` throws.
    func eachPart(atMost limit: Int, _ take: (ByteBuffer) throws -> Void) async throws {
        let tooLarge = HTTPFailure(
            .contentTooLarge,
            "body_too_large",
            "the body is larger than the \(limit) bytes that are taken here"
        )
        // RFC 9110, 8.4: a body that is coded is not what it says it is until it is decoded, which nothing here does.
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        guard coding == "identity" else {
            let message = "the body is coded as \(coding.prefix(40)); send it as it is"
            throw HTTPFailure(.unsupportedMediaType, "unsupported_media_type", message)
        }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        var count = 0
        for try await part in body {
            count += part.readableBytes
            guard count <= limit else { throw tooLarge }
            try take(part)
        }
    }
}

extension HTTPField.Name {
    static let sampleRate = field("X-Sample-Rate")
    static let audioChannels = field("X-Audio-Channels")
    static let audioDuration = field("X-Audio-Duration")
    static let inferenceTime = field("X-Inference-Time")
    static let realTimeFactor = field("X-RTF")
    static let ignoredParameters = field("X-Ignored-Parameters")
    static let serverTiming = field("Server-Timing")
    static let deprecation = field("Deprecation")
    static let link = field("Link")

    /// A name that is a token for certain.
    private static func field(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .init(parsed: name) ?? .via
    }
}

extension Response {
    /// A JSON answer.
    init(_ status: HTTPResponse.Status = .ok, json: JSON, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
