// One call of the decoder's graph: rows behind what the cache has.
#include "decoder.h"

/// Inputs of a call: values that ONNX Runtime has, and memory of ours that lives as long.
typedef struct Inputs {
    OrtValue *values[PORTS_MAX];
    void *memory[PORTS_MAX];
    bool borrowed[PORTS_MAX];
} Inputs;

static void free_inputs(const LanguageModel *model, Inputs *inputs) {
    for (size_t index = 0; index < model->inputs; index++) {
        if (!inputs->borrowed[index]) {
            session_free_tensor(inputs->values[index]);
        }
        free(inputs->memory[index]);
    }
}

/// Writes the numbers of tokens, positions or a mask of ones, in whole numbers of either size.
static void put_whole(const Port *port, void *memory, size_t index, int64_t number) {
    if (port->graph_type == RKNN_TYPE_INT64) {
        ((int64_t *)memory)[index] = number;
    } else {
        ((int32_t *)memory)[index] = (int32_t)number;
    }
}

static bool fill_embeddings(const LanguageModel *model, Rows rows, float *out) {
    size_t hidden = (size_t)model->hidden;
    if (rows.embeddings) {
        memcpy(out, rows.embeddings, rows.count * hidden * sizeof *out);
        return true;
    }
    if (!model->table) {
        complain("the model has no table of embeddings");
        return false;
    }
    for (size_t index = 0; index < rows.count; index++) {
        memcpy(out + index * hidden, model->table + (size_t)rows.tokens[index] * hidden, hidden * sizeof *out);
    }
    return true;
}

static bool fill(const LanguageModel *model, Role role, const Port *port, size_t past, Rows rows, void *memory) {
    if (role == ROLE_EMBEDDINGS) {
        return fill_embeddings(model, rows, memory);
    }
    if (role == ROLE_IDS && !rows.tokens) {
        complain("the graph of this model takes tokens, not embeddings");
        return false;
    }
    for (size_t index = 0; index < port->elements; index++) {
        put_whole(
            port, memory, index,
            role == ROLE_IDS ? rows.tokens[index] : role == ROLE_POSITIONS ? (int64_t)(past + index) : 1);
    }
    return true;
}

/// The shape of an input for so many rows.
static Port shaped(const LanguageModel *model, size_t index, size_t past, size_t count) {
    Port port = model->ports[index];
    port.shape[0] = 1;
    if (model->roles[index] == ROLE_PAST) {
        port.shape[model->axes[model->cached[index]]] = 0;
    } else {
        port.shape[1] = (int64_t)(model->roles[index] == ROLE_MASK ? past + count : count);
    }
    port.elements = 1;
    for (uint32_t axis = 0; axis < port.rank; axis++) {
        port.elements *= (size_t)port.shape[axis];
    }
    return port;
}

static bool make_input(const LanguageModel *model, Cache *cache, Rows rows, size_t index, Inputs *inputs) {
    Port port = shaped(model, index, cache->length, rows.count);
    Role role = model->roles[index];
    if (role == ROLE_PAST && cache->values[model->cached[index]]) {
        inputs->values[index] = cache->values[model->cached[index]];
        inputs->borrowed[index] = true;
        return true;
    }
    if (role != ROLE_PAST && (port.rank < 2 || (role != ROLE_EMBEDDINGS && port.graph_type != RKNN_TYPE_INT64 &&
                                                port.graph_type != RKNN_TYPE_INT32))) {
        complain("%s has a type or shape that is not that of its part", port.name);
        return false;
    }
    if (role == ROLE_EMBEDDINGS && port.elements != rows.count * (size_t)model->hidden) {
        complain("%s has rows of another size than %d", port.name, model->hidden);
        return false;
    }
    inputs->memory[index] = calloc(port.elements + 1, 8);
    if (!inputs->memory[index] || (role != ROLE_PAST && !fill(model, role, &port, cache->length, rows,
                                                              inputs->memory[index]))) {
        return false;
    }
    inputs->values[index] = session_tensor(&port, inputs->memory[index]);
    return inputs->values[index] != NULL;
}

/// The cache has what the graph gave; the rest of the outputs stays with the step.
static void keep(const LanguageModel *model, Cache *cache, Step *out) {
    for (size_t index = 0; index < model->outputs; index++) {
        if (model->roles[model->inputs + index] == ROLE_PRESENT) {
            size_t place = model->cached[model->inputs + index];
            session_free_tensor(cache->values[place]);
            free(cache->memory[place]);
            cache->memory[place] = NULL;
            cache->values[place] = out->outputs[index];
            out->outputs[index] = NULL;
        }
    }
}

/// Where the floats of an output are, whose last dimension is `width`.
static const float *rows_of(const LanguageModel *model, const Step *step, Role role, size_t count, int32_t width) {
    void *data = NULL;
    for (size_t index = 0; index < model->outputs; index++) {
        Port port = {0};
        if (model->roles[model->inputs + index] != role || !session_tensor_shape(step->outputs[index], &port)) {
            continue;
        }
        int64_t elements = 1;
        for (uint32_t axis = 0; axis < port.rank; axis++) {
            elements *= port.shape[axis];
        }
        bool fits = port.graph_type == RKNN_TYPE_FLOAT32 && elements == (int64_t)count * width;
        if (!fits) {
            complain("%s does not have %zu rows of %d floats", model->ports[model->inputs + index].name, count, width);
            return NULL;
        }
        return ort_succeeded(ort_calls(NULL)->GetTensorMutableData(step->outputs[index], &data), "output") ? data
                                                                                                         : NULL;
    }
    return NULL;
}

bool step_run(const LanguageModel *model, Cache *cache, Rows rows, Step *out) {
    Inputs inputs = {0};
    bool ready = rows.count > 0;
    memset(out, 0, sizeof *out);
    for (size_t index = 0; ready && index < rows.count && rows.tokens; index++) {
        ready = rows.tokens[index] >= 0 && rows.tokens[index] < model->vocabulary;
    }
    if (!ready) {
        complain("there is no input, or a token that is not in the vocabulary of %d", model->vocabulary);
    }
    for (size_t index = 0; ready && index < model->inputs; index++) {
        ready = make_input(model, cache, rows, index, &inputs);
    }
    bool ran = ready && session_run(model->session, inputs.values, out->outputs);
    if (ran) {
        out->logits = rows_of(model, out, ROLE_LOGITS, rows.count, model->vocabulary);
        out->hidden_states = rows_of(model, out, ROLE_HIDDEN_STATES, rows.count, model->hidden);
        for (size_t index = 0; index < model->inputs; index++) {
            if (inputs.borrowed[index]) {
                inputs.values[index] = NULL;
            }
        }
        keep(model, cache, out);
        cache->length += rows.count;
    }
    free_inputs(model, &inputs);
    if (ran && !out->logits) {
        step_free(model, out);
        return false;
    }
    return ran;
}

void step_free(const LanguageModel *model, Step *step) {
    for (size_t index = 0; index < model->outputs; index++) {
        session_free_tensor(step->outputs[index]);
        step->outputs[index] = NULL;
    }
}
