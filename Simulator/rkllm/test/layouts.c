// A model opened and run in the layout of each generation, as a caller of that release would.
#include "check.h"

static int generation;

static int hear(RKLLM121Result *result, void *user, int32_t state) {
    Heard *heard = user;
    pthread_mutex_lock(&heard->lock);
    bool token = state == RKLLM_STATE_NORMAL || state == RKLLM_STATE_WAITING;
    heard->finished += state == RKLLM_STATE_FINISHED;
    heard->failed += state == RKLLM_STATE_FAILED;
    heard->waiting += state == RKLLM_STATE_WAITING;
    bool logits = generation >= 120 && result->logits.values;
    const float *row = result->hidden_states.values;
    row = row || !logits ? row : result->logits.values;
    if (row) {
        heard->rows = result->hidden_states.values ? result->hidden_states.count : result->logits.count;
        int width = result->hidden_states.values ? result->hidden_states.size : result->logits.vocabulary;
        memcpy(heard->first_row, row, (size_t)width * sizeof *row);
    } else if (token && heard->count < HEARD_MAX) {
        heard->tokens[heard->count++] = result->token;
        size_t length = strlen(heard->text);
        snprintf(heard->text + length, sizeof heard->text - length, "%s", result->text ? result->text : "");
    }
    int answer = token && heard->pause_after > 0 && heard->count >= heard->pause_after ? 1 : heard->answer;
    bool aborts = token && heard->abort_after > 0 && heard->count == heard->abort_after;
    pthread_mutex_unlock(&heard->lock);
    if (aborts) {
        EQUAL(rkllm_abort(heard->handle), 0);
    }
    return answer;
}

static void hear_silently(RKLLM121Result *result, void *user, int32_t state) { hear(result, user, state); }

#define FILL(type, call) \
    do { \
        type params = ((type(*)(void))(call))(); \
        params.model_path = how.path; \
        params.context_length = how.context; \
        params.max_new_tokens = how.max_new_tokens; \
        params.top_k = how.top_k; \
        params.temperature = how.temperature; \
        params.repeat_penalty = how.repeat_penalty; \
        params.extend.base_domain = 1; \
        return rkllm_init(out, &params, callback); \
    } while (0)

void rkllm_createDefaultParam(void);

int open_model(const char *release, Opened how, RKLLMHandle *out) {
    RKLLM130Callbacks callbacks = {0};
    void *callback = NULL;
    void (*silent)(RKLLM121Result *, void *, int32_t) = hear_silently;
    int (*telling)(RKLLM121Result *, void *, int32_t) = hear;
    EQUAL(rkllm_sim_configure("generation", release), 0);
    generation = release[2] == '1' ? 110 : release[2] == '3' ? 130 : release[4] == '0' ? 120 : 121;
    memcpy(&callback, generation < 121 ? (void *)&silent : (void *)&telling, sizeof callback);
    void (*call)(void) = rkllm_createDefaultParam;
    if (generation == 110) {
        FILL(RKLLM110Params, call);
    } else if (generation == 120) {
        FILL(RKLLM120Params, call);
    } else if (generation == 121) {
        FILL(RKLLM121Params, call);
    }
    memcpy(&callbacks.result, &telling, sizeof telling);
    callback = &callbacks;
    FILL(RKLLM130Params, call);
}

RKLLMHandle usual(const char *release) {
    static const char *path;
    path = path ? path : container("rk3588");
    RKLLMHandle handle = NULL;
    EQUAL(open_model(release, (Opened){path, 128, 24, 1, 1, 1}, &handle), 0);
    return handle;
}

#define CONTENT(input) \
    do { \
        (input).kind = what.prompt ? RKLLM_KIND_PROMPT : what.tokens ? RKLLM_KIND_TOKENS : RKLLM_KIND_EMBEDDINGS; \
        if (what.prompt) { \
            (input).content.prompt = what.prompt; \
        } else if (what.tokens) { \
            (input).content.tokens = (RKLLMTokens){(int32_t *)(uintptr_t)what.tokens, what.count}; \
        } else { \
            (input).content.embeddings = (RKLLMEmbeddings){(float *)(uintptr_t)what.embeddings, what.count}; \
        } \
    } while (0)

int run_model(RKLLMHandle handle, Asked what, bool aside, Heard *heard) {
    RKLLM110Input small = {0};
    RKLLM121Input middle = {0};
    RKLLM130Input large = {0};
    RKLLMPromptCache cache = {1, what.save_to};
    RKLLMPromptCache *saved = what.save_to ? &cache : NULL;
    RKLLM110RunParams first = {.mode = what.mode, .prompt_cache = saved};
    RKLLM121RunParams second = {.mode = what.mode, .prompt_cache = saved, .keeps_history = what.keeps_history};
    RKLLM130RunParams third = {.mode = what.mode, .prompt_cache = saved, .keeps_history = what.keeps_history};
    heard->handle = handle;
    CONTENT(small);
    CONTENT(middle);
    CONTENT(large);
    void *input = generation <= 120 ? (void *)&small : generation == 121 ? (void *)&middle : &large;
    void *params = generation == 110 ? (void *)&first : generation < 130 ? (void *)&second : &third;
    return aside ? rkllm_run_async(handle, input, params, heard) : rkllm_run(handle, input, params, heard);
}

int heard_count(Heard *heard) {
    pthread_mutex_lock(&heard->lock);
    int count = heard->count;
    pthread_mutex_unlock(&heard->lock);
    return count;
}

bool heard_end(Heard *heard) {
    pthread_mutex_lock(&heard->lock);
    bool end = heard->finished + heard->failed > 0;
    pthread_mutex_unlock(&heard->lock);
    return end;
}
