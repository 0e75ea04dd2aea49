// RKLLM 1.3.0: see rkllm_calls.h, which includes this.
#pragma once
#include "rkllm_calls.h"

typedef struct RKLLM130Extend {
    /// The IOMMU domain of the memory, from 0.
    int32_t base_domain;
    /// 1: the table of embeddings stays in the file.
    int8_t embeds_from_flash;
    int8_t cpu_count;
    /// A bit for each processor that may be used.
    uint32_t cpu_mask;
    /// How many inputs are computed at once; 1 usually.
    uint8_t batch;
    /// 1: attends to what `RKLLMSetCrossAttentionCall` sets.
    int8_t cross_attention;
    uint8_t reserved[104];
} RKLLM130Extend;

/// A model and how its tokens are chosen. Begin with what `RKLLM130DefaultParamsCall` returns.
typedef struct RKLLM130Params {
    const char *_Nullable model_path;
    /// Tokens that the cache has room for, prompt and answer together.
    int32_t context_length;
    int32_t max_new_tokens;
    /// 1: the likeliest token, always.
    int32_t top_k;
    /// Positions at the beginning that stay when the context is full and the oldest ones go.
    int32_t kept_tokens;
    float top_p;
    float temperature;
    /// 1: none.
    float repeat_penalty;
    float frequency_penalty;
    float presence_penalty;
    /// 0: off.
    int32_t mirostat;
    float mirostat_tau;
    float mirostat_eta;
    /// Special tokens give no text.
    bool skips_special_tokens;
    /// Goes on behind end tokens, to the most that there may be.
    bool ignores_end_tokens;
    bool runs_asynchronously;
    RKLLM130Extend extend;
} RKLLM130Params;

typedef struct RKLLM130Images {
    float *_Nullable embeddings;
    /// Of one image.
    size_t tokens;
    size_t count;
    const char *_Nullable start;
    const char *_Nullable end;
    const char *_Nullable content;
    size_t width;
    size_t height;
} RKLLM130Images;

typedef struct RKLLM130Videos {
    float *_Nullable embeddings;
    /// Of one frame.
    size_t tokens;
    /// Of one video.
    size_t frames;
    size_t count;
    const char *_Nullable start;
    const char *_Nullable end;
    const char *_Nullable content;
    size_t width;
    size_t height;
} RKLLM130Videos;

typedef struct RKLLM130Multimodal {
    const char *_Nullable prompt;
    RKLLM130Images images;
    RKLLM130Videos videos;
} RKLLM130Multimodal;

typedef union RKLLM130Content {
    const char *_Nullable prompt;
    RKLLMEmbeddings embeddings;
    RKLLMTokens tokens;
    RKLLM130Multimodal multimodal;
} RKLLM130Content;

typedef struct RKLLM130Input {
    /// "user" or "tool".
    const char *_Nullable role;
    /// Of models that can.
    bool thinks;
    /// RKLLM_KIND_...
    int32_t kind;
    RKLLM130Content content;
} RKLLM130Input;

/// How the tokens of one run are chosen.
typedef struct RKLLM130Sampling {
    /// 1: the likeliest token, always.
    int32_t top_k;
    float top_p;
    float temperature;
    /// 1: none.
    float repeat_penalty;
    float frequency_penalty;
    float presence_penalty;
    /// 0: off.
    int32_t mirostat;
    float mirostat_tau;
    float mirostat_eta;
} RKLLM130Sampling;

typedef struct RKLLM130RunParams {
    /// RKLLM_MODE_...
    int32_t mode;
    RKLLMAdapterChoice *_Nullable adapter;
    RKLLMPromptCache *_Nullable prompt_cache;
    /// Null: that of the model.
    RKLLM130Sampling *_Nullable sampling;
    /// 1: the next run continues with the cache that this one leaves.
    int32_t keeps_history;
    /// 0 or less: that of the model.
    int32_t max_new_tokens;
} RKLLM130RunParams;

/// What a callback is given; valid while it runs.
typedef struct RKLLM130Result {
    /// UTF-8, ended by zero. Not always of whole characters.
    const char *_Nullable text;
    /// Of one that is generated.
    int32_t token;
    RKLLMHiddenStates hidden_states;
    RKLLMLogits logits;
    RKLLMTimes times;
} RKLLM130Result;

/// Called on a thread of the library, in the order of the tokens. `state`: RKLLM_STATE_...
/// Returns RKLLM_ANSWER_...
typedef int (*RKLLM130ResultCallback)(RKLLM130Result *_Nullable, void *_Nullable user, int32_t state);
/// Returns how many tokens it wrote, at most `capacity`; negative: it failed.
typedef int32_t (*RKLLM130TokenizerCallback)(
    void *_Nullable user, const char *_Nonnull text, int32_t bytes, int32_t *_Nonnull tokens, int32_t capacity);
/// Writes the rows of tokens, `bytes` in all. Returns 0, or something else when it failed.
typedef int (*RKLLM130EmbeddingCallback)(
    void *_Nullable user, int32_t *_Nonnull tokens, uint64_t count, void *_Nonnull rows, uint64_t bytes);

/// The last two are for models without a tokenizer, or without a table of embeddings.
typedef struct RKLLM130Callbacks {
    RKLLM130ResultCallback _Nullable result;
    void *_Nullable result_user;
    RKLLM130TokenizerCallback _Nullable tokenizer;
    void *_Nullable tokenizer_user;
    RKLLM130EmbeddingCallback _Nullable embedding;
    void *_Nullable embedding_user;
} RKLLM130Callbacks;

typedef RKLLM130Params (*RKLLM130DefaultParamsCall)(void);
typedef int (*RKLLM130InitCall)(
    RKLLMHandle _Nullable *_Nonnull out, RKLLM130Params *_Nonnull, RKLLM130Callbacks *_Nonnull);
/// Of rkllm_run, which returns at the end, and of rkllm_run_async, which returns at once.
typedef int (*RKLLM130RunCall)(
    RKLLMHandle _Nonnull, RKLLM130Input *_Nonnull, RKLLM130RunParams *_Nonnull, void *_Nullable user);
/// `starts` and `ends` (behind the last): ranges, one for each of `batch`; both null: everything.
/// Ranges are taken only where a run without history was paused.
typedef int (*RKLLM130ClearCacheCall)(
    RKLLMHandle _Nonnull, int keeps_system_prompt, int *_Nullable starts, int *_Nullable ends);

RKLLM_SIZE(RKLLM130Extend, 120);
RKLLM_PLACE(RKLLM130Extend, base_domain, 0);
RKLLM_PLACE(RKLLM130Extend, embeds_from_flash, 4);
RKLLM_PLACE(RKLLM130Extend, cpu_count, 5);
RKLLM_PLACE(RKLLM130Extend, cpu_mask, 8);
RKLLM_PLACE(RKLLM130Extend, batch, 12);
RKLLM_PLACE(RKLLM130Extend, cross_attention, 13);
RKLLM_PLACE(RKLLM130Extend, reserved, 14);
RKLLM_SIZE(RKLLM130Params, 184);
RKLLM_PLACE(RKLLM130Params, model_path, 0);
RKLLM_PLACE(RKLLM130Params, context_length, 8);
RKLLM_PLACE(RKLLM130Params, max_new_tokens, 12);
RKLLM_PLACE(RKLLM130Params, top_k, 16);
RKLLM_PLACE(RKLLM130Params, kept_tokens, 20);
RKLLM_PLACE(RKLLM130Params, top_p, 24);
RKLLM_PLACE(RKLLM130Params, temperature, 28);
RKLLM_PLACE(RKLLM130Params, repeat_penalty, 32);
RKLLM_PLACE(RKLLM130Params, frequency_penalty, 36);
RKLLM_PLACE(RKLLM130Params, presence_penalty, 40);
RKLLM_PLACE(RKLLM130Params, mirostat, 44);
RKLLM_PLACE(RKLLM130Params, mirostat_tau, 48);
RKLLM_PLACE(RKLLM130Params, mirostat_eta, 52);
RKLLM_PLACE(RKLLM130Params, skips_special_tokens, 56);
RKLLM_PLACE(RKLLM130Params, ignores_end_tokens, 57);
RKLLM_PLACE(RKLLM130Params, runs_asynchronously, 58);
RKLLM_PLACE(RKLLM130Params, extend, 60);
RKLLM_SIZE(RKLLM130Images, 64);
RKLLM_PLACE(RKLLM130Images, embeddings, 0);
RKLLM_PLACE(RKLLM130Images, tokens, 8);
RKLLM_PLACE(RKLLM130Images, count, 16);
RKLLM_PLACE(RKLLM130Images, start, 24);
RKLLM_PLACE(RKLLM130Images, end, 32);
RKLLM_PLACE(RKLLM130Images, content, 40);
RKLLM_PLACE(RKLLM130Images, width, 48);
RKLLM_PLACE(RKLLM130Images, height, 56);
RKLLM_SIZE(RKLLM130Videos, 72);
RKLLM_PLACE(RKLLM130Videos, embeddings, 0);
RKLLM_PLACE(RKLLM130Videos, tokens, 8);
RKLLM_PLACE(RKLLM130Videos, frames, 16);
RKLLM_PLACE(RKLLM130Videos, count, 24);
RKLLM_PLACE(RKLLM130Videos, start, 32);
RKLLM_PLACE(RKLLM130Videos, end, 40);
RKLLM_PLACE(RKLLM130Videos, content, 48);
RKLLM_PLACE(RKLLM130Videos, width, 56);
RKLLM_PLACE(RKLLM130Videos, height, 64);
RKLLM_SIZE(RKLLM130Multimodal, 144);
RKLLM_PLACE(RKLLM130Multimodal, prompt, 0);
RKLLM_PLACE(RKLLM130Multimodal, images, 8);
RKLLM_PLACE(RKLLM130Multimodal, videos, 72);
RKLLM_SIZE(RKLLM130Content, 144);
RKLLM_SIZE(RKLLM130Input, 160);
RKLLM_PLACE(RKLLM130Input, role, 0);
RKLLM_PLACE(RKLLM130Input, thinks, 8);
RKLLM_PLACE(RKLLM130Input, kind, 12);
RKLLM_PLACE(RKLLM130Input, content, 16);
RKLLM_SIZE(RKLLM130Sampling, 36);
RKLLM_PLACE(RKLLM130Sampling, top_k, 0);
RKLLM_PLACE(RKLLM130Sampling, top_p, 4);
RKLLM_PLACE(RKLLM130Sampling, temperature, 8);
RKLLM_PLACE(RKLLM130Sampling, repeat_penalty, 12);
RKLLM_PLACE(RKLLM130Sampling, frequency_penalty, 16);
RKLLM_PLACE(RKLLM130Sampling, presence_penalty, 20);
RKLLM_PLACE(RKLLM130Sampling, mirostat, 24);
RKLLM_PLACE(RKLLM130Sampling, mirostat_tau, 28);
RKLLM_PLACE(RKLLM130Sampling, mirostat_eta, 32);
RKLLM_SIZE(RKLLM130RunParams, 40);
RKLLM_PLACE(RKLLM130RunParams, mode, 0);
RKLLM_PLACE(RKLLM130RunParams, adapter, 8);
RKLLM_PLACE(RKLLM130RunParams, prompt_cache, 16);
RKLLM_PLACE(RKLLM130RunParams, sampling, 24);
RKLLM_PLACE(RKLLM130RunParams, keeps_history, 32);
RKLLM_PLACE(RKLLM130RunParams, max_new_tokens, 36);
RKLLM_SIZE(RKLLM130Result, 72);
RKLLM_PLACE(RKLLM130Result, text, 0);
RKLLM_PLACE(RKLLM130Result, token, 8);
RKLLM_PLACE(RKLLM130Result, hidden_states, 16);
RKLLM_PLACE(RKLLM130Result, logits, 32);
RKLLM_PLACE(RKLLM130Result, times, 48);
RKLLM_SIZE(RKLLM130Callbacks, 48);
RKLLM_PLACE(RKLLM130Callbacks, result, 0);
RKLLM_PLACE(RKLLM130Callbacks, result_user, 8);
RKLLM_PLACE(RKLLM130Callbacks, tokenizer, 16);
RKLLM_PLACE(RKLLM130Callbacks, tokenizer_user, 24);
RKLLM_PLACE(RKLLM130Callbacks, embedding, 32);
RKLLM_PLACE(RKLLM130Callbacks, embedding_user, 40);
