// Products of matrices.
#include "check.h"

enum { M = 2, K = 64, N = 32 };

static RKNNTensorMemory *bind_matrix(RKNNHandle handle, RKNNProductTensorAttr *attr) {
    RKNNTensorMemory *memory = rknn_create_mem(handle, attr->size);
    CHECK(memory != NULL);
    EQUAL(rknn_matmul_set_io_mem(handle, memory, attr), RKNN_STATUS_OK);
    return memory;
}

static void bytes_into_whole_numbers(int16_t layout) {
    RKNNProductInfo info = {.m = M, .k = K, .n = N, .type = RKNN_PRODUCT_INT8_INT8_INT32, .b_layout = layout};
    RKNNProductAttr attr;
    RKNNHandle handle = 0;
    EQUAL(rknn_matmul_create(&handle, &info, &attr), RKNN_STATUS_OK);
    EQUAL(attr.b.rank, layout == RKNN_PRODUCT_NATIVE ? 4 : 2);
    EQUAL(rknn_matmul_run(handle), RKNN_STATUS_BAD_INPUT);
    RKNNTensorMemory *memories[] = {
        bind_matrix(handle, &attr.a), bind_matrix(handle, &attr.b), bind_matrix(handle, &attr.c)};
    int8_t rows[K * N], *a = memories[0]->address;
    for (int index = 0; index < K * N; index++) {
        rows[index] = (int8_t)(index % 7 - 3);
        a[index % (M * K)] = (int8_t)(index % (M * K) % 5 - 2);
    }
    if (layout == RKNN_PRODUCT_NATIVE) {
        EQUAL(rknn_B_normal_layout_to_native_layout(rows, memories[1]->address, K, N, &info), RKNN_STATUS_OK);
    } else {
        memcpy(memories[1]->address, rows, sizeof rows);
    }
    EQUAL(rknn_matmul_set_core_mask(handle, RKNN_CORES_2), RKNN_STATUS_OK);
    EQUAL(rknn_matmul_run(handle), RKNN_STATUS_OK);
    for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++) {
            int32_t sum = 0;
            for (int k = 0; k < K; k++) {
                sum += a[m * K + k] * rows[k * N + n];
            }
            EQUAL(((int32_t *)memories[2]->address)[m * N + n], sum);
        }
    }
    for (int index = 0; index < 3; index++) {
        EQUAL(rknn_destroy_mem(handle, memories[index]), RKNN_STATUS_OK);
    }
    EQUAL(rknn_run(handle, NULL), RKNN_STATUS_BAD_CONTEXT);
    EQUAL(rknn_matmul_destroy(handle), RKNN_STATUS_OK);
}

static void halves_into_floats(void) {
    RKNNProductInfo info = {.m = 1, .k = 32, .n = 16, .type = RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT32};
    RKNNProductAttr attr;
    RKNNHandle handle = 0;
    EQUAL(rknn_matmul_create(&handle, &info, &attr), RKNN_STATUS_OK);
    RKNNTensorMemory *a = bind_matrix(handle, &attr.a), *b = bind_matrix(handle, &attr.b),
                     *c = bind_matrix(handle, &attr.c);
    for (int index = 0; index < 32; index++) {
        ((uint16_t *)a->address)[index] = 0x3800;           // 0.5
        ((uint16_t *)b->address)[index * 16 + 3] = 0x4200;  // 3
    }
    EQUAL(rknn_matmul_run(handle), RKNN_STATUS_OK);
    NEAR(((float *)c->address)[3], 48, 0);
    NEAR(((float *)c->address)[2], 0, 0);
    EQUAL(rknn_destroy_mem(handle, a), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(handle, b), RKNN_STATUS_OK);
    EQUAL(rknn_destroy_mem(handle, c), RKNN_STATUS_OK);
    EQUAL(rknn_matmul_destroy(handle), RKNN_STATUS_OK);
    EQUAL(rknn_matmul_destroy(handle), RKNN_STATUS_BAD_CONTEXT);
    info.k = 33;
    EQUAL(rknn_matmul_create(&handle, &info, &attr), RKNN_STATUS_BAD_PARAMETER);
}

void test_products(void) {
    bytes_into_whole_numbers(RKNN_PRODUCT_ROWS);
    bytes_into_whole_numbers(RKNN_PRODUCT_NATIVE);
    halves_into_floats();
}
