import CRuntimes
import Inference

/// RKLLM 1.2.0.
struct RKLLMInterface120: RKLLMInterface {
    private let defaults: RKLLM120DefaultParamsCall
    private let create: RKLLM120InitCall
    private let start: RKLLM120RunCall
    private let clear: RKLLM120ClearCacheCall

    init(_ library: DynamicLibrary) throws(InferenceError) {
        defaults = try library.function("rkllm_createDefaultParam", as: RKLLM120DefaultParamsCall.self)
        create = try library.function("rkllm_init", as: RKLLM120InitCall.self)
        start = try library.function("rkllm_run", as: RKLLM120RunCall.self)
        clear = try library.function("rkllm_clear_kv_cache", as: RKLLM120ClearCacheCall.self)
    }

    func load(
        _ path: UnsafePointer<CChar>,
        _ options: DecoderOptions,
        _ size: DecoderDimensions
    ) -> (Int32, RKLLMHandle?) {
        var params = defaults()
        params.model_path = path
        params.context_length = Int32(clamping: size.contextLength)
        params.max_new_tokens = Int32(clamping: size.contextLength)
        params.top_k = options.sampling.rkllmTopK(size.vocabularySize)
        params.top_p = options.sampling.rkllmTopP
        params.temperature = options.sampling.rkllmTemperature
        params.repeat_penalty = options.sampling.repeatPenalty
        params.frequency_penalty = 0
        params.presence_penalty = 0
        params.mirostat = 0
        params.skips_special_tokens = options.skipsSpecialTokens
        params.runs_asynchronously = false
        params.extend.base_domain = options.baseDomain
        params.extend.embeds_from_flash = options.embedsFromFlash ? 1 : 0
        if let mask = options.cpuMask {
            params.extend.cpu_mask = mask
            params.extend.cpu_count = Int8(clamping: mask.nonzeroBitCount)
        }
        var handle: RKLLMHandle?
        return (create(&handle, &params, Self.callback), handle)
    }

    func run(_ handle: RKLLMHandle, _ request: RKLLMRequest, _ loan: RKLLMLoan) -> Int32 {
        var input = RKLLM120Input()
        switch loan.content {
        case .text(let text):
            input.kind = Int32(RKLLM_KIND_PROMPT)
            input.content.prompt = text
        case .tokens(let tokens):
            input.kind = Int32(RKLLM_KIND_TOKENS)
            input.content.tokens = tokens
        case .embeddings(let rows):
            input.kind = Int32(RKLLM_KIND_EMBEDDINGS)
            input.content.embeddings = rows
        }
        var params = RKLLM120RunParams()
        params.mode = request.mode
        params.prompt_cache = loan.cache
        params.keeps_history = request.prompt.keepsHistory ? 1 : 0
        return start(handle, &input, &params, loan.user)
    }

    func clearCache(_ handle: RKLLMHandle) -> Int32? { clear(handle, 0) }

    private static let callback: RKLLM120ResultCallback = { result, user, state in
        _ = RKLLMRun.receive(user, state) {
            guard let result else { return RKLLMNews() }
            return RKLLMNews(
                token: result.pointee.token,
                text: result.pointee.text,
                hidden: result.pointee.hidden_states,
                logits: result.pointee.logits
            )
        }
    }
}
