// What the parts of the simulated librkllmrt share. Nothing of it is visible outside the library.
#pragma once
#include "simulator.h"

#include "rkllm_calls.h"

#include "rkllm_simulator.h"

#pragma GCC visibility push(hidden)

// ---- switches and faults (settings.c)

typedef struct Switches {
    char generation[16];
    char soc[16];
    char onnxruntime[PATH_BYTES];
    char utf8[16];
    char abort_state[16];
    char fault[16];
    long threads;
    long memory_mb;
    long seed;
    long fault_after;
    long fault_count;
    double latency_ms;
    double abort_ms;
} Switches;

/// 110, 120, 121 or 130: what the declarations are called.
typedef int Generation;

Switches switches_now(void);
/// The generation of a release; 0 when there is none.
Generation generation_of(const char *release);
/// Whether the fault that is switched on is `kind` and strikes this time.
bool strikes(const char *kind);
/// Returns when `kind` is no longer switched on, or `gives_up` says so.
void wait_out(const char *kind, bool (*gives_up)(void *), void *subject);

// ---- a model (model.c): its file, its graph, its words

enum { LAYERS_MAX = 120, ENDS_MAX = 16, TOKEN_BYTES = 256 };

typedef enum Role {
    ROLE_EMBEDDINGS,
    ROLE_IDS,
    ROLE_POSITIONS,
    ROLE_MASK,
    ROLE_PAST,
    ROLE_LOGITS,
    ROLE_HIDDEN_STATES,
    ROLE_PRESENT,
} Role;

typedef struct Token {
    uint8_t bytes[TOKEN_BYTES];
    uint8_t length;
} Token;

typedef struct LanguageModel {
    const uint8_t *file;
    size_t file_bytes;
    char name[512];
    Session *session;
    size_t inputs;
    size_t outputs;
    /// Inputs, then outputs; and what each is for; and of the cache, of which it is (layers twice: keys and values).
    Port *ports;
    Role roles[2 * PORTS_MAX];
    size_t cached[2 * PORTS_MAX];
    size_t caches;
    /// The axis of a cached tensor that grows.
    uint32_t axes[PORTS_MAX];
    int32_t vocabulary;
    int32_t hidden;
    /// [vocabulary, hidden]; null when the graph takes numbers of tokens.
    const float *table;
    /// Null when there is no tokenizer.
    Token *tokens;
    int32_t ends[ENDS_MAX];
    size_t end_count;
    int32_t specials[ENDS_MAX];
    size_t special_count;
} LanguageModel;

/// Null after a complaint.
LanguageModel *model_open(const char *path, const Switches *switches);
void model_close(LanguageModel *model);
bool is_end(const LanguageModel *model, int32_t token);
bool is_special(const LanguageModel *model, int32_t token);
/// The longest tokens that a text begins with, one after the other. Returns how many, or -1 after a complaint.
long tokens_of(const LanguageModel *model, const char *text, int32_t *out, size_t capacity);

// ---- the cache and a step (cache.c, step.c)

/// Keys and values of the positions so far: each as the graph gave it, or in memory of ours.
typedef struct Cache {
    OrtValue *values[PORTS_MAX];
    void *memory[PORTS_MAX];
    size_t length;
} Cache;

void cache_clear(const LanguageModel *model, Cache *cache);
/// Takes the positions from `start` to before `end` out. False after a complaint.
bool cache_cut(const LanguageModel *model, Cache *cache, size_t start, size_t end);
bool cache_save(const LanguageModel *model, const Cache *cache, const char *path);
bool cache_load(const LanguageModel *model, Cache *cache, const char *path);
size_t cache_bytes(const LanguageModel *model, size_t positions);

/// What goes in: rows of the hidden size, or numbers of tokens.
typedef struct Rows {
    const float *embeddings;
    const int32_t *tokens;
    size_t count;
} Rows;

/// What comes out; both belong to the step.
typedef struct Step {
    OrtValue *outputs[PORTS_MAX];
    const float *logits;
    const float *hidden_states;
} Step;

/// Computes rows behind what the cache has, which grows. False after a complaint.
bool step_run(const LanguageModel *model, Cache *cache, Rows rows, Step *out);
void step_free(const LanguageModel *model, Step *step);

// ---- choosing a token (sampling.c)

enum { PENALTY_WINDOW = 64 };

/// Laid out as RKLLM130Sampling.
typedef RKLLM130Sampling Sampling;

typedef struct Sampler {
    Sampling sampling;
    uint64_t random;
    int32_t recent[PENALTY_WINDOW];
    size_t count;
} Sampler;

void sampler_note(Sampler *sampler, int32_t token);
/// The next token, which is noted; -1 when no logit is a number. `scores` is written to.
int32_t sampler_next(Sampler *sampler, float *scores, int32_t vocabulary);

// ---- handles and runs (handles.c, layouts.c, defaults.c, run.c, calls.c)

/// A run, free of the layouts of a generation. What it points to is its own.
typedef struct Request {
    int32_t kind;
    int32_t mode;
    char *prompt;
    float *embeddings;
    int32_t *tokens;
    size_t count;
    bool keeps_history;
    char *save_to;
    Sampling sampling;
    int32_t max_new_tokens;
    void *user;
} Request;

/// What a callback is to be given.
typedef struct Outcome {
    int32_t state;
    const char *text;
    int32_t token;
    RKLLMHiddenStates hidden_states;
    RKLLMLogits logits;
    RKLLMTimes times;
} Outcome;

typedef struct Handle {
    atomic_int references;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    Generation generation;
    LanguageModel *model;
    /// What the model was opened with, in the layout of 1.3.0.
    RKLLM130Params params;
    RKLLM130Callbacks callbacks;
    Cache cache;
    bool cache_loaded;
    bool paused;
    bool running;
    /// The thread that runs, while one does.
    pthread_t runner;
    atomic_bool aborted;
    uint64_t charged;
} Handle;

RKLLMHandle decoder_add(Handle *handle);
/// Retained; null after a complaint when there is none.
Handle *decoder_take(RKLLMHandle visible);
void decoder_give(Handle *handle);
/// Takes it out of the table; the reference of the table is the caller's then.
Handle *decoder_remove(RKLLMHandle visible);

/// Parameters of a generation, in the layout of 1.3.0.
void params_read(Generation generation, const void *params, RKLLM130Params *out);
/// The default parameters are those of the generation from now on.
void defaults_follow(Generation generation);
/// Calls back in the layout of the generation. Returns what the callback did; 0 where it returns nothing.
int call_back(Handle *handle, const Request *request, const Outcome *outcome);
/// Copies what the caller has. False after a complaint.
bool request_read(Handle *handle, const void *input, const void *params, void *user, Request *out);
void request_free(Request *request);
/// Runs a handle that was marked as running, and unmarks it. Returns 0 or -1. Frees the request.
int run_request(Handle *handle, Request *request);

// ---- counters (counters.c)

typedef struct Tally {
    atomic_ulong handles_created, handles_destroyed, inits_failed;
    atomic_ulong runs, runs_failed, runs_aborted, runs_paused, runs_refused, running, running_max, runs_hanging;
    atomic_ulong tokens, prompt_tokens, callbacks, callbacks_waiting, buffers_released;
    atomic_ulong caches_cleared, clears_refused, caches_saved, caches_loaded;
    atomic_ulong faults, memory, memory_max;
    atomic_ulong base_domain, cpu_count, cpu_mask, embeds_from_flash, batch;
} Tally;

extern Tally tally;

/// False after a complaint when the budget does not allow it.
bool memory_charge(const Switches *switches, uint64_t bytes);
void memory_refund(uint64_t bytes);
void tally_add(atomic_ulong *counter, unsigned long amount);
void tally_peak(atomic_ulong *peak, unsigned long value);

#pragma GCC visibility pop
