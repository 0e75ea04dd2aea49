/// How far an installation is.
package struct StoreProgress: Sendable, Equatable {
    /// The steps, in order; not every installation has all of them.
    package enum Phase: String, Sendable, CaseIterable {
        /// Another process holds the lock.
        case waiting
        /// Python is being set up.
        case environment
        case downloading
        /// Hashes are being computed.
        case verifying
        case unpacking
        /// A ModelPrep script runs.
        case preparing
        case installed
    }

    /// The catalog id.
    package var id: String
    package var phase: Phase
    /// What is being worked on, for people: a requirement, a file, a line of the script.
    package var detail: String
    /// Bytes done in this phase.
    package var completed: Int64 = 0
    /// Bytes of this phase; 0 when unknown.
    package var total: Int64 = 0
    /// Bytes a second over the last seconds; nil before two values are known.
    package var rate: Double?

    /// Seconds until the phase ends at the present rate; nil when unknown.
    package var secondsLeft: Double? {
        guard let rate, rate > 0, total > completed else { return nil }
        return Double(total - completed) / rate
    }
}

/// Receives progress on the thread that does the work; must return quickly.
package typealias ProgressHandler = @Sendable (StoreProgress) -> Void
