import NIOCore
import Synchronization

/// One accepted connection: its wire, and the work that is done for its client at present.
final class Connection: Sendable {
    private struct State {
        var cancel: (@Sendable () -> Void)?
        var isGone = false
    }

    let wire: HTTPWire
    /// Whether it is encrypted.
    let isSecure: Bool
    /// Such as `127.0.0.1:51234`.
    let remoteAddress: String
    private let quiescing = Atomic(false)
    private let state = Mutex(State())

    init(wire: HTTPWire, isSecure: Bool) {
        self.wire = wire
        self.isSecure = isSecure
        remoteAddress = wire.channel.remoteAddress.map { "\($0)" } ?? ""
    }

    /// Whether graceful shutdown has begun.
    var isQuiescing: Bool { quiescing.load(ordering: .relaxed) }

    /// Whether nobody is there to be answered.
    var isClientGone: Bool { state.withLock { $0.isGone } }

    /// Begins graceful shutdown: closes the connection if it is idle, else as soon as its work is done.
    func quiesce() {
        quiescing.store(true, ordering: .relaxed)
        wire.channel.pipeline.fireUserInboundEventTriggered(ShutdownBegins())
    }

    /// Runs work for the client in a task of its own, which is cancelled at once when the client is gone.
    func work<Value: Sendable>(_ run: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await run() }
        let isGone = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isGone
        }
        if isGone { task.cancel() }
        wire.whenGone { [weak self] in self?.cancelWork() }
        defer { state.withLock { $0.cancel = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// The client is gone: what is done for it is cancelled.
    func cancelWork() {
        let cancel = state.withLock { state in
            state.isGone = true
            return state.cancel
        }
        cancel?()
    }
}
