// A device knows every shape beforehand: here they come from the container, the graph, or a run on zeros.
#include "simulator.h"

/// Elements of a shape; 0 when one of its lengths is open or it is larger than any device holds.
static size_t elements_of(const Port *port) {
    size_t elements = 1;
    for (uint32_t index = 0; index < port->rank; index++) {
        if (port->shape[index] <= 0 || elements > ((size_t)1 << 28) / (size_t)port->shape[index]) {
            return 0;
        }
        elements *= (size_t)port->shape[index];
    }
    return elements;
}

bool shapes_apply(Json shapes, Port *port, bool required) {
    Json shape = json_member(shapes, port->name), length;
    uint32_t rank = 0;
    bool fits = true;
    while (shape.start && fits && json_next_element(&shape, &length)) {
        double value;
        fits = rank < port->rank && json_number(length, &value) && value >= 1 && value <= 0x1p30 &&
               value == (double)(int64_t)value;
        fits = fits && (port->shape[rank] == 0 || port->shape[rank] == (int64_t)value);
        if (fits) {
            port->shape[rank++] = (int64_t)value;
        }
    }
    if (!fits || (shape.start && rank != port->rank)) {
        complain("the container's shape of %s is not one that the graph takes", port->name);
        return false;
    }
    port->elements = elements_of(port);
    if (required && port->elements == 0) {
        complain("the container has to give the shape of input %s", port->name);
        return false;
    }
    return true;
}

/// Tensors of zeros for all inputs.
static bool make_inputs(const Model *model, void **data, OrtValue **values) {
    for (size_t index = 0; index < model->inputs; index++) {
        const Port *port = &model->ports[index];
        data[index] = calloc(port->elements, type_size(port->graph_type));
        values[index] = data[index] ? session_tensor(port, data[index]) : NULL;
        if (!values[index]) {
            return false;
        }
    }
    return true;
}

static bool take_shapes(Model *model, OrtValue *const *values) {
    for (size_t index = 0; index < model->outputs; index++) {
        Port *port = &model->ports[model->inputs + index];
        if (!session_tensor_shape(values[index], port)) {
            return false;
        }
        port->elements = elements_of(port);
        if (port->elements == 0) {
            complain("output %s is empty", port->name);
            return false;
        }
    }
    return true;
}

bool shapes_learn(Model *model) {
    bool open = false;
    for (size_t index = 0; index < model->outputs; index++) {
        open = open || model->ports[model->inputs + index].elements == 0;
    }
    if (!open) {
        return true;
    }
    size_t values_count = model->inputs + model->outputs;
    void **data = calloc(model->inputs + 1, sizeof *data);
    OrtValue **values = calloc(values_count, sizeof *values);
    bool learned = data && values && make_inputs(model, data, values) &&
                   session_run(model->session, values, values + model->inputs) &&
                   take_shapes(model, values + model->inputs);
    for (size_t index = 0; values && index < values_count; index++) {
        session_free_tensor(values[index]);
    }
    for (size_t index = 0; data && index < model->inputs; index++) {
        free(data[index]);
    }
    free(data);
    free(values);
    return learned;
}
