package import Metrics

/// What swift-metrics asks of a factory. Names get the ending that Prometheus expects: `_total` for counters,
/// `_seconds` for timers.
extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label.hasSuffix("_seconds") ? label : label + "_seconds", dimensions)
    }

    // A series that went away and came back would look like a restart, and what there is is bounded: nothing is
    // destroyed.

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ name: String, _ labels: [(String, String)]) -> CounterSeries {
        let name = name.hasSuffix("_total") ? name : name + "_total"
        guard case .counter(let series) = family(name, .counter).series(LabelSet(labels)) else {
            return CounterSeries()
        }
        return series
    }

    private func gauge(_ name: String, _ labels: [(String, String)]) -> GaugeSeries {
        guard case .gauge(let series) = family(name, .gauge).series(LabelSet(labels)) else { return GaugeSeries() }
        return series
    }

    private func histogram(_ name: String, _ labels: [(String, String)]) -> HistogramSeries {
        guard case .histogram(let series) = family(name, .histogram).series(LabelSet(labels)) else {
            return HistogramSeries(bounds: [])
        }
        return series
    }
}
