import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Telemetry
import Testing
import Transport
import VoiceServer

@Suite struct MetricsRouteTests {
    @Test func theMetricsAreServedAsPrometheusWantsThem() async throws {
        let registry = PrometheusRegistry()
        let metrics = ServerMetrics(registry: registry)
        let router = Router(context: TransportContext.self)
        MetricsRoute.add(to: router, registry: registry)
        metrics.failed(code: "not_found")
        try await Application(router: router).test(.router) { client in
            let answer = try await client.executeRequest(uri: "/metrics", method: .get, headers: [:], body: nil)
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let text = String(buffer: answer.body)
            #expect(
                text.contains("\n# TYPE rkvoice_errors_total counter\nrkvoice_errors_total{code=\"not_found\"} 1\n")
            )
            #expect(text.contains("\nprocess_open_fds "))
        }
    }
}
