// Tensors that are copied in and out: what is said of them, how they are converted.
#include "check.h"

static void attributes_of_rows(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    RKNNTensorCounts counts;
    EQUAL(rknn_query(handle, RKNN_ASK_COUNTS, &counts, sizeof counts), RKNN_STATUS_OK);
    EQUAL(counts.inputs, 2);
    EQUAL(counts.outputs, 1);
    RKNNTensorAttr attr = ask(handle, RKNN_ASK_INPUT, 1);
    CHECK(strcmp(attr.name, "b") == 0 && attr.rank == 2 && attr.dims[0] == 1 && attr.dims[1] == 8);
    CHECK(attr.type == RKNN_TYPE_FLOAT16 && attr.layout == RKNN_LAYOUT_UNDEFINED);
    CHECK(attr.elements == 8 && attr.size == 16 && attr.size_with_stride == 16);
    RKNNVersion version;
    EQUAL(rknn_query(handle, RKNN_ASK_VERSION, &version, sizeof version), RKNN_STATUS_OK);
    CHECK(strstr(version.library, "simulated") && strstr(version.driver, "simulated"));
    RKNNCustomString custom;
    EQUAL(rknn_query(handle, RKNN_ASK_CUSTOM_STRING, &custom, sizeof custom), RKNN_STATUS_OK);
    CHECK(strcmp(custom.text, "simulated add") == 0);
    RKNNMemorySize memory;
    EQUAL(rknn_query(handle, RKNN_ASK_MEMORY, &memory, sizeof memory), RKNN_STATUS_OK);
    CHECK(memory.weights > 0 && memory.internal == 2 * 3 * 16);
    EQUAL(rknn_query(handle, RKNN_ASK_MEMORY, &memory, 8), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_query(handle, RKNN_ASK_INPUT_RANGE, &memory, sizeof memory), RKNN_STATUS_BAD_PARAMETER);
    attr.index = 2;
    EQUAL(rknn_query(handle, RKNN_ASK_INPUT, &attr, sizeof attr), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void attributes_of_images(void) {
    RKNNHandle handle = open_graph(GRAPH_IMAGE, NULL);
    RKNNTensorAttr input = ask(handle, RKNN_ASK_INPUT, 0), output = ask(handle, RKNN_ASK_OUTPUT, 0);
    CHECK(input.layout == RKNN_LAYOUT_NHWC && input.dims[1] == 2 && input.dims[2] == 4 && input.dims[3] == 3);
    CHECK(output.layout == RKNN_LAYOUT_NCHW && output.dims[1] == 3 && output.dims[2] == 2 && output.dims[3] == 4);
    RKNNTensorAttr native = ask(handle, RKNN_ASK_NATIVE_INPUT, 0);
    CHECK(native.layout == RKNN_LAYOUT_NC1HWC2 && native.rank == 5 && native.dims[1] == 1 && native.dims[4] == 8);
    CHECK(native.elements == 64 && native.size == 128);
    rknn_sim_configure("width_align", "16");
    input = ask(handle, RKNN_ASK_INPUT, 0);
    CHECK(input.width_stride == 16 && input.size == 48 && input.size_with_stride == 192);
    rknn_sim_configure("width_align", NULL);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void sums_are_right_and_rounded(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    float sum[8];
    EQUAL(set_addends(handle, 1000.3f), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, sum, 8), RKNN_STATUS_OK);
    NEAR(sum[3], 3004, 0);  // 3 + 3000.9, of which half precision has every other number only
    rknn_sim_configure("fp16", "0");
    EQUAL(set_addends(handle, 1000.3f), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, sum, 8), RKNN_STATUS_OK);
    NEAR(sum[3], 3003.9, 1e-3);
    rknn_sim_configure("fp16", NULL);
    RKNNOutput lent = {.want_float = 0};
    EQUAL(rknn_outputs_get(handle, 1, &lent, NULL), RKNN_STATUS_OK);
    CHECK(lent.size == 16 && ((uint16_t *)lent.data)[1] == 0x63D3);  // 1001.5, nearest of 1001.3
    EQUAL(rknn_outputs_release(handle, 1, &lent), RKNN_STATUS_OK);
    RKNNRunTime time;
    EQUAL(rknn_query(handle, RKNN_ASK_RUN_TIME, &time, sizeof time), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void images_are_turned(void) {
    RKNNHandle handle = open_graph(GRAPH_IMAGE, NULL);
    float pixels[24], channels[24];
    for (int index = 0; index < 24; index++) {
        pixels[index] = (float)index;
    }
    RKNNInput input = {.data = pixels, .size = sizeof pixels, .layout = RKNN_LAYOUT_NHWC};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, channels, 24), RKNN_STATUS_OK);
    CHECK(channels[0] == 0 && channels[1] == 3 && channels[8] == 1 && channels[23] == 23);
    input.layout = RKNN_LAYOUT_NCHW;
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, channels, 24), RKNN_STATUS_OK);
    CHECK(memcmp(pixels, channels, sizeof pixels) == 0);
    uint16_t native[64] = {0};
    native[8 * 5 + 2] = 0x3C00;
    input = (RKNNInput){.data = native, .size = sizeof native, .pass_through = 1};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    EQUAL(get_floats(handle, 0, channels, 24), RKNN_STATUS_OK);
    CHECK(channels[2 * 8 + 5] == 1 && channels[0] == 0);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void whole_numbers_stay_whole(void) {
    RKNNHandle handle = open_graph(GRAPH_WHOLE, NULL);
    EQUAL(ask(handle, RKNN_ASK_INPUT, 0).type, RKNN_TYPE_INT64);
    int64_t tokens[4] = {1, -2, 1234567890123456789, 4}, back[4];
    RKNNInput input = {.data = tokens, .size = sizeof tokens, .type = RKNN_TYPE_INT64};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    RKNNOutput output = {.is_preallocated = 1, .data = back, .size = sizeof back};
    EQUAL(rknn_outputs_get(handle, 1, &output, NULL), RKNN_STATUS_OK);
    CHECK(memcmp(tokens, back, sizeof back) == 0);
    input.type = RKNN_TYPE_FLOAT32;
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_BAD_INPUT);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void bytes_have_a_scale(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, ",\"quantized\":{\"a\":[0.5,10],\"c\":[0.25,-3]}");
    RKNNTensorAttr attr = ask(handle, RKNN_ASK_INPUT, 0);
    CHECK(attr.type == RKNN_TYPE_INT8 && attr.quantization == RKNN_QUANTIZATION_AFFINE && attr.zero_point == 10);
    NEAR(attr.scale, 0.5, 0);
    EQUAL(set_addends(handle, 0), RKNN_STATUS_OK);
    int8_t codes[8] = {10, 11, 12, 13, 14, 15, 16, 17}, out[8];
    RKNNInput input = {.data = codes, .size = sizeof codes, .type = RKNN_TYPE_INT8};
    EQUAL(rknn_inputs_set(handle, 1, &input), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    RKNNOutput output = {.is_preallocated = 1, .data = out, .size = sizeof out};
    EQUAL(rknn_outputs_get(handle, 1, &output, NULL), RKNN_STATUS_OK);
    CHECK(out[0] == -3 && out[7] == 11);  // 0 and 3.5
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

void test_tensors(void) {
    attributes_of_rows();
    attributes_of_images();
    sums_are_right_and_rounded();
    images_are_turned();
    whole_numbers_stay_whole();
    bytes_have_a_scale();
}
