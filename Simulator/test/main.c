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

void check_near(double value, double wanted, double most, const char *what, const char *file, int line) {
    char text[256];
    snprintf(text, sizeof text, "%s is %g (it is %g)", what, wanted, value);
    check(value - wanted <= most && wanted - value <= most, text, file, line);
}

RKNNTensorAttr ask(RKNNHandle handle, int32_t what, uint32_t index) {
    RKNNTensorAttr attr = {.index = index};
    EQUAL(rknn_query(handle, what, &attr, sizeof attr), RKNN_STATUS_OK);
    return attr;
}

int set_addends(RKNNHandle handle, float factor) {
    float a[8], b[8];
    for (int index = 0; index < 8; index++) {
        a[index] = (float)index;
        b[index] = (float)index * factor;
    }
    RKNNInput inputs[] = {
        {.index = 0, .data = a, .size = sizeof a, .type = RKNN_TYPE_FLOAT32, .layout = RKNN_LAYOUT_UNDEFINED},
        {.index = 1, .data = b, .size = sizeof b, .type = RKNN_TYPE_FLOAT32, .layout = RKNN_LAYOUT_UNDEFINED},
    };
    return rknn_inputs_set(handle, 2, inputs);
}

int get_floats(RKNNHandle handle, uint32_t index, float *out, size_t amount) {
    RKNNOutput output = {
        .want_float = 1, .is_preallocated = 1, .index = index, .data = out, .size = (uint32_t)(amount * sizeof *out)};
    return rknn_outputs_get(handle, 1, &output, NULL);
}

unsigned long counted(const char *name) {
    char text[2048], key[64];
    CHECK(rknn_sim_counters(text, sizeof text) < (int)sizeof text);
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *place = strstr(text, key);
    CHECK(place != NULL);
    place = place ? place + strlen(key) : "0";
    return strtoul(*place == '[' ? place + 1 : place, NULL, 10);
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void pause_for(double length) {
    struct timespec time = {(time_t)length, (long)((length - (double)(time_t)length) * 1e9)};
    nanosleep(&time, NULL);
}

static void expect_nothing_left(void) {
    EQUAL(counted("contexts_destroyed"), counted("contexts_created"));
    EQUAL(counted("models_unloaded"), counted("models_loaded"));
    EQUAL(counted("memories_destroyed"), counted("memories_created"));
    EQUAL(counted("outputs_returned"), counted("outputs_lent"));
    EQUAL(counted("memory"), 0);
    EQUAL(counted("running"), 0);
    EQUAL(counted("runs_hanging"), 0);
    EQUAL(counted("core_running_max"), 1);
}

int main(int argc, char **arguments) {
    if (argc != 2 || rknn_sim_configure("onnxruntime", arguments[1]) != 0) {
        return 64;
    }
    test_halves();
    test_tensors();
    test_memory();
    test_refusals();
    test_faults();
    test_cores();
    test_products();
    expect_nothing_left();
    printf("%d checks, %d not so\n", checks, failures);
    return failures == 0 && checks > 0 ? 0 : 1;
}
