// The part of Rockchip's RKLLM API that we call, declared by us: what is alike in every generation, and the four
// generations. scripts/tests.d/rkllm-abi.sh compares each with the public headers of its releases.
//
// The library offers the same symbols in every release, with other layouts behind them. Nothing of the library may be
// called before its version is known; a layout that is not its own corrupts memory. Headers, structures and calls
// are named after the first release of their generation (RKLLM121Input):
//
// | Releases            | Declarations | Input, result | Callback returns | Clearing takes | Init takes        |
// |---------------------|--------------|---------------|------------------|----------------|-------------------|
// | 1.1.0 to 1.1.4      | rkllm_110.h  | 32, 32 bytes  | nothing          | (no such call) | a callback        |
// | 1.2.0               | rkllm_120.h  | 32, 48 bytes  | nothing          | 2 arguments    | a callback        |
// | 1.2.1, 1.2.2, 1.2.3 | rkllm_121.h  | 64, 72 bytes  | int              | 4 arguments    | a callback        |
// | 1.3.0               | rkllm_130.h  | 160, 72 bytes | int              | 4 arguments    | RKLLM130Callbacks |
//
// 1.2.1b1 is neither 1.2.0 nor 1.2.1 (56 and 48 bytes) and is refused, as is every version that is not in the table.
//
// Names are ours, so that a file may include both. Sizes count bytes unless a name says otherwise.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __clang__
#define _Nonnull
#define _Nullable
#endif

/// A loaded model. Every call returns 0 when it went well, something else when not; `RKLLMIsRunningCall` apart.
typedef void *RKLLMHandle;

/// Why a callback is called.
enum {
    /// A token, with its text.
    RKLLM_STATE_NORMAL = 0,
    /// A token whose text is not a whole character yet. The text of such a call may be null.
    RKLLM_STATE_WAITING = 1,
    /// Nothing follows; there is no token.
    RKLLM_STATE_FINISHED = 2,
    RKLLM_STATE_FAILED = 3,
    /// Of 1.1 alone: hidden states instead of a token. Later releases give them with `RKLLM_STATE_NORMAL`.
    RKLLM_STATE_HIDDEN_STATES = 4,
};

/// What an input is made of.
enum {
    RKLLM_KIND_PROMPT = 0,
    RKLLM_KIND_TOKENS = 1,
    RKLLM_KIND_EMBEDDINGS = 2,
    RKLLM_KIND_MULTIMODAL = 3,
};

/// What a run computes.
enum {
    RKLLM_MODE_GENERATE = 0,
    RKLLM_MODE_HIDDEN_STATES = 1,
    /// Not in 1.1.
    RKLLM_MODE_LOGITS = 2,
};

/// What a callback returns, where it returns something.
enum {
    RKLLM_ANSWER_CONTINUE = 0,
    /// The run ends here, and the next one goes on from the cache.
    RKLLM_ANSWER_PAUSE = 1,
    /// From 1.3.0: the buffer of hidden states or logits can go.
    RKLLM_ANSWER_RELEASE = 2,
};

/// Rows of the model's hidden size, single precision.
typedef struct RKLLMEmbeddings {
    float *_Nullable values;
    size_t count;
} RKLLMEmbeddings;

typedef struct RKLLMTokens {
    int32_t *_Nullable ids;
    size_t count;
} RKLLMTokens;

/// An adapter to load.
typedef struct RKLLMAdapter {
    const char *_Nullable path;
    const char *_Nullable name;
    float scale;
} RKLLMAdapter;

/// The adapter that a run uses.
typedef struct RKLLMAdapterChoice {
    const char *_Nullable name;
} RKLLMAdapterChoice;

/// Whether, and where, a run leaves the cache of its prompt.
typedef struct RKLLMPromptCache {
    int32_t save;
    const char *_Nullable path;
} RKLLMPromptCache;

/// [count, size], valid while the callback runs.
typedef struct RKLLMHiddenStates {
    const float *_Nullable values;
    int32_t size;
    int32_t count;
} RKLLMHiddenStates;

/// [count, vocabulary], valid while the callback runs. Not in 1.1.
typedef struct RKLLMLogits {
    const float *_Nullable values;
    int32_t vocabulary;
    int32_t count;
} RKLLMLogits;

/// What a run took; complete when it is finished. From 1.2.1.
typedef struct RKLLMTimes {
    float prefill_milliseconds;
    int32_t prefill_tokens;
    float generate_milliseconds;
    int32_t generate_tokens;
    /// The most that the process had in memory, in megabytes.
    float memory_megabytes;
} RKLLMTimes;

/// Keys and values of an encoder, for a decoder that attends to them. From 1.2.1.
typedef struct RKLLMCrossAttention {
    /// [layers, count, heads, head size]
    float *_Nullable keys;
    /// [layers, heads, head size, count]
    float *_Nullable values;
    /// [count]
    float *_Nullable mask;
    /// [count]
    int32_t *_Nullable positions;
    int32_t count;
} RKLLMCrossAttention;

typedef int (*RKLLMDestroyCall)(RKLLMHandle _Nonnull);
/// May be called within a callback and from any thread.
typedef int (*RKLLMAbortCall)(RKLLMHandle _Nonnull);
/// By the public headers 0 means running before 1.3.0, and 1 means running from there on.
typedef int (*RKLLMIsRunningCall)(RKLLMHandle _Nonnull);
typedef int (*RKLLMLoadAdapterCall)(RKLLMHandle _Nonnull, RKLLMAdapter *_Nonnull);
typedef int (*RKLLMLoadPromptCacheCall)(RKLLMHandle _Nonnull, const char *_Nonnull path);
typedef int (*RKLLMReleasePromptCacheCall)(RKLLMHandle _Nonnull);
/// What surrounds a prompt; empty texts leave it as it is. Not in 1.1.
typedef int (*RKLLMSetChatTemplateCall)(
    RKLLMHandle _Nonnull, const char *_Nonnull system, const char *_Nonnull before, const char *_Nonnull behind);
/// Writes how many positions are cached, one number for each of `n_batch`. From 1.2.1.
typedef int (*RKLLMCacheSizeCall)(RKLLMHandle _Nonnull, int *_Nonnull sizes);
/// From 1.2.1.
typedef int (*RKLLMSetToolsCall)(
    RKLLMHandle _Nonnull, const char *_Nonnull system, const char *_Nonnull tools, const char *_Nonnull tag);
/// From 1.2.1.
typedef int (*RKLLMSetCrossAttentionCall)(RKLLMHandle _Nonnull, RKLLMCrossAttention *_Nonnull);

// Where members are, by the public headers, on every 64-bit system (LP64).
#define RKLLM_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has another size")
#define RKLLM_PLACE(type, member, place) \
    _Static_assert(offsetof(type, member) == (place), #type "." #member " is elsewhere")
RKLLM_SIZE(RKLLMHandle, 8);
RKLLM_SIZE(RKLLMEmbeddings, 16);
RKLLM_PLACE(RKLLMEmbeddings, values, 0);
RKLLM_PLACE(RKLLMEmbeddings, count, 8);
RKLLM_SIZE(RKLLMTokens, 16);
RKLLM_PLACE(RKLLMTokens, ids, 0);
RKLLM_PLACE(RKLLMTokens, count, 8);
RKLLM_SIZE(RKLLMAdapter, 24);
RKLLM_PLACE(RKLLMAdapter, path, 0);
RKLLM_PLACE(RKLLMAdapter, name, 8);
RKLLM_PLACE(RKLLMAdapter, scale, 16);
RKLLM_SIZE(RKLLMAdapterChoice, 8);
RKLLM_PLACE(RKLLMAdapterChoice, name, 0);
RKLLM_SIZE(RKLLMPromptCache, 16);
RKLLM_PLACE(RKLLMPromptCache, save, 0);
RKLLM_PLACE(RKLLMPromptCache, path, 8);
RKLLM_SIZE(RKLLMHiddenStates, 16);
RKLLM_PLACE(RKLLMHiddenStates, values, 0);
RKLLM_PLACE(RKLLMHiddenStates, size, 8);
RKLLM_PLACE(RKLLMHiddenStates, count, 12);
RKLLM_SIZE(RKLLMLogits, 16);
RKLLM_PLACE(RKLLMLogits, values, 0);
RKLLM_PLACE(RKLLMLogits, vocabulary, 8);
RKLLM_PLACE(RKLLMLogits, count, 12);
RKLLM_SIZE(RKLLMTimes, 20);
RKLLM_PLACE(RKLLMTimes, prefill_milliseconds, 0);
RKLLM_PLACE(RKLLMTimes, prefill_tokens, 4);
RKLLM_PLACE(RKLLMTimes, generate_milliseconds, 8);
RKLLM_PLACE(RKLLMTimes, generate_tokens, 12);
RKLLM_PLACE(RKLLMTimes, memory_megabytes, 16);
RKLLM_SIZE(RKLLMCrossAttention, 40);
RKLLM_PLACE(RKLLMCrossAttention, keys, 0);
RKLLM_PLACE(RKLLMCrossAttention, values, 8);
RKLLM_PLACE(RKLLMCrossAttention, mask, 16);
RKLLM_PLACE(RKLLMCrossAttention, positions, 24);
RKLLM_PLACE(RKLLMCrossAttention, count, 32);

#include "rkllm_110.h"
#include "rkllm_120.h"
#include "rkllm_121.h"
#include "rkllm_130.h"
