// The calls that the simulator offers, by the names of the vendor; exports.c holds them against their types.
#pragma once
#include "rknn_matmul_calls.h"

int rknn_init(RKNNHandle *out, void *model, uint32_t size, uint32_t flags, RKNNInitExtend *extend);
int rknn_dup_context(RKNNHandle *original, RKNNHandle *out);
int rknn_destroy(RKNNHandle handle);
int rknn_query(RKNNHandle handle, int32_t what, void *out, uint32_t size);
int rknn_set_core_mask(RKNNHandle handle, uint32_t mask);
int rknn_set_batch_core_num(RKNNHandle handle, int cores);
int rknn_inputs_set(RKNNHandle handle, uint32_t amount, RKNNInput *inputs);
int rknn_run(RKNNHandle handle, RKNNRunExtend *extend);
int rknn_wait(RKNNHandle handle, RKNNRunExtend *extend);
int rknn_outputs_get(RKNNHandle handle, uint32_t amount, RKNNOutput *outputs, RKNNOutputExtend *extend);
int rknn_outputs_release(RKNNHandle handle, uint32_t amount, RKNNOutput *outputs);
RKNNTensorMemory *rknn_create_mem(RKNNHandle handle, uint32_t size);
RKNNTensorMemory *rknn_create_mem2(RKNNHandle handle, uint64_t size, uint64_t flags);
RKNNTensorMemory *rknn_create_mem_from_fd(
    RKNNHandle handle, int32_t descriptor, void *address, uint32_t size, int32_t offset);
RKNNTensorMemory *rknn_create_mem_from_phys(
    RKNNHandle handle, uint64_t physical_address, void *address, uint32_t size);
int rknn_destroy_mem(RKNNHandle handle, RKNNTensorMemory *memory);
int rknn_set_io_mem(RKNNHandle handle, RKNNTensorMemory *memory, RKNNTensorAttr *attr);
int rknn_set_weight_mem(RKNNHandle handle, RKNNTensorMemory *memory);
int rknn_set_internal_mem(RKNNHandle handle, RKNNTensorMemory *memory);
int rknn_mem_sync(RKNNHandle handle, RKNNTensorMemory *memory, int32_t direction);
int rknn_set_input_shape(RKNNHandle handle, RKNNTensorAttr *wanted);
int rknn_set_input_shapes(RKNNHandle handle, uint32_t amount, RKNNTensorAttr *wanted);

int rknn_matmul_create(RKNNHandle *out, RKNNProductInfo *info, RKNNProductAttr *attr);
int rknn_matmul_create_dynamic_shape(
    RKNNHandle *out, RKNNProductInfo *info, int amount, RKNNProductShape *shapes, RKNNProductAttr *attr);
int rknn_matmul_set_dynamic_shape(RKNNHandle handle, RKNNProductShape *shape);
int rknn_matmul_set_core_mask(RKNNHandle handle, uint32_t mask);
int rknn_matmul_set_quant_params(RKNNHandle handle, RKNNProductQuantization *quantization);
int rknn_matmul_get_quant_params(RKNNHandle handle, RKNNProductQuantization *quantization, float *scale);
int rknn_matmul_set_io_mem(RKNNHandle handle, RKNNTensorMemory *memory, RKNNProductTensorAttr *attr);
int rknn_matmul_run(RKNNHandle handle);
int rknn_matmul_destroy(RKNNHandle handle);
int rknn_B_normal_layout_to_native_layout(void *rows, void *native, int k, int n, RKNNProductInfo *info);
