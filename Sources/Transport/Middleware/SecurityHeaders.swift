import HTTPTypes
import Hummingbird
import VoiceConfiguration

/// Tells browsers to do nothing with an answer but hand it over. What a route has set itself stays.
struct SecurityHeaders: RouterMiddleware {
    let configuration: LiveConfiguration

    /// Name, value, and why.
    private static let always: [(HTTPField.Name, String)] = [
        // Sound and JSON are what they say they are: nothing is to be guessed to be a page.
        (.xContentTypeOptions, "nosniff"),
        // Texts and transcripts are private: no proxy and no browser keeps them.
        (.cacheControl, "no-store"),
        // An address may hold a token.
        (.referrerPolicy, "no-referrer"),
        // An answer opened as a page loads nothing, runs nothing and is shown in nobody's frame.
        (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        // No page of another origin plays or shows an answer; one that CORS lets in does not ask this way.
        (.crossOriginResourcePolicy, "same-origin"),
    ]

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.always where !response.headers.contains(name) { response.headers[name] = value }
        let server = configuration.current.server
        // A browser that was here once uses TLS ever after. Not for loopback: all its ports share the promise, also
        // those of other programs (RFC 6797, 8.2 knows hosts only).
        if server.certificatePath != nil, server.keyPath != nil,
            request.head.authority.flatMap(HostName.init)?.isLoopback != true
        {
            response.headers[.strictTransportSecurity] = "max-age=31536000"
        }
        return response
    }
}
