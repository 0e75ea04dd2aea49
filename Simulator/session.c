// A graph in ONNX Runtime: what it takes, what it gives, and a run.
#include "simulator.h"

struct Session {
    OrtSession *graph;
    size_t inputs;
    size_t outputs;
    /// Inputs, then outputs.
    char *names[2 * PORTS_MAX];
};

static const struct {
    int onnx;
    int32_t rknn;
} types[] = {
    {ORT_F32, RKNN_TYPE_FLOAT32}, {ORT_F16, RKNN_TYPE_FLOAT16}, {ORT_U8, RKNN_TYPE_UINT8}, {ORT_I8, RKNN_TYPE_INT8},
    {ORT_I32, RKNN_TYPE_INT32},   {ORT_I64, RKNN_TYPE_INT64},   {ORT_BOOL, RKNN_TYPE_BOOL},
};
enum { TYPES = sizeof types / sizeof *types };

static OrtSession *create(const OrtCalls *ort, const Container *container, const Settings *settings) {
    OrtSessionOptions *options = NULL;
    OrtSession *graph = NULL;
    if (!ort_succeeded(ort->CreateSessionOptions(&options), "session options")) {
        return NULL;
    }
    bool ready = ort_succeeded(ort->SetIntraOpNumThreads(options, (int)settings->threads), "threads") &&
                 ort_succeeded(ort->SetInterOpNumThreads(options, 1), "threads") &&
                 ort_succeeded(ort->SetSessionLogSeverityLevel(options, ORT_LOG_FATAL), "log level") &&
                 ort_succeeded(ort->SetSessionGraphOptimizationLevel(options, ORT_OPTIMIZE_ALL), "optimization") &&
                 ort_succeeded(
                     ort->AddSessionConfigEntry(options, "session.intra_op.allow_spinning", "0"), "spinning");
    if (ready && !ort_succeeded(
                     ort->CreateSessionFromArray(
                         ort_environment(), container->onnx, container->onnx_bytes, options, &graph),
                     container->name)) {
        graph = NULL;
    }
    ort->ReleaseSessionOptions(options);
    return graph;
}

static bool read_name(const OrtCalls *ort, Session *session, bool output, size_t index) {
    OrtAllocator *allocator = NULL;
    char *name = NULL;
    if (!ort_succeeded(ort->GetAllocatorWithDefaultOptions(&allocator), "allocator")) {
        return false;
    }
    OrtStatus *status = output ? ort->SessionGetOutputName(session->graph, index, allocator, &name)
                               : ort->SessionGetInputName(session->graph, index, allocator, &name);
    if (!ort_succeeded(status, "name of a tensor")) {
        return false;
    }
    session->names[(output ? session->inputs : 0) + index] = strdup(name);
    return ort_succeeded(ort->AllocatorFree(allocator, name), "name of a tensor");
}

static bool describe(const OrtCalls *ort, Session *session) {
    if (!ort_succeeded(ort->SessionGetInputCount(session->graph, &session->inputs), "inputs") ||
        !ort_succeeded(ort->SessionGetOutputCount(session->graph, &session->outputs), "outputs")) {
        return false;
    }
    if (session->inputs > PORTS_MAX || session->outputs > PORTS_MAX) {
        complain("a model with more than %d inputs or outputs", PORTS_MAX);
        session->inputs = session->outputs = 0;
        return false;
    }
    bool read = true;
    for (size_t index = 0; read && index < session->inputs + session->outputs; index++) {
        bool output = index >= session->inputs;
        read = read_name(ort, session, output, output ? index - session->inputs : index);
    }
    return read;
}

Session *session_open(const Container *container, const Settings *settings) {
    const OrtCalls *ort = ort_calls(settings);
    Session *session = ort ? calloc(1, sizeof *session) : NULL;
    if (!session) {
        return NULL;
    }
    session->graph = create(ort, container, settings);
    if (!session->graph || !describe(ort, session)) {
        session_close(session);
        return NULL;
    }
    return session;
}

void session_close(Session *session) {
    const OrtCalls *ort = ort_calls(NULL);
    for (size_t index = 0; index < session->inputs + session->outputs; index++) {
        free(session->names[index]);
    }
    if (session->graph) {
        ort->ReleaseSession(session->graph);
    }
    free(session);
}

size_t session_ports(const Session *session, bool outputs) { return outputs ? session->outputs : session->inputs; }

/// Type and shape; -1 of ONNX Runtime (any length) becomes 0.
static bool read_info(const OrtCalls *ort, const OrtTensorInfo *info, Port *port) {
    int type = 0;
    size_t rank = 0;
    if (!info || !ort_succeeded(ort->GetTensorElementType(info, &type), "element type") ||
        !ort_succeeded(ort->GetDimensionsCount(info, &rank), "rank")) {
        return false;
    }
    if (rank > RKNN_DIMENSIONS_MAX || !ort_succeeded(ort->GetDimensions(info, port->shape, rank), "shape")) {
        return false;
    }
    port->rank = (uint32_t)rank;
    for (size_t index = 0; index < rank; index++) {
        port->shape[index] = port->shape[index] < 0 ? 0 : port->shape[index];
    }
    for (size_t index = 0; index < TYPES; index++) {
        if (types[index].onnx == type) {
            port->graph_type = types[index].rknn;
            return true;
        }
    }
    complain("%s has elements of ONNX type %d, which the device does not know", port->name, type);
    return false;
}

bool session_port(Session *session, bool output, size_t index, Port *port) {
    const OrtCalls *ort = ort_calls(NULL);
    OrtTypeInfo *type = NULL;
    const OrtTensorInfo *info = NULL;
    snprintf(port->name, sizeof port->name, "%s", session->names[(output ? session->inputs : 0) + index]);
    OrtStatus *status = output ? ort->SessionGetOutputTypeInfo(session->graph, index, &type)
                               : ort->SessionGetInputTypeInfo(session->graph, index, &type);
    if (!ort_succeeded(status, port->name)) {
        return false;
    }
    bool read = ort_succeeded(ort->CastTypeInfoToTensorInfo(type, &info), port->name) && read_info(ort, info, port);
    ort->ReleaseTypeInfo(type);
    return read;
}

OrtValue *session_tensor(const Port *port, void *data) {
    const OrtCalls *ort = ort_calls(NULL);
    OrtMemoryInfo *memory = NULL;
    OrtValue *value = NULL;
    int type = ORT_F32;
    for (size_t index = 0; index < TYPES; index++) {
        type = types[index].rknn == port->graph_type ? types[index].onnx : type;
    }
    if (!ort_succeeded(ort->CreateCpuMemoryInfo(ORT_ARENA_ALLOCATOR, ORT_MEMORY_DEFAULT, &memory), "memory")) {
        return NULL;
    }
    size_t bytes = port->elements * type_size(port->graph_type);
    OrtStatus *status =
        ort->CreateTensorWithDataAsOrtValue(memory, data, bytes, port->shape, port->rank, type, &value);
    ort->ReleaseMemoryInfo(memory);
    return ort_succeeded(status, port->name) ? value : NULL;
}

void session_free_tensor(OrtValue *value) {
    if (value) {
        ort_calls(NULL)->ReleaseValue(value);
    }
}

bool session_run(Session *session, OrtValue *const *inputs, OrtValue **outputs) {
    const OrtCalls *ort = ort_calls(NULL);
    const char *const *names = (const char *const *)session->names;
    OrtStatus *status = ort->Run(
        session->graph, NULL, names, (const OrtValue *const *)inputs, session->inputs, names + session->inputs,
        session->outputs, outputs);
    return ort_succeeded(status, "the graph");
}

bool session_tensor_shape(OrtValue *value, Port *port) {
    const OrtCalls *ort = ort_calls(NULL);
    OrtTensorInfo *info = NULL;
    if (!ort_succeeded(ort->GetTensorTypeAndShape(value, &info), port->name)) {
        return false;
    }
    bool read = read_info(ort, info, port);
    ort->ReleaseTensorInfo(info);
    return read;
}
