import Synchronization

/// The one place where a listener waits: inputs of a source and outcomes of decodes, whichever comes first.
///
/// Holds one of each at most. The source is asked for the next input when the one before has been taken.
final class Arrivals: Sendable {
    enum Arrival: Sendable {
        case input(Result<RecognizerInput?, SpeechError>)
        case outcome(RecognitionWork.Outcome)
    }

    fileprivate struct State {
        var input: Result<RecognizerInput?, SpeechError>?
        var outcome: RecognitionWork.Outcome?
        /// The work whose outcome is awaited.
        var work: Int?
        var isClosed = false
        var listener: CheckedContinuation<Void, Never>?
        var source: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Puts an input in and waits until it is taken.
    /// - Returns: false when nobody will take it.
    func put(_ input: Result<RecognizerInput?, SpeechError>) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
                guard !state.isClosed else { return continuation }
                state.input = input
                state.source = continuation
                return state.listener.take()
            }
            waiting?.resume()
        }
        return state.withLock { !$0.isClosed }
    }

    /// Puts an outcome in, if it is the one awaited.
    func put(_ outcome: RecognitionWork.Outcome) {
        let listener: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.work == outcome.id, !state.isClosed else { return nil }
            state.outcome = outcome
            return state.listener.take()
        }
        listener?.resume()
    }

    /// From now on only the outcome of this work is let in.
    func expect(_ id: Int?) {
        state.withLock { state in
            state.work = id
            state.outcome = nil
        }
    }

    /// The next arrival, an outcome before an input; waits for it.
    /// - Parameter isListening: whether an input will do.
    /// - Returns: nil once closed.
    func next(isListening: Bool) async -> Arrival? {
        while true {
            let (arrival, isClosed, source) = state.withLock { $0.take(isListening) }
            source?.resume()
            if arrival != nil || isClosed { return arrival }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let mustWait = state.withLock { state in
                        guard !state.isClosed, state.outcome == nil, !isListening || state.input == nil else {
                            return false
                        }
                        state.listener = continuation
                        return true
                    }
                    if !mustWait { continuation.resume() }
                }
            } onCancel: {
                close()
            }
        }
    }

    /// Nothing arrives any more; whoever waits goes on.
    func close() {
        let (listener, source) = state.withLock { state in
            state.isClosed = true
            return (state.listener.take(), state.source.take())
        }
        listener?.resume()
        source?.resume()
    }
}

extension Arrivals.State {
    fileprivate mutating func take(
        _ isListening: Bool
    ) -> (Arrivals.Arrival?, isClosed: Bool, source: CheckedContinuation<Void, Never>?) {
        if isClosed { return (nil, true, nil) }
        if let outcome = outcome.take() { return (.outcome(outcome), false, nil) }
        guard isListening, let input = input.take() else { return (nil, false, nil) }
        return (.input(input), false, source.take())
    }
}

/// The tasks beside a listener: one pulls the source, one decodes. They end when the listener is dropped.
final class SideTasks: Sendable {
    let arrivals = Arrivals()
    private let source: Task<Void, Never>
    private let decode = Mutex<(id: Int, task: Task<Void, Never>)?>(nil)

    init<Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>(_ source: Source) {
        self.source = Task { [arrivals] in
            var upstream = source.makeAsyncIterator()
            while true {
                let input: Result<RecognizerInput?, SpeechError>
                do throws(SpeechError) {
                    input = .success(try await upstream.next(isolation: nil))
                } catch {
                    input = .failure(error)
                }
                guard await arrivals.put(input) else { break }
                guard case .success(.some) = input else { return }
            }
            // A source learns that nobody reads any more by being asked with the task cancelled.
            _ = try? await upstream.next(isolation: nil)
        }
    }

    deinit { stop() }

    /// Sees to it that this work runs, and no other.
    func run(_ work: RecognitionWork?) {
        decode.withLock { decode in
            guard decode?.id != work?.id else { return }
            decode?.task.cancel()
            arrivals.expect(work?.id)
            decode = work.map { work in (work.id, Task { [arrivals] in arrivals.put(await work.outcome()) }) }
        }
    }

    /// Cancels everything.
    func stop() {
        source.cancel()
        run(nil)
        arrivals.close()
    }
}
