// Buffers that device and process share: anonymous files, so that their descriptors can be handed on.
#include "simulator.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Memory *memories;

Memory *memory_take(const RKNNTensorMemory *visible) {
    pthread_mutex_lock(&lock);
    Memory *memory = memories;
    while (memory && &memory->visible != visible) {
        memory = memory->next;
    }
    if (memory) {
        atomic_fetch_add(&memory->references, 1);
    }
    pthread_mutex_unlock(&lock);
    return memory;
}

void memory_give(Memory *memory) {
    if (atomic_fetch_sub(&memory->references, 1) != 1) {
        return;
    }
    if (memory->mapping) {
        munmap(memory->mapping, memory->mapped);
    }
    if (memory->descriptor >= 0) {
        close(memory->descriptor);
    }
    device_refund(memory->charged);
    free(memory);
}

/// Takes a memory into the list and fills in what the caller sees of it.
static RKNNTensorMemory *publish(Memory *memory, void *address, int32_t descriptor, int32_t offset, uint32_t flags) {
    memory->visible = (RKNNTensorMemory){
        .address = address,
        .descriptor = descriptor,
        .offset = offset,
        .size = (uint32_t)memory->size,
        .flags = flags,
    };
    memory->address = (uint8_t *)address + offset;
    memory->references = 1;
    memory->alive = true;
    pthread_mutex_lock(&lock);
    memory->next = memories;
    memories = memory;
    pthread_mutex_unlock(&lock);
    count(&counters.memories_created, 1);
    stats_changed();
    return &memory->visible;
}

/// Whether a caller may have memory; complains when not. `needed`: it has to name a context.
static bool may_have(const Settings *settings, RKNNHandle handle, bool needed) {
    Context *context = context_borrow(handle, false);
    bool strikes = fault_strikes(settings, "memory", context && context->model ? context->model->custom : "");
    if (context) {
        context_release(context);
    }
    if (strikes || (needed && !context)) {
        complain(strikes ? "no memory, by a fault that is switched on" : "memory for a context that there is not");
        return false;
    }
    return true;
}

static Memory *allocate(const Settings *settings, uint64_t size) {
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), rounded = (size + page - 1) / page * page;
    Memory *memory = size > 0 && size <= UINT32_MAX ? calloc(1, sizeof *memory) : NULL;
    if (!memory) {
        return NULL;
    }
    memory->descriptor = -1;
    if (!device_charge(settings, rounded)) {
        free(memory);
        return NULL;
    }
    memory->charged = rounded;
    memory->references = 1;
    memory->size = size;
    memory->mapped = rounded;
    memory->descriptor = memfd_create("rknn-simulator", MFD_CLOEXEC);
    void *mapping = MAP_FAILED;
    if (memory->descriptor >= 0 && ftruncate(memory->descriptor, (off_t)rounded) == 0) {
        mapping = mmap(NULL, rounded, PROT_READ | PROT_WRITE, MAP_SHARED, memory->descriptor, 0);
    }
    memory->mapping = mapping == MAP_FAILED ? NULL : mapping;
    if (!memory->mapping) {
        complain("the system gives no memory for %llu bytes", (unsigned long long)size);
        memory_give(memory);
        return NULL;
    }
    return memory;
}

EXPORTED RKNNTensorMemory *rknn_create_mem2(RKNNHandle handle, uint64_t size, uint64_t flags) {
    Settings settings = settings_now();
    bool needed = !(flags & RKNN_ALLOCATE_WITHOUT_CONTEXT);
    Memory *memory = may_have(&settings, handle, needed) ? allocate(&settings, size) : NULL;
    return memory ? publish(memory, memory->mapping, memory->descriptor, 0, RKNN_MEMORY_FROM_LIBRARY) : NULL;
}

EXPORTED RKNNTensorMemory *rknn_create_mem(RKNNHandle handle, uint32_t size) {
    return rknn_create_mem2(handle, size, RKNN_MEMORY_CACHEABLE);
}

EXPORTED RKNNTensorMemory *rknn_create_mem_from_fd(
    RKNNHandle handle, int32_t descriptor, void *address, uint32_t size, int32_t offset) {
    Settings settings = settings_now();
    struct stat about;
    if (!may_have(&settings, handle, true) || size == 0 || offset < 0 || fstat(descriptor, &about) != 0 ||
        (uint64_t)about.st_size < (uint64_t)size + (uint32_t)offset) {
        return NULL;
    }
    Memory *memory = calloc(1, sizeof *memory);
    if (!memory) {
        return NULL;
    }
    memory->descriptor = -1;
    memory->size = size;
    if (!address) {
        memory->mapped = (size_t)size + (size_t)offset;
        address = mmap(NULL, memory->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        memory->mapping = address == MAP_FAILED ? NULL : address;
    }
    if (address == MAP_FAILED) {
        free(memory);
        return NULL;
    }
    return publish(memory, address, descriptor, offset, RKNN_MEMORY_FROM_DESCRIPTOR);
}

EXPORTED RKNNTensorMemory *rknn_create_mem_from_phys(
    RKNNHandle handle, uint64_t physical_address, void *address, uint32_t size) {
    Settings settings = settings_now();
    Memory *memory = may_have(&settings, handle, true) && address && size > 0 ? calloc(1, sizeof *memory) : NULL;
    if (!memory) {
        return NULL;
    }
    memory->descriptor = -1;
    memory->size = size;
    RKNNTensorMemory *visible = publish(memory, address, -1, 0, RKNN_MEMORY_FROM_ADDRESS);
    visible->physical_address = physical_address;
    return visible;
}

EXPORTED int rknn_destroy_mem(RKNNHandle handle, RKNNTensorMemory *visible) {
    Context *context = context_borrow(handle, false);
    if (!context) {
        complain("memory is given back by a context that there is not");
        return RKNN_STATUS_BAD_CONTEXT;
    }
    context_release(context);
    pthread_mutex_lock(&lock);
    Memory **place = &memories;
    while (*place && &(*place)->visible != visible) {
        place = &(*place)->next;
    }
    Memory *memory = *place;
    if (memory) {
        *place = memory->next;
    }
    pthread_mutex_unlock(&lock);
    if (!memory) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    atomic_store(&memory->alive, false);
    memory_give(memory);
    count(&counters.memories_destroyed, 1);
    stats_changed();
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_mem_sync(RKNNHandle handle, RKNNTensorMemory *visible, int32_t direction) {
    Context *context = context_borrow(handle, false);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    context_release(context);
    Memory *memory = memory_take(visible);
    if (!memory || direction < RKNN_SYNC_TO_DEVICE || direction > RKNN_SYNC_BOTH) {
        if (memory) {
            memory_give(memory);
        }
        return RKNN_STATUS_BAD_PARAMETER;
    }
    memory_give(memory);
    return RKNN_STATUS_OK;
}

/// Checks memory for weights or intermediate results: a simulator has its own.
static int check_memory(RKNNHandle handle, const RKNNTensorMemory *visible, bool weights) {
    Context *context = context_borrow(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    uint64_t needed = weights ? context->model->weights : context->model->internal;
    context_release(context);
    Memory *memory = memory_take(visible);
    if (!memory) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    bool fits = memory->size >= needed;
    memory_give(memory);
    return fits ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

EXPORTED int rknn_set_weight_mem(RKNNHandle handle, RKNNTensorMemory *memory) {
    return check_memory(handle, memory, true);
}

EXPORTED int rknn_set_internal_mem(RKNNHandle handle, RKNNTensorMemory *memory) {
    return check_memory(handle, memory, false);
}
