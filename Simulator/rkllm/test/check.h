// What the tests of the simulated librkllmrt share: a small decoder written on the spot, and calls in every layout.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rkllm_exports.h"
#include "rkllm_simulator.h"

enum { VOCABULARY = 260, HIDDEN = 8, END_TOKEN = 259, SPECIAL_TOKEN = 258, HEARD_MAX = 512 };

extern int checks, failures;

#define CHECK(truth) check((truth), #truth, __FILE__, __LINE__)
#define EQUAL(value, wanted) check_equal((long)(value), (long)(wanted), #value, __FILE__, __LINE__)
void check(bool truth, const char *what, const char *file, int line);
void check_equal(long value, long wanted, const char *what, const char *file, int line);
unsigned long counted(const char *name);
void pause_for(double seconds);

/// Writes a container: where it is.
const char *container(const char *target);
void remove_containers(void);
/// [VOCABULARY, HIDDEN]: the table of embeddings of the container.
const float *table(void);

/// What a callback was given, and what it answers.
typedef struct Heard {
    int32_t tokens[HEARD_MAX];
    int count;
    int finished;
    int failed;
    int waiting;
    char text[HEARD_MAX * 4];
    int32_t rows;
    float first_row[VOCABULARY];
    /// After so many tokens: what is done; 0: never.
    int pause_after;
    int abort_after;
    int answer;
    RKLLMHandle handle;
    pthread_mutex_t lock;
} Heard;

/// What a run is made of; the rest is 0.
typedef struct Asked {
    const char *prompt;
    const int32_t *tokens;
    const float *embeddings;
    size_t count;
    int mode;
    bool keeps_history;
    const char *save_to;
} Asked;

/// How a model is opened.
typedef struct Opened {
    const char *path;
    int context;
    int max_new_tokens;
    int top_k;
    float temperature;
    float repeat_penalty;
} Opened;

/// Switches to a release and opens the model in its layout. Returns the status.
int open_model(const char *release, Opened how, RKLLMHandle *out);
/// The usual model: greedy, 24 tokens, a context of 128.
RKLLMHandle usual(const char *release);
/// Runs in the layout of the release that was switched to last.
int run_model(RKLLMHandle handle, Asked what, bool aside, Heard *heard);
int heard_count(Heard *heard);
bool heard_end(Heard *heard);

void test_generations(void);
void test_cache(void);
void test_stopping(void);
void test_faults(void);
