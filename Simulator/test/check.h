// What the tests of the simulator share: containers made on the spot, and a way to say what is not so.
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

#include "exports.h"
#include "rknn_simulator.h"

extern int checks, failures;

#define CHECK(truth) check((truth), #truth, __FILE__, __LINE__)
#define EQUAL(value, wanted) check_equal((long)(value), (long)(wanted), #value, __FILE__, __LINE__)
#define NEAR(value, wanted, most) check_near((value), (wanted), (most), #value, __FILE__, __LINE__)
void check(bool truth, const char *what, const char *file, int line);
void check_equal(long value, long wanted, const char *what, const char *file, int line);
void check_near(double value, double wanted, double most, const char *what, const char *file, int line);

/// One of the graphs that tests run.
typedef enum Graph {
    /// c = a + b, float32 [1, 8]
    GRAPH_ADD,
    /// y = x, float32 [1, 3, 2, 4]
    GRAPH_IMAGE,
    /// y = x, int64 [4]
    GRAPH_WHOLE,
} Graph;

typedef struct Bytes {
    uint8_t *data;
    size_t size;
} Bytes;

/// A container for `target`. `more`: JSON that is added to its description, with a comma before it.
Bytes container(Graph graph, const char *target, const char *more);
void put_u64(uint8_t *place, uint64_t value);

/// A context of a container, of which nothing is left to free.
RKNNHandle open_graph(Graph graph, const char *more);
/// Opens a container and says with what status.
int try_open(Bytes bytes, RKNNHandle *handle);
RKNNTensorAttr ask(RKNNHandle handle, int32_t what, uint32_t index);
/// Sets both inputs of GRAPH_ADD: `index` and `index` x `factor`.
int set_addends(RKNNHandle handle, float factor);
/// One output as floats; returns the status.
int get_floats(RKNNHandle handle, uint32_t index, float *out, size_t amount);
unsigned long counted(const char *name);
double seconds(void);
void pause_for(double seconds);

void test_halves(void);
void test_tensors(void);
void test_memory(void);
void test_refusals(void);
void test_faults(void);
void test_cores(void);
void test_products(void);
