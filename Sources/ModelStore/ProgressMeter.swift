import Synchronization

/// Turns byte counts into progress values with a rate.
final class ProgressMeter: Sendable {
    /// Seconds of history behind a rate: long enough to be steady, short enough to follow a line that slows down.
    private static let window = Duration.seconds(5)

    /// Less history than this makes wild guesses of the time that is left.
    private static let minimumSpan = Duration.seconds(1)

    private struct State {
        var current: StoreProgress
        var samples: [(time: ContinuousClock.Instant, bytes: Int64)] = []
    }

    private let state: Mutex<State>
    private let handler: ProgressHandler

    init(id: String, handler: @escaping ProgressHandler) {
        state = Mutex(State(current: StoreProgress(id: id, phase: .waiting, detail: "")))
        self.handler = handler
    }

    /// Starts a phase, or a further item of the same phase.
    func begin(_ phase: StoreProgress.Phase, _ detail: String, total: Int64 = 0) {
        let value = state.withLock { state in
            state.current = StoreProgress(id: state.current.id, phase: phase, detail: detail, total: total)
            state.samples = []
            return state.current
        }
        handler(value)
    }

    /// Says how many bytes of the phase are done.
    func update(_ completed: Int64, at time: ContinuousClock.Instant = .now) {
        let value = state.withLock { state in
            state.current.completed = state.current.total > 0 ? min(completed, state.current.total) : completed
            state.samples.append((time, state.current.completed))
            state.samples.removeAll { $0.time < time - Self.window }
            state.current.rate = Self.rate(state.samples)
            return state.current
        }
        handler(value)
    }

    /// Replaces the text beside the phase.
    func say(_ detail: String) {
        let value = state.withLock { state -> StoreProgress? in
            guard state.current.detail != detail else { return nil }
            state.current.detail = detail
            return state.current
        }
        if let value { handler(value) }
    }

    private static func rate(_ samples: [(time: ContinuousClock.Instant, bytes: Int64)]) -> Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= minimumSpan else {
            return nil
        }
        return Double(last.bytes - first.bytes) / ((last.time - first.time) / .seconds(1))
    }
}
