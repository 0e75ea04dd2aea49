import Synchronization

/// The right to compute. It is given back once: by ``release()``, or when nobody holds it any more.
package final class AdmissionTurn: Sendable {
    /// Seconds that the request waited for it.
    package let waitSeconds: Double
    private let giveBack: Mutex<(@Sendable () -> Void)?>

    init(waitSeconds: Double, giveBack: @escaping @Sendable () -> Void) {
        self.waitSeconds = waitSeconds
        self.giveBack = Mutex(giveBack)
    }

    /// Gives the turn back, so that the next in the queue may compute while this request still writes its answer.
    /// Later calls do nothing.
    package func release() {
        let last = giveBack.withLock { closure in
            defer { closure = nil }
            return closure
        }
        last?()
    }

    deinit { release() }
}
