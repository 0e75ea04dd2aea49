// A decoder of four nodes that remembers: hidden = row + mean of all rows, logits = hidden x weights.
#include "check.h"

typedef struct Writer {
    uint8_t data[65536];
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

/// ValueInfoProto of floats [1, any, last].
static void put_tensor(Writer *graph, int field, const char *name, int last) {
    Writer dims = {.size = 0}, tensor = {.size = 0}, kind = {.size = 0}, value = {.size = 0};
    for (int axis = 0; axis < 3; axis++) {
        Writer dimension = {.size = 0};
        if (axis == 1) {
            put_text(&dimension, 2, name);
        } else {
            put_number(&dimension, 1, axis == 0 ? 1 : (uint64_t)last);
        }
        put_bytes(&dims, 1, dimension.data, dimension.size);
    }
    put_number(&tensor, 1, 1);
    put_bytes(&tensor, 2, dims.data, dims.size);
    put_bytes(&kind, 1, tensor.data, tensor.size);
    put_text(&value, 1, name);
    put_bytes(&value, 2, kind.data, kind.size);
    put_bytes(graph, field, value.data, value.size);
}

/// `attribute`: its name with a number, or null; `list`: the number is in a list.
static void put_node(
    Writer *graph, const char *type, const char *first, const char *second, const char *out, const char *attribute,
    bool list) {
    Writer node = {.size = 0}, about = {.size = 0};
    put_text(&node, 1, first);
    if (second) {
        put_text(&node, 1, second);
    }
    put_text(&node, 2, out);
    put_text(&node, 4, type);
    if (attribute) {
        put_text(&about, 1, attribute);
        put_number(&about, list ? 8 : 3, 1);
        put_number(&about, 20, list ? 7 : 2);
        put_bytes(&node, 5, about.data, about.size);
    }
    put_bytes(graph, 1, node.data, node.size);
}

static float noise(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) / (float)(1 << 23) - 1;
}

const float *table(void) {
    static float values[VOCABULARY * HIDDEN];
    uint32_t state = 7;
    if (values[0] != 0) {
        return values;
    }
    for (int index = 0; index < VOCABULARY * HIDDEN; index++) {
        values[index] = noise(&state);
    }
    return values;
}

/// What is likely behind a token is another one, so that answers vary; neither the special token nor the end is.
static void put_weights(Writer *graph) {
    static float weights[HIDDEN * VOCABULARY];
    Writer tensor = {.size = 0};
    for (int index = 0; index < HIDDEN * VOCABULARY; index++) {
        int token = index % VOCABULARY, before = (token * 77 + 13) % SPECIAL_TOKEN;
        weights[index] = token >= SPECIAL_TOKEN ? 0 : table()[before * HIDDEN + index / VOCABULARY];
    }
    put_number(&tensor, 1, HIDDEN);
    put_number(&tensor, 1, VOCABULARY);
    put_number(&tensor, 2, 1);
    put_text(&tensor, 8, "weights");
    put_bytes(&tensor, 9, weights, sizeof weights);
    put_bytes(graph, 5, tensor.data, tensor.size);
}

static void put_model(Writer *model) {
    Writer graph = {.size = 0}, set = {.size = 0};
    put_node(&graph, "Concat", "past", "rows", "present", "axis", false);
    put_node(&graph, "ReduceMean", "present", NULL, "mean", "axes", true);
    put_node(&graph, "Add", "rows", "mean", "states", NULL, false);
    put_node(&graph, "MatMul", "states", "weights", "logits", NULL, false);
    put_text(&graph, 2, "decoder");
    put_weights(&graph);
    put_tensor(&graph, 11, "rows", HIDDEN);
    put_tensor(&graph, 11, "past", HIDDEN);
    put_tensor(&graph, 12, "logits", VOCABULARY);
    put_tensor(&graph, 12, "states", HIDDEN);
    put_tensor(&graph, 12, "present", HIDDEN);
    put_number(model, 1, 8);
    put_bytes(model, 7, graph.data, graph.size);
    put_number(&set, 2, 13);
    put_bytes(model, 8, set.data, set.size);
}

/// Tokens below 128 are bytes; of the others, every second begins a character that the one behind it ends.
static int put_tokens(char *text) {
    int length = 0;
    for (int token = 0; token < VOCABULARY; token++) {
        length += sprintf(text + length, "%s\"", token ? "," : "");
        if (token >= SPECIAL_TOKEN) {
            length += sprintf(text + length, "3c%02x3e", 'a' + token % 26);
        } else if (token >= 128) {
            length += sprintf(text + length, token % 2 == 0 ? "c3" : "%02x", 0x80 + token % 64);
        } else if (token > 0) {
            length += sprintf(text + length, "%02x", token);
        }
        length += sprintf(text + length, "\"");
    }
    return length;
}

static char paths[8][40];
static int written;

void remove_containers(void) {
    while (written > 0) {
        unlink(paths[--written]);
    }
}

const char *container(const char *target) {
    CHECK(written < 8);
    char *path = paths[written++];
    static Writer model;
    char description[8192] = "", words[4096];
    size_t start = 40 + sizeof description, table_bytes = VOCABULARY * HIDDEN * sizeof(float);
    model.size = 0;
    put_model(&model);
    put_tokens(words);
    int length = snprintf(
        description, sizeof description,
        "{\"name\":\"tiny\",\"target_platform\":[\"%s\"],\"vocabulary\":%d,\"hidden\":%d,\"end_tokens\":[%d],"
        "\"special_tokens\":[%d],\"onnx\":[%zu,%zu],\"embeddings\":[%zu,%zu],\"graph\":{\"embeddings\":\"rows\","
        "\"past\":[\"past\"],\"present\":[\"present\"],\"logits\":\"logits\",\"hidden_states\":\"states\"},"
        "\"tokens\":[%s]}",
        target, VOCABULARY, HIDDEN, END_TOKEN, SPECIAL_TOKEN, start + table_bytes, model.size, start, table_bytes,
        words);
    uint64_t bytes = (uint64_t)length;
    snprintf(path, sizeof paths[0], "/tmp/rkllm-sim-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    fwrite("RKLLM\0\0\0rkvoice-simulator\0\0\0\0\0\0\0", 32, 1, file);
    fwrite(&bytes, sizeof bytes, 1, file);
    fwrite(description, sizeof description, 1, file);
    fwrite(table(), table_bytes, 1, file);
    fwrite(model.data, model.size, 1, file);
    fclose(file);
    return path;
}
