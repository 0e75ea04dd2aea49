import Synchronization

/// All series of one name.
final class MetricFamily: Sendable {
    let definition: MetricDefinition
    /// Most series kept apart.
    private let limit: Int
    private let overflow: MetricFamily?
    private let series = Mutex<[LabelSet: Series]>([:])

    /// A series of any kind.
    enum Series: Sendable {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)
    }

    /// - Parameters:
    ///   - definition: name, kind and buckets.
    ///   - limit: series kept apart; what comes later is counted in one whose labels are all `other`. 0 keeps none.
    ///   - overflow: counts the samples of that one, by the name of the metric.
    init(_ definition: MetricDefinition, limit: Int, overflow: MetricFamily?) {
        self.definition = definition
        self.limit = limit
        self.overflow = overflow
    }

    /// The series of these labels.
    func series(_ labels: LabelSet) -> Series {
        series.withLock { all in
            if let known = all[labels] { return known }
            let isTooMany = all.count >= limit && (limit == 0 || !labels.pairs.isEmpty)
            let place = isTooMany ? labels.lumped : labels
            if let known = all[place] { return known }
            let new = made(overflow: isTooMany ? overflowing : nil)
            all[place] = new
            return new
        }
    }

    /// Counts the samples of series that are lumped together.
    private var overflowing: CounterSeries? {
        guard case .counter(let counter) = overflow?.series(LabelSet([("metric", definition.name)])) else { return nil }
        return counter
    }

    private func made(overflow: CounterSeries?) -> Series {
        switch definition.kind {
        case .counter: .counter(CounterSeries(overflow: overflow))
        case .gauge: .gauge(GaugeSeries(overflow: overflow))
        case .histogram: .histogram(HistogramSeries(bounds: definition.buckets, overflow: overflow))
        }
    }

    /// Every series there is, by label.
    var sorted: [(labels: LabelSet, series: Series)] {
        series.withLock { $0.map { (labels: $0.key, series: $0.value) } }.sorted { $0.labels < $1.labels }
    }

    /// The names under which its samples are shown, so that no other family takes them.
    var sampleNames: [String] { Self.sampleNames(definition.name, definition.kind) }

    static func sampleNames(_ name: String, _ kind: MetricDefinition.Kind) -> [String] {
        kind == .histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name]
    }
}
