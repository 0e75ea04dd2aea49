// The structures of each generation, read into those of 1.3.0, and results written back.
#include "decoder.h"

#define COPY(name) out->name = it->name
#define COPY_SAMPLING() \
    COPY(top_k), COPY(top_p), COPY(temperature), COPY(repeat_penalty), COPY(frequency_penalty), \
        COPY(presence_penalty), COPY(mirostat), COPY(mirostat_tau), COPY(mirostat_eta)
#define COPY_MODEL() \
    COPY(model_path), COPY(context_length), COPY(max_new_tokens), COPY_SAMPLING(), COPY(skips_special_tokens), \
        COPY(runs_asynchronously), COPY(extend.base_domain)
#define COPY_CPUS() COPY(extend.embeds_from_flash), COPY(extend.cpu_count), COPY(extend.cpu_mask), COPY(kept_tokens)
#define COPY_BATCH() COPY(extend.batch), COPY(extend.cross_attention)

void params_read(Generation generation, const void *params, RKLLM130Params *out) {
    memset(out, 0, sizeof *out);
    if (generation == 110) {
        const RKLLM110Params *it = params;
        COPY_MODEL();
    } else if (generation == 120) {
        const RKLLM120Params *it = params;
        COPY_MODEL(), COPY_CPUS();
    } else if (generation == 121) {
        const RKLLM121Params *it = params;
        COPY_MODEL(), COPY_CPUS(), COPY_BATCH();
    } else {
        *out = *(const RKLLM130Params *)params;
    }
}

/// What the four layouts of an input say alike.
typedef struct Content {
    int32_t kind;
    const char *prompt;
    RKLLMEmbeddings embeddings;
    RKLLMTokens tokens;
} Content;

#define READ(type) \
    do { \
        const type *it = input; \
        out.kind = it->kind; \
        out.prompt = it->kind == RKLLM_KIND_PROMPT ? it->content.prompt : NULL; \
        out.embeddings = it->kind == RKLLM_KIND_EMBEDDINGS ? it->content.embeddings : (RKLLMEmbeddings){NULL, 0}; \
        out.tokens = it->kind == RKLLM_KIND_TOKENS ? it->content.tokens : (RKLLMTokens){NULL, 0}; \
    } while (0)

static Content content_of(Generation generation, const void *input) {
    Content out = {0};
    if (generation == 110) {
        READ(RKLLM110Input);
    } else if (generation == 120) {
        READ(RKLLM120Input);
    } else if (generation == 121) {
        READ(RKLLM121Input);
    } else {
        READ(RKLLM130Input);
    }
    return out;
}

/// The run's own settings; what a generation does not have stays as it is for the model.
static const RKLLMPromptCache *read_settings(const Handle *handle, const void *params, Request *out) {
    const RKLLM130Params *it = &handle->params;
    out->sampling = (Sampling){
        it->top_k, it->top_p, it->temperature, it->repeat_penalty, it->frequency_penalty, it->presence_penalty,
        it->mirostat, it->mirostat_tau, it->mirostat_eta};
    out->max_new_tokens = it->max_new_tokens;
    if (handle->generation == 110) {
        const RKLLM110RunParams *run = params;
        out->mode = run->mode;
        return run->prompt_cache;
    }
    if (handle->generation < 130) {
        const RKLLM121RunParams *run = params;
        out->mode = run->mode;
        out->keeps_history = run->keeps_history != 0;
        return run->prompt_cache;
    }
    const RKLLM130RunParams *run = params;
    out->mode = run->mode;
    out->keeps_history = run->keeps_history != 0;
    out->sampling = run->sampling ? *run->sampling : out->sampling;
    out->max_new_tokens = run->max_new_tokens > 0 ? run->max_new_tokens : out->max_new_tokens;
    return run->prompt_cache;
}
_Static_assert(sizeof(RKLLM120RunParams) == sizeof(RKLLM121RunParams), "both are read as one");

static void *copy(const void *from, size_t bytes) {
    void *to = from ? malloc(bytes ? bytes : 1) : NULL;
    if (to) {
        memcpy(to, from, bytes);
    }
    return to;
}

static bool read_content(const Handle *handle, Content content, Request *out) {
    size_t most = (size_t)handle->params.context_length, hidden = (size_t)handle->model->hidden;
    out->kind = content.kind;
    out->count = content.kind == RKLLM_KIND_EMBEDDINGS ? content.embeddings.count : content.tokens.count;
    if (out->count > most) {
        complain("%zu rows do not fit in a context of %zu", out->count, most);
        return false;
    }
    switch (content.kind) {
        case RKLLM_KIND_PROMPT:
            out->prompt = content.prompt ? strdup(content.prompt) : NULL;
            return out->prompt != NULL;
        case RKLLM_KIND_TOKENS:
            out->tokens = copy(content.tokens.ids, out->count * sizeof *out->tokens);
            return out->tokens != NULL;
        case RKLLM_KIND_EMBEDDINGS:
            out->embeddings = copy(content.embeddings.values, out->count * hidden * sizeof *out->embeddings);
            return out->embeddings != NULL;
        default:
            complain("an input of kind %d is not simulated", content.kind);
            return false;
    }
}

bool request_read(Handle *handle, const void *input, const void *params, void *user, Request *out) {
    memset(out, 0, sizeof *out);
    out->user = user ? user : handle->generation == 130 ? handle->callbacks.result_user : NULL;
    const RKLLMPromptCache *cache = params && input ? read_settings(handle, params, out) : NULL;
    bool saves = cache && cache->save && cache->path;
    out->save_to = saves ? strdup(cache->path) : NULL;
    if (!params || !input || !read_content(handle, content_of(handle->generation, input), out)) {
        complain("a run without an input or parameters");
        request_free(out);
        return false;
    }
    return true;
}

void request_free(Request *request) {
    free(request->prompt);
    free(request->embeddings);
    free(request->tokens);
    free(request->save_to);
}

int call_back(Handle *handle, const Request *request, const Outcome *it) {
    void (*silent)(void *, void *, int32_t) = NULL;
    int (*telling)(void *, void *, int32_t) = NULL;
    RKLLM110Result result_110 = {it->text, it->token, it->hidden_states};
    RKLLM120Result result_120 = {it->text, it->token, it->hidden_states, it->logits};
    RKLLM121Result result_121 = {it->text, it->token, it->hidden_states, it->logits, it->times};
    tally_add(&tally.callbacks, 1);
    if (it->state == RKLLM_STATE_WAITING) {
        tally_add(&tally.callbacks_waiting, 1);
    }
    if (handle->generation < 121) {
        memcpy(&silent, &handle->callbacks.result, sizeof silent);
        silent(handle->generation == 110 ? (void *)&result_110 : &result_120, request->user, it->state);
        return RKLLM_ANSWER_CONTINUE;
    }
    // 1.3.0's result is that of 1.2.1, member by member.
    memcpy(&telling, &handle->callbacks.result, sizeof telling);
    int answer = telling(&result_121, request->user, it->state);
    if (answer == RKLLM_ANSWER_RELEASE && handle->generation == 130) {
        tally_add(&tally.buffers_released, 1);
        return RKLLM_ANSWER_CONTINUE;
    }
    return answer;
}
_Static_assert(sizeof(RKLLM121Result) == sizeof(RKLLM130Result), "one result is given to both");
