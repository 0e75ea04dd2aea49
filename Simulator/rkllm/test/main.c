// Runs the tests of the simulator: main PATH-OF-ONNX-RUNTIME. What has been made must be gone in the end.
#include "check.h"

int checks, failures;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void check(bool truth, const char *what, const char *file, int line) {
    pthread_mutex_lock(&lock);
    checks++;
    if (!truth) {
        failures++;
        printf("%s:%d: not so: %s\n", file, line, what);
    }
    pthread_mutex_unlock(&lock);
}

void check_equal(long value, long wanted, const char *what, const char *file, int line) {
    char text[256];
    snprintf(text, sizeof text, "%s is %ld (it is %ld)", what, wanted, value);
    check(value == wanted, text, file, line);
}

unsigned long counted(const char *name) {
    char text[2048], key[64];
    CHECK(rkllm_sim_counters(text, sizeof text) < (int)sizeof text);
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *place = strstr(text, key);
    CHECK(place != NULL);
    return place ? strtoul(place + strlen(key), NULL, 10) : 0;
}

void pause_for(double length) {
    struct timespec time = {(time_t)length, (long)((length - (double)(time_t)length) * 1e9)};
    nanosleep(&time, NULL);
}

int main(int argc, char **arguments) {
    if (argc != 2 || rkllm_sim_configure("onnxruntime", arguments[1]) != 0) {
        return 64;
    }
    test_generations();
    test_cache();
    test_stopping();
    test_faults();
    remove_containers();
    EQUAL(counted("handles_destroyed"), counted("handles_created"));
    // The thread of an asynchronous run gives its handle back after it has told the end.
    for (int look = 0; look < 3000 && counted("memory") > 0; look++) {
        pause_for(0.01);
    }
    EQUAL(counted("memory"), 0);
    EQUAL(counted("running"), 0);
    EQUAL(counted("runs_hanging"), 0);
    printf("%d checks, %d not so\n", checks, failures);
    return failures == 0 && checks > 0 ? 0 : 1;
}
