import Synchronization

/// The configuration in force; a reload replaces what may change while the server runs.
package final class LiveConfiguration: Sendable {
    private let state: Mutex<Configuration>

    package init(_ configuration: Configuration) { state = Mutex(configuration) }

    /// The configuration in force now. Read it once per request, so that a request sees one state.
    package var current: Configuration { state.withLock { $0 } }

    /// Puts another configuration in force for requests that begin from now on.
    package func replace(with configuration: Configuration) { state.withLock { $0 = configuration } }
}
