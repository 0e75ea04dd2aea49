// RKLLM 1.2.1, 1.2.2 and 1.2.3: see rkllm_calls.h, which includes this.
#pragma once
#include "rkllm_calls.h"

typedef struct RKLLM121Extend {
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
} RKLLM121Extend;

/// A model and how its tokens are chosen. Begin with what `RKLLM121DefaultParamsCall` returns.
typedef struct RKLLM121Params {
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
    bool runs_asynchronously;
    const char *_Nullable image_start;
    const char *_Nullable image_end;
    const char *_Nullable image_content;
    RKLLM121Extend extend;
} RKLLM121Params;

typedef struct RKLLM121Multimodal {
    const char *_Nullable prompt;
    float *_Nullable embeddings;
    /// Of one image.
    size_t tokens;
    size_t count;
    size_t width;
    size_t height;
} RKLLM121Multimodal;

typedef union RKLLM121Content {
    const char *_Nullable prompt;
    RKLLMEmbeddings embeddings;
    RKLLMTokens tokens;
    RKLLM121Multimodal multimodal;
} RKLLM121Content;

typedef struct RKLLM121Input {
    /// "user" or "tool".
    const char *_Nullable role;
    /// Of models that can.
    bool thinks;
    /// RKLLM_KIND_...
    int32_t kind;
    RKLLM121Content content;
} RKLLM121Input;

typedef struct RKLLM121RunParams {
    /// RKLLM_MODE_...
    int32_t mode;
    RKLLMAdapterChoice *_Nullable adapter;
    RKLLMPromptCache *_Nullable prompt_cache;
    /// 1: the next run continues with the cache that this one leaves.
    int32_t keeps_history;
} RKLLM121RunParams;

/// What a callback is given; valid while it runs.
typedef struct RKLLM121Result {
    /// UTF-8, ended by zero. Not always of whole characters.
    const char *_Nullable text;
    /// Of one that is generated.
    int32_t token;
    RKLLMHiddenStates hidden_states;
    RKLLMLogits logits;
    RKLLMTimes times;
} RKLLM121Result;

/// Called on a thread of the library, in the order of the tokens. `state`: RKLLM_STATE_...
/// Returns RKLLM_ANSWER_...
typedef int (*RKLLM121ResultCallback)(RKLLM121Result *_Nullable, void *_Nullable user, int32_t state);

typedef RKLLM121Params (*RKLLM121DefaultParamsCall)(void);
typedef int (*RKLLM121InitCall)(
    RKLLMHandle _Nullable *_Nonnull out, RKLLM121Params *_Nonnull, RKLLM121ResultCallback _Nonnull);
/// Of rkllm_run, which returns at the end, and of rkllm_run_async, which returns at once.
typedef int (*RKLLM121RunCall)(
    RKLLMHandle _Nonnull, RKLLM121Input *_Nonnull, RKLLM121RunParams *_Nonnull, void *_Nullable user);
/// `starts` and `ends` (behind the last): ranges, one for each of `batch`; both null: everything.
/// Ranges are taken only where a run without history was paused.
typedef int (*RKLLM121ClearCacheCall)(
    RKLLMHandle _Nonnull, int keeps_system_prompt, int *_Nullable starts, int *_Nullable ends);

RKLLM_SIZE(RKLLM121Extend, 120);
RKLLM_PLACE(RKLLM121Extend, base_domain, 0);
RKLLM_PLACE(RKLLM121Extend, embeds_from_flash, 4);
RKLLM_PLACE(RKLLM121Extend, cpu_count, 5);
RKLLM_PLACE(RKLLM121Extend, cpu_mask, 8);
RKLLM_PLACE(RKLLM121Extend, batch, 12);
RKLLM_PLACE(RKLLM121Extend, cross_attention, 13);
RKLLM_PLACE(RKLLM121Extend, reserved, 14);
RKLLM_SIZE(RKLLM121Params, 208);
RKLLM_PLACE(RKLLM121Params, model_path, 0);
RKLLM_PLACE(RKLLM121Params, context_length, 8);
RKLLM_PLACE(RKLLM121Params, max_new_tokens, 12);
RKLLM_PLACE(RKLLM121Params, top_k, 16);
RKLLM_PLACE(RKLLM121Params, kept_tokens, 20);
RKLLM_PLACE(RKLLM121Params, top_p, 24);
RKLLM_PLACE(RKLLM121Params, temperature, 28);
RKLLM_PLACE(RKLLM121Params, repeat_penalty, 32);
RKLLM_PLACE(RKLLM121Params, frequency_penalty, 36);
RKLLM_PLACE(RKLLM121Params, presence_penalty, 40);
RKLLM_PLACE(RKLLM121Params, mirostat, 44);
RKLLM_PLACE(RKLLM121Params, mirostat_tau, 48);
RKLLM_PLACE(RKLLM121Params, mirostat_eta, 52);
RKLLM_PLACE(RKLLM121Params, skips_special_tokens, 56);
RKLLM_PLACE(RKLLM121Params, runs_asynchronously, 57);
RKLLM_PLACE(RKLLM121Params, image_start, 64);
RKLLM_PLACE(RKLLM121Params, image_end, 72);
RKLLM_PLACE(RKLLM121Params, image_content, 80);
RKLLM_PLACE(RKLLM121Params, extend, 88);
RKLLM_SIZE(RKLLM121Multimodal, 48);
RKLLM_PLACE(RKLLM121Multimodal, prompt, 0);
RKLLM_PLACE(RKLLM121Multimodal, embeddings, 8);
RKLLM_PLACE(RKLLM121Multimodal, tokens, 16);
RKLLM_PLACE(RKLLM121Multimodal, count, 24);
RKLLM_PLACE(RKLLM121Multimodal, width, 32);
RKLLM_PLACE(RKLLM121Multimodal, height, 40);
RKLLM_SIZE(RKLLM121Content, 48);
RKLLM_SIZE(RKLLM121Input, 64);
RKLLM_PLACE(RKLLM121Input, role, 0);
RKLLM_PLACE(RKLLM121Input, thinks, 8);
RKLLM_PLACE(RKLLM121Input, kind, 12);
RKLLM_PLACE(RKLLM121Input, content, 16);
RKLLM_SIZE(RKLLM121RunParams, 32);
RKLLM_PLACE(RKLLM121RunParams, mode, 0);
RKLLM_PLACE(RKLLM121RunParams, adapter, 8);
RKLLM_PLACE(RKLLM121RunParams, prompt_cache, 16);
RKLLM_PLACE(RKLLM121RunParams, keeps_history, 24);
RKLLM_SIZE(RKLLM121Result, 72);
RKLLM_PLACE(RKLLM121Result, text, 0);
RKLLM_PLACE(RKLLM121Result, token, 8);
RKLLM_PLACE(RKLLM121Result, hidden_states, 16);
RKLLM_PLACE(RKLLM121Result, logits, 32);
RKLLM_PLACE(RKLLM121Result, times, 48);
