// A container (docs/simulator.md) opened: its graph, what each input and output is for, and its words.
#include "decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTE = 8, LENGTH = 32, DESCRIPTION = 40 };

static bool map_file(const char *path, LanguageModel *model) {
    struct stat about;
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < DESCRIPTION) {
        complain("%s: %s", path ? path : "no path", file < 0 ? strerror(errno) : "no .rkllm file");
        if (file >= 0) {
            close(file);
        }
        return false;
    }
    void *mapping = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (mapping == MAP_FAILED) {
        complain("%s: %s", path, strerror(errno));
        return false;
    }
    model->file = mapping;
    model->file_bytes = (size_t)about.st_size;
    return true;
}

static bool find_description(const LanguageModel *model, const char *path, Json *out) {
    static const char note[] = "rkvoice-simulator";
    uint64_t length = 0;
    if (memcmp(model->file, "RKLLM\0\0\0", 8) != 0 || memcmp(model->file + NOTE, note, sizeof note) != 0) {
        complain("%s: a simulator cannot run a model that was converted for a real NPU", path);
        return false;
    }
    memcpy(&length, model->file + LENGTH, sizeof length);
    const char *start = (const char *)model->file + DESCRIPTION;
    if (length > model->file_bytes - DESCRIPTION || !json_valid((Json){start, start + length})) {
        complain("%s: its description is not whole", path);
        return false;
    }
    *out = (Json){start, start + length};
    return true;
}

/// A piece of the file, whose place and bytes the description gives. Null when it does not lie within.
static const void *piece(const LanguageModel *model, Json description, const char *name, size_t *bytes) {
    double offset, length;
    Json pair = json_member(description, name), first, second;
    if (!json_next_element(&pair, &first) || !json_next_element(&pair, &second) || !json_number(first, &offset) ||
        !json_number(second, &length)) {
        return NULL;
    }
    if (!(offset >= DESCRIPTION && length >= 1 && offset + length <= (double)model->file_bytes)) {
        return NULL;
    }
    *bytes = (size_t)length;
    return model->file + (size_t)offset;
}

static bool fits_chip(Json targets, const char *soc) {
    Json element;
    char target[32] = "nothing";
    while (json_next_element(&targets, &element)) {
        if (json_string(element, target, sizeof target) && strcmp(target, soc) == 0) {
            return true;
        }
    }
    complain("this model is for %s, and %s is simulated", target, soc);
    return false;
}

/// Which of `names` a port is; false when it is none of them.
static bool in_list(Json names, const char *name, size_t *index) {
    Json element;
    char text[RKNN_NAME_BYTES];
    for (*index = 0; json_next_element(&names, &element); ++*index) {
        if (json_string(element, text, sizeof text) && strcmp(text, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_named(Json graph, const char *key, const char *name) {
    char text[RKNN_NAME_BYTES];
    return json_string(json_member(graph, key), text, sizeof text) && strcmp(text, name) == 0;
}

static bool give_role(LanguageModel *model, Json graph, size_t index) {
    static const struct {
        const char *key;
        Role role;
        bool output;
    } single[] = {
        {"embeddings", ROLE_EMBEDDINGS, false}, {"ids", ROLE_IDS, false}, {"positions", ROLE_POSITIONS, false},
        {"mask", ROLE_MASK, false}, {"logits", ROLE_LOGITS, true}, {"hidden_states", ROLE_HIDDEN_STATES, true},
    };
    const char *name = model->ports[index].name;
    bool output = index >= model->inputs;
    for (size_t place = 0; place < sizeof single / sizeof *single; place++) {
        if (single[place].output == output && is_named(graph, single[place].key, name)) {
            model->roles[index] = single[place].role;
            return true;
        }
    }
    model->roles[index] = output ? ROLE_PRESENT : ROLE_PAST;
    if (!in_list(json_member(graph, output ? "present" : "past"), name, &model->cached[index])) {
        complain("the description does not say what %s is for", name);
        return false;
    }
    model->caches += output ? 0 : 1;
    return true;
}

/// The axis of a cached tensor that is open, behind the first, which is the batch.
static bool find_axis(LanguageModel *model, const Port *port, size_t cache) {
    for (uint32_t axis = 1; axis < port->rank; axis++) {
        if (port->shape[axis] == 0) {
            model->axes[cache] = axis;
            return port->graph_type == RKNN_TYPE_FLOAT32;
        }
    }
    complain("%s is no cache of floats that grows", port->name);
    return false;
}

static bool read_graph(LanguageModel *model, Json graph) {
    model->inputs = session_ports(model->session, false);
    model->outputs = session_ports(model->session, true);
    size_t total = model->inputs + model->outputs;
    bool logits = false, rows = false;
    model->ports = calloc(total ? total : 1, sizeof *model->ports);
    for (size_t index = 0; model->ports && index < total; index++) {
        bool output = index >= model->inputs;
        Port *port = &model->ports[index];
        if (!session_port(model->session, output, output ? index - model->inputs : index, port) ||
            !give_role(model, graph, index)) {
            return false;
        }
        logits |= model->roles[index] == ROLE_LOGITS;
        rows |= model->roles[index] == ROLE_EMBEDDINGS || model->roles[index] == ROLE_IDS;
        if (model->roles[index] == ROLE_PAST && (model->cached[index] >= PORTS_MAX / 2 ||
                                                 !find_axis(model, port, model->cached[index]))) {
            return false;
        }
    }
    if (!logits || !rows || model->outputs < model->caches + 1) {
        complain("the graph lacks logits, inputs or caches that the description names");
        return false;
    }
    return true;
}

static size_t read_numbers(Json list, int32_t *out) {
    Json element;
    double number;
    size_t count = 0;
    while (count < ENDS_MAX && json_next_element(&list, &element) && json_number(element, &number)) {
        out[count++] = (int32_t)number;
    }
    return count;
}

static bool digit(char letter, uint8_t *out) {
    const char *digits = "0123456789abcdef", *place = letter ? strchr(digits, letter) : NULL;
    *out = place ? (uint8_t)(place - digits) : 0;
    return place != NULL;
}

/// The bytes of every token, as hexadecimal digits: not every token is a text.
static bool read_tokens(LanguageModel *model, Json list) {
    Json element;
    char text[2 * TOKEN_BYTES];
    model->tokens = list.start ? calloc((size_t)model->vocabulary, sizeof *model->tokens) : NULL;
    for (int32_t token = 0; model->tokens && token < model->vocabulary; token++) {
        uint8_t high, low;
        if (!json_next_element(&list, &element) || !json_string(element, text, sizeof text)) {
            complain("there are fewer tokens than the vocabulary has, or longer ones than %d bytes", TOKEN_BYTES - 1);
            return false;
        }
        for (size_t index = 0; text[index]; index += 2) {
            if (!digit(text[index], &high) || !digit(text[index + 1], &low)) {
                complain("token %d is not of hexadecimal digits", token);
                return false;
            }
            model->tokens[token].bytes[model->tokens[token].length++] = (uint8_t)(high << 4 | low);
        }
    }
    return true;
}

static bool read_words(LanguageModel *model, Json description) {
    double vocabulary = 0, hidden = 0;
    size_t bytes = 0;
    json_number(json_member(description, "vocabulary"), &vocabulary);
    json_number(json_member(description, "hidden"), &hidden);
    if (!(vocabulary >= 1 && vocabulary <= 1 << 20) || !(hidden >= 1 && hidden <= 1 << 16)) {
        complain("the description lacks vocabulary or hidden");
        return false;
    }
    model->vocabulary = (int32_t)vocabulary;
    model->hidden = (int32_t)hidden;
    model->table = piece(model, description, "embeddings", &bytes);
    if (model->table && bytes != (size_t)model->vocabulary * (size_t)model->hidden * sizeof(float)) {
        complain("the table of embeddings has another size than vocabulary and hidden say");
        return false;
    }
    model->end_count = read_numbers(json_member(description, "end_tokens"), model->ends);
    model->special_count = read_numbers(json_member(description, "special_tokens"), model->specials);
    return read_tokens(model, json_member(description, "tokens"));
}

LanguageModel *model_open(const char *path, const Switches *switches) {
    Json description;
    Container container = {0};
    Settings settings = {.threads = switches->threads};
    memcpy(settings.onnxruntime, switches->onnxruntime, sizeof settings.onnxruntime);
    LanguageModel *model = calloc(1, sizeof *model);
    if (!model || !map_file(path, model)) {
        free(model);
        return NULL;
    }
    bool read = find_description(model, path, &description) &&
                fits_chip(json_member(description, "target_platform"), switches->soc) &&
                read_words(model, description);
    if (read && !json_string(json_member(description, "name"), container.name, sizeof container.name)) {
        snprintf(container.name, sizeof container.name, "model");
    }
    if (read && !(container.onnx = piece(model, description, "onnx", &container.onnx_bytes))) {
        complain("%s: the description does not say where its ONNX graph is", path);
        read = false;
    }
    snprintf(model->name, sizeof model->name, "%s", container.name);
    model->session = read && ort_calls(&settings) ? session_open(&container, &settings) : NULL;
    if (!model->session || !read_graph(model, json_member(description, "graph"))) {
        model_close(model);
        return NULL;
    }
    return model;
}

void model_close(LanguageModel *model) {
    if (model->session) {
        session_close(model->session);
    }
    munmap((void *)(uintptr_t)model->file, model->file_bytes);
    free(model->ports);
    free(model->tokens);
    free(model);
}

static bool contains(const int32_t *list, size_t count, int32_t token) {
    for (size_t index = 0; index < count; index++) {
        if (list[index] == token) {
            return true;
        }
    }
    return false;
}

bool is_end(const LanguageModel *model, int32_t token) { return contains(model->ends, model->end_count, token); }

bool is_special(const LanguageModel *model, int32_t token) {
    return is_end(model, token) || contains(model->specials, model->special_count, token);
}

long tokens_of(const LanguageModel *model, const char *text, int32_t *out, size_t capacity) {
    size_t count = 0, rest = strlen(text);
    while (model->tokens && rest > 0 && count < capacity) {
        int32_t best = -1;
        for (int32_t token = 0; token < model->vocabulary; token++) {
            const Token *it = &model->tokens[token];
            bool longer = it->length > 0 && (best < 0 || it->length > model->tokens[best].length);
            if (longer && it->length <= rest && memcmp(it->bytes, text, it->length) == 0) {
                best = token;
            }
        }
        if (best < 0) {
            break;
        }
        out[count++] = best;
        text += model->tokens[best].length;
        rest -= model->tokens[best].length;
    }
    if (rest > 0) {
        complain(model->tokens ? "no token begins \"%.20s\"" : "the model has no tokenizer%.0s", text);
        return -1;
    }
    return (long)count;
}
