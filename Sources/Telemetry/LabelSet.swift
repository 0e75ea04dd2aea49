/// The labels of one series, in the order in which they are shown.
struct LabelSet: Hashable, Sendable, Comparable {
    /// Longest value kept; what is longer is cut, so that a value from outside cannot fill the memory.
    static let longestValue = 120

    let pairs: [Pair]

    /// A name and a value.
    struct Pair: Hashable, Sendable {
        var name: String
        var value: String
    }

    static let none = LabelSet([])

    /// - Parameter dimensions: names, made valid here, and values; the last of a name wins.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            values[MetricName.label(name)] = String(value.prefix(Self.longestValue))
        }
        pairs = values.sorted { $0.key < $1.key }.map { Pair(name: $0.key, value: $0.value) }
    }

    private init(pairs: [Pair]) { self.pairs = pairs }

    /// The same names, with all values lumped together.
    var lumped: LabelSet { LabelSet(pairs: pairs.map { Pair(name: $0.name, value: "other") }) }

    static func < (one: LabelSet, other: LabelSet) -> Bool {
        for (left, right) in zip(one.pairs, other.pairs) where left != right {
            return (left.name, left.value) < (right.name, right.value)
        }
        return one.pairs.count < other.pairs.count
    }
}

/// Names that Prometheus accepts: letters, digits and `_`, not first a digit; `:` is left to recording rules.
enum MetricName {
    /// A metric's name: any other character becomes `_`.
    static func metric(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            name.unicodeScalars.append(isPlain(scalar) ? scalar : "_")
        }
        guard let first = name.unicodeScalars.first else { return "_" }
        return ("0"..."9").contains(first) ? "_" + name : name
    }

    /// A label's name: as a metric's, and neither `le`, which belongs to histograms, nor with the two leading
    /// underscores that belong to Prometheus.
    static func label(_ text: String) -> String {
        let name = metric(text)
        if name == "le" { return "le_" }
        guard name.hasPrefix("__") else { return name }
        return "_" + name.drop { $0 == "_" }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
    }
}
