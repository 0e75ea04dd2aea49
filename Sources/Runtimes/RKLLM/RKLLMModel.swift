import CRuntimes
import Inference
import Synchronization

/// A loaded model: one run at a time. Its memory on the device is set aside as long as anybody uses it.
final class RKLLMModel: Sendable {
    /// What is in the cache.
    private struct History {
        /// Positions that the next prompt with history goes on from; nil where nobody knows.
        var positions: Int? = 0
        /// Whether there is something to clear.
        var isDirty = false
    }

    let path: String
    let library: RKLLMLibrary
    let dimensions: DecoderDimensions
    let options: DecoderOptions
    let patience: RKLLMPatience
    let turns: Turns
    let pool = BlockingPool(label: "rkvoice.rkllm")
    private let device: RKLLMDevice
    // Used by one run at a time, and for abort while that run is in its call.
    private let owned: ForeignHandle<RKLLMHandle>
    private let history = Mutex(History())

    var handle: RKLLMHandle { owned.value }

    /// Loads the file, on the calling thread; takes over the grant.
    /// - Throws: `badModel` with the library's status.
    init(
        path: String,
        library: RKLLMLibrary,
        dimensions: DecoderDimensions,
        options: DecoderOptions,
        device: RKLLMDevice,
        patience: RKLLMPatience
    ) throws(InferenceError) {
        let (status, handle) = path.withCString { library.calls.interface.load($0, options, dimensions) }
        guard status == 0, let handle else {
            throw InferenceError(
                .badModel,
                "\(library) does not load it (status \(status)): it may be for another SoC or an older toolkit; "
                    + "the library's own words are on the error output",
                graph: path,
                status: status
            )
        }
        library.count(1)
        // Prompts are written by the families, which know their models' templates.
        if let template = library.calls.setChatTemplate { _ = template(handle, "", "", "") }
        owned = ForeignHandle(handle)
        self.path = path
        self.library = library
        self.dimensions = dimensions
        self.options = options
        self.device = device
        self.patience = patience
        turns = Turns(name: path)
    }

    deinit {
        _ = library.calls.destroy(owned.value)
        library.count(-1)
        device.npu.free(device.grant)
    }

    // MARK: Runs

    /// Begins a run once it has its turn and its cores.
    func start(_ request: RKLLMRequest) async throws(InferenceError) -> RKLLMRun {
        try check(request)
        // The turn comes first: who waits for it holds no core.
        let turn = try await turns.take()
        let taken = try await onPool { () throws(InferenceError) in try self.prepare(request.prompt) }
        let lease = try await device.npu.acquire(device.request, label: device.label)
        let run = RKLLMRun(self, request, taken: taken, turn, lease)
        Task(executorPreference: pool) { run.perform() }
        watch(run)
        return run
    }

    private func check(_ request: RKLLMRequest) throws(InferenceError) {
        let generation = library.generation
        try request.sampling.check()
        if request.prompt.keepsHistory, !generation.keepsHistory {
            throw InferenceError(.badModel, "\(library) keeps no history; 1.2.0 and later do", graph: path)
        }
        if request.mode == Int32(RKLLM_MODE_LOGITS), !generation.givesLogits {
            throw InferenceError(.badModel, "\(library) gives no logits; 1.2.0 and later do", graph: path)
        }
        guard !generation.samplesPerRun, !request.sampling.samples(like: options.sampling) else { return }
        throw InferenceError(
            .invalidTensor,
            "\(library) takes temperature, topK, topP and repeatPenalty when a model is loaded, not for each generation",
            graph: path
        )
    }

    /// Clears what the prompt does not go on from.
    /// - Returns: positions that are taken when its answer begins; nil where nobody knows.
    private func prepare(_ prompt: Prompt) throws(InferenceError) -> Int? {
        if !prompt.keepsHistory, history.withLock({ $0.isDirty }) { try clear() }
        let before = history.withLock { history in
            history.isDirty = true
            return history.positions
        }
        try prompt.check(dimensions, history: before ?? 0)
        guard let before, let count = prompt.count else { return nil }
        return before + count
    }

    /// The library is back: everything it held is given back.
    func finish(_ run: RKLLMRun, _ outcome: Result<Void, InferenceError>) {
        let produced = run.state.withLock { $0.tally.produced }
        history.withLock { history in
            guard run.request.prompt.keepsHistory else { return history.positions = 0 }
            // How far a run came that was ended from outside, or failed, nobody knows.
            guard case .success = outcome, let before = history.positions, let count = run.request.prompt.count else {
                return history.positions = nil
            }
            history.positions = before + count + produced
        }
        device.npu.release(run.lease)
        turns.open()
        run.turn.end()
    }

    /// Sets a run aside that gives nothing for too long.
    private func watch(_ run: RKLLMRun) {
        let patience = patience.token
        run.isWatched(
            by: Task.detached {
                while !Task.isCancelled {
                    try? await Task.sleep(for: max(patience / 20, .milliseconds(1)))
                    let since = run.state.withLock { $0.outcome == nil ? $0.computing : nil }
                    if let since, since.advanced(by: patience) < .now { return self.setAside(run) }
                }
            }
        )
    }

    private func setAside(_ run: RKLLMRun) {
        let error = InferenceError(
            .timedOut,
            "\(library) gave no token within \(patience.token); its cores are set aside until it is back. If it never "
                + "is, restart the program or the board; `dmesg | grep -i rknpu` tells more",
            graph: path
        )
        let isInTime = run.state.withLock { state in
            guard state.outcome == nil, state.computing != nil else { return true }
            // Within the lock, so that the call does not come back in between.
            device.npu.detain(run.lease)
            turns.close(InferenceError(.deviceUnavailable, "its run hangs on the NPU", graph: path))
            return false
        }
        if !isInTime { run.discard(error) }
    }

    // MARK: The cache

    func onPool<R: Sendable>(
        _ body: @escaping @Sendable () throws(InferenceError) -> R
    ) async throws(InferenceError) -> R {
        let result: Result<R, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    func clearHistory() async throws(InferenceError) {
        let turn = try await turns.take()
        defer { turn.end() }
        try await onPool { () throws(InferenceError) in try self.clear() }
    }

    private func clear() throws(InferenceError) {
        // Releases before 1.2.0 keep nothing.
        if let status = library.calls.interface.clearCache(handle), status != 0 {
            throw InferenceError(
                .runtimeFailed,
                "\(library) does not clear its cache (status \(status))",
                graph: path,
                status: status
            )
        }
        history.withLock { $0 = History() }
    }

    func loadPromptCache(_ file: String) async throws(InferenceError) {
        let turn = try await turns.take()
        defer { turn.end() }
        try await onPool { () throws(InferenceError) in
            try self.clear()
            let status = self.library.calls.loadPromptCache(self.handle, file)
            guard status != 0 else { return self.history.withLock { $0 = History(positions: nil, isDirty: false) } }
            throw InferenceError(
                .badModel,
                "\(self.library) does not load the prompt cache (status \(status))",
                graph: file,
                status: status
            )
        }
    }
}

/// Where a model runs.
struct RKLLMDevice: Sendable {
    let npu: NPU
    let request: CoreRequest
    let grant: MemoryGrant
    /// Who runs, in leases, traces and memory sums.
    let label: String
}

extension Sampling {
    /// Whether tokens are chosen in the same way, apart from what ends a generation.
    func samples(like other: Sampling) -> Bool {
        guard repeatPenalty == other.repeatPenalty, isGreedy == other.isGreedy else { return false }
        return isGreedy || (temperature == other.temperature && topK == other.topK && topP == other.topP)
    }
}
