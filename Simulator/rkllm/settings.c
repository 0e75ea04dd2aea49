// Switches: defaults, then RKLLM_SIM_... of the environment, then rkllm_sim_configure. And the faults they switch on.
#include "decoder.h"

#include <ctype.h>
#include <stddef.h>

typedef struct Key {
    const char *name;
    enum { TEXT, WHOLE, REAL } kind;
    size_t offset;
    /// Of text: the bytes of the member.
    double maximum;
    double minimum;
    const char *usual;
    /// The values that text may have, each before a bar; none: any.
    const char *choices;
} Key;

#define MEMBER(name) offsetof(Switches, name)
static const Key keys[] = {
    {"generation", TEXT, MEMBER(generation), 16, 0, "1.2.3",
     "1.1.0|1.1.1|1.1.2|1.1.3|1.1.4|1.2.0|1.2.1|1.2.2|1.2.3|1.3.0|"},
    {"soc", TEXT, MEMBER(soc), 16, 0, "rk3588", "rk3588|rk3576|"},
    {"onnxruntime", TEXT, MEMBER(onnxruntime), PATH_BYTES, 0, "", NULL},
    {"utf8", TEXT, MEMBER(utf8), 16, 0, "wait", "wait|split|raw|"},
    {"abort_state", TEXT, MEMBER(abort_state), 16, 0, "finish", "finish|error|none|"},
    {"threads", WHOLE, MEMBER(threads), 64, 1, "1", NULL},
    {"memory_mb", WHOLE, MEMBER(memory_mb), 1 << 20, 1, "4096", NULL},
    {"seed", WHOLE, MEMBER(seed), 1e15, 0, "0", NULL},
    {"latency_ms", REAL, MEMBER(latency_ms), 3600e3, 0, "0", NULL},
    {"abort_ms", REAL, MEMBER(abort_ms), 3600e3, 0, "0", NULL},
    {"fault", TEXT, MEMBER(fault), 16, 0, "none", "none|init|memory|run|token|hang|crash|"},
    {"fault_after", WHOLE, MEMBER(fault_after), 1e9, 0, "0", NULL},
    {"fault_count", WHOLE, MEMBER(fault_count), 1e9, 0, "0", NULL},
};
enum { KEYS = sizeof keys / sizeof *keys };

static const struct {
    const char *release;
    Generation generation;
} releases[] = {
    {"1.1.0", 110}, {"1.1.1", 110}, {"1.1.2", 110}, {"1.1.3", 110}, {"1.1.4", 110},
    {"1.2.0", 120}, {"1.2.1", 121}, {"1.2.2", 121}, {"1.2.3", 121}, {"1.3.0", 130},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool begun;
static Switches current;
static long seen, struck;

static bool is_choice(const Key *key, const char *value) {
    size_t length = strlen(value);
    for (const char *choice = key->choices; choice && *choice; choice = strchr(choice, '|') + 1) {
        if (strncmp(choice, value, length) == 0 && choice[length] == '|') {
            return true;
        }
    }
    return !key->choices;
}

static bool assign(const Key *key, const char *value) {
    char *member = (char *)&current + key->offset, *end = NULL;
    value = value && *value ? value : key->usual;
    if (key->kind == TEXT) {
        if (strlen(value) >= (size_t)key->maximum || !is_choice(key, value)) {
            return false;
        }
        memset(member, 0, (size_t)key->maximum);
        memcpy(member, value, strlen(value));
        return true;
    }
    double number = strtod(value, &end);
    if (*end || !(number >= key->minimum && number <= key->maximum)) {
        return false;
    }
    if (key->kind == REAL) {
        *(double *)(void *)member = number;
    } else if (number == (double)(long)number) {
        *(long *)(void *)member = (long)number;
    } else {
        return false;
    }
    return true;
}

static void begin_locked(void) {
    for (size_t index = 0; index < KEYS && !begun; index++) {
        char name[64] = "RKLLM_SIM_";
        size_t length = strlen(name);
        for (const char *letter = keys[index].name; *letter; letter++) {
            name[length++] = (char)toupper((unsigned char)*letter);
        }
        const char *value = getenv(name);
        if (!assign(&keys[index], value)) {
            complain("%s=%s is no value for it: using %s", name, value, keys[index].usual);
            assign(&keys[index], NULL);
        }
    }
    if (!begun) {
        defaults_follow(generation_of(current.generation));
    }
    begun = true;
}

Switches switches_now(void) {
    pthread_mutex_lock(&lock);
    begin_locked();
    Switches copy = current;
    pthread_mutex_unlock(&lock);
    return copy;
}

Generation generation_of(const char *release) {
    for (size_t index = 0; index < sizeof releases / sizeof *releases; index++) {
        if (strcmp(releases[index].release, release) == 0) {
            return releases[index].generation;
        }
    }
    return 0;
}

EXPORTED int rkllm_sim_configure(const char *name, const char *value) {
    bool taken = false;
    pthread_mutex_lock(&lock);
    begin_locked();
    for (size_t index = 0; index < KEYS && name; index++) {
        if (strcmp(keys[index].name, name) == 0) {
            taken = assign(&keys[index], value);
        }
    }
    if (taken && strncmp(name, "fault", 5) == 0) {
        seen = struck = 0;
    }
    if (taken) {
        defaults_follow(generation_of(current.generation));
    }
    pthread_mutex_unlock(&lock);
    if (!taken) {
        complain("%s=%s: there is no such switch or value", name ? name : "", value ? value : "");
    }
    return taken ? 0 : -1;
}

EXPORTED const char *rkllm_sim_version(void) {
    static _Thread_local char text[40];
    snprintf(text, sizeof text, "%s (simulated)", switches_now().generation);
    return text;
}

bool strikes(const char *kind) {
    pthread_mutex_lock(&lock);
    begin_locked();
    bool now = strcmp(current.fault, kind) == 0;
    if (now && (seen < current.fault_after || (current.fault_count > 0 && struck >= current.fault_count))) {
        seen++;
        now = false;
    } else if (now) {
        struck++;
    }
    pthread_mutex_unlock(&lock);
    if (now) {
        tally_add(&tally.faults, 1);
    }
    return now;
}

void wait_out(const char *kind, bool (*gives_up)(void *), void *subject) {
    tally_add(&tally.runs_hanging, 1);
    while (strcmp(switches_now().fault, kind) == 0 && !gives_up(subject)) {
        struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
    }
    atomic_fetch_sub(&tally.runs_hanging, 1);
}
