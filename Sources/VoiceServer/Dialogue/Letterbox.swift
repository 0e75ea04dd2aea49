package import Speech
import Synchronization

/// A bounded queue between two tasks. The writer waits while it is full, the reader while it is empty.
package final class Letterbox<Element: Sendable>: Sendable {
    private enum Outcome { case added, finished, full }
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var queue: [Element] = []
        var isFinished = false
        var readers: [Waiter] = []
        var writers: [Waiter] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: elements held before a writer waits; at least 1.
    package init(capacity: Int) { self.capacity = Swift.max(1, capacity) }

    /// Adds an element; waits while it is full.
    /// - Returns: false when it was not taken, because the box is finished or the task cancelled.
    @discardableResult
    package func send(_ element: Element) async -> Bool {
        while !Task.isCancelled {
            let (outcome, readers) = state.withLock { state -> (Outcome, [Waiter]) in
                if state.isFinished { return (.finished, []) }
                guard state.queue.count < capacity else { return (.full, []) }
                state.queue.append(element)
                return (.added, Self.all(&state.readers))
            }
            for reader in readers { reader.resume() }
            switch outcome {
            case .added: return true
            case .finished: return false
            case .full:
                await wait {
                    !$0.isFinished && $0.queue.count >= capacity
                } in: {
                    $0.writers.append($1)
                }
            }
        }
        return false
    }

    /// The next element; waits for it.
    /// - Returns: nil once finished and empty, or when the task is cancelled.
    package func receive() async -> Element? {
        while !Task.isCancelled {
            if let element = poll() { return element }
            if state.withLock({ $0.isFinished && $0.queue.isEmpty }) { return nil }
            await wait {
                !$0.isFinished && $0.queue.isEmpty
            } in: {
                $0.readers.append($1)
            }
        }
        return nil
    }

    /// The next element, if there is one.
    package func poll() -> Element? {
        let (element, writers) = state.withLock { state -> (Element?, [Waiter]) in
            guard !state.queue.isEmpty else { return (nil, []) }
            return (state.queue.removeFirst(), Self.all(&state.writers))
        }
        for writer in writers { writer.resume() }
        return element
    }

    /// Nothing more will come; what waits can still be read.
    package func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            return Self.all(&state.readers) + Self.all(&state.writers)
        }
        for one in waiting { one.resume() }
    }

    /// Everybody who waits, taken off the list.
    private static func all(_ waiters: inout [Waiter]) -> [Waiter] {
        defer { waiters = [] }
        return waiters
    }

    /// Suspends while `condition` holds; looks at it once, so callers loop.
    private func wait(while condition: (State) -> Bool, in list: (inout State, Waiter) -> Void) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !Task.isCancelled, condition(state) else { return false }
                    list(&state, continuation)
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            // Whoever was not cancelled looks again and waits on.
            let waiting = state.withLock { Self.all(&$0.readers) + Self.all(&$0.writers) }
            for one in waiting { one.resume() }
        }
    }
}

extension Letterbox: AsyncSequence {
    package typealias Failure = SpeechError

    package func makeAsyncIterator() -> Iterator { Iterator(box: self) }

    package struct Iterator: AsyncIteratorProtocol {
        let box: Letterbox<Element>

        package func next() async throws(SpeechError) -> Element? { await box.receive() }

        package func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> Element? {
            await box.receive()
        }
    }
}
