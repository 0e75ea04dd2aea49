// A run: cores, faults and latency around what the graph computes.
#include "simulator.h"

#include <signal.h>

static uint64_t nanoseconds(double milliseconds) { return (uint64_t)(milliseconds * 1e6); }

/// How long a run takes at least.
static uint64_t draw_latency(const Settings *settings) {
    static atomic_uint seed = 1;
    unsigned mixed = (atomic_fetch_add(&seed, 1) * 2654435761u) >> 8;
    return nanoseconds(settings->latency_ms + settings->jitter_ms * mixed / (double)(1 << 24));
}

/// The faults that come before a run has begun.
static int strike(const Settings *settings, const char *label) {
    if (fault_strikes(settings, "crash", label)) {
        complain("crashing, by a fault that is switched on");
        raise(SIGSEGV);
    }
    return fault_strikes(settings, "run", label) ? fault_status(settings, RKNN_STATUS_FAILED) : RKNN_STATUS_OK;
}

int device_work(
    const Settings *settings, const char *label, uint32_t mask, long timeout_ms, int (*work)(void *), void *subject) {
    int status = strike(settings, label);
    if (status != RKNN_STATUS_OK) {
        count(&counters.runs_failed, 1);
        return status;
    }
    uint32_t cores = device_acquire(settings, mask);
    uint64_t started = now_nanoseconds(), end = started + draw_latency(settings);
    uint64_t deadline = timeout_ms > 0 ? started + nanoseconds((double)timeout_ms) : 0;
    bool in_time = !fault_strikes(settings, "hang", label) || fault_wait_until_cleared(settings, deadline);
    if (in_time) {
        status = work(subject);
        in_time = deadline == 0 || (end <= deadline && now_nanoseconds() <= deadline);
        sleep_until(in_time || end < deadline ? end : deadline);
    }
    device_release(cores, started);
    status = in_time ? status : RKNN_STATUS_TIMED_OUT;
    count(status == RKNN_STATUS_OK ? &counters.runs : &counters.runs_failed, 1);
    return status;
}

static View staged(const Port *port, const Slot *slot) {
    return (View){.data = slot->staging, .type = port->graph_type, .layout = RKNN_LAYOUT_NCHW};
}

/// Takes inputs out of bound memory.
static int gather(Context *context, const Settings *settings) {
    for (size_t index = 0; index < context->model->inputs; index++) {
        const Port *port = &context->model->ports[index];
        const Slot *slot = &context->slots[index];
        if (!slot->set || (slot->bound && !atomic_load(&slot->bound->alive))) {
            complain(slot->set ? "the memory of input %s is destroyed" : "input %s is not set", port->name);
            return RKNN_STATUS_BAD_INPUT;
        }
        if (slot->bound) {
            convert(port, staged(port, slot), slot->view, port_lattice(port, settings));
            count(&counters.input_bytes_shared, view_bytes(port, slot->view));
        }
    }
    return RKNN_STATUS_OK;
}

/// Puts outputs into bound memory.
static int scatter(Context *context, const Settings *settings) {
    size_t inputs = context->model->inputs;
    for (size_t index = inputs; index < inputs + context->model->outputs; index++) {
        const Port *port = &context->model->ports[index];
        const Slot *slot = &context->slots[index];
        if (slot->bound && !atomic_load(&slot->bound->alive)) {
            complain("the memory of output %s is destroyed", port->name);
            return RKNN_STATUS_BAD_OUTPUT;
        }
        if (slot->bound) {
            convert(port, slot->view, staged(port, slot), port_lattice(port, settings));
            count(&counters.output_bytes_shared, view_bytes(port, slot->view));
        }
    }
    return RKNN_STATUS_OK;
}

static int compute(void *subject) {
    Context *context = subject;
    Model *model = context->model;
    Settings settings = settings_now();
    int status = gather(context, &settings);
    if (status != RKNN_STATUS_OK) {
        return status;
    }
    OrtValue *values[2 * PORTS_MAX];
    for (size_t index = 0; index < model->inputs + model->outputs; index++) {
        values[index] = context->slots[index].value;
    }
    if (!session_run(model->session, values, values + model->inputs)) {
        return RKNN_STATUS_FAILED;
    }
    return scatter(context, &settings);
}

/// Runs a context that is locked.
static void run(Context *context) {
    Settings settings = settings_now();
    uint64_t started = now_nanoseconds();
    context->status = device_work(
        &settings, context->model->custom, context->mask, context->timeout_ms, compute, context);
    atomic_store(&context->microseconds, (long long)((now_nanoseconds() - started) / 1000));
    stats_changed();
}

static void *run_behind(void *subject) {
    Context *context = subject;
    pthread_mutex_lock(&context->lock);
    run(context);
    context->running = false;
    pthread_cond_broadcast(&context->idle);
    pthread_mutex_unlock(&context->lock);
    context_release(context);
    return NULL;
}

/// Starts a run that the caller does not wait for.
static int start(Context *context) {
    pthread_t thread;
    context_retain(context);
    context->running = true;
    if (pthread_create(&thread, NULL, run_behind, context) != 0) {
        context->running = false;
        context_release(context);
        return RKNN_STATUS_FAILED;
    }
    pthread_detach(thread);
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_run(RKNNHandle handle, RKNNRunExtend *extend) {
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    int status = RKNN_STATUS_OK;
    context->frame++;
    context->timeout_ms = extend ? extend->timeout_milliseconds : 0;
    if (extend) {
        extend->frame = context->frame;
    }
    if (context->flags & RKNN_INIT_INFORMATION_ONLY) {
        status = RKNN_STATUS_BAD_CONTEXT;
    } else if (extend && extend->non_blocking) {
        status = start(context);
    } else {
        run(context);
        status = context->status;
    }
    context_give(context);
    return status;
}

EXPORTED int rknn_wait(RKNNHandle handle, RKNNRunExtend *extend) {
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    int status = context->status;
    if (extend) {
        extend->frame = context->frame;
    }
    context_give(context);
    return status;
}
