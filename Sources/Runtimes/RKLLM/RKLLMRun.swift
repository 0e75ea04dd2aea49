import CRuntimes
import Dispatch
import Inference
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a callback brings; its memory is the library's.
struct RKLLMNews {
    var token: Int32 = -1
    var text: UnsafePointer<CChar>?
    var hidden = RKLLMHiddenStates()
    var logits: RKLLMLogits?
}

/// One run of a model, from the call into the library until it is back.
///
/// The library pushes tokens from a thread of its own. At most `ahead` of them wait for whoever asks; then the callback
/// blocks, and with it the library, until somebody asks or nobody wants the run any more.
final class RKLLMRun: Sendable {
    typealias Answer = Result<GeneratedToken?, InferenceError>

    struct State {
        var tokens: [GeneratedToken] = []
        var tally: AnswerTally
        var rows: Tensor?
        var waiter: CheckedContinuation<Answer, Never>?
        /// How it ended; nil while it runs.
        var outcome: Result<Void, InferenceError>?
        /// Why nobody wants it any more.
        var unwanted: InferenceError?
        var hasFailed = false
        /// Since when the library has computed; nil while its callback waits for somebody to ask.
        var computing: ContinuousClock.Instant? = .now
        /// Looks after it until it is back.
        var watch: Task<Void, Never>?

        /// Whether the callback may still bring something.
        var isWanted: Bool { unwanted == nil && !tally.isOver }
    }

    static let ahead = 8
    let model: RKLLMModel
    let request: RKLLMRequest
    let lease: Lease
    let turn: Turn
    let state: Mutex<State>
    /// Whether the library is in the call. Locked while it is told to abort, so that it is never told of the next run.
    private let isInCall = Mutex(false)
    private let room = DispatchSemaphore(value: 0)

    /// Takes over turn and lease.
    init(_ model: RKLLMModel, _ request: RKLLMRequest, taken: Int?, _ turn: Turn, _ lease: Lease) {
        self.model = model
        self.request = request
        self.turn = turn
        self.lease = lease
        state = Mutex(State(tally: AnswerTally(request.sampling, model.dimensions, taken: taken)))
        for _ in 0..<Self.ahead { room.signal() }
    }

    // MARK: Whoever asks

    /// The next token; nil at the end.
    func next() async throws(InferenceError) -> GeneratedToken? {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { ask($0) }
        } onCancel: {
            discard(InferenceError(.cancelled, "cancelled", graph: model.path))
        }
        return try answer.get()
    }

    private func ask(_ continuation: CheckedContinuation<Answer, Never>) {
        let answer: Answer? = state.withLock { state in
            if let error = state.unwanted { return .failure(error) }
            if !state.tokens.isEmpty { return .success(state.tokens.removeFirst()) }
            if let outcome = state.outcome { return outcome.map { _ in nil } }
            state.waiter = continuation
            return nil
        }
        guard let answer else { return }
        if case .success(.some) = answer { room.signal() }
        continuation.resume(returning: answer)
    }

    /// Nobody wants it any more: it ends within one token.
    /// - Parameter error: what whoever still asks is told.
    func discard(_ error: InferenceError) {
        let (isFirst, waiter) = state.withLock { state in
            defer { state.waiter = nil }
            guard state.unwanted == nil, state.outcome == nil else { return (false, state.waiter) }
            state.unwanted = error
            state.tokens = []
            return (true, state.waiter)
        }
        waiter?.resume(returning: .failure(error))
        guard isFirst else { return }
        room.signal()
        // A prompt is long, and no callback comes before its end; telling the library may block as well.
        Task(executorPreference: model.pool) { self.abort() }
    }

    private func abort() { isInCall.withLock { if $0 { _ = model.library.calls.abort(model.handle) } } }

    // MARK: The library

    /// The blocking call, on a thread of the pool, and giving back what it held.
    func perform() {
        let status: Int32
        if state.withLock({ $0.unwanted == nil }) {
            isInCall.withLock { $0 = true }
            status = call()
            isInCall.withLock { $0 = false }
        } else {
            status = 0
        }
        let outcome = state.withLock { ending(&$0, status) }
        model.finish(self, outcome)
        let (waiter, watch) = state.withLock { state in
            state.outcome = outcome
            defer { (state.waiter, state.watch) = (nil, nil) }
            return (state.waiter, state.watch)
        }
        watch?.cancel()
        waiter?.resume(returning: outcome.map { _ in nil })
    }

    /// Until the run is back; a watch holds the model, so it must not outlast the run.
    func isWatched(by task: Task<Void, Never>) {
        let isBack = state.withLock { state in
            if state.outcome == nil { state.watch = task }
            return state.outcome != nil
        }
        if isBack { task.cancel() }
    }

    private func call() -> Int32 {
        do throws(InferenceError) {
            return try request.lend(to: Unmanaged.passUnretained(self).toOpaque()) {
                model.library.calls.interface.run(model.handle, request, $0)
            }
        } catch {
            state.withLock { $0.unwanted = error }
            return 0
        }
    }

    private func ending(_ state: inout State, _ status: Int32) -> Result<Void, InferenceError> {
        state.computing = nil
        if let error = state.unwanted { return .failure(error) }
        guard !state.tally.isOver, status != 0 || state.hasFailed else { return .success(()) }
        return .failure(
            InferenceError(
                .runtimeFailed,
                "\(model.library) failed in rkllm_run (status \(status)); its own words are on the error output",
                graph: model.path,
                status: status
            )
        )
    }

    /// What the library calls. Every generation's callback ends here.
    static func receive(_ user: UnsafeMutableRawPointer?, _ state: Int32, _ news: () -> RKLLMNews) -> Int32 {
        guard let user else { return Int32(RKLLM_ANSWER_CONTINUE) }
        let run = Unmanaged<RKLLMRun>.fromOpaque(user).takeUnretainedValue()
        switch Int(state) {
        case Int(RKLLM_STATE_NORMAL), Int(RKLLM_STATE_WAITING), Int(RKLLM_STATE_HIDDEN_STATES):
            let isWanted = run.request.mode == Int32(RKLLM_MODE_GENERATE) ? run.add(news()) : run.keep(news())
            if !isWanted { _ = run.model.library.calls.abort(run.model.handle) }
        case Int(RKLLM_STATE_FINISHED): break
        default: run.state.withLock { $0.hasFailed = true }
        }
        return Int32(RKLLM_ANSWER_CONTINUE)
    }

    /// - Returns: whether more are wanted.
    private func add(_ news: RKLLMNews) -> Bool {
        waitForRoom()
        let (isWanted, waiter, token) = state.withLock { state in
            guard state.isWanted, let token = state.tally.add(news.token, Self.bytes(news.text)) else {
                return (false, CheckedContinuation<Answer, Never>?.none, GeneratedToken?.none)
            }
            state.computing = .now
            defer { state.waiter = nil }
            if state.waiter == nil { state.tokens.append(token) }
            return (!state.tally.isOver, state.waiter, token)
        }
        if let waiter {
            room.signal()
            waiter.resume(returning: .success(token))
        }
        return isWanted
    }

    /// Blocks the library until one more token has room, or nobody wants it.
    private func waitForRoom() {
        // A library that goes on for a while after an abort is not held up: nobody would make room any more.
        guard state.withLock({ $0.isWanted }), room.wait(timeout: .now()) == .timedOut else { return }
        state.withLock { $0.computing = nil }
        guard room.wait(timeout: .now() + model.patience.consumer.seconds) == .timedOut else { return }
        discard(
            InferenceError(
                .timedOut,
                "nobody asked for its tokens within \(model.patience.consumer); it was ended, because it kept the NPU",
                graph: model.path
            )
        )
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text, count: text.map { strlen($0) } ?? 0)
    }
}
