// Faults that are switched on, by call and by file; and latency.
#include "check.h"

static int run_sum(RKNNHandle handle) {
    int status = set_addends(handle, 1);
    return status == RKNN_STATUS_OK ? rknn_run(handle, NULL) : status;
}

static void some_runs_fail(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    rknn_sim_configure("fault_after", "2");
    rknn_sim_configure("fault_count", "1");
    rknn_sim_configure("fault", "run");
    EQUAL(run_sum(handle), RKNN_STATUS_OK);
    EQUAL(run_sum(handle), RKNN_STATUS_OK);
    EQUAL(run_sum(handle), RKNN_STATUS_FAILED);
    EQUAL(run_sum(handle), RKNN_STATUS_OK);
    rknn_sim_configure("fault_after", NULL);
    rknn_sim_configure("fault_count", NULL);
    rknn_sim_configure("fault_status", "-2");
    EQUAL(run_sum(handle), RKNN_STATUS_TIMED_OUT);
    rknn_sim_configure("fault_model", "another");
    EQUAL(run_sum(handle), RKNN_STATUS_OK);
    rknn_sim_configure("fault_model", "add");
    EQUAL(run_sum(handle), RKNN_STATUS_TIMED_OUT);
    rknn_sim_configure("fault_status", NULL);
    rknn_sim_configure("fault_model", NULL);
    rknn_sim_configure("fault", NULL);
    EQUAL(run_sum(handle), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void contexts_fail_to_open(void) {
    static const struct {
        const char *fault;
        int status;
    } cases[] = {
        {"init", RKNN_STATUS_FAILED}, {"driver", RKNN_STATUS_DEVICE_MISMATCH}, {"memory", RKNN_STATUS_OUT_OF_MEMORY}};
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL), other = 1;
    Bytes bytes = container(GRAPH_ADD, "rk3588", NULL);
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        rknn_sim_configure("fault", cases[index].fault);
        EQUAL(try_open(bytes, &other), cases[index].status);
        EQUAL(rknn_dup_context(&handle, &other), cases[index].status);
        RKNNTensorMemory *memory = rknn_create_mem(handle, 8);
        CHECK((memory == NULL) == (index == 2));
        CHECK(!memory || rknn_destroy_mem(handle, memory) == RKNN_STATUS_OK);
        EQUAL(run_sum(handle), RKNN_STATUS_OK);
    }
    rknn_sim_configure("fault", NULL);
    free(bytes.data);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

typedef struct Run {
    RKNNHandle handle;
    int status;
    pthread_t thread;
} Run;

static void *run_aside(void *subject) {
    Run *run = subject;
    run->status = rknn_run(run->handle, NULL);
    return NULL;
}

static void write_control(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

/// Two runs hang and hold their cores; the file lets them go.
static void a_run_hangs_until_the_file_says_otherwise(void) {
    char path[] = "/tmp/rknn-sim-XXXXXX";
    close(mkstemp(path));
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL), other = 0;
    EQUAL(rknn_dup_context(&handle, &other), RKNN_STATUS_OK);
    EQUAL(set_addends(handle, 1), RKNN_STATUS_OK);
    EQUAL(rknn_set_core_mask(handle, RKNN_CORES_0), RKNN_STATUS_OK);
    EQUAL(rknn_set_core_mask(other, RKNN_CORES_1), RKNN_STATUS_OK);
    EQUAL(rknn_sim_configure("control", path), 0);
    write_control(path, "# a fault\nfault = hang\nfault_count = 1\n");
    Run run = {.handle = handle, .status = 1};
    pthread_create(&run.thread, NULL, run_aside, &run);
    while (counted("runs_hanging") == 0) {
        pause_for(0.002);
    }
    EQUAL(run_sum(other), RKNN_STATUS_OK);
    RKNNTensorCounts counts;
    EQUAL(rknn_query(handle, RKNN_ASK_COUNTS, &counts, sizeof counts), RKNN_STATUS_OK);
    write_control(path, "");
    pthread_join(run.thread, NULL);
    EQUAL(run.status, RKNN_STATUS_OK);
    unlink(path);
    EQUAL(rknn_sim_configure("control", NULL), 0);
    EQUAL(rknn_destroy(other), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void a_run_has_a_deadline(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    EQUAL(set_addends(handle, 1), RKNN_STATUS_OK);
    RKNNRunExtend extend = {.timeout_milliseconds = 30};
    rknn_sim_configure("fault", "hang");
    EQUAL(rknn_run(handle, &extend), RKNN_STATUS_TIMED_OUT);
    rknn_sim_configure("fault", NULL);
    rknn_sim_configure("latency_ms", "10000");
    EQUAL(rknn_run(handle, &extend), RKNN_STATUS_TIMED_OUT);
    rknn_sim_configure("latency_ms", "50");
    extend = (RKNNRunExtend){.non_blocking = 1};
    double before = seconds();
    EQUAL(rknn_run(handle, &extend), RKNN_STATUS_OK);
    EQUAL(rknn_wait(handle, &extend), RKNN_STATUS_OK);
    CHECK(seconds() - before >= 0.05);
    EQUAL(extend.frame, 3);
    rknn_sim_configure("latency_ms", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

/// A context that goes while it runs is told, and the run ends.
static void a_context_goes_while_it_runs(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    EQUAL(set_addends(handle, 1), RKNN_STATUS_OK);
    unsigned long before = counted("contexts_destroyed_in_use");
    rknn_sim_configure("fault", "hang");
    Run run = {.handle = handle, .status = 1};
    pthread_create(&run.thread, NULL, run_aside, &run);
    while (counted("runs_hanging") == 0) {
        pause_for(0.002);
    }
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    EQUAL(counted("contexts_destroyed_in_use"), before + 1);
    rknn_sim_configure("fault", NULL);
    pthread_join(run.thread, NULL);
    EQUAL(run.status, RKNN_STATUS_OK);
}

static void counters_are_in_a_file(void) {
    char path[] = "/tmp/rknn-sim-XXXXXX", text[2048] = "";
    close(mkstemp(path));
    EQUAL(rknn_sim_configure("stats", path), 0);
    for (int look = 0; look < 1000 && !strstr(text, "\"simulated\":true"); look++) {
        pause_for(0.01);
        FILE *file = fopen(path, "r");
        CHECK(fread(text, 1, sizeof text - 1, file) < sizeof text);
        fclose(file);
    }
    CHECK(strstr(text, "\"contexts_created\":") != NULL);
    EQUAL(rknn_sim_configure("stats", NULL), 0);
    pause_for(0.1);
    unlink(path);
}

void test_faults(void) {
    some_runs_fail();
    contexts_fail_to_open();
    a_run_hangs_until_the_file_says_otherwise();
    a_run_has_a_deadline();
    a_context_goes_while_it_runs();
    counters_are_in_a_file();
}
