/// Prometheus' text format, version 0.0.4.
///
/// Source: the exposition formats of Prometheus' documentation, "Text-based format".
struct Exposition {
    private(set) var text = ""

    /// Writes one family; nothing for a family without series.
    mutating func write(_ family: MetricFamily) {
        let series = family.sorted
        guard !series.isEmpty else { return }
        let definition = family.definition
        head(definition)
        for (labels, series) in series {
            switch series {
            case .counter(let counter): sample(definition.name, labels, counter.value)
            case .gauge(let gauge): sample(definition.name, labels, gauge.value)
            case .histogram(let histogram): buckets(definition.name, labels, histogram)
            }
        }
    }

    /// Writes a family of one number without labels.
    mutating func write(_ definition: MetricDefinition, _ value: Double) {
        head(definition)
        sample(definition.name, .none, value)
    }

    private mutating func head(_ definition: MetricDefinition) {
        if !definition.help.isEmpty {
            text += "# HELP \(definition.name) \(Self.escaped(definition.help, quotes: false))\n"
        }
        text += "# TYPE \(definition.name) \(definition.kind.rawValue)\n"
    }

    private mutating func buckets(_ name: String, _ labels: LabelSet, _ histogram: HistogramSeries) {
        let snapshot = histogram.snapshot
        var count: UInt64 = 0
        for (bound, more) in zip(histogram.bounds + [.infinity], snapshot.counts) {
            count += more
            sample(name + "_bucket", labels, Double(count), le: bound)
        }
        sample(name + "_sum", labels, snapshot.sum)
        sample(name + "_count", labels, Double(count))
    }

    private mutating func sample(_ name: String, _ labels: LabelSet, _ value: Double, le bound: Double? = nil) {
        var pairs = labels.pairs.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
        if let bound { pairs.append("le=\"\(Self.number(bound))\"") }
        text += pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}"
        text += " \(Self.number(value))\n"
    }

    /// A number as Go's `ParseFloat` reads it; whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // 2^53: up to here every whole number is exact.
        guard value == value.rounded(), abs(value) <= 9_007_199_254_740_992 else { return value.description }
        return String(Int64(value))
    }

    /// Backslash and line feed are escaped everywhere, quotation marks in the values of labels.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
