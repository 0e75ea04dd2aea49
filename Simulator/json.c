// As much JSON as the tail of a container has: bounded in depth, never beyond its end.
#include "simulator.h"

enum { DEPTH_MAX = 32 };

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
        at++;
    }
    return at;
}

/// Behind the string that begins at `at`; null when it is none.
static const char *skip_string(const char *at, const char *end) {
    if (at >= end || *at != '"') {
        return NULL;
    }
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
    }
    return at < end ? at + 1 : NULL;
}

static const char *skip_value(const char *at, const char *end, int depth);

/// Behind an object or array.
static const char *skip_collection(const char *at, const char *end, int depth) {
    bool object = *at == '{';
    char close = object ? '}' : ']';
    at = skip_space(at + 1, end);
    if (at < end && *at == close) {
        return at + 1;
    }
    while (at && at < end) {
        if (object) {
            at = skip_string(at, end);
            at = at ? skip_space(at, end) : NULL;
            if (!at || at >= end || *at != ':') {
                return NULL;
            }
            at++;
        }
        at = skip_value(at, end, depth + 1);
        at = at ? skip_space(at, end) : NULL;
        if (!at || at >= end || (*at != ',' && *at != close)) {
            return NULL;
        }
        if (*at++ == close) {
            return at;
        }
        at = skip_space(at, end);
    }
    return NULL;
}

static const char *skip_value(const char *at, const char *end, int depth) {
    at = skip_space(at, end);
    if (at >= end || depth > DEPTH_MAX) {
        return NULL;
    }
    if (*at == '"') {
        return skip_string(at, end);
    }
    if (*at == '{' || *at == '[') {
        return skip_collection(at, end, depth);
    }
    const char *start = at;
    while (at < end && !strchr(" \t\n\r,]}:", *at)) {
        at++;
    }
    return at > start ? at : NULL;
}

bool json_valid(Json text) {
    const char *after = skip_value(text.start, text.end, 0);
    return after && skip_space(after, text.end) == text.end;
}

/// Enters a collection or goes behind the comma; null at its end.
static const char *next_item(Json *cursor, char open) {
    const char *at = skip_space(cursor->start, cursor->end);
    if (at >= cursor->end || (*at != open && *at != ',')) {
        return NULL;
    }
    at = skip_space(at + 1, cursor->end);
    return at < cursor->end && *at != ']' && *at != '}' ? at : NULL;
}

static bool take_value(Json *cursor, const char *at, Json *value) {
    const char *start = skip_space(at, cursor->end), *after = skip_value(start, cursor->end, 0);
    if (!after) {
        return false;
    }
    *value = (Json){start, after};
    cursor->start = after;
    return true;
}

bool json_next_member(Json *cursor, char *key, size_t size, Json *value) {
    const char *at = cursor->start ? next_item(cursor, '{') : NULL;
    const char *after = at ? skip_string(at, cursor->end) : NULL;
    if (!after || !json_string((Json){at, after}, key, size)) {
        return false;
    }
    after = skip_space(after, cursor->end);
    return after < cursor->end && *after == ':' && take_value(cursor, after + 1, value);
}

bool json_next_element(Json *cursor, Json *value) {
    const char *at = cursor->start ? next_item(cursor, '[') : NULL;
    return at && take_value(cursor, at, value);
}

Json json_member(Json object, const char *key) {
    char name[RKNN_NAME_BYTES];
    Json value;
    while (json_next_member(&object, name, sizeof name, &value)) {
        if (strcmp(name, key) == 0) {
            return value;
        }
    }
    return (Json){NULL, NULL};
}

bool json_number(Json value, double *out) {
    char text[40] = {0}, *end = NULL;
    size_t length = value.start ? (size_t)(value.end - value.start) : 0;
    if (length == 0 || length >= sizeof text || !strchr("-0123456789", *value.start)) {
        return false;
    }
    memcpy(text, value.start, length);
    *out = strtod(text, &end);
    return *end == 0;
}

/// Writes a code point as UTF-8; returns how many bytes.
static size_t encode_utf8(unsigned long point, char *out) {
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : 2;
    out[0] = (char)((more == 1 ? 0xC0 : 0xE0) | (point >> (6 * more)));
    for (size_t index = 1; index <= more; index++) {
        out[index] = (char)(0x80 | ((point >> (6 * (more - index))) & 0x3F));
    }
    return more + 1;
}

/// Decodes what follows a backslash; moves `at` behind it. Returns how many bytes were written, at most 3.
static size_t unescape(const char **at, const char *end, char *out) {
    const char *plain = strchr("nrtbf", **at), *meant = "\n\r\t\b\f";
    if (**at != 'u') {
        out[0] = plain ? meant[plain - strchr("nrtbf", 'n')] : **at;
        *at += 1;
        return 1;
    }
    char digits[5] = {0};
    for (int index = 0; index < 4 && *at + 1 + index < end; index++) {
        digits[index] = (*at)[1 + index];
    }
    *at += 1 + strlen(digits);
    return encode_utf8(strtoul(digits, NULL, 16), out);
}

bool json_string(Json value, char *out, size_t size) {
    size_t length = 0;
    if (!value.start || value.end - value.start < 2 || *value.start != '"') {
        return false;
    }
    const char *at = value.start + 1, *end = value.end - 1;
    while (at < end) {
        char bytes[4];
        size_t more = 1;
        if (*at == '\\' && at + 1 < end) {
            at++;
            more = unescape(&at, end, bytes);
        } else {
            bytes[0] = *at++;
        }
        if (length + more >= size) {
            return false;
        }
        memcpy(out + length, bytes, more);
        length += more;
    }
    out[length] = 0;
    return true;
}
