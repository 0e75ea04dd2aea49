import CRuntimes
import Inference

/// What a run is asked for, alike for every generation.
struct RKLLMRequest: Sendable {
    var prompt: Prompt
    var sampling: Sampling
    /// One of `RKLLM_MODE_...`.
    var mode: Int32
    /// Most tokens, as the library counts.
    var maxNewTokens: Int32
}

/// What a run is given, lent for the length of the call.
struct RKLLMLoan {
    enum Content {
        case text(UnsafePointer<CChar>)
        case tokens(RKLLMTokens)
        case embeddings(RKLLMEmbeddings)
    }
    var content: Content
    var cache: UnsafeMutablePointer<RKLLMPromptCache>?
    /// What the callback is given back; nil for one that has nothing to do.
    var user: UnsafeMutableRawPointer?
}

/// The calls of one generation: its layouts and its callback.
protocol RKLLMInterface {
    /// Loads a model.
    /// - Returns: the library's status, and the model where it is 0.
    func load(_ path: UnsafePointer<CChar>, _ options: DecoderOptions, _ size: DecoderDimensions) -> (
        Int32, RKLLMHandle?
    )
    /// Runs on the calling thread and blocks it until the last callback is back.
    func run(_ handle: RKLLMHandle, _ request: RKLLMRequest, _ loan: RKLLMLoan) -> Int32
    /// Forgets everything; nil where there is no such call.
    func clearCache(_ handle: RKLLMHandle) -> Int32?
}

/// The calls that are alike in every generation.
struct RKLLMCalls {
    let interface: any RKLLMInterface
    let destroy: RKLLMDestroyCall
    let abort: RKLLMAbortCall
    let loadPromptCache: RKLLMLoadPromptCacheCall
    let releasePromptCache: RKLLMReleasePromptCacheCall
    /// Not in 1.1, which takes a prompt as it is.
    let setChatTemplate: RKLLMSetChatTemplateCall?

    /// - Throws: `runtimeUnavailable` naming the symbol and the library.
    init(_ library: DynamicLibrary, _ generation: RKLLMGeneration) throws(InferenceError) {
        destroy = try library.function("rkllm_destroy", as: RKLLMDestroyCall.self)
        abort = try library.function("rkllm_abort", as: RKLLMAbortCall.self)
        loadPromptCache = try library.function("rkllm_load_prompt_cache", as: RKLLMLoadPromptCacheCall.self)
        releasePromptCache = try library.function("rkllm_release_prompt_cache", as: RKLLMReleasePromptCacheCall.self)
        setChatTemplate =
            generation == .v110
            ? nil : try library.function("rkllm_set_chat_template", as: RKLLMSetChatTemplateCall.self)
        switch generation {
        case .v110: interface = try RKLLMInterface110(library)
        case .v120: interface = try RKLLMInterface120(library)
        case .v121: interface = try RKLLMInterface121(library)
        case .v130: interface = try RKLLMInterface130(library)
        }
    }
}

extension RKLLMRequest {
    /// Lends prompt and path to the library for the length of the call.
    func lend<R>(to user: UnsafeMutableRawPointer?, _ body: (RKLLMLoan) -> R) throws(InferenceError) -> R {
        try lendContent { content in
            guard let path = prompt.savesCache else { return body(RKLLMLoan(content: content, cache: nil, user: user)) }
            return path.withCString { text in
                var cache = RKLLMPromptCache(save: 1, path: text)
                return withUnsafeMutablePointer(to: &cache) {
                    body(RKLLMLoan(content: content, cache: $0, user: user))
                }
            }
        }
    }

    private func lendContent<R>(_ body: (RKLLMLoan.Content) -> R) throws(InferenceError) -> R {
        switch prompt.content {
        case .text(let text): return text.withCString { body(.text($0)) }
        case .tokens(var tokens):
            return tokens.withUnsafeMutableBufferPointer {
                body(.tokens(RKLLMTokens(ids: $0.baseAddress, count: $0.count)))
            }
        case .embeddings(let rows):
            // The declaration takes a pointer that may be written through; the library only reads.
            return try rows.withScalars(as: Float.self) { scalars in
                let values = UnsafeMutablePointer(mutating: scalars.baseAddress)
                return body(.embeddings(RKLLMEmbeddings(values: values, count: rows.shape[0])))
            }
        }
    }
}

extension Sampling {
    /// Greedy is the likeliest one of one.
    func rkllmTopK(_ vocabularySize: Int) -> Int32 {
        isGreedy ? 1 : Int32(clamping: topK == 0 ? vocabularySize : topK)
    }
    /// What is asked for by `topK`, where it is greedy.
    var rkllmTemperature: Float { isGreedy ? 1 : temperature }
    var rkllmTopP: Float { isGreedy ? 1 : topP }
}
