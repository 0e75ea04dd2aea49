// The frame of an .rknn file, and what ours hold inside of it: docs/simulator.md.
#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BODY = 64, IDENTIFIER = BODY + 4, VERSION = 6 };
static const char note[] = "rkvoice-simulator";

static uint64_t read_u64(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int index = 7; index >= 0; index--) {
        value = value << 8 | bytes[index];
    }
    return value;
}

/// Finds the JSON behind the body. False when the lengths do not add up to the size.
static bool find_tail(const uint8_t *bytes, size_t size, Json *tail, size_t *body) {
    if (size < IDENTIFIER + 4 || memcmp(bytes, "RKNN\0\0\0\0", 8) != 0 || read_u64(bytes + 8) != VERSION) {
        return false;
    }
    uint64_t length = read_u64(bytes + 16);
    if (length < 8 || length > size - BODY || size - BODY - length < 8) {
        return false;
    }
    size_t start = BODY + (size_t)length + 8;
    if (read_u64(bytes + start - 8) != size - start || memcmp(bytes + IDENTIFIER, "RKNN", 4) != 0) {
        return false;
    }
    *body = (size_t)length;
    *tail = (Json){(const char *)bytes + start, (const char *)bytes + size};
    return json_valid(*tail);
}

/// Whether the target of the file is `soc`. `said`: the first target, for people.
static bool names_target(Json targets, const char *soc, char *said, size_t size) {
    Json element;
    char target[32];
    said[0] = 0;
    if (json_string(targets, target, sizeof target)) {
        snprintf(said, size, "%s", target);
        return strcmp(target, soc) == 0;
    }
    while (json_next_element(&targets, &element)) {
        if (!json_string(element, target, sizeof target)) {
            continue;
        }
        if (!said[0] || strcmp(target, soc) == 0) {
            snprintf(said, size, "%s", target);
        }
        if (strcmp(target, soc) == 0) {
            return true;
        }
    }
    return false;
}

/// Checks that the ONNX lies within the body.
static bool find_onnx(const uint8_t *bytes, size_t body, Json simulated, Container *out) {
    double offset, length;
    if (!json_number(json_member(simulated, "onnx_offset"), &offset) ||
        !json_number(json_member(simulated, "onnx_bytes"), &length)) {
        return false;
    }
    double end = BODY + (double)body;
    if (!(offset >= IDENTIFIER + 4 + sizeof note - 1) || !(length >= 1) || !(offset + length <= end)) {
        return false;
    }
    out->onnx = bytes + (size_t)offset;
    out->onnx_bytes = (size_t)length;
    return memcmp(bytes + IDENTIFIER + 4, note, sizeof note - 1) == 0;
}

int container_read(const uint8_t *bytes, size_t size, const char *soc, Container *out) {
    Json tail;
    size_t body;
    char target[32], version[64] = "unknown";
    memset(out, 0, sizeof *out);
    if (!find_tail(bytes, size, &tail, &body)) {
        complain("this is no .rknn file, or a truncated one (%zu bytes)", size);
        return RKNN_STATUS_BAD_MODEL;
    }
    bool fits = names_target(json_member(tail, "target_platform"), soc, target, sizeof target);
    Json simulated = json_member(tail, "simulated");
    if (!simulated.start) {
        json_string(json_member(tail, "version"), version, sizeof version);
        complain("this .rknn was compiled for a real %s (toolkit %s): a simulator cannot run it", target, version);
        return RKNN_STATUS_BAD_MODEL;
    }
    if (!fits) {
        complain("this model is for %s, and %s is simulated", target, soc);
        return RKNN_STATUS_PLATFORM_MISMATCH;
    }
    if (!find_onnx(bytes, body, simulated, out)) {
        complain("the container does not say where its ONNX graph is");
        return RKNN_STATUS_BAD_MODEL;
    }
    if (!json_string(json_member(simulated, "name"), out->name, sizeof out->name)) {
        snprintf(out->name, sizeof out->name, "model");
    }
    out->inputs = json_member(simulated, "inputs");
    out->outputs = json_member(simulated, "outputs");
    out->quantized = json_member(simulated, "quantized");
    return RKNN_STATUS_OK;
}

int container_map(const char *path, const uint8_t **bytes, size_t *size) {
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        complain("%s: %s", path, file < 0 ? strerror(errno) : "not a file");
        if (file >= 0) {
            close(file);
        }
        return RKNN_STATUS_FAILED;
    }
    *size = (size_t)about.st_size;
    void *mapping = *size > 0 ? mmap(NULL, *size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    close(file);
    if (mapping == MAP_FAILED) {
        complain("%s: %s", path, *size > 0 ? strerror(errno) : "empty");
        return RKNN_STATUS_BAD_MODEL;
    }
    *bytes = mapping;
    return RKNN_STATUS_OK;
}
