// What the parts of the simulator share. Nothing of it is visible outside the library.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rknn_matmul_calls.h"

#include "exports.h"
#include "ort_calls.h"
#include "rknn_simulator.h"

#define EXPORTED __attribute__((visibility("default")))
#pragma GCC visibility push(hidden)

enum { PATH_BYTES = 1024, PORTS_MAX = 256, CORES_MAX = 3 };

// ---- switches (settings.c) and faults (faults.c)

typedef struct Settings {
    char soc[16];
    char onnxruntime[PATH_BYTES];
    char control[PATH_BYTES];
    char stats[PATH_BYTES];
    char io_mem[16];
    long threads;
    long fp16;
    long mask6;
    long memory_mb;
    long width_align;
    double latency_ms;
    double jitter_ms;
    /// Goes up whenever one of the members below changes.
    unsigned long fault_generation;
    char fault[16];
    char fault_model[128];
    long fault_after;
    long fault_count;
    long fault_status;
} Settings;

/// A copy of what is set, after a look at the control file.
Settings settings_now(void);
/// Tells a person what the library refuses, and why.
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Whether the fault that is switched on is `kind` and strikes this time.
bool fault_strikes(const Settings *settings, const char *kind, const char *model);
/// The status that a fault returns: the one that is set, else `usual`.
int fault_status(const Settings *settings, int usual);
/// Returns true when the fault has been cleared, false at the deadline (nanoseconds, 0: none).
bool fault_wait_until_cleared(const Settings *settings, uint64_t deadline);

// ---- reading containers (json.c, container.c)

/// A piece of JSON text.
typedef struct Json {
    const char *start;
    const char *end;
} Json;

/// Whether the text is one well-formed value, not nested too deeply.
bool json_valid(Json text);
/// The value of a key of an object; `start` is null when there is none.
Json json_member(Json object, const char *key);
/// The next key and value of an object. `cursor` begins as the object. Keys longer than `size` - 1 bytes end the walk.
bool json_next_member(Json *cursor, char *key, size_t size, Json *value);
/// The next element of an array. `cursor` begins as the array.
bool json_next_element(Json *cursor, Json *value);
bool json_number(Json value, double *out);
bool json_string(Json value, char *out, size_t size);

/// What a container says, pointing into its bytes.
typedef struct Container {
    const void *onnx;
    size_t onnx_bytes;
    Json inputs;
    Json outputs;
    Json quantized;
    char name[512];
} Container;

/// Reads and checks; returns a status. The bytes are borrowed.
int container_read(const uint8_t *bytes, size_t size, const char *soc, Container *out);
/// Maps a file. The status says why not.
int container_map(const char *path, const uint8_t **bytes, size_t *size);

// ---- numbers (half.c, convert.c)

float half_decode(uint16_t half);
uint16_t half_encode(float value);
/// `value` as half precision would hold it.
float half_round(float value);

/// The values that a tensor of the device can have.
typedef struct Lattice {
    enum { LATTICE_NONE, LATTICE_HALF, LATTICE_AFFINE } kind;
    float scale;
    int32_t zero_point;
} Lattice;

/// Where a tensor is and how it lies there.
typedef struct View {
    void *data;
    int32_t type;
    int32_t layout;
    /// Elements from one row to the next; of NHWC only.
    size_t width_stride;
} View;

/// An input or output of a model.
typedef struct Port {
    char name[RKNN_NAME_BYTES];
    uint32_t rank;
    int64_t shape[RKNN_DIMENSIONS_MAX];
    size_t elements;
    /// Of the ONNX graph, as RKNN_TYPE_...
    int32_t graph_type;
    /// Of the device.
    int32_t type;
    float scale;
    int32_t zero_point;
} Port;

size_t type_size(int32_t type);
/// Channels of a group of NC1HWC2.
size_t channel_group(int32_t type);
Lattice port_lattice(const Port *port, const Settings *settings);
/// Bytes of a tensor of `port` in that form.
size_t view_bytes(const Port *port, View view);
/// Copies from one form to another by way of the values that the device can hold.
void convert(const Port *port, View to, View from, Lattice lattice);

// ---- ONNX Runtime (ort.c, session.c)

typedef struct Session Session;

/// The calls of ONNX Runtime, or null after a complaint.
const OrtCalls *ort_calls(const Settings *settings);
OrtEnv *ort_environment(void);
/// Complains about a failure and frees it. True when there was none.
bool ort_succeeded(OrtStatus *status, const char *what);
/// Returns null after a complaint.
Session *session_open(const Container *container, const Settings *settings);
void session_close(Session *session);
size_t session_ports(const Session *session, bool outputs);
/// Name, type and shape (0 where the graph leaves it open).
bool session_port(Session *session, bool output, size_t index, Port *port);
/// A tensor of the graph over memory of ours.
OrtValue *session_tensor(const Port *port, void *data);
void session_free_tensor(OrtValue *value);
bool session_run(Session *session, OrtValue *const *inputs, OrtValue **outputs);
bool session_tensor_shape(OrtValue *value, Port *port);

// ---- models (model.c, shapes.c)

/// A loaded container: shared by a context and those that were duplicated from it.
typedef struct Model {
    atomic_int references;
    Session *session;
    size_t inputs;
    size_t outputs;
    /// Inputs, then outputs.
    Port *ports;
    uint64_t weights;
    uint64_t internal;
    char custom[1024];
} Model;

/// Returns a status.
int model_load(const Container *container, const Settings *settings, Model **out);
Model *model_retain(Model *model);
void model_release(Model *model);
/// The shapes of the container, checked against those of the graph.
bool shapes_apply(Json shapes, Port *port, bool required);
/// Finds out the shapes of outputs that the graph leaves open by a run on zeros.
bool shapes_learn(Model *model);

// ---- the device (device.c)

uint64_t now_nanoseconds(void);
void sleep_until(uint64_t nanoseconds);
/// How many cores the SoC has; 0 when there is no such SoC here.
unsigned device_cores(const char *soc);
/// Whether the driver of the SoC takes the mask.
bool device_takes_mask(const Settings *settings, uint32_t mask);
/// Waits for cores in the order of asking; returns those granted. `mask`: one that is taken.
uint32_t device_acquire(const Settings *settings, uint32_t mask);
void device_release(uint32_t cores, uint64_t started);
/// Does `work` on cores of `mask`, with the latency and the faults that are switched on. Returns a status.
int device_work(
    const Settings *settings, const char *label, uint32_t mask, long timeout_ms, int (*work)(void *subject),
    void *subject);
/// False when the budget does not allow it.
bool device_charge(const Settings *settings, uint64_t bytes);
void device_refund(uint64_t bytes);

// ---- contexts (handles.c, context.c, memory.c)

typedef struct Memory {
    /// First: what the caller has is a pointer to it.
    RKNNTensorMemory visible;
    atomic_int references;
    atomic_bool alive;
    /// Where a tensor begins, and how many bytes it may have.
    uint8_t *address;
    size_t size;
    /// What has to be unmapped, closed and refunded.
    void *mapping;
    size_t mapped;
    int descriptor;
    uint64_t charged;
    struct Memory *next;
} Memory;

/// The memory behind a pointer of a caller, retained; null when it is none of ours.
Memory *memory_take(const RKNNTensorMemory *visible);
void memory_give(Memory *memory);

/// What a context has for a port.
typedef struct Slot {
    /// As the graph has it.
    void *staging;
    OrtValue *value;
    Memory *bound;
    View view;
    bool set;
} Slot;

typedef struct Product Product;

typedef struct Context {
    atomic_int references;
    /// Held by the call that works on it.
    pthread_mutex_t lock;
    pthread_cond_t idle;
    bool running;
    int status;
    long timeout_ms;
    Model *model;
    Slot *slots;
    Product *product;
    uint32_t flags;
    uint32_t mask;
    uint64_t frame;
    atomic_llong microseconds;
    uint64_t charged;
    char detail[128];
} Context;

/// 0 when there are too many.
RKNNHandle handle_add(Context *context);
/// The context, locked and with no run under way; null when there is none. `model`: one that runs models.
Context *context_take(RKNNHandle handle, bool model);
void context_give(Context *context);
/// The context, retained but not locked; null when there is none.
Context *context_borrow(RKNNHandle handle, bool model);
int context_destroy(RKNNHandle handle, bool model);
void context_retain(Context *context);
void context_release(Context *context);
Context *context_new(void);
/// Whether buffers of `type` can stand for a tensor of `port`.
bool port_accepts(const Port *port, int32_t type);
/// Elements between rows of a bound input; 0 where there are none.
size_t port_stride(const Port *port, bool input, const Settings *settings);
/// The form that the device has a tensor in, passed through.
View port_native(const Port *port);

void product_free(Product *product);

// ---- counters (counters.c, stats.c)

typedef struct Counters {
    atomic_ulong contexts_created, contexts_destroyed, contexts_destroyed_in_use;
    atomic_ulong models_loaded, models_unloaded;
    atomic_ulong memories_created, memories_destroyed;
    atomic_ulong outputs_lent, outputs_returned;
    atomic_ulong runs, runs_failed, runs_hanging, faults, calls_overlapping;
    atomic_ulong input_bytes_copied, output_bytes_copied;
    atomic_ulong input_bytes_shared, output_bytes_shared;
    atomic_ulong inputs_bound, outputs_bound;
    atomic_ulong running, running_max;
    atomic_ulong core_runs[CORES_MAX], core_microseconds[CORES_MAX], core_running[CORES_MAX];
    atomic_ulong core_running_max;
    atomic_ulong memory, memory_max;
} Counters;

extern Counters counters;

void count(atomic_ulong *counter, unsigned long amount);
void count_down(atomic_ulong *counter, unsigned long amount);
void count_peak(atomic_ulong *peak, unsigned long value);
/// Says that counters changed and where they are to be written.
void stats_changed(void);
void stats_move(const char *path);

#pragma GCC visibility pop
