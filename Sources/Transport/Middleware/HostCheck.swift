import Foundation
import HTTPTypes
import Hummingbird
import VoiceConfiguration

/// Refuses requests that are meant for another host.
///
/// A page of the web can give its own name this machine's address (DNS rebinding), and a browser then takes the server
/// for a part of that page. Its requests still carry the page's name in `Host`, so a server bound to loopback answers
/// to loopback's names only, with its own port or none. A server bound elsewhere has names that only its operator
/// knows: it checks once `server.allowedHosts` lists them.
struct HostCheck: RouterMiddleware {
    let configuration: LiveConfiguration

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        // A request of HTTP/1.0 may come without, and no browser sends such a one.
        if let host = request.head.authority { try Self.check(host, configuration.current.server) }
        return try await next(request, context)
    }

    /// - Parameters:
    ///   - host: the header `Host`.
    ///   - server: the settings in force.
    /// - Throws: 421 `misdirected_host`.
    static func check(_ host: String, _ server: Configuration.Server) throws(HTTPFailure) {
        let bound = HostName(server.host)
        guard bound?.isLoopback == true || !server.allowedHosts.isEmpty else { return }
        guard let asked = HostName(host) else { throw failure(host) }
        let isOwn = asked.isLoopback || asked.name == bound?.name
        if isOwn, asked.port == nil || asked.port == server.port || server.port == 0 { return }
        let isAllowed = server.allowedHosts.contains { text in
            guard let allowed = HostName(text) else { return false }
            return allowed.name == asked.name && (allowed.port == nil || allowed.port == asked.port)
        }
        guard isAllowed else { throw failure(host) }
    }

    private static func failure(_ host: String) -> HTTPFailure {
        HTTPFailure(
            .misdirectedRequest,
            "misdirected_host",
            "this server does not answer to the name \(host.prefix(100)); server.allowed_hosts can list it"
        )
    }
}

/// Refuses what a page of another site asks a server that has no keys.
///
/// Browsers let any page open a WebSocket, and post some forms, to any address; only CORS keeps it from reading plain
/// answers, and nothing keeps it from using a WebSocket (RFC 6455, 10.2). Where keys are in use, a page without a key
/// gets nowhere; where none are, the page has to come from the same host or be listed in `server.corsOrigins`.
/// Programs send no `Origin`. Ports are not compared: another port of the same host is no other site.
struct OriginCheck: RouterMiddleware {
    let configuration: LiveConfiguration

    func handle(
        _ request: Request,
        context: TransportContext,
        next: (Request, TransportContext) async throws -> Response
    ) async throws -> Response {
        let server = configuration.current.server
        try Self.check(request.headers[.origin], host: request.head.authority, server)
        return try await next(request, context)
    }

    /// - Parameters:
    ///   - origin: the header `Origin`.
    ///   - host: the header `Host`.
    ///   - server: the settings in force.
    /// - Throws: 403 `forbidden_origin`.
    static func check(_ origin: String?, host: String?, _ server: Configuration.Server) throws(HTTPFailure) {
        guard let origin, server.apiKeys.isEmpty else { return }
        let allowed = server.corsOrigins
        if allowed.contains("*") || allowed.contains(where: { $0.lowercased() == origin.lowercased() }) { return }
        if let end = origin.range(of: "://"), let page = HostName(String(origin[end.upperBound...])),
            let own = host.flatMap(HostName.init), page.name == own.name
        {
            return
        }
        throw HTTPFailure(
            .forbidden,
            "forbidden_origin",
            "pages of \(origin.prefix(100)) may not use this server; server.cors_origins can list them"
        )
    }
}
