// A loaded container: its graph, and its inputs and outputs as the device sees them.
#include "simulator.h"

/// Float graphs compute in half precision, unless the container gives a scale: then in int8.
static bool choose_type(Port *port, Json quantized) {
    double scale, zero;
    Json pair = json_member(quantized, port->name), first, second;
    port->type = port->graph_type == RKNN_TYPE_FLOAT32 ? RKNN_TYPE_FLOAT16 : port->graph_type;
    port->scale = 1;
    if (!pair.start) {
        return true;
    }
    bool read = json_next_element(&pair, &first) && json_next_element(&pair, &second) && json_number(first, &scale) &&
                json_number(second, &zero);
    if (!read || scale <= 0 || zero < -128 || zero > 127 || port->graph_type != RKNN_TYPE_FLOAT32) {
        complain("the container's scale and zero point of %s are none", port->name);
        return false;
    }
    port->type = RKNN_TYPE_INT8;
    port->scale = (float)scale;
    port->zero_point = (int32_t)zero;
    return true;
}

static bool read_ports(Model *model, const Container *container) {
    model->inputs = session_ports(model->session, false);
    model->outputs = session_ports(model->session, true);
    size_t total = model->inputs + model->outputs;
    model->ports = calloc(total, sizeof *model->ports);
    if (!model->ports || total == 0) {
        return false;
    }
    for (size_t index = 0; index < total; index++) {
        Port *port = &model->ports[index];
        bool output = index >= model->inputs;
        if (!session_port(model->session, output, output ? index - model->inputs : index, port) ||
            !choose_type(port, container->quantized) ||
            !shapes_apply(output ? container->outputs : container->inputs, port, !output)) {
            return false;
        }
    }
    return shapes_learn(model);
}

/// Intermediate results take about twice what inputs and outputs do: a guess.
static uint64_t estimate_internal(const Model *model) {
    uint64_t bytes = 0;
    for (size_t index = 0; index < model->inputs + model->outputs; index++) {
        bytes += model->ports[index].elements * type_size(model->ports[index].type);
    }
    return 2 * bytes;
}

int model_load(const Container *container, const Settings *settings, Model **out) {
    if (!ort_calls(settings)) {
        return RKNN_STATUS_DEVICE_UNAVAILABLE;
    }
    if (!device_charge(settings, container->onnx_bytes)) {
        return RKNN_STATUS_OUT_OF_MEMORY;
    }
    Model *model = calloc(1, sizeof *model);
    if (!model) {
        device_refund(container->onnx_bytes);
        return RKNN_STATUS_OUT_OF_MEMORY;
    }
    model->references = 1;
    model->weights = container->onnx_bytes;
    snprintf(model->custom, sizeof model->custom, "simulated %s", container->name);
    count(&counters.models_loaded, 1);
    model->session = session_open(container, settings);
    if (!model->session || !read_ports(model, container)) {
        model_release(model);
        return RKNN_STATUS_BAD_MODEL;
    }
    model->internal = estimate_internal(model);
    *out = model;
    return RKNN_STATUS_OK;
}

Model *model_retain(Model *model) {
    atomic_fetch_add(&model->references, 1);
    return model;
}

void model_release(Model *model) {
    if (atomic_fetch_sub(&model->references, 1) != 1) {
        return;
    }
    if (model->session) {
        session_close(model->session);
    }
    device_refund(model->weights);
    count(&counters.models_unloaded, 1);
    free(model->ports);
    free(model);
}
