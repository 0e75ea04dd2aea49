// What stays between runs: history, ranges, prompt caches.
#include "check.h"

static Heard run_once(RKLLMHandle handle, Asked what, int pause_after) {
    Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER, .pause_after = pause_after};
    EQUAL(run_model(handle, what, false, &heard), 0);
    EQUAL(heard.finished, pause_after > 0 ? 0 : 1);
    return heard;
}

static int cached(RKLLMHandle handle) {
    int size = -1;
    EQUAL(rkllm_get_kv_cache_size(handle, &size), 0);
    return size;
}

static void history_goes_on_where_it_is_kept(void) {
    RKLLMHandle handle = usual("1.2.3");
    Heard whole = run_once(handle, (Asked){.prompt = "onetwo"}, 0);
    EQUAL(cached(handle), 0);
    Heard fresh = run_once(handle, (Asked){.prompt = "two"}, 0);
    CHECK(memcmp(whole.tokens, fresh.tokens, sizeof whole.tokens) != 0);
    Heard rows = {.lock = PTHREAD_MUTEX_INITIALIZER};
    Asked first = {.prompt = "one", .mode = RKLLM_MODE_HIDDEN_STATES, .keeps_history = true};
    EQUAL(run_model(handle, first, false, &rows), 0);
    EQUAL(cached(handle), 3);
    Heard second = run_once(handle, (Asked){.prompt = "two", .keeps_history = true}, 0);
    CHECK(memcmp(whole.tokens, second.tokens, sizeof whole.tokens) == 0);
    EQUAL(cached(handle), 6 + 23);
    EQUAL(rkllm_clear_kv_cache(handle, 0, NULL, NULL), 0);
    EQUAL(cached(handle), 0);
    EQUAL(rkllm_destroy(handle), 0);
}

static void a_paused_run_goes_on(void) {
    RKLLMHandle handle = usual("1.3.0");
    Heard whole = run_once(handle, (Asked){.prompt = "onetwo"}, 0);
    Heard half = run_once(handle, (Asked){.prompt = "onetwo"}, 10);
    EQUAL(half.count, 10);
    EQUAL(cached(handle), 6 + 9);
    Heard rest = run_once(handle, (Asked){.tokens = &half.tokens[9], .count = 1}, 0);
    CHECK(memcmp(whole.tokens, half.tokens, 10 * sizeof *whole.tokens) == 0);
    CHECK(memcmp(whole.tokens + 10, rest.tokens, 14 * sizeof *whole.tokens) == 0);
    EQUAL(rkllm_destroy(handle), 0);
}

static void ranges_are_cleared_after_a_pause_alone(void) {
    RKLLMHandle handle = usual("1.2.1");
    int start = 6, end = 15, beyond = 99;
    EQUAL(rkllm_clear_kv_cache(handle, 1, &start, &end), -1);
    run_once(handle, (Asked){.prompt = "onetwo", .keeps_history = true}, 10);
    EQUAL(rkllm_clear_kv_cache(handle, 1, &start, &end), -1);
    EQUAL(rkllm_clear_kv_cache(handle, 0, NULL, NULL), 0);
    Heard half = run_once(handle, (Asked){.prompt = "onetwo"}, 10);
    EQUAL(rkllm_clear_kv_cache(handle, 1, &start, &beyond), -1);
    EQUAL(rkllm_clear_kv_cache(handle, 1, &start, &end), 0);
    EQUAL(cached(handle), 6);
    Heard again = run_once(handle, (Asked){.tokens = half.tokens, .count = 9}, 1);
    EQUAL(again.tokens[0], half.tokens[9]);
    EQUAL(rkllm_destroy(handle), 0);
    handle = usual("1.1.4");
    EQUAL(rkllm_clear_kv_cache(handle, 0, NULL, NULL), -1);
    EQUAL(rkllm_destroy(handle), 0);
    handle = usual("1.2.0");
    EQUAL(rkllm_clear_kv_cache(handle, 0, (int *)8, (int *)9), 0);
    EQUAL(rkllm_destroy(handle), 0);
}

static void a_prompt_cache_is_in_a_file(void) {
    char path[] = "/tmp/rkllm-cache-XXXXXX";
    close(mkstemp(path));
    RKLLMHandle handle = usual("1.2.3");
    Heard whole = run_once(handle, (Asked){.prompt = "onetwo"}, 0);
    run_once(handle, (Asked){.prompt = "one", .save_to = path}, 0);
    EQUAL(rkllm_load_prompt_cache(handle, path), 0);
    EQUAL(cached(handle), 3);
    Heard second = run_once(handle, (Asked){.prompt = "two"}, 0);
    CHECK(memcmp(whole.tokens, second.tokens, sizeof whole.tokens) == 0);
    EQUAL(rkllm_load_prompt_cache(handle, path), 0);
    Heard embedded = run_once(handle, (Asked){.embeddings = table(), .count = 1}, 0);
    EQUAL(rkllm_release_prompt_cache(handle), 0);
    Heard alone = run_once(handle, (Asked){.embeddings = table(), .count = 1}, 0);
    CHECK(memcmp(embedded.tokens, alone.tokens, sizeof alone.tokens) == 0);
    EQUAL(rkllm_load_prompt_cache(handle, "/nowhere"), -1);
    EQUAL(truncate(path, 40), 0);
    EQUAL(rkllm_load_prompt_cache(handle, path), -1);
    EQUAL(rkllm_destroy(handle), 0);
    unlink(path);
}

void test_cache(void) {
    history_goes_on_where_it_is_kept();
    a_paused_run_goes_on();
    ranges_are_cleared_after_a_pause_alone();
    a_prompt_cache_is_in_a_file();
}
