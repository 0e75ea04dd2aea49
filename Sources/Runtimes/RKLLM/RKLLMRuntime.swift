import CRuntimes
import Foundation
package import Inference
import Synchronization

/// Loads `.rkllm` files on one NPU.
package struct RKLLMRuntime: LanguageModelRuntime {
    /// The library that it calls.
    package let library: RKLLMLibrary
    private let npu: NPU
    private let patience: RKLLMPatience
    private let pool = BlockingPool(label: "rkvoice.rkllm.load")

    /// - Parameters:
    ///   - library: the vendor's library, or the simulator.
    ///   - npu: who runs where and how much memory there is.
    ///   - patience: when to give up.
    package init(_ library: RKLLMLibrary, npu: NPU, patience: RKLLMPatience = RKLLMPatience()) {
        self.library = library
        self.npu = npu
        self.patience = patience
    }

    package func load(
        _ part: Placement.Part,
        at path: String,
        _ setup: DecoderSetup
    ) async throws(InferenceError) -> any LanguageModel {
        try await load(part, at: path, dimensions: setup.description.dimensions, options: setup.options)
    }

    /// - Parameters:
    ///   - part: memory, and the cores that the file was compiled for; all of the board without.
    ///   - path: the `.rkllm` file.
    ///   - dimensions: as the bundle says them: the library tells none.
    ///   - options: what the library is told.
    /// - Returns: the model, ready to run.
    /// - Throws: `missingFile`, `badModel`, `outOfMemory`, `deviceUnavailable`, each naming the file and what to do.
    package func load(
        _ part: Placement.Part,
        at path: String,
        dimensions: DecoderDimensions,
        options: DecoderOptions = DecoderOptions()
    ) async throws(InferenceError) -> any LanguageModel {
        let result: Result<RKLLMModel, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) {
                return .success(try loadBlocking(part, path, dimensions, options))
            } catch {
                return .failure(error)
            }
        }
        return RKLLMLanguageModel(model: try result.get())
    }

    private func loadBlocking(
        _ part: Placement.Part,
        _ path: String,
        _ dimensions: DecoderDimensions,
        _ options: DecoderOptions
    ) throws(InferenceError) -> RKLLMModel {
        try options.sampling.check()
        guard npu.board.hasNPU else {
            throw InferenceError(.deviceUnavailable, "\(npu.name) has no NPU for it", graph: path)
        }
        let cores = part.cores.map { CoreMask(cores: $0) } ?? CoreMask(first: npu.board.cores)
        try npu.board.check(cores)
        let size = try BoundedFile(path).size
        let label = path.split(separator: "/").suffix(2).joined(separator: "/")
        let grant = try npu.admit(bytes: part.bytes ?? size, label: label)
        do throws(InferenceError) {
            return try RKLLMModel(
                path: path,
                library: library,
                dimensions: dimensions,
                options: options,
                device: RKLLMDevice(npu: npu, request: .exactly(cores), grant: grant, label: label),
                patience: patience
            )
        } catch {
            npu.free(grant)
            throw error
        }
    }
}

/// A `.rkllm` file as a decoder.
struct RKLLMLanguageModel: LanguageModel {
    let model: RKLLMModel

    var name: String { model.path }
    var dimensions: DecoderDimensions { model.dimensions }

    func generation(
        after prompt: Prompt,
        sampling: Sampling
    ) -> any AsyncSequence<GeneratedToken, InferenceError> & Sendable {
        let model = model
        return Generation { RKLLMSource(model, prompt, sampling) }
    }

    func states(_ state: DecoderState, of prompt: Prompt) async throws(InferenceError) -> Tensor {
        let mode = Int32(state == .hidden ? RKLLM_MODE_HIDDEN_STATES : RKLLM_MODE_LOGITS)
        var sampling = model.options.sampling
        sampling.maxNewTokens = nil
        let run = try await model.start(
            RKLLMRequest(prompt: prompt, sampling: sampling, mode: mode, maxNewTokens: 1)
        )
        return try await run.rows()
    }

    func clearHistory() async throws(InferenceError) { try await model.clearHistory() }

    func loadPromptCache(from path: String) async throws(InferenceError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw InferenceError(.missingFile, "the prompt cache is not there", graph: path)
        }
        try await model.loadPromptCache(path)
    }
}

/// One generation, from the first token that is asked for until nobody holds it.
private final class RKLLMSource: Generation.Source {
    private let model: RKLLMModel
    private let request: RKLLMRequest
    private let run = Mutex<RKLLMRun?>(nil)

    init(_ model: RKLLMModel, _ prompt: Prompt, _ sampling: Sampling) {
        self.model = model
        let limit = sampling.maxNewTokens ?? model.dimensions.contextLength
        request = RKLLMRequest(
            prompt: prompt,
            sampling: sampling,
            mode: Int32(RKLLM_MODE_GENERATE),
            maxNewTokens: Int32(clamping: limit)
        )
    }

    deinit { run.withLock { $0 }?.discard(InferenceError(.cancelled, "nobody holds it", graph: model.path)) }

    func next() async throws(InferenceError) -> GeneratedToken? {
        if let run = run.withLock({ $0 }) { return try await run.next() }
        let begun = try await model.start(request)
        run.withLock { $0 = begun }
        return try await begun.next()
    }
}
