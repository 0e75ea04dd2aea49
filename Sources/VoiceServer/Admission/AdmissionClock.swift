/// Time as admission sees it; tests bring their own.
package struct AdmissionClock: Sendable {
    /// Seconds since some moment; never goes back.
    package var now: @Sendable () -> Double
    /// Waits for some seconds, or throws when the task is cancelled.
    package var sleep: @Sendable (Double) async throws -> Void

    /// - Parameters:
    ///   - now: seconds since some moment.
    ///   - sleep: waits for some seconds.
    package init(
        now: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Double) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The clock of the machine.
    package static var system: AdmissionClock {
        let start = ContinuousClock.now
        return AdmissionClock(
            now: { (ContinuousClock.now - start) / .seconds(1) },
            sleep: { try await Task.sleep(for: .seconds($0)) }
        )
    }
}
