// What is counted, and its form as JSON.
#include "simulator.h"

#include <unistd.h>

Counters counters;

void count(atomic_ulong *counter, unsigned long amount) { atomic_fetch_add(counter, amount); }

void count_down(atomic_ulong *counter, unsigned long amount) { atomic_fetch_sub(counter, amount); }

void count_peak(atomic_ulong *peak, unsigned long value) {
    unsigned long before = atomic_load(peak);
    while (before < value && !atomic_compare_exchange_weak(peak, &before, value)) {
    }
}

static const struct {
    const char *name;
    atomic_ulong *value;
} single[] = {
    {"contexts_created", &counters.contexts_created},
    {"contexts_destroyed", &counters.contexts_destroyed},
    {"contexts_destroyed_in_use", &counters.contexts_destroyed_in_use},
    {"models_loaded", &counters.models_loaded},
    {"models_unloaded", &counters.models_unloaded},
    {"memories_created", &counters.memories_created},
    {"memories_destroyed", &counters.memories_destroyed},
    {"outputs_lent", &counters.outputs_lent},
    {"outputs_returned", &counters.outputs_returned},
    {"runs", &counters.runs},
    {"runs_failed", &counters.runs_failed},
    {"runs_hanging", &counters.runs_hanging},
    {"faults", &counters.faults},
    {"calls_overlapping", &counters.calls_overlapping},
    {"input_bytes_copied", &counters.input_bytes_copied},
    {"output_bytes_copied", &counters.output_bytes_copied},
    {"input_bytes_shared", &counters.input_bytes_shared},
    {"output_bytes_shared", &counters.output_bytes_shared},
    {"inputs_bound", &counters.inputs_bound},
    {"outputs_bound", &counters.outputs_bound},
    {"running", &counters.running},
    {"running_max", &counters.running_max},
    {"core_running_max", &counters.core_running_max},
    {"memory", &counters.memory},
    {"memory_max", &counters.memory_max},
};

EXPORTED int rknn_sim_counters(char *buffer, size_t size) {
    char text[2048];
    int length = snprintf(text, sizeof text, "{\"simulated\":true,\"process\":%d", (int)getpid());
    for (size_t index = 0; index < sizeof single / sizeof *single; index++) {
        length += snprintf(
            text + length, sizeof text - (size_t)length, ",\"%s\":%lu", single[index].name,
            atomic_load(single[index].value));
    }
    const unsigned long runs[] = {
        atomic_load(&counters.core_runs[0]), atomic_load(&counters.core_runs[1]), atomic_load(&counters.core_runs[2])};
    length += snprintf(
        text + length, sizeof text - (size_t)length,
        ",\"core_runs\":[%lu,%lu,%lu],\"core_microseconds\":[%lu,%lu,%lu]}", runs[0], runs[1], runs[2],
        atomic_load(&counters.core_microseconds[0]), atomic_load(&counters.core_microseconds[1]),
        atomic_load(&counters.core_microseconds[2]));
    if (buffer && size > 0) {
        snprintf(buffer, size, "%s", text);
    }
    return length;
}
