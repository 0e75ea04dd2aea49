// What is refused: with a status, never with a crash.
#include "check.h"

/// Opens bytes that are to be refused.
static void refuses(Bytes bytes, int status) {
    RKNNHandle handle = 7;
    EQUAL(try_open(bytes, &handle), status);
    EQUAL(handle, 0);
    free(bytes.data);
}

static Bytes replaced(const char *what, const char *with) {
    Bytes bytes = container(GRAPH_ADD, "rk3588", NULL);
    uint8_t *place = memmem(bytes.data, bytes.size, what, strlen(what));
    CHECK(place != NULL);
    if (place) {
        memcpy(place, with, strlen(with));
    }
    return bytes;
}

static void other_files(void) {
    refuses(container(GRAPH_ADD, "rk3576", NULL), RKNN_STATUS_PLATFORM_MISMATCH);
    refuses(replaced("\"simulated\"", "\"something\""), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("rkvoice-simulator", "RKVOICE"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("\"onnx_offset\":128", "\"onnx_offset\":999"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("\"onnx_bytes\":", "\"onnx_bytes\":99"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("\"b\":[1,8]", "\"b\":[1,9]"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("\"b\":[1,8]", "\"b\":[1,x]"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("\"b\":[1,8]", "\"b\":[[],"), RKNN_STATUS_BAD_MODEL);
    refuses(replaced("Add", "Odd"), RKNN_STATUS_BAD_MODEL);
    RKNNHandle handle;
    EQUAL(rknn_init(&handle, "/nowhere/model.rknn", 0, 0, NULL), RKNN_STATUS_FAILED);
    EQUAL(rknn_init(&handle, "/", 0, 0, NULL), RKNN_STATUS_FAILED);
    EQUAL(rknn_init(&handle, NULL, 0, 0, NULL), RKNN_STATUS_BAD_PARAMETER);
}

/// Every beginning of a file, and files with a byte changed: opened or refused, and nothing is left of them.
static void broken_files(void) {
    Bytes whole = container(GRAPH_ADD, "rk3588", NULL);
    for (size_t size = 1; size < whole.size; size++) {
        uint8_t *part = malloc(size);
        memcpy(part, whole.data, size);
        refuses((Bytes){part, size}, RKNN_STATUS_BAD_MODEL);
    }
    Bytes longer = {calloc(1, whole.size + 1), whole.size + 1};
    memcpy(longer.data, whole.data, whole.size);
    longer.data[whole.size] = ' ';
    refuses(longer, RKNN_STATUS_BAD_MODEL);
    unsigned random = 1;
    for (int round = 0; round < 500; round++) {
        Bytes bytes = {malloc(whole.size), whole.size};
        memcpy(bytes.data, whole.data, whole.size);
        random = random * 1103515245 + 12345;
        bytes.data[(random >> 8) % whole.size] ^= (uint8_t)(1 << (random >> 5 & 7));
        RKNNHandle handle = 0;
        int status = try_open(bytes, &handle);
        CHECK((status == RKNN_STATUS_OK) == (handle != 0));
        if (handle) {
            EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
        }
        free(bytes.data);
    }
    free(whole.data);
}

static void handles_that_are_none(void) {
    static const RKNNHandle none[] = {0, 1, 0x10000, UINT64_MAX, 0xdeadbeef0001};
    RKNNTensorMemory stray = {.size = 4};
    RKNNTensorAttr attr = {.index = 0};
    RKNNInput input = {.index = 0};
    RKNNOutput output = {.index = 0};
    for (size_t index = 0; index < sizeof none / sizeof *none; index++) {
        RKNNHandle handle = none[index], copy = 0;
        EQUAL(rknn_destroy(handle), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_dup_context(&handle, &copy), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_query(handle, RKNN_ASK_INPUT, &attr, sizeof attr), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_run(handle, NULL), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_wait(handle, NULL), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_outputs_get(handle, 1, &output, NULL), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_outputs_release(handle, 1, &output), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_set_core_mask(handle, 1), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_set_io_mem(handle, &stray, &attr), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_destroy_mem(handle, &stray), RKNN_STATUS_BAD_CONTEXT);
        EQUAL(rknn_matmul_run(handle), RKNN_STATUS_BAD_CONTEXT);
        CHECK(rknn_create_mem(handle, 16) == NULL);
    }
}

static void wrong_sizes(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    float values[16] = {0};
    RKNNTensorMemory stray = {.size = 64, .address = values};
    RKNNTensorAttr attr = ask(handle, RKNN_ASK_INPUT, 0);
    static const uint32_t sizes[] = {0, 16, 31, 33, 64};
    for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
        RKNNInput input = {.data = values, .size = sizes[index]};
        EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_BAD_INPUT);
    }
    RKNNInput input = {.data = values, .size = 32, .type = 99};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_BAD_INPUT);
    input = (RKNNInput){.index = 2, .data = values, .size = 32};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_BAD_INPUT);
    EQUAL(rknn_inputs_set(handle, 3, &input), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_BAD_INPUT);
    EQUAL(get_floats(handle, 0, values, 8), RKNN_STATUS_BAD_INPUT);
    EQUAL(rknn_set_io_mem(handle, &stray, &attr), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_destroy_mem(handle, &stray), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(set_addends(handle, 1), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, values, 7), RKNN_STATUS_BAD_OUTPUT);
    EQUAL(get_floats(handle, 1, values, 8), RKNN_STATUS_BAD_OUTPUT);
    EQUAL(get_floats(handle, 0, values, 8), RKNN_STATUS_OK);
    EQUAL(rknn_set_input_shape(handle, &attr), RKNN_STATUS_OK);
    attr.dims[1] = 9;
    EQUAL(rknn_set_input_shapes(handle, 1, &attr), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_BAD_CONTEXT);
}

/// Which masks are taken, of 0 to 8 and 0xffff, a bit each.
static unsigned masks_taken(RKNNHandle handle) {
    unsigned taken = rknn_set_core_mask(handle, 0xffff) == RKNN_STATUS_OK ? 1u << 16 : 0;
    for (unsigned mask = 0; mask <= 8; mask++) {
        int status = rknn_set_core_mask(handle, mask);
        CHECK(status == RKNN_STATUS_OK || status == RKNN_STATUS_BAD_PARAMETER);
        taken |= status == RKNN_STATUS_OK ? 1u << mask : 0;
    }
    return taken;
}

static void masks_of_the_chip(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    EQUAL(masks_taken(handle), 1 << 16 | 0x9F);
    rknn_sim_configure("mask6", "1");
    EQUAL(masks_taken(handle), 1 << 16 | 0xDF);
    rknn_sim_configure("mask6", NULL);
    rknn_sim_configure("soc", "rk3576");
    EQUAL(masks_taken(handle), 1 << 16 | 0x0F);
    rknn_sim_configure("soc", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void switches_that_are_none(void) {
    static const char *const wrong[][2] = {
        {"soc", "rk1"}, {"latency", "3"}, {"latency_ms", "x"},  {"latency_ms", "-1"}, {"threads", "1.5"},
        {"soc", "rk"},  {"fp16", "2"},    {"fault", "nothing"}, {"memory_mb", "nan"}, {"fault_status", "1"},
    };
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
        EQUAL(rknn_sim_configure(wrong[index][0], wrong[index][1]), -1);
    }
    EQUAL(rknn_sim_configure(NULL, NULL), -1);
}

void test_refusals(void) {
    other_files();
    broken_files();
    handles_that_are_none();
    wrong_sizes();
    masks_of_the_chip();
    switches_that_are_none();
}
