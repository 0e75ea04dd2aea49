// Buffers that are bound instead of copied.
#include "check.h"

static RKNNTensorAttr as_floats(RKNNHandle handle, int32_t what, uint32_t index) {
    RKNNTensorAttr attr = ask(handle, what, index);
    attr.type = RKNN_TYPE_FLOAT32;
    return attr;
}

static void sums_in_shared_memory(void) {
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    RKNNTensorMemory *memories[3];
    unsigned long copied = counted("input_bytes_copied") + counted("output_bytes_copied");
    for (uint32_t index = 0; index < 3; index++) {
        RKNNTensorAttr attr = as_floats(handle, index < 2 ? RKNN_ASK_INPUT : RKNN_ASK_OUTPUT, index % 2);
        memories[index] = rknn_create_mem(handle, 32);
        CHECK(memories[index] && memories[index]->descriptor >= 0 && memories[index]->size == 32);
        EQUAL(rknn_set_io_mem(handle, memories[index], &attr), RKNN_STATUS_OK);
        ((float *)memories[index]->address)[7] = 2.25f;
        EQUAL(rknn_mem_sync(handle, memories[index], RKNN_SYNC_TO_DEVICE), RKNN_STATUS_OK);
    }
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    NEAR(((float *)memories[2]->address)[7], 4.5, 0);
    EQUAL(counted("input_bytes_copied") + counted("output_bytes_copied"), copied);
    RKNNTensorMemory *again = rknn_create_mem_from_fd(handle, memories[2]->descriptor, NULL, 32, 0);
    CHECK(again && ((float *)again->address)[7] == 4.5f);
    CHECK(rknn_create_mem_from_fd(handle, memories[2]->descriptor, NULL, 1 << 20, 0) == NULL);
    EQUAL(rknn_destroy_mem(handle, again), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(handle, memories[2]), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_BAD_OUTPUT);
    EQUAL(rknn_destroy_mem(handle, memories[0]), RKNN_STATUS_OK);
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_BAD_INPUT);
    EQUAL(rknn_destroy_mem(handle, memories[1]), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(handle, memories[1]), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void a_result_goes_on_to_the_next_model(void) {
    RKNNHandle first = open_graph(GRAPH_ADD, NULL), second = open_graph(GRAPH_ADD, NULL);
    RKNNTensorMemory *result = rknn_create_mem(first, 16);
    RKNNTensorMemory *same = rknn_create_mem_from_fd(second, result->descriptor, NULL, 16, 0);
    RKNNTensorAttr output = ask(first, RKNN_ASK_OUTPUT, 0), input = ask(second, RKNN_ASK_INPUT, 0);
    input.pass_through = 1;
    EQUAL(set_addends(second, 0.5f), RKNN_STATUS_OK);
    EQUAL(rknn_set_io_mem(first, result, &output), RKNN_STATUS_OK);
    EQUAL(rknn_set_io_mem(second, same, &input), RKNN_STATUS_OK);
    EQUAL(set_addends(first, 1), RKNN_STATUS_OK);
    EQUAL(rknn_run(first, NULL), RKNN_STATUS_OK);
    EQUAL(rknn_run(second, NULL), RKNN_STATUS_OK);
    float sum[8];
    EQUAL(get_floats(second, 0, sum, 8), RKNN_STATUS_OK);
    NEAR(sum[6], 15, 0);
    EQUAL(rknn_destroy_mem(second, same), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(first, result), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(first), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(second), RKNN_STATUS_OK);
}

static void rows_have_a_stride(void) {
    rknn_sim_configure("width_align", "16");
    RKNNHandle handle = open_graph(GRAPH_IMAGE, NULL);
    RKNNTensorAttr attr = as_floats(handle, RKNN_ASK_INPUT, 0);
    RKNNTensorMemory *small = rknn_create_mem(handle, 96), *memory = rknn_create_mem(handle, 2 * 192);
    EQUAL(rknn_set_io_mem(handle, small, &attr), RKNN_STATUS_BAD_PARAMETER);
    EQUAL(rknn_set_io_mem(handle, memory, &attr), RKNN_STATUS_OK);
    ((float *)memory->address)[(16 + 3) * 3 + 2] = 9;
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_OK);
    float channels[24];
    EQUAL(get_floats(handle, 0, channels, 24), RKNN_STATUS_OK);
    NEAR(channels[23], 9, 0);
    rknn_sim_configure("width_align", NULL);
    rknn_sim_configure("io_mem", "native");
    EQUAL(rknn_set_io_mem(handle, memory, &attr), RKNN_STATUS_BAD_PARAMETER);
    attr.type = RKNN_TYPE_FLOAT16;
    EQUAL(rknn_set_io_mem(handle, memory, &attr), RKNN_STATUS_OK);
    strcpy(attr.name, "nobody");
    EQUAL(rknn_set_io_mem(handle, memory, &attr), RKNN_STATUS_BAD_PARAMETER);
    rknn_sim_configure("io_mem", NULL);
    EQUAL(rknn_destroy_mem(handle, small), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(handle, memory), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
}

static void there_is_a_budget(void) {
    rknn_sim_configure("memory_mb", "1");
    RKNNHandle handle = open_graph(GRAPH_ADD, NULL);
    CHECK(rknn_create_mem(handle, 1 << 20) == NULL);
    RKNNTensorMemory *half = rknn_create_mem(handle, 1 << 19);
    CHECK(half != NULL);
    CHECK(rknn_create_mem(handle, 1 << 19) == NULL);
    EQUAL(rknn_destroy_mem(handle, half), RKNN_STATUS_OK);
    half = rknn_create_mem2(0, 1 << 19, RKNN_ALLOCATE_WITHOUT_CONTEXT);
    CHECK(half != NULL && rknn_create_mem(0, 8) == NULL);
    EQUAL(rknn_destroy_mem(handle, half), RKNN_STATUS_OK);
    EQUAL(rknn_destroy(handle), RKNN_STATUS_OK);
    rknn_sim_configure("memory_mb", NULL);
}

void test_memory(void) {
    sums_in_shared_memory();
    a_result_goes_on_to_the_next_model();
    rows_have_a_stride();
    there_is_a_budget();
}
