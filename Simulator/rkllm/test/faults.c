// Faults that are switched on.
#include "check.h"

static int run_prompt(RKLLMHandle handle, Heard *heard) {
    *heard = (Heard){.lock = PTHREAD_MUTEX_INITIALIZER};
    return run_model(handle, (Asked){.prompt = "one"}, false, heard);
}

static void models_fail_to_open(void) {
    const char *path = container("rk3588");
    RKLLMHandle handle = NULL;
    EQUAL(rkllm_sim_configure("fault", "init"), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 1, 1, 1}, &handle), -1);
    EQUAL(rkllm_sim_configure("fault", "memory"), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 1, 1, 1}, &handle), -1);
    EQUAL(rkllm_sim_configure("fault", NULL), 0);
    EQUAL(rkllm_sim_configure("memory_mb", "1"), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 1 << 20, 24, 1, 1, 1}, &handle), -1);
    EQUAL(rkllm_sim_configure("memory_mb", NULL), 0);
    EQUAL(counted("memory"), 0);
}

static void some_runs_fail(void) {
    RKLLMHandle handle = usual("1.2.3");
    Heard heard;
    EQUAL(rkllm_sim_configure("fault_after", "1"), 0);
    EQUAL(rkllm_sim_configure("fault_count", "1"), 0);
    EQUAL(rkllm_sim_configure("fault", "run"), 0);
    EQUAL(run_prompt(handle, &heard), 0);
    EQUAL(run_prompt(handle, &heard), -1);
    EQUAL(heard.failed, 1);
    EQUAL(run_prompt(handle, &heard), 0);
    EQUAL(rkllm_sim_configure("fault_after", "4"), 0);
    EQUAL(rkllm_sim_configure("fault", "token"), 0);
    EQUAL(run_prompt(handle, &heard), -1);
    EQUAL(heard.count, 4);
    EQUAL(heard.failed, 1);
    EQUAL(rkllm_sim_configure("fault", NULL), 0);
    EQUAL(rkllm_sim_configure("fault_after", NULL), 0);
    EQUAL(rkllm_sim_configure("fault_count", NULL), 0);
    EQUAL(run_prompt(handle, &heard), 0);
    EQUAL(heard.count, 24);
    EQUAL(rkllm_destroy(handle), 0);
}

static void a_run_hangs_until_it_is_let_go(void) {
    RKLLMHandle handle = usual("1.2.3");
    Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
    EQUAL(rkllm_sim_configure("fault", "hang"), 0);
    EQUAL(run_model(handle, (Asked){.prompt = "one"}, true, &heard), 0);
    while (counted("runs_hanging") == 0) {
        pause_for(0.001);
    }
    EQUAL(rkllm_abort(handle), 0);
    EQUAL(counted("runs_hanging"), 1);
    EQUAL(rkllm_sim_configure("fault", NULL), 0);
    EQUAL(rkllm_destroy(handle), 0);
    EQUAL(heard.count, 0);
    EQUAL(heard.finished, 1);
}

void test_faults(void) {
    models_fail_to_open();
    some_runs_fail();
    a_run_hangs_until_it_is_let_go();
}
