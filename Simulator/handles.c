// Which contexts there are. A handle that is none is told, whatever it is.
#include "simulator.h"

enum { SLOTS = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    Context *context;
    RKNNHandle handle;
} table[SLOTS];
static uint64_t generation;

RKNNHandle handle_add(Context *context) {
    RKNNHandle handle = 0;
    pthread_mutex_lock(&lock);
    for (size_t index = 0; index < SLOTS && !handle; index++) {
        if (!table[index].context) {
            handle = ++generation << 16 | index;
            table[index].context = context;
            table[index].handle = handle;
        }
    }
    pthread_mutex_unlock(&lock);
    if (handle) {
        count(&counters.contexts_created, 1);
    } else {
        complain("more than %d contexts", SLOTS);
    }
    return handle;
}

/// The context, retained; null when there is none. `remove`: takes it out of the table, with its reference.
static Context *find(RKNNHandle handle, bool model, bool remove) {
    size_t index = handle & 0xFFFF;
    Context *context = NULL;
    pthread_mutex_lock(&lock);
    if (handle != 0 && index < SLOTS && table[index].handle == handle) {
        context = table[index].context;
    }
    if (context && model && !context->model) {
        context = NULL;
    }
    if (context && remove) {
        table[index].context = NULL;
        table[index].handle = 0;
    } else if (context) {
        context_retain(context);
    }
    pthread_mutex_unlock(&lock);
    return context;
}

Context *context_take(RKNNHandle handle, bool model) {
    Context *context = find(handle, model, false);
    if (!context) {
        return NULL;
    }
    if (pthread_mutex_trylock(&context->lock) != 0) {
        count(&counters.calls_overlapping, 1);
        pthread_mutex_lock(&context->lock);
    }
    while (context->running) {
        pthread_cond_wait(&context->idle, &context->lock);
    }
    return context;
}

void context_give(Context *context) {
    pthread_mutex_unlock(&context->lock);
    context_release(context);
}

Context *context_borrow(RKNNHandle handle, bool model) { return find(handle, model, false); }

int context_destroy(RKNNHandle handle, bool model) {
    Context *context = find(handle, model, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    count(&counters.contexts_destroyed, 1);
    if (atomic_load(&context->references) > 1) {
        complain("a context is destroyed while a call works on it: a real library does not survive that");
        count(&counters.contexts_destroyed_in_use, 1);
    }
    context_release(context);
    return RKNN_STATUS_OK;
}
