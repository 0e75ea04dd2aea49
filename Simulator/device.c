// The chip: its cores, given out in the order of asking, and its memory.
#include "simulator.h"

#include <errno.h>

typedef struct Waiter {
    uint32_t mask;
    uint32_t granted;
    struct Waiter *next;
} Waiter;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static uint32_t busy;
static Waiter *first;

uint64_t now_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void sleep_until(uint64_t nanoseconds) {
    struct timespec end = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) {
    }
}

unsigned device_cores(const char *soc) { return strcmp(soc, "rk3588") == 0 ? 3 : strcmp(soc, "rk3576") == 0 ? 2 : 0; }

bool device_takes_mask(const Settings *settings, uint32_t mask) {
    bool three = device_cores(settings->soc) == 3;
    switch (mask) {
        case RKNN_CORES_ANY:
        case RKNN_CORES_0:
        case RKNN_CORES_1:
        case RKNN_CORES_0_1:
        case RKNN_CORES_ALL:
            return true;
        case RKNN_CORES_2:
        case RKNN_CORES_0_1_2:
            return three;
        case RKNN_CORES_1 | RKNN_CORES_2:
            return three && settings->mask6;
        default:
            return false;
    }
}

/// Serves the waiters in order. One that has to wait keeps its cores from those behind it.
static void grant(uint32_t all) {
    uint32_t taken = busy;
    for (Waiter *waiter = first; waiter; waiter = waiter->next) {
        uint32_t free_cores = all & ~taken, wanted = waiter->mask & all;
        if (waiter->granted) {
            continue;
        }
        if (waiter->mask == RKNN_CORES_ANY) {
            wanted = free_cores & (~free_cores + 1);
        }
        if (wanted != 0 && (wanted & taken) == 0) {
            waiter->granted = wanted;
            busy |= wanted;
        }
        taken |= wanted;
    }
}

static void note_start(uint32_t cores) {
    for (unsigned core = 0; core < CORES_MAX; core++) {
        if (cores >> core & 1) {
            count(&counters.core_runs[core], 1);
            count_peak(&counters.core_running_max, atomic_fetch_add(&counters.core_running[core], 1) + 1);
        }
    }
    count_peak(&counters.running_max, atomic_fetch_add(&counters.running, 1) + 1);
}

uint32_t device_acquire(const Settings *settings, uint32_t mask) {
    uint32_t all = (1u << device_cores(settings->soc)) - 1;
    // A mask that was set when another chip was simulated must not wait for cores that there are not.
    Waiter self = {.mask = mask & all ? mask : RKNN_CORES_ANY};
    Waiter **last = &first;
    pthread_mutex_lock(&lock);
    while (*last) {
        last = &(*last)->next;
    }
    *last = &self;
    grant(all);
    while (!self.granted) {
        pthread_cond_wait(&changed, &lock);
        grant(all);
    }
    for (last = &first; *last != &self; last = &(*last)->next) {
    }
    *last = self.next;
    pthread_mutex_unlock(&lock);
    note_start(self.granted);
    return self.granted;
}

void device_release(uint32_t cores, uint64_t started) {
    unsigned long microseconds = (unsigned long)((now_nanoseconds() - started) / 1000);
    for (unsigned core = 0; core < CORES_MAX; core++) {
        if (cores >> core & 1) {
            count(&counters.core_microseconds[core], microseconds);
            count_down(&counters.core_running[core], 1);
        }
    }
    count_down(&counters.running, 1);
    pthread_mutex_lock(&lock);
    busy &= ~cores;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

bool device_charge(const Settings *settings, uint64_t bytes) {
    uint64_t budget = (uint64_t)settings->memory_mb << 20;
    pthread_mutex_lock(&lock);
    unsigned long used = atomic_load(&counters.memory);
    bool fits = bytes <= budget && used <= budget - bytes;
    if (fits) {
        atomic_store(&counters.memory, used + bytes);
        count_peak(&counters.memory_max, used + bytes);
    }
    pthread_mutex_unlock(&lock);
    if (!fits) {
        complain("%lu bytes are in use and %llu more are wanted, of %llu", used, (unsigned long long)bytes,
                 (unsigned long long)budget);
    }
    return fits;
}

void device_refund(uint64_t bytes) {
    pthread_mutex_lock(&lock);
    atomic_fetch_sub(&counters.memory, (unsigned long)bytes);
    pthread_mutex_unlock(&lock);
}
