import Foundation

/// Where the time of an answer went, for the header `Server-Timing` (W3C Server Timing).
///
///     queue;dur=1.2, tts;dur=180.4, decoder;dur=120
package struct ServerTiming: Sendable, Hashable {
    private var entries: [Entry] = []

    private struct Entry: Sendable, Hashable {
        var name: String
        var milliseconds: Double
    }

    package init() {}

    /// - Parameters:
    ///   - queueSeconds: how long the request waited for its turn; nil where it needed none.
    ///   - stageMilliseconds: milliseconds by stage; shown in the order of their names.
    package init(queueSeconds: Double?, stageMilliseconds: [String: Double] = [:]) {
        if let queueSeconds { add("queue", milliseconds: queueSeconds * 1000) }
        for (stage, spent) in stageMilliseconds.sorted(by: { $0.key < $1.key }) { add(stage, milliseconds: spent) }
    }

    /// Adds an entry at the end. What is no number is left out.
    ///
    /// - Parameters:
    ///   - name: what took the time; characters that no token of HTTP may have (RFC 9110, 5.6.2) become `-`.
    ///   - milliseconds: how long.
    package mutating func add(_ name: String, milliseconds: Double) {
        guard milliseconds.isFinite, !name.isEmpty else { return }
        let token = String(name.unicodeScalars.map { Self.isToken($0) ? Character($0) : "-" })
        entries.append(Entry(name: token, milliseconds: milliseconds))
    }

    /// The value of the header; nil when there is nothing to say.
    package var header: String? {
        guard !entries.isEmpty else { return nil }
        return entries.map { "\($0.name);dur=\(Self.number($0.milliseconds))" }.joined(separator: ", ")
    }

    /// A tenth of a millisecond is as fine as it gets.
    private static func number(_ milliseconds: Double) -> String {
        let text = String(format: "%.1f", milliseconds)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
    }
}
