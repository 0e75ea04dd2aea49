package import Hummingbird
package import VoiceConfiguration

/// What the middlewares tell, and ask, the server around them.
package struct MiddlewareHooks: Sendable {
    /// The answer to an error of the server's own kinds; nil for one it does not know.
    package var failure: @Sendable (any Error) -> HTTPFailure?
    /// A request was refused or failed: the code of its answer.
    package var onFailure: @Sendable (_ code: String) -> Void
    /// An answer ended: pattern of the route, method, status, seconds.
    package var onFinished: @Sendable (_ route: String, _ method: String, _ status: Int, _ seconds: Double) -> Void

    /// - Parameters:
    ///   - failure: the answer to an error; nil for one it does not know.
    ///   - onFailure: told the code of a refusal or failure.
    ///   - onFinished: told route, method, status and seconds of every answer.
    package init(
        failure: @escaping @Sendable (any Error) -> HTTPFailure? = { _ in nil },
        onFailure: @escaping @Sendable (_ code: String) -> Void = { _ in },
        onFinished: @escaping @Sendable (String, String, Int, Double) -> Void = { _, _, _, _ in }
    ) {
        self.failure = failure
        self.onFailure = onFailure
        self.onFinished = onFinished
    }
}

/// What every request goes through before its route, in the right order.
package struct Middlewares: Sendable {
    /// Learns the routes once they are added, so that a wrong method is answered as such.
    package let routes = RouteTable()
    /// The same rules for WebSockets.
    package let sockets: SocketGuard
    private let configuration: LiveConfiguration
    private let hooks: MiddlewareHooks

    /// - Parameters:
    ///   - configuration: read for every request, so that a reload applies at once.
    ///   - hooks: what is told and asked.
    ///   - limiter: counts the requests of each client.
    package init(
        configuration: LiveConfiguration,
        hooks: MiddlewareHooks = MiddlewareHooks(),
        limiter: RateLimiter = RateLimiter()
    ) {
        self.configuration = configuration
        self.hooks = hooks
        sockets = SocketGuard(configuration: configuration, keys: LiveAPIKeys(), limiter: limiter)
    }

    /// A router that has them all, with the routes that a closure adds.
    ///
    /// From the outside in: a name, who it is, the log (which sees the final answer), headers for browsers, the mark of a simulation, CORS (which
    /// answers preflights before any key is asked for), errors into JSON (so that refusals from here on are in the
    /// log and readable to a listed origin), then the checks, the cheap ones first.
    ///
    /// - Parameters:
    ///   - options: options of the router; HEAD is answered wherever GET is (RFC 9110, 9.1).
    ///   - add: adds the routes.
    /// - Returns: the router.
    package func router(
        options: RouterOptions = .autoGenerateHeadEndpoints,
        _ add: (Router<TransportContext>) -> Void
    ) -> Router<TransportContext> {
        let router = Router(context: TransportContext.self, options: options)
        router.add(middleware: RequestNaming())
        router.add(middleware: ClientIdentity(configuration: configuration, keys: sockets.keys))
        router.add(middleware: AccessLog(hooks: hooks))
        router.add(middleware: SecurityHeaders(configuration: configuration))
        router.add(middleware: SimulationMark(configuration: configuration))
        router.add(middleware: OriginSharing(configuration: configuration))
        router.add(middleware: ErrorAnswers(routes: routes, hooks: hooks))
        router.add(middleware: HostCheck(configuration: configuration))
        router.add(middleware: OriginCheck(configuration: configuration))
        router.add(
            middleware: KeyCheck(configuration: configuration, keys: sockets.keys, limiter: sockets.limiter)
        )
        router.add(middleware: RateLimit(configuration: configuration, limiter: sockets.limiter))
        add(router)
        routes.learn(router, hasHead: options.contains(.autoGenerateHeadEndpoints))
        return router
    }
}
