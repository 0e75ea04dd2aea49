import Synchronization

/// Everything counted and measured, shown as Prometheus text (version 0.0.4).
///
/// A factory for swift-metrics: counters, gauges (meters, and recorders that do not aggregate) and histograms (timers,
/// in seconds, and recorders). Names that Prometheus does not accept are made valid. Memory is bounded: a family keeps
/// a number of series apart and counts further samples under `other`; `telemetry_overflow_total` tells how many.
package final class PrometheusRegistry: Sendable {
    private let seriesLimit: Int
    private let familyLimit: Int
    private let families = Mutex(Families())
    private let overflow: MetricFamily

    /// What is asked for: a name as given, and a kind.
    private struct Key: Hashable {
        var name: String
        var kind: MetricDefinition.Kind
    }

    private struct Families {
        var byKey: [Key: MetricFamily] = [:]
        /// Names of samples that are taken.
        var names: Set<String> = []
    }

    /// - Parameters:
    ///   - seriesLimit: series that a family keeps apart.
    ///   - familyLimit: names kept apart.
    package init(seriesLimit: Int = 200, familyLimit: Int = 256) {
        self.seriesLimit = seriesLimit
        self.familyLimit = familyLimit
        let definition = MetricDefinition(
            .counter,
            "telemetry_overflow_total",
            "Samples counted under the label value other, because their metric has too many series.",
            labels: ["metric"]
        )
        overflow = MetricFamily(definition, limit: familyLimit + 1, overflow: nil)
        families.withLock { _ = $0.names.insert(definition.name) }
    }

    /// Gives names their meaning and their buckets. Those without labels are shown as 0 from the start.
    package func declare(_ definitions: [MetricDefinition]) {
        for definition in definitions {
            let family = family(definition.name, definition.kind, definition)
            if definition.labels.isEmpty { _ = family.series(.none) }
        }
    }

    /// The exposition: `HELP` and `TYPE` of each family by name, its samples sorted by label, then the process itself.
    package func render() -> String {
        let all = families.withLock { Array($0.byKey.values) } + [overflow]
        var exposition = Exposition()
        for family in all.sorted(by: { $0.definition.name < $1.definition.name }) { exposition.write(family) }
        if let process = ProcessStatistics.current() { process.write(to: &exposition) }
        return exposition.text
    }

    /// The family of a name, made when it is new.
    func family(
        _ name: String,
        _ kind: MetricDefinition.Kind,
        _ declared: MetricDefinition? = nil
    ) -> MetricFamily {
        families.withLock { families in
            let key = Key(name: name, kind: kind)
            if let known = families.byKey[key] { return known }
            guard families.byKey.count < familyLimit else {
                // Nobody sees its samples; the counter tells that there are some.
                let lost = MetricDefinition(kind, "other", "")
                return MetricFamily(lost, limit: 0, overflow: overflow)
            }
            var shown = MetricName.metric(name)
            while MetricFamily.sampleNames(shown, kind).contains(where: families.names.contains) {
                shown += "_\(kind.rawValue)"
            }
            let definition = MetricDefinition(
                kind,
                shown,
                declared?.help ?? "",
                labels: declared?.labels ?? [],
                buckets: declared?.buckets
            )
            let new = MetricFamily(definition, limit: seriesLimit, overflow: overflow)
            families.byKey[key] = new
            families.names.formUnion(new.sampleNames)
            return new
        }
    }
}
