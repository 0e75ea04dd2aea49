// What a context tells about itself.
#include "simulator.h"

/// The forms in which a tensor is described.
typedef enum Form { FORM_USUAL, FORM_NATIVE, FORM_NATIVE_NHWC } Form;

size_t port_stride(const Port *port, bool input, const Settings *settings) {
    if (!input || port->rank != 4) {
        return 0;
    }
    size_t align = (size_t)settings->width_align;
    return ((size_t)port->shape[3] + align - 1) / align * align;
}

View port_native(const Port *port) {
    return (View){.type = port->type, .layout = port->rank == 4 ? RKNN_LAYOUT_NC1HWC2 : RKNN_LAYOUT_UNDEFINED};
}

/// Dimensions in the order of `layout`.
static void describe_dims(const Port *port, RKNNTensorAttr *attr) {
    static const int orders[2][4] = {{0, 1, 2, 3}, {0, 2, 3, 1}};
    attr->rank = port->rank;
    for (uint32_t index = 0; index < port->rank; index++) {
        attr->dims[index] = (uint32_t)port->shape[index];
    }
    for (int index = 0; port->rank == 4 && index < 4; index++) {
        attr->dims[index] = (uint32_t)port->shape[orders[attr->layout == RKNN_LAYOUT_NHWC][index]];
    }
    if (attr->layout == RKNN_LAYOUT_NC1HWC2) {
        uint32_t group = (uint32_t)channel_group(port->type);
        attr->rank = 5;
        attr->dims[1] = (attr->dims[1] + group - 1) / group;
        attr->dims[4] = group;
    }
}

static void describe(const Port *port, bool input, Form form, const Settings *settings, RKNNTensorAttr *attr) {
    uint32_t index = attr->index;
    memset(attr, 0, sizeof *attr);
    attr->index = index;
    bool channels_last = form == FORM_NATIVE_NHWC || (form == FORM_USUAL && input);
    attr->layout = port->rank != 4       ? RKNN_LAYOUT_UNDEFINED
                   : form == FORM_NATIVE ? RKNN_LAYOUT_NC1HWC2
                   : channels_last       ? RKNN_LAYOUT_NHWC
                                         : RKNN_LAYOUT_NCHW;
    describe_dims(port, attr);
    memcpy(attr->name, port->name, sizeof attr->name);
    attr->type = port->type;
    // Toolkits write a scale of 1 to tensors of half precision, too.
    bool scaled = port->type == RKNN_TYPE_FLOAT16 || port->type == RKNN_TYPE_INT8;
    attr->quantization = scaled ? RKNN_QUANTIZATION_AFFINE : RKNN_QUANTIZATION_NONE;
    attr->scale = port->scale;
    attr->zero_point = port->zero_point;
    View view = {.type = port->type, .layout = attr->layout};
    attr->size = (uint32_t)view_bytes(port, view);
    attr->elements = attr->size / (uint32_t)type_size(port->type);
    if (attr->layout == RKNN_LAYOUT_NHWC) {
        view.width_stride = port_stride(port, input, settings);
        attr->width_stride = (uint32_t)view.width_stride;
    }
    attr->size_with_stride = (uint32_t)view_bytes(port, view);
}

static int ask_port(const Context *context, int32_t what, void *out, uint32_t size) {
    const Model *model = context->model;
    Settings settings = settings_now();
    RKNNTensorAttr *attr = out;
    bool input = what == RKNN_ASK_INPUT || what == RKNN_ASK_NATIVE_INPUT || what == RKNN_ASK_NATIVE_NHWC_INPUT;
    Form form = what == RKNN_ASK_INPUT || what == RKNN_ASK_OUTPUT                 ? FORM_USUAL
                : what == RKNN_ASK_NATIVE_INPUT || what == RKNN_ASK_NATIVE_OUTPUT ? FORM_NATIVE
                                                                                  : FORM_NATIVE_NHWC;
    if (size < sizeof *attr || attr->index >= (input ? model->inputs : model->outputs)) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    describe(&model->ports[(input ? 0 : model->inputs) + attr->index], input, form, &settings, attr);
    return RKNN_STATUS_OK;
}

static int ask_memory(const Context *context, void *out, uint32_t size) {
    RKNNMemorySize *memory = out;
    if (size < sizeof *memory) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    memset(memory, 0, sizeof *memory);
    memory->weights = (uint32_t)context->model->weights;
    memory->internal = (uint32_t)context->model->internal;
    memory->device_total = context->model->weights + context->model->internal;
    return RKNN_STATUS_OK;
}

/// Copies what is asked for when it fits.
static int answer(const void *from, size_t bytes, void *out, uint32_t size) {
    if (size < bytes) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    memcpy(out, from, bytes);
    return RKNN_STATUS_OK;
}

static int ask_detail(Context *context, void *out, uint32_t size) {
    if (!(context->flags & RKNN_INIT_COLLECT_PERFORMANCE)) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    pthread_mutex_lock(&context->lock);
    int length = snprintf(
        context->detail, sizeof context->detail, "simulated: %lld microseconds\n",
        (long long)atomic_load(&context->microseconds));
    pthread_mutex_unlock(&context->lock);
    RKNNRunDetail detail = {context->detail, (uint64_t)length};
    return answer(&detail, sizeof detail, out, size);
}

static int ask(Context *context, int32_t what, void *out, uint32_t size) {
    const Model *model = context->model;
    switch (what) {
        case RKNN_ASK_COUNTS: {
            RKNNTensorCounts counts = {(uint32_t)model->inputs, (uint32_t)model->outputs};
            return answer(&counts, sizeof counts, out, size);
        }
        case RKNN_ASK_INPUT:
        case RKNN_ASK_OUTPUT:
        case RKNN_ASK_NATIVE_INPUT:
        case RKNN_ASK_NATIVE_OUTPUT:
        case RKNN_ASK_NATIVE_NHWC_INPUT:
        case RKNN_ASK_NATIVE_NHWC_OUTPUT:
            return ask_port(context, what, out, size);
        case RKNN_ASK_RUN_DETAIL:
            return ask_detail(context, out, size);
        case RKNN_ASK_RUN_TIME: {
            RKNNRunTime time = {atomic_load(&context->microseconds)};
            return answer(&time, sizeof time, out, size);
        }
        case RKNN_ASK_VERSION: {
            static const RKNNVersion version = {"2.3.2 simulated", "0.9.8 simulated"};
            return answer(&version, sizeof version, out, size);
        }
        case RKNN_ASK_MEMORY:
            return ask_memory(context, out, size);
        case RKNN_ASK_CUSTOM_STRING:
            return answer(model->custom, sizeof model->custom, out, size);
        default:
            return RKNN_STATUS_BAD_PARAMETER;
    }
}

EXPORTED int rknn_query(RKNNHandle handle, int32_t what, void *out, uint32_t size) {
    Context *context = context_borrow(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    int status = out ? ask(context, what, out, size) : RKNN_STATUS_BAD_PARAMETER;
    context_release(context);
    return status;
}

/// Whether a shape is the one that the model has, in the order in which inputs are described.
static bool is_shape(const Model *model, const RKNNTensorAttr *wanted) {
    Settings settings = settings_now();
    RKNNTensorAttr attr = {.index = wanted->index};
    if (wanted->index >= model->inputs) {
        return false;
    }
    describe(&model->ports[wanted->index], true, FORM_USUAL, &settings, &attr);
    return wanted->rank == attr.rank && memcmp(wanted->dims, attr.dims, attr.rank * sizeof *attr.dims) == 0;
}

EXPORTED int rknn_set_input_shapes(RKNNHandle handle, uint32_t amount, RKNNTensorAttr *wanted) {
    Context *context = context_borrow(handle, true);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool fits = wanted != NULL;
    for (uint32_t index = 0; fits && index < amount; index++) {
        fits = is_shape(context->model, &wanted[index]);
    }
    context_release(context);
    return fits ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

EXPORTED int rknn_set_input_shape(RKNNHandle handle, RKNNTensorAttr *wanted) {
    return rknn_set_input_shapes(handle, 1, wanted);
}
