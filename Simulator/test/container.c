// Writes ONNX graphs of one node, and the frame around them that docs/simulator.md describes.
#include "check.h"

typedef struct Writer {
    uint8_t data[8192];
    size_t size;
} Writer;

static void put(Writer *writer, const void *bytes, size_t amount) {
    memcpy(writer->data + writer->size, bytes, amount);
    writer->size += amount;
}

static void put_varint(Writer *writer, uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
        put(writer, &(uint8_t){(uint8_t)(value | 0x80)}, 1);
    }
    put(writer, &(uint8_t){(uint8_t)value}, 1);
}

static void put_number(Writer *writer, int field, uint64_t value) {
    put_varint(writer, (uint64_t)field << 3);
    put_varint(writer, value);
}

static void put_bytes(Writer *writer, int field, const void *bytes, size_t amount) {
    put_varint(writer, (uint64_t)field << 3 | 2);
    put_varint(writer, amount);
    put(writer, bytes, amount);
}

static void put_text(Writer *writer, int field, const char *text) { put_bytes(writer, field, text, strlen(text)); }

/// ValueInfoProto: a tensor's name, element type and shape.
static void put_tensor(Writer *graph, int field, const char *name, int type, const int *shape, int rank) {
    Writer dims = {.size = 0}, tensor = {.size = 0}, kind = {.size = 0}, value = {.size = 0};
    for (int index = 0; index < rank; index++) {
        Writer dimension = {.size = 0};
        put_number(&dimension, 1, (uint64_t)shape[index]);
        put_bytes(&dims, 1, dimension.data, dimension.size);
    }
    put_number(&tensor, 1, (uint64_t)type);
    put_bytes(&tensor, 2, dims.data, dims.size);
    put_bytes(&kind, 1, tensor.data, tensor.size);
    put_text(&value, 1, name);
    put_bytes(&value, 2, kind.data, kind.size);
    put_bytes(graph, field, value.data, value.size);
}

static void put_graph(Writer *graph, Graph which) {
    static const int row[] = {1, 8}, image[] = {1, 3, 2, 4}, whole[] = {4};
    Writer node = {.size = 0};
    bool add = which == GRAPH_ADD;
    put_text(&node, 1, add ? "a" : "x");
    if (add) {
        put_text(&node, 1, "b");
    }
    put_text(&node, 2, add ? "c" : "y");
    put_text(&node, 4, add ? "Add" : "Identity");
    put_bytes(graph, 1, node.data, node.size);
    put_text(graph, 2, "tiny");
    const int *shape = add ? row : which == GRAPH_IMAGE ? image : whole;
    int rank = add ? 2 : which == GRAPH_IMAGE ? 4 : 1, type = which == GRAPH_WHOLE ? 7 : 1;
    put_tensor(graph, 11, add ? "a" : "x", type, shape, rank);
    if (add) {
        put_tensor(graph, 11, "b", type, shape, rank);
    }
    put_tensor(graph, 12, add ? "c" : "y", type, shape, rank);
}

void put_u64(uint8_t *place, uint64_t value) {
    for (int index = 0; index < 8; index++) {
        place[index] = (uint8_t)(value >> (8 * index));
    }
}

Bytes container(Graph which, const char *target, const char *more) {
    static const char *const inputs[] = {"\"a\":[1,8],\"b\":[1,8]", "\"x\":[1,3,2,4]", "\"x\":[4]"};
    static const char *const names[] = {"add", "image", "whole"};
    static const char note[56] = "rkvoice-simulator";
    Writer graph = {.size = 0}, model = {.size = 0}, opset = {.size = 0};
    put_graph(&graph, which);
    put_number(&opset, 2, 17);
    put_number(&model, 1, 8);
    put_bytes(&model, 7, graph.data, graph.size);
    put_bytes(&model, 8, opset.data, opset.size);
    char tail[2048];
    int tail_size = snprintf(
        tail, sizeof tail,
        "{\"target_platform\":[\"%s\"],\"version\":\"2.3.2\",\"simulated\":{\"name\":\"%s\",\"onnx_offset\":128,"
        "\"onnx_bytes\":%zu,\"inputs\":{%s}%s}}",
        target, names[which], model.size, inputs[which], more ? more : "");
    size_t body = 64 + model.size;
    Bytes bytes = {calloc(1, 64 + body + 8 + (size_t)tail_size), 64 + body + 8 + (size_t)tail_size};
    memcpy(bytes.data, "RKNN", 4);
    put_u64(bytes.data + 8, 6);
    put_u64(bytes.data + 16, body);
    memcpy(bytes.data + 68, "RKNN", 4);
    memcpy(bytes.data + 72, note, sizeof note);
    memcpy(bytes.data + 128, model.data, model.size);
    put_u64(bytes.data + 64 + body, (uint64_t)tail_size);
    memcpy(bytes.data + 64 + body + 8, tail, (size_t)tail_size);
    return bytes;
}

int try_open(Bytes bytes, RKNNHandle *handle) {
    return rknn_init(handle, bytes.data, (uint32_t)bytes.size, 0, NULL);
}

RKNNHandle open_graph(Graph graph, const char *more) {
    RKNNHandle handle = 0;
    Bytes bytes = container(graph, "rk3588", more);
    EQUAL(try_open(bytes, &handle), RKNN_STATUS_OK);
    free(bytes.data);
    return handle;
}
