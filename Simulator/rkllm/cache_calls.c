// The calls about the cache: cleared whole or in a range, its length, prompt caches. None of them while a run goes on.
#include "decoder.h"
#include "rkllm_exports.h"

/// The handle, locked and idle; null after a complaint.
static Handle *take_idle(RKLLMHandle visible, Generation since, const char *call) {
    Handle *handle = decoder_take(visible);
    if (!handle) {
        return NULL;
    }
    pthread_mutex_lock(&handle->lock);
    if (!handle->running && handle->generation >= since) {
        return handle;
    }
    complain(handle->running ? "%s while a run goes on" : "%s is not in this release", call);
    pthread_mutex_unlock(&handle->lock);
    decoder_give(handle);
    return NULL;
}

static void give(Handle *handle) {
    pthread_mutex_unlock(&handle->lock);
    decoder_give(handle);
}

/// A range is taken only where a run without history was paused.
static bool clear_range(Handle *handle, int start, int end) {
    if (!handle->paused) {
        complain("a range of the cache can be cleared only after a pause of a run without history");
        return false;
    }
    return start >= 0 && cache_cut(handle->model, &handle->cache, (size_t)start, (size_t)end);
}

EXPORTED int rkllm_clear_kv_cache(RKLLMHandle visible, int keeps_system_prompt, int *starts, int *ends) {
    Handle *handle = take_idle(visible, 120, "rkllm_clear_kv_cache");
    if (!handle) {
        tally_add(&tally.clears_refused, 1);
        return -1;
    }
    // 1.2.0 has two arguments: the rest is whatever the registers hold.
    bool ranges = handle->generation >= 121 && starts && ends && starts[0] < ends[0];
    bool cleared = ranges ? clear_range(handle, starts[0], ends[0]) : true;
    if (!ranges) {
        // There is no template, so no system prompt to keep.
        (void)keeps_system_prompt;
        cache_clear(handle->model, &handle->cache);
        handle->paused = false;
        handle->cache_loaded = false;
    }
    tally_add(cleared ? &tally.caches_cleared : &tally.clears_refused, 1);
    give(handle);
    return cleared ? 0 : -1;
}

EXPORTED int rkllm_get_kv_cache_size(RKLLMHandle visible, int *sizes) {
    Handle *handle = take_idle(visible, 121, "rkllm_get_kv_cache_size");
    if (!handle) {
        return -1;
    }
    if (sizes) {
        sizes[0] = (int)handle->cache.length;
    }
    give(handle);
    return sizes ? 0 : -1;
}

EXPORTED int rkllm_load_prompt_cache(RKLLMHandle visible, const char *path) {
    Handle *handle = take_idle(visible, 110, "rkllm_load_prompt_cache");
    if (!handle) {
        return -1;
    }
    bool loaded = path && cache_load(handle->model, &handle->cache, path);
    if (loaded && handle->cache.length > (size_t)handle->params.context_length) {
        complain("a cache of %zu does not fit in a context of %d", handle->cache.length, handle->params.context_length);
        cache_clear(handle->model, &handle->cache);
        loaded = false;
    }
    handle->cache_loaded = loaded;
    handle->paused = false;
    tally_add(&tally.caches_loaded, loaded ? 1 : 0);
    give(handle);
    return loaded ? 0 : -1;
}

EXPORTED int rkllm_release_prompt_cache(RKLLMHandle visible) {
    Handle *handle = take_idle(visible, 110, "rkllm_release_prompt_cache");
    if (!handle) {
        return -1;
    }
    if (handle->cache_loaded) {
        cache_clear(handle->model, &handle->cache);
    }
    handle->cache_loaded = false;
    give(handle);
    return 0;
}
