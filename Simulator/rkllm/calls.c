// The calls: what is checked before a model is opened, run, stopped, cleared or closed.
#include "decoder.h"
#include "rkllm_exports.h"

/// The handle, when its generation has the call.
static Handle *take(RKLLMHandle visible, Generation since, const char *call) {
    Handle *handle = decoder_take(visible);
    if (handle && handle->generation < since) {
        complain("%s is not in this release", call);
        decoder_give(handle);
        return NULL;
    }
    return handle;
}

static Handle *new_handle(const Switches *switches, const void *params, const void *callback) {
    Handle *handle = calloc(1, sizeof *handle);
    if (!handle) {
        return NULL;
    }
    handle->references = 1;
    handle->generation = generation_of(switches->generation);
    pthread_mutex_init(&handle->lock, NULL);
    pthread_cond_init(&handle->idle, NULL);
    params_read(handle->generation, params, &handle->params);
    if (handle->generation == 130) {
        handle->callbacks = *(const RKLLM130Callbacks *)callback;
    } else {
        memcpy(&handle->callbacks.result, &callback, sizeof callback);
    }
    return handle;
}

/// Opens the model and takes the memory for it and its cache. Returns whether the handle is ready.
static bool load(Handle *handle, const Switches *switches) {
    if (handle->params.context_length < 1 || handle->params.context_length > 1 << 20 || !handle->callbacks.result) {
        complain("a context of %d, or no callback", handle->params.context_length);
        return false;
    }
    handle->model = strikes("init") ? NULL : model_open(handle->params.model_path, switches);
    if (!handle->model) {
        return false;
    }
    size_t context = (size_t)handle->params.context_length;
    uint64_t bytes = handle->model->file_bytes + cache_bytes(handle->model, context);
    if (strikes("memory") || !memory_charge(switches, bytes)) {
        model_close(handle->model);
        return false;
    }
    handle->charged = bytes;
    return true;
}

static void note_params(const RKLLM130Params *params) {
    atomic_store(&tally.base_domain, (unsigned long)params->extend.base_domain);
    atomic_store(&tally.cpu_count, (unsigned long)params->extend.cpu_count);
    atomic_store(&tally.cpu_mask, params->extend.cpu_mask);
    atomic_store(&tally.embeds_from_flash, (unsigned long)params->extend.embeds_from_flash);
    atomic_store(&tally.batch, params->extend.batch);
}

EXPORTED int rkllm_init(RKLLMHandle *out, void *params, void *callback) {
    Switches switches = switches_now();
    Handle *handle = out && params && callback ? new_handle(&switches, params, callback) : NULL;
    const char *platform = strcmp(switches.soc, "rk3588") == 0 ? "RK3588" : "RK3576";
    fprintf(
        stderr, "I rkllm: rkllm-runtime version: %s (simulated), rknpu driver version: none, platform: %s\n",
        switches.generation, platform);
    bool ready = handle && load(handle, &switches);
    if (!ready) {
        tally_add(&tally.inits_failed, 1);
        complain("the model was not opened");
        free(handle);
        return -1;
    }
    note_params(&handle->params);
    // The texts are the caller's, and may be gone when the call returns.
    handle->params.model_path = NULL;
    *out = decoder_add(handle);
    if (!*out) {
        decoder_give(handle);
        return -1;
    }
    return 0;
}

static bool is_runner(const Handle *handle) { return handle->running && pthread_equal(handle->runner, pthread_self()); }

EXPORTED int rkllm_destroy(RKLLMHandle visible) {
    Handle *handle = decoder_take(visible);
    if (!handle) {
        return -1;
    }
    pthread_mutex_lock(&handle->lock);
    bool within = is_runner(handle);
    pthread_mutex_unlock(&handle->lock);
    decoder_give(handle);
    if (within) {
        complain("a handle is destroyed within its own callback: a real library does not survive that");
        return -1;
    }
    handle = decoder_remove(visible);
    if (!handle) {
        return -1;
    }
    tally_add(&tally.handles_destroyed, 1);
    pthread_mutex_lock(&handle->lock);
    atomic_store(&handle->aborted, true);
    while (handle->running) {
        pthread_cond_wait(&handle->idle, &handle->lock);
    }
    pthread_mutex_unlock(&handle->lock);
    decoder_give(handle);
    return 0;
}

/// Marks a handle as running; false when it is already.
static bool begin(Handle *handle) {
    pthread_mutex_lock(&handle->lock);
    bool free_now = !handle->running;
    if (free_now) {
        handle->running = true;
        handle->runner = pthread_self();
        atomic_store(&handle->aborted, false);
    }
    pthread_mutex_unlock(&handle->lock);
    if (!free_now) {
        complain("a handle is run while it runs");
        tally_add(&tally.runs_refused, 1);
    }
    return free_now;
}

static void unmark(Handle *handle) {
    pthread_mutex_lock(&handle->lock);
    handle->running = false;
    pthread_cond_broadcast(&handle->idle);
    pthread_mutex_unlock(&handle->lock);
}

EXPORTED int rkllm_run(RKLLMHandle visible, void *input, void *params, void *user) {
    Request request;
    Handle *handle = decoder_take(visible);
    int status = -1;
    if (handle && begin(handle)) {
        bool read = request_read(handle, input, params, user, &request);
        if (read) {
            status = run_request(handle, &request);
        } else {
            unmark(handle);
        }
    }
    if (handle) {
        decoder_give(handle);
    }
    return status;
}

typedef struct Aside {
    Handle *handle;
    Request request;
} Aside;

static void *run_aside(void *subject) {
    Aside *aside = subject;
    pthread_mutex_lock(&aside->handle->lock);
    aside->handle->runner = pthread_self();
    pthread_mutex_unlock(&aside->handle->lock);
    run_request(aside->handle, &aside->request);
    decoder_give(aside->handle);
    free(aside);
    return NULL;
}

EXPORTED int rkllm_run_async(RKLLMHandle visible, void *input, void *params, void *user) {
    pthread_t thread;
    Aside *aside = calloc(1, sizeof *aside);
    Handle *handle = aside ? decoder_take(visible) : NULL;
    if (!handle || !begin(handle)) {
        if (handle) {
            decoder_give(handle);
        }
        free(aside);
        return -1;
    }
    aside->handle = handle;
    bool read = request_read(handle, input, params, user, &aside->request);
    if (read && pthread_create(&thread, NULL, run_aside, aside) == 0) {
        pthread_detach(thread);
        return 0;
    }
    if (read) {
        request_free(&aside->request);
    }
    unmark(handle);
    decoder_give(handle);
    free(aside);
    return -1;
}

EXPORTED int rkllm_abort(RKLLMHandle visible) {
    Handle *handle = decoder_take(visible);
    if (!handle) {
        return -1;
    }
    pthread_mutex_lock(&handle->lock);
    bool running = handle->running;
    if (running) {
        atomic_store(&handle->aborted, true);
    }
    pthread_mutex_unlock(&handle->lock);
    decoder_give(handle);
    return running ? 0 : -1;
}

EXPORTED int rkllm_is_running(RKLLMHandle visible) {
    Handle *handle = decoder_take(visible);
    if (!handle) {
        return -1;
    }
    pthread_mutex_lock(&handle->lock);
    bool running = handle->running;
    pthread_mutex_unlock(&handle->lock);
    bool says_one = handle->generation >= 130;
    decoder_give(handle);
    return running == says_one ? 1 : 0;
}

EXPORTED int rkllm_set_chat_template(RKLLMHandle visible, const char *system, const char *before, const char *behind) {
    Handle *handle = take(visible, 120, "rkllm_set_chat_template");
    if (!handle) {
        return -1;
    }
    decoder_give(handle);
    if (!system || !before || !behind || *system || *before || *behind) {
        complain("only an empty chat template is simulated");
        return -1;
    }
    return 0;
}

/// Calls of which nothing is simulated.
static int refuse(RKLLMHandle visible, Generation since, const char *call) {
    Handle *handle = take(visible, since, call);
    if (handle) {
        complain("%s is not simulated", call);
        decoder_give(handle);
    }
    return -1;
}

EXPORTED int rkllm_load_lora(RKLLMHandle visible, RKLLMAdapter *adapter) {
    return refuse(visible, adapter ? 110 : 0, "rkllm_load_lora");
}

EXPORTED int rkllm_set_function_tools(RKLLMHandle visible, const char *system, const char *tools, const char *tag) {
    return refuse(visible, system && tools && tag ? 121 : 0, "rkllm_set_function_tools");
}

EXPORTED int rkllm_set_cross_attn_params(RKLLMHandle visible, RKLLMCrossAttention *params) {
    return refuse(visible, params ? 121 : 0, "rkllm_set_cross_attn_params");
}
