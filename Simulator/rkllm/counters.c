// What is counted, its form as JSON, and the memory that is given out.
#include "decoder.h"

#include <unistd.h>

Tally tally;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void tally_add(atomic_ulong *counter, unsigned long amount) { atomic_fetch_add(counter, amount); }

void tally_peak(atomic_ulong *peak, unsigned long value) {
    unsigned long before = atomic_load(peak);
    while (before < value && !atomic_compare_exchange_weak(peak, &before, value)) {
    }
}

#define COUNTED(name) {#name, &tally.name}
static const struct {
    const char *name;
    atomic_ulong *value;
} counted[] = {
    COUNTED(handles_created), COUNTED(handles_destroyed), COUNTED(inits_failed), COUNTED(runs), COUNTED(runs_failed),
    COUNTED(runs_aborted), COUNTED(runs_paused), COUNTED(runs_refused), COUNTED(running), COUNTED(running_max),
    COUNTED(runs_hanging), COUNTED(tokens), COUNTED(prompt_tokens), COUNTED(callbacks), COUNTED(callbacks_waiting),
    COUNTED(buffers_released), COUNTED(caches_cleared), COUNTED(clears_refused), COUNTED(caches_saved),
    COUNTED(caches_loaded), COUNTED(faults), COUNTED(memory), COUNTED(memory_max), COUNTED(base_domain),
    COUNTED(cpu_count), COUNTED(cpu_mask), COUNTED(embeds_from_flash), COUNTED(batch),
};

EXPORTED int rkllm_sim_counters(char *buffer, size_t size) {
    char text[2048];
    int length = snprintf(
        text, sizeof text, "{\"simulated\":true,\"process\":%d,\"version\":\"%s\"", (int)getpid(),
        rkllm_sim_version());
    for (size_t index = 0; index < sizeof counted / sizeof *counted; index++) {
        length += snprintf(
            text + length, sizeof text - (size_t)length, ",\"%s\":%lu", counted[index].name,
            atomic_load(counted[index].value));
    }
    length += snprintf(text + length, sizeof text - (size_t)length, "}");
    if (buffer && size > 0) {
        snprintf(buffer, size, "%s", text);
    }
    return length;
}

bool memory_charge(const Switches *switches, uint64_t bytes) {
    uint64_t budget = (uint64_t)switches->memory_mb << 20;
    pthread_mutex_lock(&lock);
    unsigned long used = atomic_load(&tally.memory);
    bool fits = bytes <= budget && used <= budget - bytes;
    if (fits) {
        atomic_store(&tally.memory, used + bytes);
        tally_peak(&tally.memory_max, used + bytes);
    }
    pthread_mutex_unlock(&lock);
    if (!fits) {
        complain("%lu bytes are in use and %llu more are wanted, of %llu", used, (unsigned long long)bytes,
                 (unsigned long long)budget);
    }
    return fits;
}

void memory_refund(uint64_t bytes) {
    pthread_mutex_lock(&lock);
    atomic_fetch_sub(&tally.memory, (unsigned long)bytes);
    pthread_mutex_unlock(&lock);
}
