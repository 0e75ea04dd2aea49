// Faults on demand: which call fails, after how many and how often.
#include "simulator.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long generation;
static long seen, struck;

bool fault_strikes(const Settings *settings, const char *kind, const char *model) {
    if (strcmp(settings->fault, kind) != 0 || !strstr(model, settings->fault_model)) {
        return false;
    }
    pthread_mutex_lock(&lock);
    if (settings->fault_generation != generation) {
        generation = settings->fault_generation;
        seen = struck = 0;
    }
    bool strikes = seen >= settings->fault_after && (settings->fault_count == 0 || struck < settings->fault_count);
    if (strikes) {
        struck++;
    } else {
        seen++;
    }
    pthread_mutex_unlock(&lock);
    if (strikes) {
        count(&counters.faults, 1);
    }
    return strikes;
}

int fault_status(const Settings *settings, int usual) {
    return settings->fault_status != 0 ? (int)settings->fault_status : usual;
}

bool fault_wait_until_cleared(const Settings *settings, uint64_t deadline) {
    const uint64_t look = 5000000;
    count(&counters.runs_hanging, 1);
    bool cleared = false, late = false;
    while (!cleared && !late) {
        sleep_until(now_nanoseconds() + look);
        cleared = settings_now().fault_generation != settings->fault_generation;
        late = deadline != 0 && now_nanoseconds() >= deadline;
    }
    count_down(&counters.runs_hanging, 1);
    return cleared;
}
