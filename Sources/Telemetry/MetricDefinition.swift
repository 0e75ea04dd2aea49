/// What is known of a metric before anything is measured: name, kind, meaning, labels and buckets.
package struct MetricDefinition: Sendable, Hashable {
    /// The kinds of Prometheus' text format that are used here.
    package enum Kind: String, Sendable {
        /// Only grows.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts values by size.
        case histogram
    }

    /// Name as it is shown, with its base unit: `rkvoice_request_seconds`.
    package let name: String
    /// How its values are to be read.
    package let kind: Kind
    /// One sentence for a person.
    package let help: String
    /// Names of its labels.
    package let labels: [String]
    /// Upper bounds of a histogram's buckets, ascending, without the last one (`+Inf`).
    package let buckets: [Double]

    /// - Parameters:
    ///   - kind: how its values are to be read.
    ///   - name: name with its base unit; counters end in `_total`.
    ///   - help: one sentence for a person.
    ///   - labels: names of its labels.
    ///   - buckets: upper bounds of a histogram; nil takes those that fit the name's unit.
    package init(_ kind: Kind, _ name: String, _ help: String, labels: [String] = [], buckets: [Double]? = nil) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = kind == .histogram ? buckets ?? HistogramBuckets.fitting(name) : []
    }
}

/// Upper bounds of buckets for what a speech server measures.
package enum HistogramBuckets {
    /// From a cache hit to a long file, in seconds.
    package static let seconds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Real-time factors: computing time over sound, where 1 is the end of real time.
    package static let realTimeFactor = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5]
    /// From a short answer to the largest upload, in bytes.
    package static let bytes: [Double] = [256, 1024, 4096, 16384, 65536, 262_144, 1_048_576, 4_194_304, 33_554_432]
    /// For values of unknown unit.
    package static let plain: [Double] = [0.01, 0.1, 1, 10, 100, 1000, 10_000]

    /// Those that fit the unit at the end of a name.
    package static func fitting(_ name: String) -> [Double] {
        if name.hasSuffix("_seconds") { return seconds }
        if name.hasSuffix("_bytes") { return bytes }
        return name.hasSuffix("_rtf") ? realTimeFactor : plain
    }
}
