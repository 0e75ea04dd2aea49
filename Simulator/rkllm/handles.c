// Which handles there are. One that is none is told, whatever its value.
#include "decoder.h"

enum { SLOTS = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    Handle *handle;
    uintptr_t visible;
} table[SLOTS];
static uintptr_t uses;

RKLLMHandle decoder_add(Handle *handle) {
    uintptr_t visible = 0;
    pthread_mutex_lock(&lock);
    for (size_t index = 0; index < SLOTS && !visible; index++) {
        if (!table[index].handle) {
            visible = ++uses << 12 | index << 4;
            table[index].handle = handle;
            table[index].visible = visible;
        }
    }
    pthread_mutex_unlock(&lock);
    if (visible) {
        tally_add(&tally.handles_created, 1);
    } else {
        complain("more than %d handles", SLOTS);
    }
    return (RKLLMHandle)visible;
}

static Handle *find(RKLLMHandle visible, bool remove) {
    size_t index = (uintptr_t)visible >> 4 & (SLOTS - 1);
    Handle *handle = NULL;
    pthread_mutex_lock(&lock);
    if (visible && table[index].visible == (uintptr_t)visible) {
        handle = table[index].handle;
    }
    if (handle && remove) {
        table[index].handle = NULL;
        table[index].visible = 0;
    } else if (handle) {
        atomic_fetch_add(&handle->references, 1);
    }
    pthread_mutex_unlock(&lock);
    if (!handle) {
        complain("%p is no handle: a real library does not survive that", visible);
    }
    return handle;
}

Handle *decoder_take(RKLLMHandle visible) { return find(visible, false); }

Handle *decoder_remove(RKLLMHandle visible) { return find(visible, true); }

void decoder_give(Handle *handle) {
    if (atomic_fetch_sub(&handle->references, 1) != 1) {
        return;
    }
    cache_clear(handle->model, &handle->cache);
    model_close(handle->model);
    memory_refund(handle->charged);
    pthread_cond_destroy(&handle->idle);
    pthread_mutex_destroy(&handle->lock);
    free(handle);
}
