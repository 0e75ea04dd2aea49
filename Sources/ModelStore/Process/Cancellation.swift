import Synchronization

/// A flag that a task raises and blocking work looks at: between files, between pieces, while a child runs.
final class Cancellation: Sendable {
    private let raised = Atomic<Bool>(false)

    init() {}

    func cancel() {
        raised.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { raised.load(ordering: .relaxed) }

    func check() throws(StoreError) {
        if isCancelled { throw .cancelled }
    }
}
