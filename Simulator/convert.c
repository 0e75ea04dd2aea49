// From the host's form of a tensor to the device's and back.
#include "simulator.h"

#include <math.h>

enum { CHUNK = 256 };

size_t type_size(int32_t type) {
    switch (type) {
        case RKNN_TYPE_FLOAT32:
        case RKNN_TYPE_INT32:
        case RKNN_TYPE_UINT32:
            return 4;
        case RKNN_TYPE_FLOAT16:
        case RKNN_TYPE_INT16:
        case RKNN_TYPE_UINT16:
            return 2;
        case RKNN_TYPE_INT8:
        case RKNN_TYPE_UINT8:
        case RKNN_TYPE_BOOL:
            return 1;
        case RKNN_TYPE_INT64:
            return 8;
        default:
            return 0;
    }
}

size_t channel_group(int32_t type) { return type_size(type) == 1 ? 16 : 8; }

Lattice port_lattice(const Port *port, const Settings *settings) {
    if (port->type == RKNN_TYPE_INT8 && port->graph_type == RKNN_TYPE_FLOAT32) {
        return (Lattice){LATTICE_AFFINE, port->scale, port->zero_point};
    }
    bool half = port->type == RKNN_TYPE_FLOAT16 && settings->fp16;
    return (Lattice){half ? LATTICE_HALF : LATTICE_NONE, 1, 0};
}

/// N, C, H, W; of a tensor that is not of four dimensions, one row.
static void extents(const Port *port, size_t out[4]) {
    out[0] = out[1] = out[2] = 1;
    out[3] = port->elements;
    for (int index = 0; port->rank == 4 && index < 4; index++) {
        out[index] = (size_t)port->shape[index];
    }
}

size_t view_bytes(const Port *port, View view) {
    size_t e[4], group = channel_group(view.type), elements = port->elements;
    extents(port, e);
    if (port->rank == 4 && view.layout == RKNN_LAYOUT_NC1HWC2) {
        elements = e[0] * ((e[1] + group - 1) / group) * e[2] * e[3] * group;
    } else if (port->rank == 4 && view.layout == RKNN_LAYOUT_NHWC && view.width_stride > e[3]) {
        elements = e[0] * e[1] * e[2] * view.width_stride;
    }
    return elements * type_size(view.type);
}

/// Where a row begins and how far apart its elements are, in elements.
static size_t row(const View *view, const size_t e[4], const size_t at[3], size_t *step) {
    size_t stride = view->width_stride > e[3] ? view->width_stride : e[3], group = channel_group(view->type);
    switch (view->layout) {
        case RKNN_LAYOUT_NHWC:
            *step = e[1];
            return (at[0] * e[2] + at[2]) * stride * e[1] + at[1];
        case RKNN_LAYOUT_NC1HWC2: {
            size_t groups = (e[1] + group - 1) / group;
            *step = group;
            return ((at[0] * groups + at[1] / group) * e[2] + at[2]) * e[3] * group + at[1] % group;
        }
        default:
            *step = 1;
            return ((at[0] * e[1] + at[1]) * e[2] + at[2]) * e[3];
    }
}

#define EACH(type, expression) \
    for (size_t index = 0; index < amount; index++) { \
        type *element = (type *)place + index * step; \
        expression; \
    } \
    break

static void read_row(double *values, void *place, int32_t type, size_t step, size_t amount, Lattice lattice) {
    bool quantized = lattice.kind == LATTICE_AFFINE && type == RKNN_TYPE_INT8;
    double scale = quantized ? lattice.scale : 1, zero = quantized ? lattice.zero_point : 0;
    switch (type) {
        case RKNN_TYPE_FLOAT32: EACH(float, values[index] = *element);
        case RKNN_TYPE_FLOAT16: EACH(uint16_t, values[index] = half_decode(*element));
        case RKNN_TYPE_INT8: EACH(int8_t, values[index] = (*element - zero) * scale);
        case RKNN_TYPE_BOOL:
        case RKNN_TYPE_UINT8: EACH(uint8_t, values[index] = *element);
        case RKNN_TYPE_INT16: EACH(int16_t, values[index] = *element);
        case RKNN_TYPE_UINT16: EACH(uint16_t, values[index] = *element);
        case RKNN_TYPE_INT32: EACH(int32_t, values[index] = *element);
        case RKNN_TYPE_UINT32: EACH(uint32_t, values[index] = *element);
        default: EACH(int64_t, values[index] = (double)*element);
    }
}

/// An integer within bounds; what is no number is zero.
static double whole(double value, double minimum, double maximum) {
    return isnan(value) ? 0 : fmin(fmax(nearbyint(value), minimum), maximum);
}

static void write_row(const double *values, void *place, int32_t type, size_t step, size_t amount, Lattice lattice) {
    bool quantized = lattice.kind == LATTICE_AFFINE && type == RKNN_TYPE_INT8;
    double scale = quantized ? lattice.scale : 1, zero = quantized ? lattice.zero_point : 0;
    switch (type) {
        case RKNN_TYPE_FLOAT32: EACH(float, *element = (float)values[index]);
        case RKNN_TYPE_FLOAT16: EACH(uint16_t, *element = half_encode((float)values[index]));
        case RKNN_TYPE_INT8: EACH(int8_t, *element = (int8_t)whole(values[index] / scale + zero, -128, 127));
        case RKNN_TYPE_BOOL: EACH(uint8_t, *element = values[index] != 0);
        case RKNN_TYPE_UINT8: EACH(uint8_t, *element = (uint8_t)whole(values[index], 0, 255));
        case RKNN_TYPE_INT16: EACH(int16_t, *element = (int16_t)whole(values[index], -32768, 32767));
        case RKNN_TYPE_UINT16: EACH(uint16_t, *element = (uint16_t)whole(values[index], 0, 65535));
        case RKNN_TYPE_INT32: EACH(int32_t, *element = (int32_t)whole(values[index], -2147483648.0, 2147483647.0));
        case RKNN_TYPE_UINT32: EACH(uint32_t, *element = (uint32_t)whole(values[index], 0, 4294967295.0));
        default: EACH(int64_t, *element = (int64_t)whole(values[index], -0x1p62, 0x1p62));
    }
}

static void snap(double *values, size_t amount, Lattice lattice) {
    for (size_t index = 0; lattice.kind == LATTICE_HALF && index < amount; index++) {
        values[index] = half_round((float)values[index]);
    }
    for (size_t index = 0; lattice.kind == LATTICE_AFFINE && index < amount; index++) {
        double code = whole(values[index] / lattice.scale + lattice.zero_point, -128, 127);
        values[index] = (code - lattice.zero_point) * lattice.scale;
    }
}

static void round_floats(float *to, const float *from, size_t amount) {
    for (size_t index = 0; index < amount; index++) {
        to[index] = half_round(from[index]);
    }
}

/// Copies a row, the common cases without a detour.
static void convert_row(View to, size_t to_step, View from, size_t from_step, size_t amount, Lattice lattice) {
    bool plain = to_step == 1 && from_step == 1 && to.type == from.type;
    if (plain && (lattice.kind == LATTICE_NONE || to.type != RKNN_TYPE_FLOAT32)) {
        memmove(to.data, from.data, amount * type_size(to.type));
        return;
    }
    if (plain && lattice.kind == LATTICE_HALF) {
        round_floats(to.data, from.data, amount);
        return;
    }
    double values[CHUNK];
    for (size_t done = 0; done < amount; done += CHUNK) {
        size_t part = amount - done < CHUNK ? amount - done : CHUNK;
        uint8_t *source = (uint8_t *)from.data + done * from_step * type_size(from.type);
        uint8_t *target = (uint8_t *)to.data + done * to_step * type_size(to.type);
        read_row(values, source, from.type, from_step, part, lattice);
        snap(values, part, lattice);
        write_row(values, target, to.type, to_step, part, lattice);
    }
}

void convert(const Port *port, View to, View from, Lattice lattice) {
    size_t e[4], steps[2], at[3];
    extents(port, e);
    if (to.layout == RKNN_LAYOUT_NC1HWC2 && e[1] % channel_group(to.type) != 0) {
        memset(to.data, 0, view_bytes(port, to));
    }
    bool same = to.layout != RKNN_LAYOUT_NC1HWC2 && from.layout != RKNN_LAYOUT_NC1HWC2 &&
                (to.layout == RKNN_LAYOUT_NHWC) == (from.layout == RKNN_LAYOUT_NHWC) &&
                to.width_stride <= e[3] && from.width_stride <= e[3];
    if (port->rank != 4 || same) {
        convert_row(to, 1, from, 1, port->elements, lattice);
        return;
    }
    for (at[0] = 0; at[0] < e[0]; at[0]++) {
        for (at[1] = 0; at[1] < e[1]; at[1]++) {
            for (at[2] = 0; at[2] < e[2]; at[2]++) {
                size_t first = row(&to, e, at, &steps[0]), second = row(&from, e, at, &steps[1]);
                View target = to, source = from;
                target.data = (uint8_t *)to.data + first * type_size(to.type);
                source.data = (uint8_t *)from.data + second * type_size(from.type);
                convert_row(target, steps[0], source, steps[1], e[3], lattice);
            }
        }
    }
}
