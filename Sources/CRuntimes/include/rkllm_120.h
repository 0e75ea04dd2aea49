// RKLLM 1.2.0: see rkllm_calls.h, which includes this.
#pragma once
#include "rkllm_calls.h"

typedef struct RKLLM120Extend {
    /// The IOMMU domain of the memory, from 0.
    int32_t base_domain;
    /// 1: the table of embeddings stays in the file.
    int8_t embeds_from_flash;
    int8_t cpu_count;
    /// A bit for each processor that may be used.
    uint32_t cpu_mask;
    uint8_t reserved[106];
} RKLLM120Extend;

/// A model and how its tokens are chosen. Begin with what `RKLLM120DefaultParamsCall` returns.
typedef struct RKLLM120Params {
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
    RKLLM120Extend extend;
} RKLLM120Params;

typedef struct RKLLM120Multimodal {
    const char *_Nullable prompt;
    float *_Nullable embeddings;
    /// Of one image.
    size_t tokens;
} RKLLM120Multimodal;

typedef union RKLLM120Content {
    const char *_Nullable prompt;
    RKLLMEmbeddings embeddings;
    RKLLMTokens tokens;
    RKLLM120Multimodal multimodal;
} RKLLM120Content;

typedef struct RKLLM120Input {
    /// RKLLM_KIND_...
    int32_t kind;
    RKLLM120Content content;
} RKLLM120Input;

typedef struct RKLLM120RunParams {
    /// RKLLM_MODE_...
    int32_t mode;
    RKLLMAdapterChoice *_Nullable adapter;
    RKLLMPromptCache *_Nullable prompt_cache;
    /// 1: the next run continues with the cache that this one leaves.
    int32_t keeps_history;
} RKLLM120RunParams;

/// What a callback is given; valid while it runs.
typedef struct RKLLM120Result {
    /// UTF-8, ended by zero. Not always of whole characters.
    const char *_Nullable text;
    /// Of one that is generated.
    int32_t token;
    RKLLMHiddenStates hidden_states;
    RKLLMLogits logits;
} RKLLM120Result;

/// Called on a thread of the library, in the order of the tokens. `state`: RKLLM_STATE_...
typedef void (*RKLLM120ResultCallback)(RKLLM120Result *_Nullable, void *_Nullable user, int32_t state);

typedef RKLLM120Params (*RKLLM120DefaultParamsCall)(void);
typedef int (*RKLLM120InitCall)(
    RKLLMHandle _Nullable *_Nonnull out, RKLLM120Params *_Nonnull, RKLLM120ResultCallback _Nonnull);
/// Of rkllm_run, which returns at the end, and of rkllm_run_async, which returns at once.
typedef int (*RKLLM120RunCall)(
    RKLLMHandle _Nonnull, RKLLM120Input *_Nonnull, RKLLM120RunParams *_Nonnull, void *_Nullable user);
typedef int (*RKLLM120ClearCacheCall)(RKLLMHandle _Nonnull, int keeps_system_prompt);

RKLLM_SIZE(RKLLM120Extend, 120);
RKLLM_PLACE(RKLLM120Extend, base_domain, 0);
RKLLM_PLACE(RKLLM120Extend, embeds_from_flash, 4);
RKLLM_PLACE(RKLLM120Extend, cpu_count, 5);
RKLLM_PLACE(RKLLM120Extend, cpu_mask, 8);
RKLLM_PLACE(RKLLM120Extend, reserved, 12);
RKLLM_SIZE(RKLLM120Params, 208);
RKLLM_PLACE(RKLLM120Params, model_path, 0);
RKLLM_PLACE(RKLLM120Params, context_length, 8);
RKLLM_PLACE(RKLLM120Params, max_new_tokens, 12);
RKLLM_PLACE(RKLLM120Params, top_k, 16);
RKLLM_PLACE(RKLLM120Params, kept_tokens, 20);
RKLLM_PLACE(RKLLM120Params, top_p, 24);
RKLLM_PLACE(RKLLM120Params, temperature, 28);
RKLLM_PLACE(RKLLM120Params, repeat_penalty, 32);
RKLLM_PLACE(RKLLM120Params, frequency_penalty, 36);
RKLLM_PLACE(RKLLM120Params, presence_penalty, 40);
RKLLM_PLACE(RKLLM120Params, mirostat, 44);
RKLLM_PLACE(RKLLM120Params, mirostat_tau, 48);
RKLLM_PLACE(RKLLM120Params, mirostat_eta, 52);
RKLLM_PLACE(RKLLM120Params, skips_special_tokens, 56);
RKLLM_PLACE(RKLLM120Params, runs_asynchronously, 57);
RKLLM_PLACE(RKLLM120Params, image_start, 64);
RKLLM_PLACE(RKLLM120Params, image_end, 72);
RKLLM_PLACE(RKLLM120Params, image_content, 80);
RKLLM_PLACE(RKLLM120Params, extend, 88);
RKLLM_SIZE(RKLLM120Multimodal, 24);
RKLLM_PLACE(RKLLM120Multimodal, prompt, 0);
RKLLM_PLACE(RKLLM120Multimodal, embeddings, 8);
RKLLM_PLACE(RKLLM120Multimodal, tokens, 16);
RKLLM_SIZE(RKLLM120Content, 24);
RKLLM_SIZE(RKLLM120Input, 32);
RKLLM_PLACE(RKLLM120Input, kind, 0);
RKLLM_PLACE(RKLLM120Input, content, 8);
RKLLM_SIZE(RKLLM120RunParams, 32);
RKLLM_PLACE(RKLLM120RunParams, mode, 0);
RKLLM_PLACE(RKLLM120RunParams, adapter, 8);
RKLLM_PLACE(RKLLM120RunParams, prompt_cache, 16);
RKLLM_PLACE(RKLLM120RunParams, keeps_history, 24);
RKLLM_SIZE(RKLLM120Result, 48);
RKLLM_PLACE(RKLLM120Result, text, 0);
RKLLM_PLACE(RKLLM120Result, token, 8);
RKLLM_PLACE(RKLLM120Result, hidden_states, 16);
RKLLM_PLACE(RKLLM120Result, logits, 32);
