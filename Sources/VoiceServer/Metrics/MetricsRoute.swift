package import Hummingbird
package import Telemetry
package import Transport

/// `GET /metrics`.
package enum MetricsRoute {
    /// Adds the route to a router.
    ///
    /// - Parameters:
    ///   - router: gets the route.
    ///   - registry: what is shown.
    package static func add(to router: Router<TransportContext>, registry: PrometheusRegistry) {
        router.get("/metrics") { _, _ in
            // Prometheus' documentation, "Exposition formats".
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return Response(
                status: .ok,
                headers: [.contentType: type],
                body: .init(byteBuffer: ByteBuffer(string: registry.render()))
            )
        }
    }
}
