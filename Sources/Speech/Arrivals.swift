import Synchronization

/// The one place where a listener waits: inputs of a source and outcomes of decodes, whichever comes first.
///
/// Holds one input at most, and an outcome of each decode. The source is asked for the next input when the one before
/// has been taken.
final class Arrivals: Sendable {
    enum Arrival: Sendable {
        case input(Result<RecognizerInput?, SpeechError>)
        case outcome(RecognitionWork.Outcome)
    }

    fileprivate struct State {
        var input: Result<RecognizerInput?, SpeechError>?
        var outcomes: [RecognitionWork.Outcome] = []
        /// The works whose outcomes are awaited.
        var works: Set<Int> = []
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

    /// Puts an outcome in, if it is awaited.
    func put(_ outcome: RecognitionWork.Outcome) {
        let listener: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard state.works.contains(outcome.id), !state.isClosed else { return nil }
            state.outcomes.append(outcome)
            return state.listener.take()
        }
        listener?.resume()
    }

    /// From now on only outcomes of these works are let in.
    func expect(_ ids: Set<Int>) {
        state.withLock { state in
            state.works = ids
            state.outcomes.removeAll { !ids.contains($0.id) }
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
                        guard !state.isClosed, state.outcomes.isEmpty, !isListening || state.input == nil else {
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
        if !outcomes.isEmpty { return (.outcome(outcomes.removeFirst()), false, nil) }
        guard isListening, let input = input.take() else { return (nil, false, nil) }
        return (.input(input), false, source.take())
    }
}

/// The tasks beside a listener: one pulls the source, the others decode. They end when the listener is dropped.
final class SideTasks: Sendable {
    let arrivals = Arrivals()
    private let source: Task<Void, Never>
    private let decodes = Mutex<[Int: Task<Void, Never>]>([:])

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

    /// Sees to it that these works run, and no others.
    func run(_ works: [RecognitionWork]) {
        decodes.withLock { decodes in
            let wanted = Set(works.map(\.id))
            guard wanted != Set(decodes.keys) else { return }
            for (id, task) in decodes where !wanted.contains(id) {
                task.cancel()
                decodes[id] = nil
            }
            arrivals.expect(wanted)
            for work in works where decodes[work.id] == nil {
                decodes[work.id] = Task { [arrivals] in arrivals.put(await work.outcome()) }
            }
        }
    }

    /// Cancels everything.
    func stop() {
        source.cancel()
        run([])
        arrivals.close()
    }
}
