package import HTTPTypes
import VoiceConfiguration

/// The checks of a request, for the handshake of a WebSocket.
package struct SocketGuard: Sendable {
    private let configuration: LiveConfiguration
    let keys: LiveAPIKeys
    let limiter: RateLimiter

    init(configuration: LiveConfiguration, keys: LiveAPIKeys, limiter: RateLimiter) {
        self.configuration = configuration
        self.keys = keys
        self.limiter = limiter
    }

    /// Checks host, origin, key and rate, in that order.
    ///
    /// A handshake that is refused here goes on as an ordinary request, which the same rules answer; only a key in
    /// `?token=` is not looked at there, and the rate is not counted twice.
    ///
    /// - Parameter handshake: the request for a WebSocket.
    /// - Returns: who it counts for (``TransportContext/client``).
    /// - Throws: 400 `missing_host`, 421 `misdirected_host`, 403 `forbidden_origin`, 401 `unauthorized`,
    ///   429 `rate_limited`.
    package func check(_ handshake: WebSocketHandshake) throws(HTTPFailure) -> String {
        try check(
            host: handshake.authority,
            headers: handshake.headers,
            query: handshake.query,
            remoteAddress: handshake.remoteAddress
        )
    }

    /// The same for a handshake in parts.
    package func check(
        host: String?,
        headers: HTTPFields,
        query: [String: String],
        remoteAddress: String
    ) throws(HTTPFailure) -> String {
        let settings = configuration.current
        // RFC 6455, 4.2.1: a handshake has one; without it nothing could be checked.
        guard let host else {
            throw HTTPFailure(.badRequest, "missing_host", "the handshake of a WebSocket needs the header Host")
        }
        try HostCheck.check(host, settings.server)
        try OriginCheck.check(headers[.origin], host: host, settings.server)
        let verdict = keys.keys(settings.server.apiKeys).check(headers: headers, query: query)
        let client = ClientIdentity.client(verdict, address: remoteAddress)
        // A refused handshake is counted when it comes as an ordinary request.
        guard verdict != .refused else { throw KeyCheck.failure }
        try limiter.take(client, settings.limits)
        return client
    }
}
