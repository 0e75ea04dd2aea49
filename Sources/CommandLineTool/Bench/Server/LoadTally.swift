/// What one exchange with a server gave, or the same work without one.
struct LoadOutcome: Sendable {
    var figures: [LoadFigure: Double] = [:]
    /// Milliseconds of the steps of a dialogue, as the server tells them.
    var steps: [String: Double] = [:]
    /// What was said, and what was understood.
    var heard: (said: String, understood: String)?
    /// Something that leaves a figure out.
    var mishap: Mishap?

    enum Mishap: String, Sendable, CaseIterable {
        /// The server had too much to do.
        case refused
        /// It took a pause within what was said for its end.
        case cutShort
        /// It heard nothing, so there was no answer.
        case unanswered
    }
}

/// What many exchanges gave.
struct LoadTally: Sendable {
    private(set) var served: [LoadFigure: [Double]] = [:]
    /// The same work in this process, without a server.
    private(set) var direct: [LoadFigure: [Double]] = [:]
    private(set) var steps: [String: [Double]] = [:]
    /// By measure: what was said, and what was understood.
    private(set) var heard: [String: [(said: String, understood: String)]] = [:]
    private(set) var mishaps: [LoadOutcome.Mishap: Int] = [:]
    /// Measures for which there was no time.
    private(set) var leftOut: [String] = []

    /// Adds what a server gave.
    /// - Parameters:
    ///   - outcome: of one exchange.
    ///   - measure: its name.
    mutating func add(_ outcome: LoadOutcome, _ measure: String) {
        for (figure, value) in outcome.figures { served[figure, default: []].append(value) }
        for (step, value) in outcome.steps { steps[step, default: []].append(value) }
        if let texts = outcome.heard { heard[measure, default: []].append(texts) }
        if let mishap = outcome.mishap { mishaps[mishap, default: 0] += 1 }
    }

    /// Adds what the same work gave without a server.
    mutating func addDirect(_ outcome: LoadOutcome) {
        for (figure, value) in outcome.figures { direct[figure, default: []].append(value) }
    }

    /// Notes that there was no time for a measure.
    mutating func leaveOut(_ measure: String) { leftOut.append(measure) }
}
