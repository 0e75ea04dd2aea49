import Metrics
import Telemetry
import Testing

/// What Prometheus reads, to the letter. The exposition ends with the process's own numbers, which are left out here.
@Suite struct PrometheusRegistryTests {
    let registry = PrometheusRegistry()

    private func text(_ registry: PrometheusRegistry) -> String {
        let lines = registry.render().split(separator: "\n", omittingEmptySubsequences: false)
        return lines.filter { !$0.contains("process_") }.joined(separator: "\n")
    }

    @Test func countersAreShownByNameAndSortedByLabel() {
        registry.declare([
            MetricDefinition(.counter, "requests_total", "Requests answered.", labels: ["route", "status"]),
            MetricDefinition(.counter, "idle_total", "Nothing yet."),
        ])
        Counter(label: "requests_total", dimensions: [("status", "200"), ("route", "/tts")], factory: registry)
            .increment(by: 3)
        Counter(label: "requests_total", dimensions: [("route", "/asr"), ("status", "200")], factory: registry)
            .increment()
        FloatingPointCounter(
            label: "requests_total",
            dimensions: [("route", "/tts"), ("status", "200")],
            factory: registry
        )
        .increment(by: 0.5)
        #expect(
            text(registry) == """
                # HELP idle_total Nothing yet.
                # TYPE idle_total counter
                idle_total 0
                # HELP requests_total Requests answered.
                # TYPE requests_total counter
                requests_total{route="/asr",status="200"} 1
                requests_total{route="/tts",status="200"} 3.5

                """
        )
    }

    @Test func histogramsCumulateAndEndWithInfinity() {
        registry.declare([
            MetricDefinition(.histogram, "wait_seconds", "Waiting.", labels: ["kind"], buckets: [0.1, 1])
        ])
        for value in [0.1, 0.25, 7, .nan, .infinity] {
            Recorder(label: "wait_seconds", dimensions: [("kind", "tts")], factory: registry).record(value)
        }
        Timer(label: "wait_seconds", dimensions: [("kind", "tts")], factory: registry).recordNanoseconds(500_000_000)
        #expect(
            text(registry) == """
                # HELP wait_seconds Waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{kind="tts",le="0.1"} 1
                wait_seconds_bucket{kind="tts",le="1"} 3
                wait_seconds_bucket{kind="tts",le="+Inf"} 4
                wait_seconds_sum{kind="tts"} 7.85
                wait_seconds_count{kind="tts"} 4

                """
        )
    }

    @Test func gaugesGoUpAndDown() {
        let meter = Meter(label: "streams", factory: registry)
        meter.increment()
        meter.increment(by: 2.0)
        meter.decrement()
        Gauge(label: "level", factory: registry).record(-0.25)
        #expect(text(registry) == "# TYPE level gauge\nlevel -0.25\n# TYPE streams gauge\nstreams 2\n")
    }

    @Test func strangeNamesAndValuesAreMadeValid() {
        registry.declare([MetricDefinition(.counter, "odd_total", #"A \ and"# + "\na line.", labels: ["why"])])
        Counter(label: "odd_total", dimensions: [("why", "a \"b\"\nc\\d")], factory: registry).increment()
        Counter(
            label: "http.server-requests",
            dimensions: [("le", "1"), ("__id", "2"), ("9é", "3")],
            factory: registry
        )
        .increment()
        Timer(label: "9lives", factory: registry).recordNanoseconds(0)
        let shown = text(registry)
        #expect(shown.contains(#"# HELP odd_total A \\ and\na line."#))
        #expect(shown.contains(#"odd_total{why="a \"b\"\nc\\d"} 1"#))
        #expect(shown.contains(#"http_server_requests_total{_9_="3",_id="2",le_="1"} 1"#))
        #expect(shown.contains("_9lives_seconds_count 1"))
    }

    @Test func aNameOfAnotherKindGetsItsOwnName() {
        Meter(label: "load", factory: registry).set(1)
        Recorder(label: "load", factory: registry).record(1)
        #expect(text(registry).contains("\nload 1\n"))
        #expect(text(registry).contains("\nload_histogram_count 1\n"))
    }

    @Test func seriesBeyondTheLimitAreCountedTogether() {
        let registry = PrometheusRegistry(seriesLimit: 2)
        for id in 0..<5 {
            Counter(label: "hits_total", dimensions: [("client", "\(id)")], factory: registry).increment()
        }
        Counter(label: "hits_total", dimensions: [("client", "1")], factory: registry).increment()
        #expect(
            text(registry) == """
                # TYPE hits_total counter
                hits_total{client="0"} 1
                hits_total{client="1"} 2
                hits_total{client="other"} 3
                # HELP telemetry_overflow_total Samples counted under the label value other, because their metric has \
                too many series.
                # TYPE telemetry_overflow_total counter
                telemetry_overflow_total{metric="hits_total"} 3

                """
        )
    }

    @Test func namesBeyondTheLimitAreCountedAsLost() {
        let registry = PrometheusRegistry(familyLimit: 2)
        for id in 0..<4 { Meter(label: "m\(id)", factory: registry).set(1) }
        let shown = text(registry)
        #expect(shown.contains("\nm1 1\n"))
        #expect(!shown.contains("m2"))
        #expect(shown.contains("telemetry_overflow_total{metric=\"other\"} 2\n"))
    }

    @Test func nothingIsLostBetweenThreads() async {
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for index in 0..<2000 {
                        let labels = [("lane", "\(index % 4)")]
                        Counter(label: "steps_total", dimensions: labels, factory: registry).increment()
                        Recorder(label: "size", dimensions: labels, factory: registry).record(0.5)
                    }
                }
            }
        }
        for lane in 0..<4 {
            #expect(text(registry).contains("\nsteps_total{lane=\"\(lane)\"} 4000\n"))
            #expect(text(registry).contains("\nsize_bucket{lane=\"\(lane)\",le=\"+Inf\"} 4000\n"))
            #expect(text(registry).contains("\nsize_sum{lane=\"\(lane)\"} 2000\n"))
        }
    }
}
