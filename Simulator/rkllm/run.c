// A run: the prompt, then a token at a time, each told by a callback.
#include "decoder.h"

#include <signal.h>

enum { PENDING_BYTES = 256 };

typedef enum Ending { ENDING_FINISHED, ENDING_FAILED, ENDING_PAUSED, ENDING_ABORTED } Ending;

typedef struct Run {
    Handle *handle;
    Request *request;
    Switches switches;
    Sampler sampler;
    RKLLMTimes times;
    /// Bytes of a character that is not whole.
    char pending[PENDING_BYTES];
    size_t pending_bytes;
} Run;

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool never(void *unused) { return unused == NULL; }

static void pause_for(double length) {
    struct timespec time = {(time_t)(length / 1e3), (long)((length - (double)(long)(length / 1e3) * 1e3) * 1e6)};
    nanosleep(&time, NULL);
}

/// Whether the bytes end in the middle of a character.
static bool is_cut(const char *bytes, size_t length) {
    for (size_t back = 1; back <= 4 && back <= length; back++) {
        unsigned char byte = (unsigned char)bytes[length - back];
        if ((byte & 0xC0) == 0x80) {
            continue;
        }
        size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return whole > back;
    }
    return false;
}

/// Tells a token. Characters of several tokens: `wait` gives them whole with the last, `split` and `raw` in pieces.
static int tell_token(Run *run, int32_t token) {
    const LanguageModel *model = run->handle->model;
    const Token *it = model->tokens ? &model->tokens[token] : NULL;
    Outcome outcome = {.token = token, .times = run->times};
    bool silent = !it || (run->handle->params.skips_special_tokens && is_special(model, token));
    size_t length = silent ? 0 : it->length;
    if (run->pending_bytes + length >= sizeof run->pending) {
        run->pending_bytes = 0;
    }
    if (length > 0) {
        memcpy(run->pending + run->pending_bytes, it->bytes, length);
    }
    run->pending_bytes += length;
    run->pending[run->pending_bytes] = 0;
    bool cut = is_cut(run->pending, run->pending_bytes), waits = strcmp(run->switches.utf8, "wait") == 0;
    outcome.state = cut && strcmp(run->switches.utf8, "raw") != 0 ? RKLLM_STATE_WAITING : RKLLM_STATE_NORMAL;
    const char *fresh = run->pending + (waits ? 0 : run->pending_bytes - length);
    outcome.text = cut && waits ? NULL : fresh;
    int answer = call_back(run->handle, run->request, &outcome);
    if (!cut) {
        run->pending_bytes = 0;
    }
    return answer;
}

static void tell_end(Run *run, int32_t state) {
    Outcome outcome = {.state = state, .token = -1, .times = run->times};
    call_back(run->handle, run->request, &outcome);
}

/// Hidden states or logits of the prompt.
static Ending tell_rows(Run *run, const Step *step, size_t count) {
    bool hidden = run->request->mode == RKLLM_MODE_HIDDEN_STATES;
    const LanguageModel *model = run->handle->model;
    Outcome outcome = {.state = RKLLM_STATE_NORMAL, .token = -1, .times = run->times};
    if (hidden) {
        outcome.hidden_states = (RKLLMHiddenStates){step->hidden_states, model->hidden, (int32_t)count};
        outcome.state = run->handle->generation == 110 ? RKLLM_STATE_HIDDEN_STATES : RKLLM_STATE_NORMAL;
    } else {
        outcome.logits = (RKLLMLogits){step->logits, model->vocabulary, (int32_t)count};
    }
    if ((hidden && !step->hidden_states) || (!hidden && run->handle->generation == 110)) {
        complain(hidden ? "the graph gives no hidden states" : "1.1 gives no logits");
        return ENDING_FAILED;
    }
    int answer = call_back(run->handle, run->request, &outcome);
    return answer == RKLLM_ANSWER_PAUSE ? ENDING_PAUSED : ENDING_FINISHED;
}

/// Steps over rows, behind what the latency and the context allow.
static bool advance(Run *run, Rows rows, Step *step) {
    Handle *handle = run->handle;
    if (handle->cache.length + rows.count > (size_t)handle->params.context_length) {
        complain(
            "%zu rows behind %zu do not fit in a context of %d", rows.count, handle->cache.length,
            handle->params.context_length);
        return false;
    }
    if (strikes("crash")) {
        complain("crashing, by a fault that is switched on");
        raise(SIGSEGV);
    }
    if (strikes("hang")) {
        wait_out("hang", never, handle);
    }
    if (run->switches.latency_ms > 0) {
        pause_for(run->switches.latency_ms);
    }
    return step_run(handle->model, &handle->cache, rows, step);
}

/// The token behind the last row of a step.
static int32_t choose(Run *run, const Step *step, size_t count) {
    size_t vocabulary = (size_t)run->handle->model->vocabulary;
    float *scores = malloc(vocabulary * sizeof *scores);
    if (!scores) {
        return -1;
    }
    memcpy(scores, step->logits + (count - 1) * vocabulary, vocabulary * sizeof *scores);
    int32_t token = sampler_next(&run->sampler, scores, (int32_t)vocabulary);
    free(scores);
    return token;
}

static bool is_last(const Run *run) {
    int32_t most = run->request->max_new_tokens;
    const Handle *handle = run->handle;
    return (most > 0 && run->times.generate_tokens >= most) ||
           handle->cache.length >= (size_t)handle->params.context_length;
}

/// Tokens behind a step over `count` rows, until something ends them. The step is the caller's to free.
static Ending generate(Run *run, Step *step, size_t count) {
    Handle *handle = run->handle;
    double began = milliseconds();
    for (;; count = 1) {
        if (atomic_load(&handle->aborted)) {
            return ENDING_ABORTED;
        }
        int32_t token = strikes("token") ? -1 : choose(run, step, count);
        if (token < 0) {
            return ENDING_FAILED;
        }
        if (is_end(handle->model, token) && !handle->params.ignores_end_tokens) {
            return ENDING_FINISHED;
        }
        run->times.generate_tokens++;
        run->times.generate_milliseconds = (float)(milliseconds() - began);
        tally_add(&tally.tokens, 1);
        if (tell_token(run, token) == RKLLM_ANSWER_PAUSE) {
            return ENDING_PAUSED;
        }
        if (atomic_load(&handle->aborted)) {
            return ENDING_ABORTED;
        }
        if (is_last(run)) {
            return ENDING_FINISHED;
        }
        step_free(handle->model, step);
        if (!advance(run, (Rows){.tokens = &token, .count = 1}, step)) {
            return ENDING_FAILED;
        }
    }
}

/// Turns a prompt into tokens. False after a complaint.
static bool tokenize(Run *run) {
    Request *request = run->request;
    size_t most = (size_t)run->handle->params.context_length;
    if (request->kind != RKLLM_KIND_PROMPT) {
        return true;
    }
    request->tokens = calloc(most, sizeof *request->tokens);
    long count = request->tokens ? tokens_of(run->handle->model, request->prompt, request->tokens, most) : -1;
    request->count = count > 0 ? (size_t)count : 0;
    return count > 0;
}

/// A run without history begins with an empty cache, unless the last one was paused or a prompt cache was loaded.
static void begin_cache(Handle *handle, const Request *request) {
    bool loaded = handle->cache_loaded;
    if (loaded && !request->keeps_history && request->kind == RKLLM_KIND_EMBEDDINGS) {
        complain("embeddings without history: the prompt cache that was loaded is not used");
        loaded = false;
    }
    if (!request->keeps_history && !handle->paused && !loaded) {
        cache_clear(handle->model, &handle->cache);
    }
    handle->paused = false;
    handle->cache_loaded = false;
}

static void save(const Run *run) {
    const Request *request = run->request;
    if (request->save_to && request->kind == RKLLM_KIND_EMBEDDINGS) {
        complain("the cache of embeddings is not saved");
    } else if (request->save_to && cache_save(run->handle->model, &run->handle->cache, request->save_to)) {
        tally_add(&tally.caches_saved, 1);
    }
}

static Ending compute(Run *run) {
    Handle *handle = run->handle;
    Request *request = run->request;
    Step step;
    begin_cache(handle, request);
    if (strikes("run") || !tokenize(run)) {
        return ENDING_FAILED;
    }
    for (size_t index = 0; request->tokens && index < request->count; index++) {
        sampler_note(&run->sampler, request->tokens[index]);
    }
    double began = milliseconds();
    if (!advance(run, (Rows){request->embeddings, request->tokens, request->count}, &step)) {
        return ENDING_FAILED;
    }
    tally_add(&tally.prompt_tokens, request->count);
    run->times.prefill_milliseconds = (float)(milliseconds() - began);
    run->times.prefill_tokens = (int32_t)request->count;
    save(run);
    bool rows = request->mode != RKLLM_MODE_GENERATE;
    Ending ending = rows ? tell_rows(run, &step, request->count) : generate(run, &step, request->count);
    step_free(handle->model, &step);
    return ending;
}

/// Tells how it ended; what a real library tells after an abort is not known, so a switch says it.
static void conclude(Run *run, Ending ending) {
    if (ending == ENDING_ABORTED && run->switches.abort_ms > 0) {
        pause_for(run->switches.abort_ms);
    }
    bool failed = ending == ENDING_FAILED;
    if (ending == ENDING_ABORTED) {
        tally_add(&tally.runs_aborted, 1);
        failed = strcmp(run->switches.abort_state, "error") == 0;
        ending = strcmp(run->switches.abort_state, "none") == 0 ? ENDING_PAUSED : ENDING_FINISHED;
    } else if (ending == ENDING_PAUSED) {
        run->handle->paused = !run->request->keeps_history;
        tally_add(&tally.runs_paused, 1);
    }
    if (!run->request->keeps_history && !run->handle->paused) {
        cache_clear(run->handle->model, &run->handle->cache);
    }
    if (failed || ending == ENDING_FINISHED) {
        tell_end(run, failed ? RKLLM_STATE_FAILED : RKLLM_STATE_FINISHED);
    }
}

int run_request(Handle *handle, Request *request) {
    Run run = {.handle = handle, .request = request, .switches = switches_now()};
    run.sampler.sampling = request->sampling;
    run.sampler.random = (uint64_t)run.switches.seed;
    tally_add(&tally.runs, 1);
    tally_peak(&tally.running_max, atomic_fetch_add(&tally.running, 1) + 1);
    Ending ending = compute(&run);
    tally_add(&tally.runs_failed, ending == ENDING_FAILED ? 1 : 0);
    conclude(&run, ending);
    request_free(request);
    atomic_fetch_sub(&tally.running, 1);
    pthread_mutex_lock(&handle->lock);
    handle->running = false;
    pthread_cond_broadcast(&handle->idle);
    pthread_mutex_unlock(&handle->lock);
    return ending == ENDING_FAILED ? -1 : 0;
}
