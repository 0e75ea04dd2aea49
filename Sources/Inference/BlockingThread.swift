import Dispatch
import Foundation
import Synchronization

/// Threads of our own for calls that block or compute for long.
///
/// Not a dispatch queue: on Linux, dispatch starts no further worker while as many are running as there are cores, and
/// Swift's own tasks run on the same workers. Graph runs on a queue would hold up every other task of the process.
private final class OwnThreads: Sendable {
    private struct State {
        var jobs: [UnownedJob] = []
        var idle = 0
        var threads = 0
    }

    /// A thread with nothing to do ends after this long.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let label: String
    private let limit: Int
    private let state = Mutex(State())
    private let news = DispatchSemaphore(value: 0)

    init(label: String, limit: Int) {
        self.label = label
        self.limit = limit
    }

    func enqueue(_ job: UnownedJob, run: @escaping @Sendable (UnownedJob) -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.jobs.count > state.idle, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if needsThread {
            let thread = Thread { self.work(run) }
            thread.name = label
            thread.start()
        }
        news.signal()
    }

    private func work(_ run: (UnownedJob) -> Void) {
        while true {
            state.withLock { $0.idle += 1 }
            let isLate = news.wait(timeout: .now() + Self.patience) == .timedOut
            let job: UnownedJob?? = state.withLock { state in
                state.idle -= 1
                if !state.jobs.isEmpty { return state.jobs.removeFirst() }
                if isLate { state.threads -= 1 }
                return isLate ? nil : .some(nil)
            }
            guard let job else { return }
            if let job { run(job) }
        }
    }
}

/// A thread of its own for a C context that blocks: an actor that runs here never stalls the cooperative pool.
package final class BlockingThread: SerialExecutor {
    private let threads: OwnThreads

    package init(label: String) { threads = OwnThreads(label: label, limit: 1) }

    package func enqueue(_ job: consuming ExecutorJob) {
        threads.enqueue(UnownedJob(job)) { $0.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Threads for blocking calls that may run side by side, such as runs of one shared session.
package final class BlockingPool: TaskExecutor {
    private let threads: OwnThreads

    /// - Parameters:
    ///   - label: name of the threads, for debuggers.
    ///   - limit: most threads at a time; further calls wait.
    package init(label: String, limit: Int = 64) { threads = OwnThreads(label: label, limit: limit) }

    package func enqueue(_ job: consuming ExecutorJob) {
        threads.enqueue(UnownedJob(job)) { $0.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
