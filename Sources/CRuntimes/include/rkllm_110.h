// RKLLM 1.1.0 to 1.1.4: see rkllm_calls.h, which includes this.
#pragma once
#include "rkllm_calls.h"

typedef struct RKLLM110Extend {
    /// The IOMMU domain of the memory, from 0.
    int32_t base_domain;
    uint8_t reserved[112];
} RKLLM110Extend;

/// A model and how its tokens are chosen. Begin with what `RKLLM110DefaultParamsCall` returns.
typedef struct RKLLM110Params {
    const char *_Nullable model_path;
    /// Tokens that the cache has room for, prompt and answer together.
    int32_t context_length;
    int32_t max_new_tokens;
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
    /// Special tokens give no text.
    bool skips_special_tokens;
    bool runs_asynchronously;
    const char *_Nullable image_start;
    const char *_Nullable image_end;
    const char *_Nullable image_content;
    RKLLM110Extend extend;
} RKLLM110Params;

typedef struct RKLLM110Multimodal {
    const char *_Nullable prompt;
    float *_Nullable embeddings;
    /// Of one image.
    size_t tokens;
} RKLLM110Multimodal;

typedef union RKLLM110Content {
    const char *_Nullable prompt;
    RKLLMEmbeddings embeddings;
    RKLLMTokens tokens;
    RKLLM110Multimodal multimodal;
} RKLLM110Content;

typedef struct RKLLM110Input {
    /// RKLLM_KIND_...
    int32_t kind;
    RKLLM110Content content;
} RKLLM110Input;

typedef struct RKLLM110RunParams {
    /// RKLLM_MODE_...
    int32_t mode;
    RKLLMAdapterChoice *_Nullable adapter;
    RKLLMPromptCache *_Nullable prompt_cache;
} RKLLM110RunParams;

/// What a callback is given; valid while it runs.
typedef struct RKLLM110Result {
    /// UTF-8, ended by zero. Not always of whole characters.
    const char *_Nullable text;
    /// Of one that is generated.
    int32_t token;
    RKLLMHiddenStates hidden_states;
} RKLLM110Result;

/// Called on a thread of the library, in the order of the tokens. `state`: RKLLM_STATE_...
typedef void (*RKLLM110ResultCallback)(RKLLM110Result *_Nullable, void *_Nullable user, int32_t state);

typedef RKLLM110Params (*RKLLM110DefaultParamsCall)(void);
typedef int (*RKLLM110InitCall)(
    RKLLMHandle _Nullable *_Nonnull out, RKLLM110Params *_Nonnull, RKLLM110ResultCallback _Nonnull);
/// Of rkllm_run, which returns at the end, and of rkllm_run_async, which returns at once.
typedef int (*RKLLM110RunCall)(
    RKLLMHandle _Nonnull, RKLLM110Input *_Nonnull, RKLLM110RunParams *_Nonnull, void *_Nullable user);

RKLLM_SIZE(RKLLM110Extend, 116);
RKLLM_PLACE(RKLLM110Extend, base_domain, 0);
RKLLM_PLACE(RKLLM110Extend, reserved, 4);
RKLLM_SIZE(RKLLM110Params, 200);
RKLLM_PLACE(RKLLM110Params, model_path, 0);
RKLLM_PLACE(RKLLM110Params, context_length, 8);
RKLLM_PLACE(RKLLM110Params, max_new_tokens, 12);
RKLLM_PLACE(RKLLM110Params, top_k, 16);
RKLLM_PLACE(RKLLM110Params, top_p, 20);
RKLLM_PLACE(RKLLM110Params, temperature, 24);
RKLLM_PLACE(RKLLM110Params, repeat_penalty, 28);
RKLLM_PLACE(RKLLM110Params, frequency_penalty, 32);
RKLLM_PLACE(RKLLM110Params, presence_penalty, 36);
RKLLM_PLACE(RKLLM110Params, mirostat, 40);
RKLLM_PLACE(RKLLM110Params, mirostat_tau, 44);
RKLLM_PLACE(RKLLM110Params, mirostat_eta, 48);
RKLLM_PLACE(RKLLM110Params, skips_special_tokens, 52);
RKLLM_PLACE(RKLLM110Params, runs_asynchronously, 53);
RKLLM_PLACE(RKLLM110Params, image_start, 56);
RKLLM_PLACE(RKLLM110Params, image_end, 64);
RKLLM_PLACE(RKLLM110Params, image_content, 72);
RKLLM_PLACE(RKLLM110Params, extend, 80);
RKLLM_SIZE(RKLLM110Multimodal, 24);
RKLLM_PLACE(RKLLM110Multimodal, prompt, 0);
RKLLM_PLACE(RKLLM110Multimodal, embeddings, 8);
RKLLM_PLACE(RKLLM110Multimodal, tokens, 16);
RKLLM_SIZE(RKLLM110Content, 24);
RKLLM_SIZE(RKLLM110Input, 32);
RKLLM_PLACE(RKLLM110Input, kind, 0);
RKLLM_PLACE(RKLLM110Input, content, 8);
RKLLM_SIZE(RKLLM110RunParams, 24);
RKLLM_PLACE(RKLLM110RunParams, mode, 0);
RKLLM_PLACE(RKLLM110RunParams, adapter, 8);
RKLLM_PLACE(RKLLM110RunParams, prompt_cache, 16);
RKLLM_SIZE(RKLLM110Result, 32);
RKLLM_PLACE(RKLLM110Result, text, 0);
RKLLM_PLACE(RKLLM110Result, token, 8);
RKLLM_PLACE(RKLLM110Result, hidden_states, 16);
