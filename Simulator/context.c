// Contexts: made of a container or of another context, and what each has of its own.
#include "simulator.h"

#include <sys/mman.h>

Context *context_new(void) {
    Context *context = calloc(1, sizeof *context);
    if (context) {
        context->references = 1;
        pthread_mutex_init(&context->lock, NULL);
        pthread_cond_init(&context->idle, NULL);
    }
    return context;
}

void context_retain(Context *context) { atomic_fetch_add(&context->references, 1); }

static void free_slots(Context *context) {
    size_t total = context->slots ? context->model->inputs + context->model->outputs : 0;
    for (size_t index = 0; index < total; index++) {
        Slot *slot = &context->slots[index];
        session_free_tensor(slot->value);
        free(slot->staging);
        if (slot->bound) {
            memory_give(slot->bound);
        }
    }
    free(context->slots);
}

void context_release(Context *context) {
    if (atomic_fetch_sub(&context->references, 1) != 1) {
        return;
    }
    if (context->model) {
        free_slots(context);
        model_release(context->model);
    }
    if (context->product) {
        product_free(context->product);
    }
    device_refund(context->charged);
    pthread_cond_destroy(&context->idle);
    pthread_mutex_destroy(&context->lock);
    free(context);
}

static bool make_slots(Context *context) {
    Model *model = context->model;
    size_t total = model->inputs + model->outputs;
    context->slots = calloc(total, sizeof *context->slots);
    for (size_t index = 0; context->slots && index < total; index++) {
        Slot *slot = &context->slots[index];
        slot->staging = calloc(model->ports[index].elements, type_size(model->ports[index].graph_type));
        slot->value = slot->staging ? session_tensor(&model->ports[index], slot->staging) : NULL;
        if (!slot->value) {
            return false;
        }
    }
    return context->slots != NULL;
}

/// A context of `model`, whose reference it takes over.
static int open_context(Model *model, const Settings *settings, uint32_t flags, RKNNHandle *out) {
    Context *context = context_new();
    if (!context) {
        model_release(model);
        return RKNN_STATUS_OUT_OF_MEMORY;
    }
    context->model = model;
    context->flags = flags;
    bool charged = device_charge(settings, model->internal);
    context->charged = charged ? model->internal : 0;
    *out = charged && make_slots(context) ? handle_add(context) : 0;
    if (!*out) {
        context_release(context);
        return RKNN_STATUS_OUT_OF_MEMORY;
    }
    return RKNN_STATUS_OK;
}

static int refuse_by_fault(const Settings *settings, const char *model) {
    if (fault_strikes(settings, "init", model)) {
        return fault_status(settings, RKNN_STATUS_FAILED);
    }
    if (fault_strikes(settings, "driver", model)) {
        complain("the driver is older than the library wants");
        return fault_status(settings, RKNN_STATUS_DEVICE_MISMATCH);
    }
    if (fault_strikes(settings, "memory", model)) {
        return fault_status(settings, RKNN_STATUS_OUT_OF_MEMORY);
    }
    return RKNN_STATUS_OK;
}

static int open_bytes(const uint8_t *bytes, size_t size, const Settings *settings, uint32_t flags, RKNNHandle *out) {
    Container container;
    Model *model = NULL;
    int status = container_read(bytes, size, settings->soc, &container);
    if (status == RKNN_STATUS_OK) {
        status = refuse_by_fault(settings, container.name);
    }
    if (status == RKNN_STATUS_OK) {
        status = model_load(&container, settings, &model);
    }
    return status == RKNN_STATUS_OK ? open_context(model, settings, flags, out) : status;
}

EXPORTED int rknn_init(RKNNHandle *out, void *model, uint32_t size, uint32_t flags, RKNNInitExtend *extend) {
    Settings settings = settings_now();
    if (!out || !model) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    *out = 0;
    const uint8_t *bytes = model;
    size_t length = size;
    int status = size == 0 ? container_map(model, &bytes, &length) : RKNN_STATUS_OK;
    if (status == RKNN_STATUS_OK) {
        status = open_bytes(bytes, length, &settings, flags, out);
        if (size == 0) {
            munmap((void *)(uintptr_t)bytes, length);
        }
    }
    if (status == RKNN_STATUS_OK && extend) {
        extend->handle = *out;
    }
    stats_changed();
    return status;
}

EXPORTED int rknn_dup_context(RKNNHandle *original, RKNNHandle *out) {
    Settings settings = settings_now();
    Context *context = original ? context_borrow(*original, true) : NULL;
    if (!context || !out) {
        if (context) {
            context_release(context);
        }
        return out ? RKNN_STATUS_BAD_CONTEXT : RKNN_STATUS_BAD_PARAMETER;
    }
    *out = 0;
    int status = refuse_by_fault(&settings, context->model->custom);
    if (status == RKNN_STATUS_OK) {
        status = open_context(model_retain(context->model), &settings, context->flags, out);
    }
    context_release(context);
    stats_changed();
    return status;
}

EXPORTED int rknn_destroy(RKNNHandle handle) {
    int status = context_destroy(handle, true);
    stats_changed();
    return status;
}

EXPORTED int rknn_set_core_mask(RKNNHandle handle, uint32_t mask) {
    Settings settings = settings_now();
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool taken = device_takes_mask(&settings, mask);
    if (taken) {
        context->mask = mask;
    } else {
        complain("%s does not take core mask %u", settings.soc, mask);
    }
    context_give(context);
    return taken ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

EXPORTED int rknn_set_batch_core_num(RKNNHandle handle, int cores) {
    Settings settings = settings_now();
    bool fits = cores >= 1 && cores <= (int)device_cores(settings.soc);
    Context *context = context_borrow(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    context_release(context);
    return fits ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}
