import NIOCore
import Synchronization

/// The connections of one server: how many there are, and the end of all of them.
final class Connections: Sendable {
    /// What becomes of a new connection.
    enum Admission {
        case served
        /// Told to come back later.
        case refused
        /// Closed without a word: too many are being refused already.
        case dropped
    }

    private struct State {
        var served: [ObjectIdentifier: Connection] = [:]
        var refused = 0
        var isQuiescing = false
    }

    /// Refusals under way at a time.
    private static let refusals = 64
    private let state = Mutex(State())

    /// Counts a connection until its channel closes; at most `limit` are served at a time.
    func admit(_ connection: Connection, limit: Int) -> Admission {
        let admission = state.withLock { state -> Admission in
            if state.isQuiescing { return .dropped }
            if state.served.count < limit {
                state.served[ObjectIdentifier(connection)] = connection
                return .served
            }
            guard state.refused < Self.refusals else { return .dropped }
            state.refused += 1
            return .refused
        }
        guard admission != .dropped else { return .dropped }
        connection.wire.channel.closeFuture.whenComplete { [self] _ in
            state.withLock { state in
                if state.served.removeValue(forKey: ObjectIdentifier(connection)) == nil { state.refused -= 1 }
            }
        }
        return admission
    }

    /// Begins graceful shutdown of all there are; new ones are dropped.
    func quiesce() {
        let all = state.withLock { state in
            state.isQuiescing = true
            return Array(state.served.values)
        }
        for connection in all { connection.quiesce() }
    }

    /// Ends all there are, at once.
    func abort() {
        let all = state.withLock { state in
            state.isQuiescing = true
            return Array(state.served.values)
        }
        for connection in all { connection.wire.abort() }
    }
}
