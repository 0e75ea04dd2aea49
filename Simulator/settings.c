// Switches: defaults, then RKNN_SIM_... of the environment, then rknn_sim_configure, then the control file.
#include "simulator.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

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

#define MEMBER(name) offsetof(Settings, name)
static const Key keys[] = {
    {"soc", TEXT, MEMBER(soc), 16, 0, "rk3588", "rk3588|rk3576|"},
    {"onnxruntime", TEXT, MEMBER(onnxruntime), PATH_BYTES, 0, "", NULL},
    {"control", TEXT, MEMBER(control), PATH_BYTES, 0, "", NULL},
    {"stats", TEXT, MEMBER(stats), PATH_BYTES, 0, "", NULL},
    {"io_mem", TEXT, MEMBER(io_mem), 16, 0, "all", "all|native|none|"},
    {"threads", WHOLE, MEMBER(threads), 64, 1, "1", NULL},
    {"fp16", WHOLE, MEMBER(fp16), 1, 0, "1", NULL},
    {"mask6", WHOLE, MEMBER(mask6), 1, 0, "0", NULL},
    {"memory_mb", WHOLE, MEMBER(memory_mb), 1 << 20, 1, "4096", NULL},
    {"width_align", WHOLE, MEMBER(width_align), 256, 1, "1", NULL},
    {"latency_ms", REAL, MEMBER(latency_ms), 3600e3, 0, "0", NULL},
    {"jitter_ms", REAL, MEMBER(jitter_ms), 3600e3, 0, "0", NULL},
    {"fault", TEXT, MEMBER(fault), 16, 0, "none", "none|init|run|hang|driver|memory|crash|"},
    {"fault_model", TEXT, MEMBER(fault_model), 128, 0, "", NULL},
    {"fault_after", WHOLE, MEMBER(fault_after), 1e9, 0, "0", NULL},
    {"fault_count", WHOLE, MEMBER(fault_count), 1e9, 0, "0", NULL},
    {"fault_status", WHOLE, MEMBER(fault_status), 0, -13, "0", NULL},
};
enum { KEYS = sizeof keys / sizeof *keys };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool begun;
/// What was configured, and the same with the control file laid over it.
static Settings base, effective;
static unsigned long fault_generation;
static struct timespec control_time;
static off_t control_size;
static ino_t control_number;

void complain(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "librknnrt-sim (simulated): %s\n", text);
}

static const Key *find_key(const char *name) {
    for (size_t index = 0; index < KEYS; index++) {
        if (strcmp(keys[index].name, name) == 0) {
            return &keys[index];
        }
    }
    return NULL;
}

static bool is_choice(const Key *key, const char *value) {
    size_t length = strlen(value);
    for (const char *choice = key->choices; choice && *choice; choice = strchr(choice, '|') + 1) {
        if (strncmp(choice, value, length) == 0 && choice[length] == '|') {
            return true;
        }
    }
    return !key->choices;
}

static bool assign(Settings *settings, const Key *key, const char *value) {
    char *member = (char *)settings + key->offset, *end = NULL;
    if (!value || !*value) {
        value = key->usual;
    }
    if (key->kind == TEXT) {
        if (strlen(value) >= (size_t)key->maximum || !is_choice(key, value)) {
            return false;
        }
        memset(member, 0, (size_t)key->maximum);
        memcpy(member, value, strlen(value));
        return true;
    }
    double number = strtod(value, &end);
    bool whole = key->kind == WHOLE;
    if (*end || !(number >= key->minimum && number <= key->maximum) || (whole && number != (double)(long)number)) {
        return false;
    }
    if (whole) {
        *(long *)(void *)member = (long)number;
    } else {
        *(double *)(void *)member = number;
    }
    return true;
}

static void begin(void) {
    if (begun) {
        return;
    }
    begun = true;
    for (size_t index = 0; index < KEYS; index++) {
        char name[64] = "RKNN_SIM_";
        size_t length = strlen(name);
        for (const char *letter = keys[index].name; *letter; letter++) {
            name[length++] = (char)toupper((unsigned char)*letter);
        }
        const char *value = getenv(name);
        if (!assign(&base, &keys[index], value)) {
            complain("%s=%s is no value for it: using %s", name, value, keys[index].usual);
            assign(&base, &keys[index], NULL);
        }
    }
    effective = base;
}

static char *trim(char *text) {
    while (isspace((unsigned char)*text)) {
        text++;
    }
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1])) {
        *--end = 0;
    }
    return text;
}

static void read_control(FILE *file, Settings *settings) {
    char line[PATH_BYTES + 64];
    while (fgets(line, sizeof line, file)) {
        char *equals = strchr(line, '=');
        if (!equals || *trim(line) == '#') {
            continue;
        }
        *equals = 0;
        char *name = trim(line), *value = trim(equals + 1);
        const Key *key = find_key(name);
        if (!key || !assign(settings, key, value)) {
            complain("the control file says %s=%s: there is no such switch or value", name, value);
        }
    }
}

/// Lays the control file over what was configured.
static void lay_over(void) {
    Settings next = base;
    FILE *file = base.control[0] ? fopen(base.control, "re") : NULL;
    if (file) {
        read_control(file, &next);
        fclose(file);
    }
    size_t first = MEMBER(fault), bytes = sizeof next - first;
    if (memcmp((char *)&next + first, (char *)&effective + first, bytes) != 0) {
        fault_generation++;
    }
    if (strcmp(next.stats, effective.stats) != 0) {
        stats_move(next.stats);
    }
    effective = next;
}

/// Reads the control file again when it is another than the last time.
static void look_at_control(void) {
    struct stat now = {0};
    if (!base.control[0] || stat(base.control, &now) != 0) {
        now = (struct stat){.st_size = -1};
    }
    bool same = now.st_size == control_size && now.st_ino == control_number &&
                now.st_mtim.tv_sec == control_time.tv_sec && now.st_mtim.tv_nsec == control_time.tv_nsec;
    if (!same) {
        control_size = now.st_size;
        control_number = now.st_ino;
        control_time = now.st_mtim;
        lay_over();
    }
}

Settings settings_now(void) {
    pthread_mutex_lock(&lock);
    bool first = !begun;
    begin();
    if (first) {
        control_size = -1;
        stats_move(base.stats);
    }
    look_at_control();
    Settings copy = effective;
    copy.fault_generation = fault_generation;
    pthread_mutex_unlock(&lock);
    return copy;
}

EXPORTED int rknn_sim_configure(const char *name, const char *value) {
    settings_now();
    const Key *key = name ? find_key(name) : NULL;
    pthread_mutex_lock(&lock);
    bool taken = key && assign(&base, key, value);
    if (taken) {
        control_size = -2;  // of no file: laid over anew
        look_at_control();
    }
    pthread_mutex_unlock(&lock);
    if (!taken) {
        complain("%s=%s: there is no such switch or value", name ? name : "", value ? value : "");
    }
    return taken ? 0 : -1;
}
