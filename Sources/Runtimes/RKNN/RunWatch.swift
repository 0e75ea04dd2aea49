import Synchronization

/// Gives runs up that take too long.
///
/// One timer for all runs of a runtime: one for each would wake another thread for every run, which costs more than the
/// whole of the layer otherwise does.
final class RunWatch: Sendable {
    private struct Entry {
        let deadline: ContinuousClock.Instant
        let run: RKNNRun
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var isWatching = false
    }

    let timeout: Duration
    private let state = Mutex(State())

    /// - Parameter timeout: after which a run is given up, at most a twentieth later.
    init(timeout: Duration) { self.timeout = timeout }

    /// Watches a run until it is removed.
    func add(_ run: RKNNRun) {
        let entry = Entry(deadline: .now + timeout, run: run)
        let begins = state.withLock { state in
            state.entries[ObjectIdentifier(run)] = entry
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if begins { Task.detached { await self.watch() } }
    }

    /// The run is back.
    func remove(_ run: RKNNRun) { state.withLock { _ = $0.entries.removeValue(forKey: ObjectIdentifier(run)) } }

    private func watch() async {
        let pause = max(timeout / 20, .milliseconds(1))
        while true {
            try? await Task.sleep(for: pause)
            let now = ContinuousClock.now
            let late: [RKNNRun]? = state.withLock { state in
                state.isWatching = !state.entries.isEmpty
                guard state.isWatching else { return nil }
                let late = state.entries.values.filter { $0.deadline <= now }.map(\.run)
                for run in late { state.entries.removeValue(forKey: ObjectIdentifier(run)) }
                return late
            }
            guard let late else { return }
            for run in late { run.expire() }
        }
    }
}
