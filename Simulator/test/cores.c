// Cores and contexts under many threads.
#include "check.h"

enum { THREADS = 8, ROUNDS = 60 };

typedef struct Worker {
    pthread_t thread;
    RKNNHandle handle;
    uint32_t mask;
    int rounds;
} Worker;

static void *run_rounds(void *subject) {
    Worker *worker = subject;
    EQUAL(rknn_set_core_mask(worker->handle, worker->mask), RKNN_STATUS_OK);
    for (int round = 0; round < worker->rounds; round++) {
        float sum[8];
        EQUAL(set_addends(worker->handle, 2), RKNN_STATUS_OK);
        EQUAL(rknn_run(worker->handle, NULL), RKNN_STATUS_OK);
        EQUAL(get_floats(worker->handle, 0, sum, 8), RKNN_STATUS_OK);
        NEAR(sum[7], 21, 0);
    }
    return NULL;
}

/// Runs workers on contexts of one model; returns how many seconds it took.
static double race(RKNNHandle model, const uint32_t *masks, size_t amount, int rounds) {
    Worker workers[THREADS];
    double before = seconds();
    for (size_t index = 0; index < amount; index++) {
        workers[index] = (Worker){.mask = masks[index], .rounds = rounds};
        EQUAL(rknn_dup_context(&model, &workers[index].handle), RKNN_STATUS_OK);
        pthread_create(&workers[index].thread, NULL, run_rounds, &workers[index]);
    }
    for (size_t index = 0; index < amount; index++) {
        pthread_join(workers[index].thread, NULL);
        EQUAL(rknn_destroy(workers[index].handle), RKNN_STATUS_OK);
    }
    return seconds() - before;
}

static void a_core_runs_one_at_a_time(void) {
    static const uint32_t same[] = {1, 1, 1}, any[] = {0, 0, 0};
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    rknn_sim_configure("latency_ms", "100");
    CHECK(race(handle, same, 3, 1) >= 0.3);
    unsigned long before = counted("running_max");
    CHECK(before >= 1);
    race(handle, any, 3, 1);
    EQUAL(counted("running_max"), 3);
    rknn_sim_configure("latency_ms", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void many_masks_at_once(void) {
    static const uint32_t masks[] = {0, 1, 2, 4, 3, 7, 0xffff, 0};
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    rknn_sim_configure("jitter_ms", "1");
    race(handle, masks, THREADS, ROUNDS);
    rknn_sim_configure("jitter_ms", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    EQUAL(counted("core_running_max"), 1);
}

/// A copy lives on when its original has gone.
static void copies_share_the_model(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL), copy = 0;
    unsigned long models = counted("models_loaded");
    EQUAL(rknn_dup_context(&handle, &copy), RKNN_STATUS_OK);
    EQUAL(counted("models_loaded"), models);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    static const uint32_t any[] = {0};
    race(copy, any, 1, 1);
    EQUAL(rknn_destroy(copy), RKNN_STATUS_OK);
}

static void *open_and_close(void *unused) {
    for (int round = 0; round < 20; round++) {
        RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
        RKNNTensorMemory *memory = rknn_create_mem(handle, 64);
        RKNNTensorAttr attr = ask(handle, RKNN_ASK_INPUT, 0);
        EQUAL(rknn_set_io_mem(handle, memory, &attr), RKNN_STATUS_OK);
        EQUAL(rknn_destroy_mem(handle, memory), RKNN_STATUS_OK);
        EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    }
    return unused;
}

static void many_open_and_close(void) {
    pthread_t threads[THREADS];
    for (size_t index = 0; index < THREADS; index++) {
        pthread_create(&threads[index], NULL, open_and_close, NULL);
    }
    for (size_t index = 0; index < THREADS; index++) {
        pthread_join(threads[index], NULL);
    }
}

/// Two threads on one context: not what the real library allows, so it is counted.
static void one_context_for_two(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    rknn_sim_configure("latency_ms", "20");
    unsigned long before = counted("calls_overlapping");
    Worker workers[2];
    for (int index = 0; index < 2; index++) {
        workers[index] = (Worker){.handle = handle, .rounds = 3};
        pthread_create(&workers[index].thread, NULL, run_rounds, &workers[index]);
    }
    for (int index = 0; index < 2; index++) {
        pthread_join(workers[index].thread, NULL);
    }
    CHECK(counted("calls_overlapping") > before);
    rknn_sim_configure("latency_ms", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

void test_cores(void) {
    a_core_runs_one_at_a_time();
    many_masks_at_once();
    copies_share_the_model();
    many_open_and_close();
    one_context_for_two();
}
