/// The latency of many turns, step by step: what a benchmark of dialogues prints, and writes as JSON.
package struct LatencyFigures: Sendable, Encodable {
    /// Numbers in order, asked for by their share (nearest rank).
    package struct Spread: Sendable, Encodable, Equatable {
        /// Milliseconds that half of the turns took at most.
        package var p50: Double
        /// The same for 95 of 100 turns.
        package var p95: Double
        /// The same for 99 of 100 turns.
        package var p99: Double
        /// Turns in which the step happened.
        package var count: Int

        /// - Parameter values: milliseconds, in any order.
        package init(_ values: [Double]) {
            let sorted = values.sorted()
            func at(_ share: Double) -> Double {
                guard !sorted.isEmpty else { return 0 }
                return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
            }
            (p50, p95, p99, count) = (at(0.5), at(0.95), at(0.99), sorted.count)
        }
    }

    /// Turns kept; a benchmark has fewer, and a server that runs for months must not grow.
    private static let limit = 100_000

    private var values: [TurnLatency.Step: [Double]] = [:]
    /// Turns that ended as done, were cancelled, and failed.
    package private(set) var done = 0
    package private(set) var cancelled = 0
    package private(set) var failed = 0

    package init() {}

    /// Adds a turn that has ended.
    /// - Parameters:
    ///   - latency: its steps.
    ///   - outcome: how it ended; only steps of turns that are done count.
    package mutating func add(_ latency: TurnLatency, _ outcome: TurnReport.Outcome) {
        switch outcome {
        case .cancelled: cancelled += 1
        case .failed: failed += 1
        case .done:
            done += 1
            guard done <= Self.limit else { return }
            for step in TurnLatency.Step.allCases {
                guard let length = latency.length(of: step) else { continue }
                values[step, default: []].append(length.milliseconds)
            }
        }
    }

    /// How long a step took; nil where it never happened.
    package func spread(of step: TurnLatency.Step) -> Spread? { values[step].map(Spread.init) }

    private enum CodingKeys: String, CodingKey { case done, cancelled, failed, milliseconds }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(done, forKey: .done)
        try container.encode(cancelled, forKey: .cancelled)
        try container.encode(failed, forKey: .failed)
        let spreads = values.map { ($0.key.rawValue, Spread($0.value)) }
        try container.encode(Dictionary(uniqueKeysWithValues: spreads), forKey: .milliseconds)
    }
}
