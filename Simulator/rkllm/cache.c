// The cache of keys and values: cleared, cut, written to a file and read again.
#include "decoder.h"

/// Numbers before the axis that grows and behind it.
static void measure(const LanguageModel *model, size_t cache, size_t *before, size_t *behind) {
    *before = *behind = 1;
    for (size_t index = 0; index < model->inputs; index++) {
        const Port *port = &model->ports[index];
        if (model->roles[index] != ROLE_PAST || model->cached[index] != cache) {
            continue;
        }
        for (uint32_t axis = 1; axis < port->rank; axis++) {
            if (axis != model->axes[cache]) {
                *(axis < model->axes[cache] ? before : behind) *= (size_t)port->shape[axis];
            }
        }
    }
}

static const Port *port_of(const LanguageModel *model, size_t cache) {
    for (size_t index = 0; index < model->inputs; index++) {
        if (model->roles[index] == ROLE_PAST && model->cached[index] == cache) {
            return &model->ports[index];
        }
    }
    return NULL;
}

size_t cache_bytes(const LanguageModel *model, size_t positions) {
    size_t bytes = 0, before, behind;
    for (size_t cache = 0; cache < model->caches; cache++) {
        measure(model, cache, &before, &behind);
        bytes += before * behind * positions * sizeof(float);
    }
    return bytes;
}

void cache_clear(const LanguageModel *model, Cache *cache) {
    for (size_t index = 0; index < model->caches; index++) {
        session_free_tensor(cache->values[index]);
        free(cache->memory[index]);
        cache->values[index] = NULL;
        cache->memory[index] = NULL;
    }
    cache->length = 0;
}

/// A tensor of `length` positions in memory of ours.
static bool own(const LanguageModel *model, size_t index, size_t length, float **memory, OrtValue **value) {
    size_t before, behind;
    const Port *like = port_of(model, index);
    measure(model, index, &before, &behind);
    *memory = calloc(before * behind * length + 1, sizeof(float));
    if (!like || !*memory) {
        return false;
    }
    Port port = *like;
    port.shape[0] = 1;
    port.shape[model->axes[index]] = (int64_t)length;
    port.elements = before * behind * length;
    *value = session_tensor(&port, *memory);
    if (!*value) {
        free(*memory);
    }
    return *value != NULL;
}

static const float *floats_of(OrtValue *value) {
    void *data = NULL;
    return ort_succeeded(ort_calls(NULL)->GetTensorMutableData(value, &data), "the cache") ? data : NULL;
}

/// Takes a range out of one tensor.
static bool cut_one(const LanguageModel *model, Cache *cache, size_t index, size_t start, size_t end) {
    size_t before, behind, length = cache->length, left = length - (end - start);
    const float *from = floats_of(cache->values[index]);
    float *to = NULL;
    OrtValue *value = NULL;
    measure(model, index, &before, &behind);
    if (!from || !own(model, index, left, &to, &value)) {
        return false;
    }
    for (size_t row = 0; row < before; row++) {
        memcpy(to + row * left * behind, from + row * length * behind, start * behind * sizeof *to);
        memcpy(
            to + (row * left + start) * behind, from + (row * length + end) * behind,
            (length - end) * behind * sizeof *to);
    }
    session_free_tensor(cache->values[index]);
    free(cache->memory[index]);
    cache->values[index] = value;
    cache->memory[index] = to;
    return true;
}

bool cache_cut(const LanguageModel *model, Cache *cache, size_t start, size_t end) {
    if (start >= end || end > cache->length) {
        complain("positions %zu to %zu are not in a cache of %zu", start, end, cache->length);
        return false;
    }
    for (size_t index = 0; index < model->caches; index++) {
        if (!cut_one(model, cache, index, start, end)) {
            cache_clear(model, cache);
            return false;
        }
    }
    cache->length -= end - start;
    return true;
}

static const char mark[16] = "rkllmsim cache 1";

bool cache_save(const LanguageModel *model, const Cache *cache, const char *path) {
    FILE *file = fopen(path, "we");
    uint64_t sizes[2] = {cache->length, model->caches};
    bool written = file && fwrite(mark, sizeof mark, 1, file) == 1 && fwrite(sizes, sizeof sizes, 1, file) == 1;
    for (size_t index = 0; written && index < model->caches; index++) {
        size_t before, behind;
        const float *values = cache->values[index] ? floats_of(cache->values[index]) : NULL;
        measure(model, index, &before, &behind);
        written = values && fwrite(values, before * behind * sizeof(float), cache->length, file) == cache->length;
    }
    if (file && fclose(file) != 0) {
        written = false;
    }
    if (!written) {
        complain("the cache cannot be written to %s", path);
    }
    return written;
}

bool cache_load(const LanguageModel *model, Cache *cache, const char *path) {
    char seen[sizeof mark];
    uint64_t sizes[2] = {0, 0};
    FILE *file = fopen(path, "re");
    bool read = file && fread(seen, sizeof seen, 1, file) == 1 && memcmp(seen, mark, sizeof seen) == 0 &&
                fread(sizes, sizeof sizes, 1, file) == 1 && sizes[0] >= 1 && sizes[0] < 1 << 20 &&
                sizes[1] == model->caches;
    cache_clear(model, cache);
    for (size_t index = 0; read && index < model->caches; index++) {
        size_t before, behind;
        float *memory = NULL;
        measure(model, index, &before, &behind);
        read = own(model, index, sizes[0], &memory, &cache->values[index]);
        cache->memory[index] = read ? memory : NULL;
        read = read && fread(memory, before * behind * sizeof(float), sizes[0], file) == sizes[0];
    }
    if (file) {
        fclose(file);
    }
    if (!read) {
        complain("%s is no cache of this model", path);
        cache_clear(model, cache);
        return false;
    }
    cache->length = sizes[0];
    return true;
}
