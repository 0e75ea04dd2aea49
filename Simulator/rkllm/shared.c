// What both simulators have in common: JSON, ONNX Runtime and its graphs, which know nothing of a vendor's calls.
#include "decoder.h"

#include <stdarg.h>

#include "../json.c"
#include "../ort.c"
#include "../session.c"

void complain(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "librkllmrt-sim (simulated): %s\n", text);
}

size_t type_size(int32_t type) {
    switch (type) {
        case RKNN_TYPE_INT64:
            return 8;
        case RKNN_TYPE_FLOAT32:
        case RKNN_TYPE_INT32:
            return 4;
        case RKNN_TYPE_FLOAT16:
            return 2;
        default:
            return 1;
    }
}
