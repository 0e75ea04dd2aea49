// How tensors come in and go out: copied, or in buffers that are bound.
#include "simulator.h"

bool port_accepts(const Port *port, int32_t type) {
    bool real = port->graph_type == RKNN_TYPE_FLOAT32 || port->graph_type == RKNN_TYPE_FLOAT16;
    return type == port->type || (real && (type == RKNN_TYPE_FLOAT32 || type == RKNN_TYPE_FLOAT16));
}

/// A tensor as the graph has it.
static View staged(const Port *port, const Slot *slot) {
    return (View){.data = slot->staging, .type = port->graph_type, .layout = RKNN_LAYOUT_NCHW};
}

static int set_input(Context *context, const RKNNInput *input, const Settings *settings) {
    if (input->index >= context->model->inputs || !input->data) {
        return RKNN_STATUS_BAD_INPUT;
    }
    const Port *port = &context->model->ports[input->index];
    Slot *slot = &context->slots[input->index];
    View from = input->pass_through ? port_native(port) : (View){.type = input->type, .layout = input->layout};
    bool laid_out = port->rank != 4 || (from.layout >= RKNN_LAYOUT_NCHW && from.layout < RKNN_LAYOUT_UNDEFINED);
    if (!port_accepts(port, from.type) || !laid_out) {
        complain("input %s takes no elements of type %d in layout %d", port->name, from.type, from.layout);
        return RKNN_STATUS_BAD_INPUT;
    }
    size_t bytes = view_bytes(port, from);
    if (input->size != bytes) {
        complain("input %s has %zu bytes, not %u", port->name, bytes, input->size);
        return RKNN_STATUS_BAD_INPUT;
    }
    from.data = input->data;
    convert(port, staged(port, slot), from, port_lattice(port, settings));
    count(&counters.input_bytes_copied, bytes);
    if (slot->bound) {
        memory_give(slot->bound);
        slot->bound = NULL;
    }
    slot->set = true;
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_inputs_set(RKNNHandle handle, uint32_t amount, RKNNInput *inputs) {
    Settings settings = settings_now();
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool fits = inputs && amount > 0 && amount <= context->model->inputs;
    int status = fits ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
    for (uint32_t index = 0; status == RKNN_STATUS_OK && index < amount; index++) {
        status = set_input(context, &inputs[index], &settings);
    }
    context_give(context);
    return status;
}

static int get_output(Context *context, RKNNOutput *output, const Settings *settings) {
    if (output->index >= context->model->outputs || (output->is_preallocated && !output->data)) {
        return RKNN_STATUS_BAD_OUTPUT;
    }
    size_t place = context->model->inputs + output->index;
    const Port *port = &context->model->ports[place];
    View to = {.type = output->want_float ? RKNN_TYPE_FLOAT32 : port->type, .layout = RKNN_LAYOUT_NCHW};
    size_t bytes = view_bytes(port, to);
    if (output->is_preallocated && output->size < bytes) {
        complain("output %s has %zu bytes, not %u", port->name, bytes, output->size);
        return RKNN_STATUS_BAD_OUTPUT;
    }
    if (!output->is_preallocated) {
        output->data = malloc(bytes);
        if (!output->data) {
            return RKNN_STATUS_OUT_OF_MEMORY;
        }
        output->size = (uint32_t)bytes;
        count(&counters.outputs_lent, 1);
    }
    to.data = output->data;
    convert(port, to, staged(port, &context->slots[place]), port_lattice(port, settings));
    count(&counters.output_bytes_copied, bytes);
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_outputs_get(RKNNHandle handle, uint32_t amount, RKNNOutput *outputs, RKNNOutputExtend *extend) {
    Settings settings = settings_now();
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool fits = outputs && amount > 0 && amount <= context->model->outputs;
    int status = fits ? context->status : RKNN_STATUS_BAD_PARAMETER;
    if (status == RKNN_STATUS_OK && context->frame == 0) {
        complain("outputs are asked for before a run");
        status = RKNN_STATUS_FAILED;
    }
    for (uint32_t index = 0; status == RKNN_STATUS_OK && index < amount; index++) {
        status = get_output(context, &outputs[index], &settings);
    }
    if (extend) {
        extend->frame = context->frame;
    }
    context_give(context);
    stats_changed();
    return status;
}

EXPORTED int rknn_outputs_release(RKNNHandle handle, uint32_t amount, RKNNOutput *outputs) {
    Context *context = context_borrow(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    context_release(context);
    for (uint32_t index = 0; outputs && index < amount; index++) {
        if (!outputs[index].is_preallocated && outputs[index].data) {
            free(outputs[index].data);
            outputs[index].data = NULL;
            count(&counters.outputs_returned, 1);
        }
    }
    return outputs ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

/// The port of that name; -1 when there is none. The library goes by names, for inputs and outputs alike.
static long find_port(const Model *model, const RKNNTensorAttr *attr) {
    for (size_t index = 0; index < model->inputs + model->outputs; index++) {
        if (strncmp(model->ports[index].name, attr->name, RKNN_NAME_BYTES) == 0) {
            return (long)index;
        }
    }
    complain("memory is set for a tensor \"%.255s\" that there is not", attr->name);
    return -1;
}

static int bind_memory(Context *context, Memory *memory, const RKNNTensorAttr *attr, const Settings *settings) {
    long place = find_port(context->model, attr);
    if (place < 0) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    const Port *port = &context->model->ports[place];
    bool input = place < (long)context->model->inputs;
    View view = {.type = attr->type, .layout = attr->layout};
    if (input && attr->pass_through) {
        view.type = port->type;
    }
    if (view.layout == RKNN_LAYOUT_NHWC) {
        view.width_stride = port_stride(port, input, settings);
    }
    bool native = view.type == port->type, refused = strcmp(settings->io_mem, "none") == 0;
    refused = refused || (!native && strcmp(settings->io_mem, "native") == 0);
    bool laid_out = port->rank != 4 || (view.layout >= RKNN_LAYOUT_NCHW && view.layout < RKNN_LAYOUT_UNDEFINED);
    if (refused || !laid_out || !port_accepts(port, view.type)) {
        complain("memory of type %d in layout %d cannot be set for %s", view.type, view.layout, port->name);
        return RKNN_STATUS_BAD_PARAMETER;
    }
    size_t bytes = view_bytes(port, view);
    if (memory->size < bytes) {
        complain("tensor %s needs %zu bytes, and %zu are set", port->name, bytes, memory->size);
        return RKNN_STATUS_BAD_PARAMETER;
    }
    Slot *slot = &context->slots[place];
    Memory *before = slot->bound;
    view.data = memory->address;
    slot->view = view;
    slot->bound = memory;
    slot->set = true;
    count(input ? &counters.inputs_bound : &counters.outputs_bound, 1);
    if (before) {
        memory_give(before);
    }
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_set_io_mem(RKNNHandle handle, RKNNTensorMemory *visible, RKNNTensorAttr *attr) {
    Settings settings = settings_now();
    Context *context = context_take(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    Memory *memory = attr ? memory_take(visible) : NULL;
    int status = memory ? bind_memory(context, memory, attr, &settings) : RKNN_STATUS_BAD_PARAMETER;
    if (memory && status != RKNN_STATUS_OK) {
        memory_give(memory);
    }
    context_give(context);
    return status;
}
