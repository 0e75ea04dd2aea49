// Our declarations of the RKLLM API beside the public header of one release: the same sizes, places, numbers and calls.
// Compiled by scripts/tests.d/rkllm-abi.sh for each release, with THEIRS (the header) and GENERATION (the release that
// ours is named after); nothing of it runs.
#define _Static_assert static_assert
#include "rkllm_calls.h"

#include THEIRS

#define JOIN(a, b, c) a##b##c
#define JOINED(a, b, c) JOIN(a, b, c)
#define OURS(name) JOINED(RKLLM, GENERATION, name)
#define SIZE(ours, theirs) static_assert(sizeof(ours) == sizeof(theirs), #ours " has another size")
#define PLACE(ours, member, theirs, other) \
    static_assert( \
        offsetof(ours, member) == offsetof(theirs, other) && \
            sizeof(((ours *)nullptr)->member) == sizeof(((theirs *)nullptr)->other), \
        #ours "." #member " is elsewhere")
#define VALUE(ours, theirs) static_assert((long)(ours) == (long)(theirs), #ours " has another value")

// A call is the same when every parameter and the result are passed alike: nothing, both functions, both other
// pointers, or both of one size.
template <typename T> struct Passed { static constexpr unsigned long as = sizeof(T); };
template <> struct Passed<void> { static constexpr unsigned long as = 0; };
template <typename T> struct Passed<T *> { static constexpr unsigned long as = 1000; };
template <typename R, typename... A> struct Passed<R (*)(A...)> { static constexpr unsigned long as = 2000; };
template <typename A, typename B> struct Alike { static constexpr bool value = false; };
template <typename R, typename... A, typename S, typename... B> struct Alike<R (*)(A...), S (*)(B...)> {
    template <unsigned long... values> struct List {};
    static constexpr bool same(...) { return false; }
    template <unsigned long... values> static constexpr bool same(List<values...>, List<values...>) { return true; }
    static constexpr bool value =
        same(List<Passed<R>::as, Passed<A>::as...>{}, List<Passed<S>::as, Passed<B>::as...>{});
};
#define CALL(ours, theirs) static_assert(Alike<ours, decltype(&theirs)>::value, #theirs " is called in another way")
#define CALLBACK(ours, theirs) static_assert(Alike<ours, theirs>::value, #theirs " is called in another way")

VALUE(RKLLM_STATE_NORMAL, RKLLM_RUN_NORMAL);
VALUE(RKLLM_STATE_WAITING, RKLLM_RUN_WAITING);
VALUE(RKLLM_STATE_FINISHED, RKLLM_RUN_FINISH);
VALUE(RKLLM_STATE_FAILED, RKLLM_RUN_ERROR);
VALUE(RKLLM_KIND_PROMPT, RKLLM_INPUT_PROMPT);
VALUE(RKLLM_KIND_TOKENS, RKLLM_INPUT_TOKEN);
VALUE(RKLLM_KIND_EMBEDDINGS, RKLLM_INPUT_EMBED);
VALUE(RKLLM_KIND_MULTIMODAL, RKLLM_INPUT_MULTIMODAL);
VALUE(RKLLM_MODE_GENERATE, RKLLM_INFER_GENERATE);
VALUE(RKLLM_MODE_HIDDEN_STATES, RKLLM_INFER_GET_LAST_HIDDEN_LAYER);
#if GENERATION == 110
VALUE(RKLLM_STATE_HIDDEN_STATES, RKLLM_RUN_GET_LAST_HIDDEN_LAYER);
#else
VALUE(RKLLM_MODE_LOGITS, RKLLM_INFER_GET_LOGITS);
#endif

SIZE(RKLLMHandle, LLMHandle);
SIZE(RKLLMEmbeddings, RKLLMEmbedInput);
PLACE(RKLLMEmbeddings, values, RKLLMEmbedInput, embed);
PLACE(RKLLMEmbeddings, count, RKLLMEmbedInput, n_tokens);

SIZE(RKLLMTokens, RKLLMTokenInput);
PLACE(RKLLMTokens, ids, RKLLMTokenInput, input_ids);
PLACE(RKLLMTokens, count, RKLLMTokenInput, n_tokens);

SIZE(RKLLMAdapter, RKLLMLoraAdapter);
PLACE(RKLLMAdapter, path, RKLLMLoraAdapter, lora_adapter_path);
PLACE(RKLLMAdapter, name, RKLLMLoraAdapter, lora_adapter_name);
PLACE(RKLLMAdapter, scale, RKLLMLoraAdapter, scale);

SIZE(RKLLMAdapterChoice, RKLLMLoraParam);
PLACE(RKLLMAdapterChoice, name, RKLLMLoraParam, lora_adapter_name);

SIZE(RKLLMPromptCache, RKLLMPromptCacheParam);
PLACE(RKLLMPromptCache, save, RKLLMPromptCacheParam, save_prompt_cache);
PLACE(RKLLMPromptCache, path, RKLLMPromptCacheParam, prompt_cache_path);

SIZE(RKLLMHiddenStates, RKLLMResultLastHiddenLayer);
PLACE(RKLLMHiddenStates, values, RKLLMResultLastHiddenLayer, hidden_states);
PLACE(RKLLMHiddenStates, size, RKLLMResultLastHiddenLayer, embd_size);
PLACE(RKLLMHiddenStates, count, RKLLMResultLastHiddenLayer, num_tokens);

#if GENERATION >= 120
SIZE(RKLLMLogits, RKLLMResultLogits);
PLACE(RKLLMLogits, values, RKLLMResultLogits, logits);
PLACE(RKLLMLogits, vocabulary, RKLLMResultLogits, vocab_size);
PLACE(RKLLMLogits, count, RKLLMResultLogits, num_tokens);
#endif
#if GENERATION >= 121
SIZE(RKLLMTimes, RKLLMPerfStat);
PLACE(RKLLMTimes, prefill_milliseconds, RKLLMPerfStat, prefill_time_ms);
PLACE(RKLLMTimes, prefill_tokens, RKLLMPerfStat, prefill_tokens);
PLACE(RKLLMTimes, generate_milliseconds, RKLLMPerfStat, generate_time_ms);
PLACE(RKLLMTimes, generate_tokens, RKLLMPerfStat, generate_tokens);
PLACE(RKLLMTimes, memory_megabytes, RKLLMPerfStat, memory_usage_mb);
SIZE(RKLLMCrossAttention, RKLLMCrossAttnParam);
PLACE(RKLLMCrossAttention, keys, RKLLMCrossAttnParam, encoder_k_cache);
PLACE(RKLLMCrossAttention, values, RKLLMCrossAttnParam, encoder_v_cache);
PLACE(RKLLMCrossAttention, mask, RKLLMCrossAttnParam, encoder_mask);
PLACE(RKLLMCrossAttention, positions, RKLLMCrossAttnParam, encoder_pos);
PLACE(RKLLMCrossAttention, count, RKLLMCrossAttnParam, num_tokens);
#endif

SIZE(OURS(Extend), RKLLMExtendParam);
PLACE(OURS(Extend), base_domain, RKLLMExtendParam, base_domain_id);
#if GENERATION >= 120
PLACE(OURS(Extend), embeds_from_flash, RKLLMExtendParam, embed_flash);
PLACE(OURS(Extend), cpu_count, RKLLMExtendParam, enabled_cpus_num);
PLACE(OURS(Extend), cpu_mask, RKLLMExtendParam, enabled_cpus_mask);
#endif
#if GENERATION >= 121
PLACE(OURS(Extend), batch, RKLLMExtendParam, n_batch);
PLACE(OURS(Extend), cross_attention, RKLLMExtendParam, use_cross_attn);
#endif
PLACE(OURS(Extend), reserved, RKLLMExtendParam, reserved);

SIZE(OURS(Params), RKLLMParam);
PLACE(OURS(Params), model_path, RKLLMParam, model_path);
PLACE(OURS(Params), context_length, RKLLMParam, max_context_len);
PLACE(OURS(Params), max_new_tokens, RKLLMParam, max_new_tokens);
#if GENERATION >= 120
PLACE(OURS(Params), kept_tokens, RKLLMParam, n_keep);
#endif
PLACE(OURS(Params), top_k, RKLLMParam, top_k);
PLACE(OURS(Params), top_p, RKLLMParam, top_p);
PLACE(OURS(Params), temperature, RKLLMParam, temperature);
PLACE(OURS(Params), repeat_penalty, RKLLMParam, repeat_penalty);
PLACE(OURS(Params), frequency_penalty, RKLLMParam, frequency_penalty);
PLACE(OURS(Params), presence_penalty, RKLLMParam, presence_penalty);
PLACE(OURS(Params), mirostat, RKLLMParam, mirostat);
PLACE(OURS(Params), mirostat_tau, RKLLMParam, mirostat_tau);
PLACE(OURS(Params), mirostat_eta, RKLLMParam, mirostat_eta);
PLACE(OURS(Params), skips_special_tokens, RKLLMParam, skip_special_token);
#if GENERATION >= 130
PLACE(OURS(Params), ignores_end_tokens, RKLLMParam, ignore_eos_token);
#else
PLACE(OURS(Params), image_start, RKLLMParam, img_start);
PLACE(OURS(Params), image_end, RKLLMParam, img_end);
PLACE(OURS(Params), image_content, RKLLMParam, img_content);
#endif
PLACE(OURS(Params), runs_asynchronously, RKLLMParam, is_async);
PLACE(OURS(Params), extend, RKLLMParam, extend_param);

#if GENERATION >= 130
using Multimodal = RKLLMMultiModalInput;
using Images = decltype(Multimodal::image);
using Videos = decltype(Multimodal::video);
SIZE(OURS(Images), Images);
PLACE(OURS(Images), embeddings, Images, image_embed);
PLACE(OURS(Images), tokens, Images, n_image_tokens);
PLACE(OURS(Images), count, Images, n_image);
PLACE(OURS(Images), start, Images, image_start);
PLACE(OURS(Images), end, Images, image_end);
PLACE(OURS(Images), content, Images, image_content);
PLACE(OURS(Images), width, Images, image_width);
PLACE(OURS(Images), height, Images, image_height);
SIZE(OURS(Videos), Videos);
PLACE(OURS(Videos), embeddings, Videos, video_embed);
PLACE(OURS(Videos), tokens, Videos, n_frame_tokens);
PLACE(OURS(Videos), frames, Videos, n_frame_per_video);
PLACE(OURS(Videos), count, Videos, n_video);
PLACE(OURS(Videos), start, Videos, video_start);
PLACE(OURS(Videos), end, Videos, video_end);
PLACE(OURS(Videos), content, Videos, video_content);
PLACE(OURS(Videos), width, Videos, frame_width);
PLACE(OURS(Videos), height, Videos, frame_height);
SIZE(OURS(Multimodal), Multimodal);
PLACE(OURS(Multimodal), prompt, Multimodal, prompt);
PLACE(OURS(Multimodal), images, Multimodal, image);
PLACE(OURS(Multimodal), videos, Multimodal, video);
SIZE(OURS(Sampling), RKLLMSamplingParam);
PLACE(OURS(Sampling), top_k, RKLLMSamplingParam, top_k);
PLACE(OURS(Sampling), top_p, RKLLMSamplingParam, top_p);
PLACE(OURS(Sampling), temperature, RKLLMSamplingParam, temperature);
PLACE(OURS(Sampling), repeat_penalty, RKLLMSamplingParam, repeat_penalty);
PLACE(OURS(Sampling), frequency_penalty, RKLLMSamplingParam, frequency_penalty);
PLACE(OURS(Sampling), presence_penalty, RKLLMSamplingParam, presence_penalty);
PLACE(OURS(Sampling), mirostat, RKLLMSamplingParam, mirostat);
PLACE(OURS(Sampling), mirostat_tau, RKLLMSamplingParam, mirostat_tau);
PLACE(OURS(Sampling), mirostat_eta, RKLLMSamplingParam, mirostat_eta);
#else
using Multimodal = decltype(RKLLMInput::multimodal_input);
SIZE(OURS(Multimodal), Multimodal);
PLACE(OURS(Multimodal), prompt, Multimodal, prompt);
PLACE(OURS(Multimodal), embeddings, Multimodal, image_embed);
PLACE(OURS(Multimodal), tokens, Multimodal, n_image_tokens);
#if GENERATION >= 121
PLACE(OURS(Multimodal), count, Multimodal, n_image);
PLACE(OURS(Multimodal), width, Multimodal, image_width);
PLACE(OURS(Multimodal), height, Multimodal, image_height);
#endif
#endif

static_assert(
    sizeof(OURS(Content)) == sizeof(RKLLMInput) - offsetof(RKLLMInput, prompt_input), "Content has another size");
SIZE(OURS(Input), RKLLMInput);
#if GENERATION >= 121
PLACE(OURS(Input), role, RKLLMInput, role);
PLACE(OURS(Input), thinks, RKLLMInput, enable_thinking);
#endif
PLACE(OURS(Input), kind, RKLLMInput, input_type);
PLACE(OURS(Input), content.prompt, RKLLMInput, prompt_input);
PLACE(OURS(Input), content.embeddings, RKLLMInput, embed_input);
PLACE(OURS(Input), content.tokens, RKLLMInput, token_input);
PLACE(OURS(Input), content.multimodal, RKLLMInput, multimodal_input);

SIZE(OURS(RunParams), RKLLMInferParam);
PLACE(OURS(RunParams), mode, RKLLMInferParam, mode);
PLACE(OURS(RunParams), adapter, RKLLMInferParam, lora_params);
PLACE(OURS(RunParams), prompt_cache, RKLLMInferParam, prompt_cache_params);
#if GENERATION >= 120
PLACE(OURS(RunParams), keeps_history, RKLLMInferParam, keep_history);
#endif
#if GENERATION >= 130
PLACE(OURS(RunParams), sampling, RKLLMInferParam, sampling_params);
PLACE(OURS(RunParams), max_new_tokens, RKLLMInferParam, max_new_tokens);
#endif

SIZE(OURS(Result), RKLLMResult);
PLACE(OURS(Result), text, RKLLMResult, text);
PLACE(OURS(Result), token, RKLLMResult, token_id);
PLACE(OURS(Result), hidden_states, RKLLMResult, last_hidden_layer);
#if GENERATION >= 120
PLACE(OURS(Result), logits, RKLLMResult, logits);
#endif
#if GENERATION >= 121
PLACE(OURS(Result), times, RKLLMResult, perf);
#endif

CALLBACK(OURS(ResultCallback), LLMResultCallback);
#if GENERATION >= 130
CALLBACK(OURS(TokenizerCallback), LLMTokenizerCallback);
CALLBACK(OURS(EmbeddingCallback), LLMGetEmbedCallback);
SIZE(OURS(Callbacks), RKLLMCallback);
PLACE(OURS(Callbacks), result, RKLLMCallback, result_callback);
PLACE(OURS(Callbacks), result_user, RKLLMCallback, result_userdata);
PLACE(OURS(Callbacks), tokenizer, RKLLMCallback, tokenizer_callback);
PLACE(OURS(Callbacks), tokenizer_user, RKLLMCallback, tokenizer_userdata);
PLACE(OURS(Callbacks), embedding, RKLLMCallback, embed_callback);
PLACE(OURS(Callbacks), embedding_user, RKLLMCallback, embed_userdata);
#endif

CALL(OURS(DefaultParamsCall), rkllm_createDefaultParam);
CALL(OURS(InitCall), rkllm_init);
CALL(OURS(RunCall), rkllm_run);
CALL(OURS(RunCall), rkllm_run_async);
CALL(RKLLMDestroyCall, rkllm_destroy);
CALL(RKLLMAbortCall, rkllm_abort);
CALL(RKLLMIsRunningCall, rkllm_is_running);
CALL(RKLLMLoadAdapterCall, rkllm_load_lora);
CALL(RKLLMLoadPromptCacheCall, rkllm_load_prompt_cache);
CALL(RKLLMReleasePromptCacheCall, rkllm_release_prompt_cache);
#if GENERATION >= 120
CALL(OURS(ClearCacheCall), rkllm_clear_kv_cache);
CALL(RKLLMSetChatTemplateCall, rkllm_set_chat_template);
#endif
#if GENERATION >= 121
CALL(RKLLMCacheSizeCall, rkllm_get_kv_cache_size);
CALL(RKLLMSetToolsCall, rkllm_set_function_tools);
CALL(RKLLMSetCrossAttentionCall, rkllm_set_cross_attn_params);
#endif
