import HTTPTypes
import Hummingbird
import Logging
import VoiceConfiguration

/// Says who a request counts for, before anything is decided about it: its key's digest, or its address.
struct ClientIdentity: RouterMiddleware {
    let configuration: LiveConfiguration
    let keys: LiveAPIKeys

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let verdict = keys.keys(configuration.current.server.apiKeys).check(headers: request.headers)
        context.client = Self.client(verdict, address: context.remoteAddress)
        context.logger[metadataKey: "client"] = .string(context.client)
        return try await next(request, context)
    }

    static func client(_ verdict: APIKeys.Verdict, address: String) -> String {
        if case .known(let client) = verdict { return client }
        return HostName.address(address)
    }
}

/// Refuses requests without a key, where keys are in use.
///
/// `/livez` and `/readyz` are open: an orchestrator that probes them has no key, and they say one word. `/health`,
/// `/capabilities` and `/metrics` tell what runs here and for whom, so they ask for one. A browser's preflight is
/// answered before, where CORS is on (Fetch standard: it carries no credentials). The page at `/` is open: a browser
/// that opens it has no key yet, and its files say nothing about the server.
struct KeyCheck: RouterMiddleware {
    let configuration: LiveConfiguration
    let keys: LiveAPIKeys
    let limiter: RateLimiter

    static let openPaths: Set<String> = ["/livez", "/readyz"]

    /// Whether a path belongs to the page.
    private static func isPage(_ path: String) -> Bool { path == "/" || path.hasPrefix("/page/") }

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        let settings = configuration.current
        if !Self.openPaths.contains(request.uri.path), !Self.isPage(request.uri.path),
            keys.keys(settings.server.apiKeys).check(headers: request.headers) == .refused
        {
            // Guessing has a price too.
            try limiter.take(context.client, settings.limits)
            throw Self.failure
        }
        return try await next(request, context)
    }

    /// The message does not say whether a key was missing or wrong.
    static let failure = HTTPFailure(
        .unauthorized,
        "unauthorized",
        "this server asks for an API key: send it as Authorization: Bearer KEY"
    )
}
