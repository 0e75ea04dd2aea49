// The same input gives the same tokens in every generation, and refusals say why.
#include "check.h"

static const char *const releases[] = {"1.1.0", "1.1.4", "1.2.0", "1.2.1", "1.2.2", "1.2.3", "1.3.0"};
enum { RELEASES = sizeof releases / sizeof *releases };
static const char prompt[] = "say hello";

static Heard run_once(RKLLMHandle handle, Asked what) {
    Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
    EQUAL(run_model(handle, what, false, &heard), 0);
    EQUAL(heard.finished, 1);
    EQUAL(heard.failed, 0);
    return heard;
}

static void all_inputs_and_generations_agree(void) {
    int32_t tokens[sizeof prompt - 1];
    float rows[(sizeof prompt - 1) * HIDDEN];
    Heard first = {0};
    for (size_t index = 0; index < sizeof prompt - 1; index++) {
        tokens[index] = prompt[index];
        memcpy(rows + index * HIDDEN, table() + prompt[index] * HIDDEN, HIDDEN * sizeof *rows);
    }
    for (int index = 0; index < RELEASES; index++) {
        RKLLMHandle handle = usual(releases[index]);
        char version[40];
        snprintf(version, sizeof version, "%s (simulated)", releases[index]);
        CHECK(strcmp(rkllm_sim_version(), version) == 0);
        Heard text = run_once(handle, (Asked){.prompt = prompt});
        Heard numbers = run_once(handle, (Asked){.tokens = tokens, .count = sizeof prompt - 1});
        Heard embedded = run_once(handle, (Asked){.embeddings = rows, .count = sizeof prompt - 1});
        first = index == 0 ? text : first;
        EQUAL(text.count, 24);
        CHECK(memcmp(text.tokens, first.tokens, sizeof first.tokens) == 0);
        CHECK(memcmp(numbers.tokens, first.tokens, sizeof first.tokens) == 0);
        CHECK(memcmp(embedded.tokens, first.tokens, sizeof first.tokens) == 0);
        CHECK(strcmp(embedded.text, first.text) == 0);
        EQUAL(counted("base_domain"), 1);
        EQUAL(rkllm_destroy(handle), 0);
        EQUAL(rkllm_destroy(handle), -1);
    }
    bool varied = false;
    for (int index = 1; index < first.count; index++) {
        varied |= first.tokens[index] != first.tokens[0];
    }
    CHECK(varied);
}

static void rows_come_in_their_mode(void) {
    for (int index = 0; index < RELEASES; index++) {
        RKLLMHandle handle = usual(releases[index]);
        Heard hidden = run_once(handle, (Asked){.prompt = prompt, .mode = RKLLM_MODE_HIDDEN_STATES});
        EQUAL(hidden.rows, sizeof prompt - 1);
        EQUAL(hidden.count, 0);
        Heard logits = {.lock = PTHREAD_MUTEX_INITIALIZER, .answer = RKLLM_ANSWER_RELEASE};
        unsigned long released = counted("buffers_released");
        int status = run_model(handle, (Asked){.prompt = prompt, .mode = RKLLM_MODE_LOGITS}, false, &logits);
        EQUAL(status, index < 2 ? -1 : 0);
        EQUAL(logits.rows, index < 2 ? 0 : sizeof prompt - 1);
        CHECK((counted("buffers_released") > released) == (index == RELEASES - 1));
        EQUAL(rkllm_destroy(handle), 0);
    }
}

static void sampling_repeats_with_its_seed(void) {
    const char *path = container("rk3588");
    RKLLMHandle handle = NULL;
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 40, 1, 1}, &handle), 0);
    Heard first = run_once(handle, (Asked){.prompt = prompt}), second = run_once(handle, (Asked){.prompt = prompt});
    CHECK(memcmp(first.tokens, second.tokens, sizeof first.tokens) == 0);
    EQUAL(rkllm_sim_configure("seed", "5"), 0);
    Heard other = run_once(handle, (Asked){.prompt = prompt});
    CHECK(memcmp(first.tokens, other.tokens, sizeof first.tokens) != 0);
    EQUAL(rkllm_sim_configure("seed", NULL), 0);
    EQUAL(rkllm_destroy(handle), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 1, 1, 100}, &handle), 0);
    Heard once = run_once(handle, (Asked){.prompt = prompt});
    for (int index = 1; index < once.count; index++) {
        CHECK(once.tokens[index] != once.tokens[index - 1]);
    }
    EQUAL(rkllm_destroy(handle), 0);
}

/// Characters in pieces: whole with the last token, or as they come.
static void characters_come_whole_or_in_pieces(void) {
    static const char *const ways[] = {"wait", "split", "raw"};
    Heard heard[3];
    for (int index = 0; index < 3; index++) {
        EQUAL(rkllm_sim_configure("utf8", ways[index]), 0);
        RKLLMHandle handle = usual("1.2.3");
        heard[index] = run_once(handle, (Asked){.prompt = prompt});
        EQUAL(rkllm_destroy(handle), 0);
    }
    EQUAL(rkllm_sim_configure("utf8", NULL), 0);
    CHECK(heard[0].waiting > 0);
    EQUAL(heard[1].waiting, heard[0].waiting);
    EQUAL(heard[2].waiting, 0);
    CHECK(strcmp(heard[1].text, heard[2].text) == 0);
    CHECK(strncmp(heard[0].text, heard[1].text, strlen(heard[0].text)) == 0);
}

static void what_is_wrong_is_refused(void) {
    RKLLMHandle handle = usual("1.2.3"), other = NULL;
    Heard heard = {.lock = PTHREAD_MUTEX_INITIALIZER};
    int32_t wrong[] = {VOCABULARY}, many[200] = {0};
    EQUAL(rkllm_sim_configure("generation", "1.2.1b1"), -1);
    EQUAL(run_model(handle, (Asked){.tokens = wrong, .count = 1}, false, &heard), -1);
    EQUAL(run_model(handle, (Asked){.tokens = many, .count = 129}, false, &heard), -1);
    EQUAL(run_model(handle, (Asked){.tokens = many}, false, &heard), -1);
    EQUAL(run_model(handle, (Asked){.prompt = ""}, false, &heard), -1);
    EQUAL(heard.count, 0);
    EQUAL(rkllm_run(handle, NULL, NULL, NULL), -1);
    EQUAL(rkllm_run((void *)(uintptr_t)0x1234, NULL, NULL, NULL), -1);
    EQUAL(rkllm_destroy(NULL), -1);
    EQUAL(rkllm_set_chat_template(handle, "", "", ""), 0);
    EQUAL(rkllm_set_chat_template(handle, "You are", "", ""), -1);
    EQUAL(open_model("1.2.3", (Opened){"/nowhere", 128, 24, 1, 1, 1}, &other), -1);
    EQUAL(open_model("1.2.3", (Opened){"/proc/self/exe", 128, 24, 1, 1, 1}, &other), -1);
    const char *path = container("rk3576");
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 1, 1, 1}, &other), -1);
    EQUAL(rkllm_sim_configure("soc", "rk3576"), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 0, 24, 1, 1, 1}, &other), -1);
    EQUAL(truncate(path, 9000), 0);
    EQUAL(open_model("1.2.3", (Opened){path, 128, 24, 1, 1, 1}, &other), -1);
    EQUAL(rkllm_sim_configure("soc", NULL), 0);
    EQUAL(rkllm_destroy(handle), 0);
}

void test_generations(void) {
    all_inputs_and_generations_agree();
    rows_come_in_their_mode();
    sampling_repeats_with_its_seed();
    characters_come_whole_or_in_pieces();
    what_is_wrong_is_refused();
}
