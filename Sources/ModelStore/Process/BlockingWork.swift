import Foundation

/// Runs blocking work on a thread of its own, never on the cooperative pool.
///
/// One thread per call also keeps the parent-death signal of children right: it fires when the *thread* that started
/// the child ends (prctl(2), PR_SET_PDEATHSIG), so the starter has to live as long as the child.
///
/// - Throws: what `body` throws; ``StoreError/Code/cancelled`` soon after the task is cancelled.
func blocking<Value: Sendable>(
    _ body: @escaping @Sendable (Cancellation) throws(StoreError) -> Value
) async throws(StoreError) -> Value {
    let cancellation = Cancellation()
    let result = await withTaskCancellationHandler {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            Thread.detachNewThread {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body(cancellation)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    } onCancel: {
        cancellation.cancel()
    }
    return try result.get()
}
