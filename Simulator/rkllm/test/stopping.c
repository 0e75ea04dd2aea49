// Runs that end before their end, and those that nobody waits for.
#include "check.h"

static void wait_for_end(Heard *heard) {
    for (int look = 0; look < 30000 && !heard_end(heard); look++) {
        pause_for(0.001);
    }
    CHECK(heard_end(heard));
}

static void an_abort_within_a_callback_ends_the_run(void) {
    static const char *const releases[] = {"1.1.4", "1.2.0", "1.2.3", "1.3.0"};
    for (int index = 0; index < 4; index++) {
        RKLLMHandle handle = usual(releases[index]);
        Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER, .abort_after = 5};
        EQUAL(run_model(handle, (Asked){.prompt = "one"}, false, &heard), 0);
        EQUAL(heard.count, 5);
        EQUAL(heard.finished, 1);
        EQUAL(rkllm_abort(handle), -1);
        Heard again = {.lock = PTHREAD_MUTEX_INITIALIZER};
        EQUAL(run_model(handle, (Asked){.prompt = "one"}, false, &again), 0);
        EQUAL(again.count, 24);
        EQUAL(rkllm_destroy(handle), 0);
    }
}

static void what_follows_an_abort_is_a_switch(void) {
    RKLLMHandle handle = usual("1.2.3");
    Heard failed = {.lock = PTHREAD_MUTEX_INITIALIZER, .abort_after = 5}, silent = failed;
    EQUAL(rkllm_sim_configure("abort_state", "error"), 0);
    EQUAL(run_model(handle, (Asked){.prompt = "one"}, false, &failed), 0);
    EQUAL(failed.failed, 1);
    EQUAL(rkllm_sim_configure("abort_state", "none"), 0);
    EQUAL(run_model(handle, (Asked){.prompt = "one"}, false, &silent), 0);
    EQUAL(silent.failed + silent.finished, 0);
    EQUAL(rkllm_sim_configure("abort_state", NULL), 0);
    EQUAL(rkllm_destroy(handle), 0);
}

static void another_thread_aborts(void) {
    for (int index = 0; index < 2; index++) {
        bool newest = index == 1;
        RKLLMHandle handle = usual(newest ? "1.3.0" : "1.2.3");
        EQUAL(rkllm_sim_configure("latency_ms", "5"), 0);
        EQUAL(rkllm_is_running(handle), newest ? 0 : 1);
        Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
        Heard refused = {.lock = PTHREAD_MUTEX_INITIALIZER};
        EQUAL(run_model(handle, (Asked){.prompt = "one"}, true, &heard), 0);
        while (heard_count(&heard) < 2) {
            pause_for(0.001);
        }
        EQUAL(rkllm_is_running(handle), newest ? 1 : 0);
        EQUAL(run_model(handle, (Asked){.prompt = "one"}, false, &refused), -1);
        EQUAL(rkllm_clear_kv_cache(handle, 0, NULL, NULL), -1);
        EQUAL(rkllm_abort(handle), 0);
        int seen = heard_count(&heard);
        wait_for_end(&heard);
        CHECK(heard_count(&heard) <= seen + 1);
        EQUAL(rkllm_sim_configure("latency_ms", NULL), 0);
        EQUAL(rkllm_destroy(handle), 0);
    }
}

static void a_handle_goes_while_it_runs(void) {
    RKLLMHandle handle = usual("1.2.3");
    EQUAL(rkllm_sim_configure("latency_ms", "2"), 0);
    Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
    EQUAL(run_model(handle, (Asked){.prompt = "one"}, true, &heard), 0);
    while (heard_count(&heard) < 1) {
        pause_for(0.001);
    }
    EQUAL(rkllm_destroy(handle), 0);
    CHECK(heard_end(&heard));
    EQUAL(rkllm_sim_configure("latency_ms", NULL), 0);
}

typedef struct Storm {
    RKLLMHandle handle;
    unsigned seed;
    Heard alone;
    pthread_t thread;
} Storm;

/// Starts, aborts and clears at random; what comes is always a beginning of what comes alone.
static void *storm(void *subject) {
    Storm *self = subject;
    for (int round = 0; round < 100; round++) {
        Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
        int kind = rand_r(&self->seed) % 3;
        heard.abort_after = kind == 0 ? 0 : 1 + rand_r(&self->seed) % 20;
        EQUAL(run_model(self->handle, (Asked){.prompt = "one"}, kind == 1, &heard), 0);
        wait_for_end(&heard);
        CHECK(memcmp(heard.tokens, self->alone.tokens, (size_t)heard.count * sizeof *heard.tokens) == 0);
        // The last callback comes a little before the end of a run that nobody waited for.
        while (rkllm_clear_kv_cache(self->handle, 0, NULL, NULL) != 0) {
            pause_for(0.001);
        }
    }
    return NULL;
}

static void handles_do_not_disturb_each_other(void) {
    Storm storms[3];
    for (unsigned index = 0; index < 3; index++) {
        storms[index] = (Storm){.handle = usual("1.2.3"), .seed = index + 1};
        storms[index].alone = (Heard){.lock = PTHREAD_MUTEX_INITIALIZER};
        EQUAL(run_model(storms[index].handle, (Asked){.prompt = "one"}, false, &storms[index].alone), 0);
    }
    for (int index = 0; index < 3; index++) {
        pthread_create(&storms[index].thread, NULL, storm, &storms[index]);
    }
    for (int index = 0; index < 3; index++) {
        pthread_join(storms[index].thread, NULL);
        EQUAL(rkllm_destroy(storms[index].handle), 0);
    }
}

void test_stopping(void) {
    an_abort_within_a_callback_ends_the_run();
    what_follows_an_abort_is_a_switch();
    another_thread_aborts();
    a_handle_goes_while_it_runs();
    handles_do_not_disturb_each_other();
}
