import Synchronization

/// What the reader of a stream knows and its writer needs.
final class ListenPhase: Sendable {
    private struct State {
        var isMultiUtterance: Bool
        var isClosing = false
        var firstSound: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

    init(isMultiUtterance: Bool) { state = Mutex(State(isMultiUtterance: isMultiUtterance)) }

    /// Whether the end of an utterance leaves the stream open.
    var isMultiUtterance: Bool {
        get { state.withLock { $0.isMultiUtterance } }
        set { state.withLock { $0.isMultiUtterance = newValue } }
    }

    /// Whether the utterance being finished is the last.
    var isClosing: Bool {
        get { state.withLock { $0.isClosing } }
        set { state.withLock { $0.isClosing = newValue } }
    }

    /// Sound has arrived.
    func heard() { state.withLock { $0.firstSound = $0.firstSound ?? .now } }

    /// Seconds since the first sound that has not been asked about, once; nil where there is none.
    func takeSecondsSinceFirstSound() -> Double? {
        state.withLock { $0.firstSound.take() }.map { (.now - $0) / .seconds(1) }
    }
}
