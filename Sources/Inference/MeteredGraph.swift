import Synchronization

/// Time spent per stage; shared by the graphs of one model.
package final class StageClock: Sendable {
    private let totals = Mutex<[String: Duration]>([:])

    package init() {}

    /// Adds to a stage.
    package func add(_ duration: Duration, to stage: String) {
        totals.withLock { $0[stage, default: .zero] += duration }
    }

    /// Milliseconds per stage since the clock was made.
    package var milliseconds: [String: Double] { totals.withLock { $0.mapValues { $0 / .milliseconds(1) } } }
}

/// Passes runs on and adds what they took to a clock that the caller's task carries, and to a trace.
package struct MeteredGraph: Graph {
    /// The clock of the current task, if somebody wants to know.
    @TaskLocal package static var clock: StageClock?

    private let stage: String
    private let graph: any Graph
    private let trace: Trace?

    /// - Parameters:
    ///   - graph: what runs.
    ///   - stage: what its time is counted as.
    ///   - trace: where each run is noted down as well.
    package init(_ graph: any Graph, stage: String, trace: Trace? = nil) {
        self.graph = graph
        self.stage = stage
        self.trace = trace
    }

    package var name: String { graph.name }
    package var inputs: [TensorSpec] { graph.inputs }
    package var optionalInputs: [TensorSpec] { graph.optionalInputs }
    package var outputs: [TensorSpec] { graph.outputs }

    package var frameSizes: [Int]? { graph.frameSizes }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        let clock = Self.clock
        if clock == nil, trace == nil { return try await graph.run(inputs) }
        let start = ContinuousClock.now
        defer {
            let duration = ContinuousClock.now - start
            clock?.add(duration, to: stage)
            trace?.add(stage: stage, start: start, ran: duration)
        }
        return try await graph.run(inputs)
    }
}
