import HTTPTypes
import Hummingbird
import VoiceConfiguration

/// Lets pages of listed origins read answers (CORS, in the Fetch standard). Off while `server.corsOrigins` is empty.
///
/// Credentials in the sense of the standard (cookies, client certificates) are never allowed: there are none here, an
/// API key is an ordinary header, and so `*` is safe to list.
struct OriginSharing: RouterMiddleware {
    let configuration: LiveConfiguration

    private static let methods = "GET, HEAD, POST, DELETE, OPTIONS"
    private static let requestHeaders = "Accept, Authorization, Content-Type, X-API-Key, X-Request-ID"
    private static let exposedHeaders = """
        X-Request-ID, X-Audio-Duration, X-Inference-Time, X-RTF, X-Sample-Rate, X-Audio-Channels, \
        X-Ignored-Parameters, Server-Timing, Retry-After, Content-Disposition
        """
    /// Ten minutes: long enough to spare preflights, short enough for a change to be seen.
    private static let preflightSeconds = "600"

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        let origins = configuration.current.server.corsOrigins
        guard !origins.isEmpty else { return try await next(request, context) }
        let allowed = request.headers[.origin].flatMap { Self.allowed($0, origins) }
        let isPreflight = request.method == .options && request.headers.contains(.accessControlRequestMethod)
        guard isPreflight, let allowed else {
            var response = try await next(request, context)
            Self.vary(&response, origins)
            if let allowed {
                response.headers[.accessControlAllowOrigin] = allowed
                response.headers[.accessControlExposeHeaders] = Self.exposedHeaders
            }
            return response
        }
        let headers: HTTPFields = [
            .accessControlAllowOrigin: allowed,
            .accessControlAllowMethods: Self.methods,
            .accessControlAllowHeaders: Self.requestHeaders,
            .accessControlMaxAge: Self.preflightSeconds,
        ]
        var response = Response(status: .noContent, headers: headers)
        // RFC 9110, 8.6: no length with 204.
        response.headers[.contentLength] = nil
        Self.vary(&response, origins)
        return response
    }

    /// What an origin is told; nil for one that is not listed.
    private static func allowed(_ origin: String, _ origins: [String]) -> String? {
        if origins.contains("*") { return "*" }
        return origins.contains { $0.lowercased() == origin.lowercased() } ? origin : nil
    }

    /// A cache must not give one origin's answer to another.
    private static func vary(_ response: inout Response, _ origins: [String]) {
        guard !origins.contains("*") else { return }
        response.headers[values: .vary].append("Origin")
    }
}
