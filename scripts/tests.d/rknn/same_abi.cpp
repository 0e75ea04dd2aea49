// Our declarations of the RKNN API beside the public headers: the same sizes, places, numbers and calls.
// Compiled by scripts/tests.d/rknn-abi.sh, which passes the folder of the headers; nothing of it runs.
#define _Static_assert static_assert
#include "rknn_matmul_calls.h"

#include <rknn_matmul_api.h>

#define SIZE(ours, theirs) static_assert(sizeof(ours) == sizeof(theirs), #ours " has another size")
#define PLACE(ours, member, theirs, other) \
    static_assert( \
        offsetof(ours, member) == offsetof(theirs, other) && \
            sizeof(((ours *)nullptr)->member) == sizeof(((theirs *)nullptr)->other), \
        #ours "." #member " is elsewhere")
#define VALUE(ours, theirs) static_assert((long)(ours) == (long)(theirs), #ours " has another value")

// A call is the same when every parameter and the result are passed alike: both pointers, or both of one size.
template <typename T> struct Passed { static constexpr unsigned long as = sizeof(T); };
template <typename T> struct Passed<T *> { static constexpr unsigned long as = 1000; };
template <typename A, typename B> struct Alike { static constexpr bool value = false; };
template <typename R, typename... A, typename S, typename... B> struct Alike<R (*)(A...), S (*)(B...)> {
    template <unsigned long... values> struct List {};
    static constexpr bool same(...) { return false; }
    template <unsigned long... values> static constexpr bool same(List<values...>, List<values...>) { return true; }
    static constexpr bool value =
        same(List<Passed<R>::as, Passed<A>::as...>{}, List<Passed<S>::as, Passed<B>::as...>{});
};
#define CALL(ours, theirs) static_assert(Alike<ours, decltype(&theirs)>::value, #theirs " is called in another way")

SIZE(RKNNHandle, rknn_context);
VALUE(RKNN_DIMENSIONS_MAX, RKNN_MAX_DIMS);
VALUE(RKNN_NAME_BYTES, RKNN_MAX_NAME_LEN);

VALUE(RKNN_STATUS_OK, RKNN_SUCC);
VALUE(RKNN_STATUS_FAILED, RKNN_ERR_FAIL);
VALUE(RKNN_STATUS_TIMED_OUT, RKNN_ERR_TIMEOUT);
VALUE(RKNN_STATUS_DEVICE_UNAVAILABLE, RKNN_ERR_DEVICE_UNAVAILABLE);
VALUE(RKNN_STATUS_OUT_OF_MEMORY, RKNN_ERR_MALLOC_FAIL);
VALUE(RKNN_STATUS_BAD_PARAMETER, RKNN_ERR_PARAM_INVALID);
VALUE(RKNN_STATUS_BAD_MODEL, RKNN_ERR_MODEL_INVALID);
VALUE(RKNN_STATUS_BAD_CONTEXT, RKNN_ERR_CTX_INVALID);
VALUE(RKNN_STATUS_BAD_INPUT, RKNN_ERR_INPUT_INVALID);
VALUE(RKNN_STATUS_BAD_OUTPUT, RKNN_ERR_OUTPUT_INVALID);
VALUE(RKNN_STATUS_DEVICE_MISMATCH, RKNN_ERR_DEVICE_UNMATCH);
VALUE(RKNN_STATUS_PRECOMPILED_MISMATCH, RKNN_ERR_INCOMPATILE_PRE_COMPILE_MODEL);
VALUE(RKNN_STATUS_OPTIMIZATION_MISMATCH, RKNN_ERR_INCOMPATILE_OPTIMIZATION_LEVEL_VERSION);
VALUE(RKNN_STATUS_PLATFORM_MISMATCH, RKNN_ERR_TARGET_PLATFORM_UNMATCH);

VALUE(RKNN_INIT_PRIORITY_HIGH, RKNN_FLAG_PRIOR_HIGH);
VALUE(RKNN_INIT_PRIORITY_MEDIUM, RKNN_FLAG_PRIOR_MEDIUM);
VALUE(RKNN_INIT_PRIORITY_LOW, RKNN_FLAG_PRIOR_LOW);
VALUE(RKNN_INIT_ASYNCHRONOUS, RKNN_FLAG_ASYNC_MASK);
VALUE(RKNN_INIT_COLLECT_PERFORMANCE, RKNN_FLAG_COLLECT_PERF_MASK);
VALUE(RKNN_INIT_ALLOCATE_OUTSIDE, RKNN_FLAG_MEM_ALLOC_OUTSIDE);
VALUE(RKNN_INIT_SHARE_WEIGHTS, RKNN_FLAG_SHARE_WEIGHT_MEM);
VALUE(RKNN_INIT_FENCE_IN, RKNN_FLAG_FENCE_IN_OUTSIDE);
VALUE(RKNN_INIT_FENCE_OUT, RKNN_FLAG_FENCE_OUT_OUTSIDE);
VALUE(RKNN_INIT_INFORMATION_ONLY, RKNN_FLAG_COLLECT_MODEL_INFO_ONLY);
VALUE(RKNN_INIT_INTERNAL_OUTSIDE, RKNN_FLAG_INTERNAL_ALLOC_OUTSIDE);
VALUE(RKNN_INIT_FALL_BACK_TO_GPU, RKNN_FLAG_EXECUTE_FALLBACK_PRIOR_DEVICE_GPU);
VALUE(RKNN_INIT_USE_SRAM, RKNN_FLAG_ENABLE_SRAM);
VALUE(RKNN_INIT_SHARE_SRAM, RKNN_FLAG_SHARE_SRAM);
VALUE(RKNN_INIT_KEEP_PROCESS_PRIORITY, RKNN_FLAG_DISABLE_PROC_HIGH_PRIORITY);
VALUE(RKNN_INIT_KEEP_INPUT_CACHE, RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE);
VALUE(RKNN_INIT_KEEP_OUTPUT_CACHE, RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE);
VALUE(RKNN_INIT_MODEL_ZERO_COPY, RKNN_FLAG_MODEL_BUFFER_ZERO_COPY);
VALUE(RKNN_ALLOCATE_WITHOUT_CONTEXT, RKNN_MEM_FLAG_ALLOC_NO_CONTEXT);

VALUE(RKNN_ASK_COUNTS, RKNN_QUERY_IN_OUT_NUM);
VALUE(RKNN_ASK_INPUT, RKNN_QUERY_INPUT_ATTR);
VALUE(RKNN_ASK_OUTPUT, RKNN_QUERY_OUTPUT_ATTR);
VALUE(RKNN_ASK_RUN_DETAIL, RKNN_QUERY_PERF_DETAIL);
VALUE(RKNN_ASK_RUN_TIME, RKNN_QUERY_PERF_RUN);
VALUE(RKNN_ASK_VERSION, RKNN_QUERY_SDK_VERSION);
VALUE(RKNN_ASK_MEMORY, RKNN_QUERY_MEM_SIZE);
VALUE(RKNN_ASK_CUSTOM_STRING, RKNN_QUERY_CUSTOM_STRING);
VALUE(RKNN_ASK_NATIVE_INPUT, RKNN_QUERY_NATIVE_INPUT_ATTR);
VALUE(RKNN_ASK_NATIVE_OUTPUT, RKNN_QUERY_NATIVE_OUTPUT_ATTR);
VALUE(RKNN_ASK_NATIVE_NHWC_INPUT, RKNN_QUERY_NATIVE_NHWC_INPUT_ATTR);
VALUE(RKNN_ASK_NATIVE_NHWC_OUTPUT, RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR);
VALUE(RKNN_ASK_DEVICE_MEMORY, RKNN_QUERY_DEVICE_MEM_INFO);
VALUE(RKNN_ASK_INPUT_RANGE, RKNN_QUERY_INPUT_DYNAMIC_RANGE);
VALUE(RKNN_ASK_CURRENT_INPUT, RKNN_QUERY_CURRENT_INPUT_ATTR);
VALUE(RKNN_ASK_CURRENT_OUTPUT, RKNN_QUERY_CURRENT_OUTPUT_ATTR);
VALUE(RKNN_ASK_CURRENT_NATIVE_INPUT, RKNN_QUERY_CURRENT_NATIVE_INPUT_ATTR);
VALUE(RKNN_ASK_CURRENT_NATIVE_OUTPUT, RKNN_QUERY_CURRENT_NATIVE_OUTPUT_ATTR);

VALUE(RKNN_TYPE_FLOAT32, RKNN_TENSOR_FLOAT32);
VALUE(RKNN_TYPE_FLOAT16, RKNN_TENSOR_FLOAT16);
VALUE(RKNN_TYPE_INT8, RKNN_TENSOR_INT8);
VALUE(RKNN_TYPE_UINT8, RKNN_TENSOR_UINT8);
VALUE(RKNN_TYPE_INT16, RKNN_TENSOR_INT16);
VALUE(RKNN_TYPE_UINT16, RKNN_TENSOR_UINT16);
VALUE(RKNN_TYPE_INT32, RKNN_TENSOR_INT32);
VALUE(RKNN_TYPE_UINT32, RKNN_TENSOR_UINT32);
VALUE(RKNN_TYPE_INT64, RKNN_TENSOR_INT64);
VALUE(RKNN_TYPE_BOOL, RKNN_TENSOR_BOOL);
VALUE(RKNN_TYPE_INT4, RKNN_TENSOR_INT4);
VALUE(RKNN_TYPE_BFLOAT16, RKNN_TENSOR_BFLOAT16);

VALUE(RKNN_LAYOUT_NCHW, RKNN_TENSOR_NCHW);
VALUE(RKNN_LAYOUT_NHWC, RKNN_TENSOR_NHWC);
VALUE(RKNN_LAYOUT_NC1HWC2, RKNN_TENSOR_NC1HWC2);
VALUE(RKNN_LAYOUT_UNDEFINED, RKNN_TENSOR_UNDEFINED);
VALUE(RKNN_QUANTIZATION_NONE, RKNN_TENSOR_QNT_NONE);
VALUE(RKNN_QUANTIZATION_FIXED_POINT, RKNN_TENSOR_QNT_DFP);
VALUE(RKNN_QUANTIZATION_AFFINE, RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC);

VALUE(RKNN_CORES_ANY, RKNN_NPU_CORE_AUTO);
VALUE(RKNN_CORES_0, RKNN_NPU_CORE_0);
VALUE(RKNN_CORES_1, RKNN_NPU_CORE_1);
VALUE(RKNN_CORES_2, RKNN_NPU_CORE_2);
VALUE(RKNN_CORES_0_1, RKNN_NPU_CORE_0_1);
VALUE(RKNN_CORES_0_1_2, RKNN_NPU_CORE_0_1_2);
VALUE(RKNN_CORES_ALL, RKNN_NPU_CORE_ALL);

VALUE(RKNN_MEMORY_FROM_LIBRARY, RKNN_TENSOR_MEMORY_FLAGS_ALLOC_INSIDE);
VALUE(RKNN_MEMORY_FROM_DESCRIPTOR, RKNN_TENSOR_MEMORY_FLAGS_FROM_FD);
VALUE(RKNN_MEMORY_FROM_ADDRESS, RKNN_TENSOR_MEMORY_FLAGS_FROM_PHYS);
VALUE(RKNN_MEMORY_CACHEABLE, RKNN_FLAG_MEMORY_CACHEABLE);
VALUE(RKNN_MEMORY_NOT_CACHEABLE, RKNN_FLAG_MEMORY_NON_CACHEABLE);
VALUE(RKNN_MEMORY_IN_SRAM, RKNN_FLAG_MEMORY_TRY_ALLOC_SRAM);
VALUE(RKNN_SYNC_TO_DEVICE, RKNN_MEMORY_SYNC_TO_DEVICE);
VALUE(RKNN_SYNC_FROM_DEVICE, RKNN_MEMORY_SYNC_FROM_DEVICE);
VALUE(RKNN_SYNC_BOTH, RKNN_MEMORY_SYNC_BIDIRECTIONAL);

SIZE(RKNNTensorCounts, rknn_input_output_num);
PLACE(RKNNTensorCounts, inputs, rknn_input_output_num, n_input);
PLACE(RKNNTensorCounts, outputs, rknn_input_output_num, n_output);

SIZE(RKNNTensorAttr, rknn_tensor_attr);
PLACE(RKNNTensorAttr, index, rknn_tensor_attr, index);
PLACE(RKNNTensorAttr, rank, rknn_tensor_attr, n_dims);
PLACE(RKNNTensorAttr, dims, rknn_tensor_attr, dims);
PLACE(RKNNTensorAttr, name, rknn_tensor_attr, name);
PLACE(RKNNTensorAttr, elements, rknn_tensor_attr, n_elems);
PLACE(RKNNTensorAttr, size, rknn_tensor_attr, size);
PLACE(RKNNTensorAttr, layout, rknn_tensor_attr, fmt);
PLACE(RKNNTensorAttr, type, rknn_tensor_attr, type);
PLACE(RKNNTensorAttr, quantization, rknn_tensor_attr, qnt_type);
PLACE(RKNNTensorAttr, fraction_bits, rknn_tensor_attr, fl);
PLACE(RKNNTensorAttr, zero_point, rknn_tensor_attr, zp);
PLACE(RKNNTensorAttr, scale, rknn_tensor_attr, scale);
PLACE(RKNNTensorAttr, width_stride, rknn_tensor_attr, w_stride);
PLACE(RKNNTensorAttr, size_with_stride, rknn_tensor_attr, size_with_stride);
PLACE(RKNNTensorAttr, pass_through, rknn_tensor_attr, pass_through);
PLACE(RKNNTensorAttr, height_stride, rknn_tensor_attr, h_stride);

SIZE(RKNNRunDetail, rknn_perf_detail);
PLACE(RKNNRunDetail, text, rknn_perf_detail, perf_data);
PLACE(RKNNRunDetail, length, rknn_perf_detail, data_len);
SIZE(RKNNRunTime, rknn_perf_run);
PLACE(RKNNRunTime, microseconds, rknn_perf_run, run_duration);
SIZE(RKNNVersion, rknn_sdk_version);
PLACE(RKNNVersion, library, rknn_sdk_version, api_version);
PLACE(RKNNVersion, driver, rknn_sdk_version, drv_version);
SIZE(RKNNMemorySize, rknn_mem_size);
PLACE(RKNNMemorySize, weights, rknn_mem_size, total_weight_size);
PLACE(RKNNMemorySize, internal, rknn_mem_size, total_internal_size);
PLACE(RKNNMemorySize, device_total, rknn_mem_size, total_dma_allocated_size);
PLACE(RKNNMemorySize, sram_total, rknn_mem_size, total_sram_size);
PLACE(RKNNMemorySize, sram_free, rknn_mem_size, free_sram_size);
PLACE(RKNNMemorySize, reserved, rknn_mem_size, reserved);
SIZE(RKNNCustomString, rknn_custom_string);
PLACE(RKNNCustomString, text, rknn_custom_string, string);

SIZE(RKNNTensorMemory, rknn_tensor_mem);
PLACE(RKNNTensorMemory, address, rknn_tensor_mem, virt_addr);
PLACE(RKNNTensorMemory, physical_address, rknn_tensor_mem, phys_addr);
PLACE(RKNNTensorMemory, descriptor, rknn_tensor_mem, fd);
PLACE(RKNNTensorMemory, offset, rknn_tensor_mem, offset);
PLACE(RKNNTensorMemory, size, rknn_tensor_mem, size);
PLACE(RKNNTensorMemory, flags, rknn_tensor_mem, flags);
PLACE(RKNNTensorMemory, library_data, rknn_tensor_mem, priv_data);

SIZE(RKNNInput, rknn_input);
PLACE(RKNNInput, index, rknn_input, index);
PLACE(RKNNInput, data, rknn_input, buf);
PLACE(RKNNInput, size, rknn_input, size);
PLACE(RKNNInput, pass_through, rknn_input, pass_through);
PLACE(RKNNInput, type, rknn_input, type);
PLACE(RKNNInput, layout, rknn_input, fmt);

SIZE(RKNNOutput, rknn_output);
PLACE(RKNNOutput, want_float, rknn_output, want_float);
PLACE(RKNNOutput, is_preallocated, rknn_output, is_prealloc);
PLACE(RKNNOutput, index, rknn_output, index);
PLACE(RKNNOutput, data, rknn_output, buf);
PLACE(RKNNOutput, size, rknn_output, size);

SIZE(RKNNInitExtend, rknn_init_extend);
PLACE(RKNNInitExtend, handle, rknn_init_extend, ctx);
PLACE(RKNNInitExtend, model_offset, rknn_init_extend, real_model_offset);
PLACE(RKNNInitExtend, model_size, rknn_init_extend, real_model_size);
PLACE(RKNNInitExtend, model_descriptor, rknn_init_extend, model_buffer_fd);
PLACE(RKNNInitExtend, model_flags, rknn_init_extend, model_buffer_flags);
PLACE(RKNNInitExtend, reserved, rknn_init_extend, reserved);
SIZE(RKNNRunExtend, rknn_run_extend);
PLACE(RKNNRunExtend, frame, rknn_run_extend, frame_id);
PLACE(RKNNRunExtend, non_blocking, rknn_run_extend, non_block);
PLACE(RKNNRunExtend, timeout_milliseconds, rknn_run_extend, timeout_ms);
PLACE(RKNNRunExtend, fence_descriptor, rknn_run_extend, fence_fd);
SIZE(RKNNOutputExtend, rknn_output_extend);
PLACE(RKNNOutputExtend, frame, rknn_output_extend, frame_id);

CALL(RKNNInitCall, rknn_init);
CALL(RKNNDuplicateCall, rknn_dup_context);
CALL(RKNNDestroyCall, rknn_destroy);
CALL(RKNNQueryCall, rknn_query);
CALL(RKNNSetCoreMaskCall, rknn_set_core_mask);
CALL(RKNNSetBatchCoresCall, rknn_set_batch_core_num);
CALL(RKNNSetInputsCall, rknn_inputs_set);
CALL(RKNNRunCall, rknn_run);
CALL(RKNNWaitCall, rknn_wait);
CALL(RKNNGetOutputsCall, rknn_outputs_get);
CALL(RKNNReleaseOutputsCall, rknn_outputs_release);
CALL(RKNNCreateMemoryCall, rknn_create_mem);
CALL(RKNNCreateMemory2Call, rknn_create_mem2);
CALL(RKNNCreateMemoryFromDescriptorCall, rknn_create_mem_from_fd);
CALL(RKNNCreateMemoryFromAddressCall, rknn_create_mem_from_phys);
CALL(RKNNDestroyMemoryCall, rknn_destroy_mem);
CALL(RKNNSetTensorMemoryCall, rknn_set_io_mem);
CALL(RKNNSetWeightMemoryCall, rknn_set_weight_mem);
CALL(RKNNSetInternalMemoryCall, rknn_set_internal_mem);
CALL(RKNNSyncMemoryCall, rknn_mem_sync);
CALL(RKNNSetInputShapeCall, rknn_set_input_shape);
CALL(RKNNSetInputShapesCall, rknn_set_input_shapes);

VALUE(RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT32, RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT32);
VALUE(RKNN_PRODUCT_INT8_INT8_INT32, RKNN_INT8_MM_INT8_TO_INT32);
VALUE(RKNN_PRODUCT_INT8_INT8_INT8, RKNN_INT8_MM_INT8_TO_INT8);
VALUE(RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT16, RKNN_FLOAT16_MM_FLOAT16_TO_FLOAT16);
VALUE(RKNN_PRODUCT_FLOAT16_INT8_FLOAT32, RKNN_FLOAT16_MM_INT8_TO_FLOAT32);
VALUE(RKNN_PRODUCT_FLOAT16_INT8_FLOAT16, RKNN_FLOAT16_MM_INT8_TO_FLOAT16);
VALUE(RKNN_PRODUCT_FLOAT16_INT4_FLOAT32, RKNN_FLOAT16_MM_INT4_TO_FLOAT32);
VALUE(RKNN_PRODUCT_FLOAT16_INT4_FLOAT16, RKNN_FLOAT16_MM_INT4_TO_FLOAT16);
VALUE(RKNN_PRODUCT_INT8_INT8_FLOAT32, RKNN_INT8_MM_INT8_TO_FLOAT32);
VALUE(RKNN_PRODUCT_INT4_INT4_INT16, RKNN_INT4_MM_INT4_TO_INT16);
VALUE(RKNN_PRODUCT_INT8_INT4_INT32, RKNN_INT8_MM_INT4_TO_INT32);
VALUE(RKNN_PRODUCT_FLOAT16_INT4_BFLOAT16, RKNN_FLOAT16_MM_INT4_TO_BFLOAT16);
VALUE(RKNN_PRODUCT_INT8_INT4_FLOAT16, RKNN_INT8_MM_INT4_TO_FLOAT16);
VALUE(RKNN_PRODUCT_ROWS, RKNN_MM_LAYOUT_NORM);
VALUE(RKNN_PRODUCT_NATIVE, RKNN_MM_LAYOUT_NATIVE);
VALUE(RKNN_PRODUCT_TRANSPOSED, RKNN_MM_LAYOUT_TP_NORM);
VALUE(RKNN_PRODUCT_WHOLE_SYMMETRIC, RKNN_QUANT_TYPE_PER_LAYER_SYM);
VALUE(RKNN_PRODUCT_WHOLE_ASYMMETRIC, RKNN_QUANT_TYPE_PER_LAYER_ASYM);
VALUE(RKNN_PRODUCT_COLUMN_SYMMETRIC, RKNN_QUANT_TYPE_PER_CHANNEL_SYM);
VALUE(RKNN_PRODUCT_COLUMN_ASYMMETRIC, RKNN_QUANT_TYPE_PER_CHANNEL_ASYM);
VALUE(RKNN_PRODUCT_GROUP_SYMMETRIC, RKNN_QUANT_TYPE_PER_GROUP_SYM);
VALUE(RKNN_PRODUCT_GROUP_ASYMMETRIC, RKNN_QUANT_TYPE_PER_GROUP_ASYM);

SIZE(RKNNProductInfo, rknn_matmul_info);
PLACE(RKNNProductInfo, m, rknn_matmul_info, M);
PLACE(RKNNProductInfo, k, rknn_matmul_info, K);
PLACE(RKNNProductInfo, n, rknn_matmul_info, N);
PLACE(RKNNProductInfo, type, rknn_matmul_info, type);
PLACE(RKNNProductInfo, b_layout, rknn_matmul_info, B_layout);
PLACE(RKNNProductInfo, b_quantization, rknn_matmul_info, B_quant_type);
PLACE(RKNNProductInfo, ac_layout, rknn_matmul_info, AC_layout);
PLACE(RKNNProductInfo, ac_quantization, rknn_matmul_info, AC_quant_type);
PLACE(RKNNProductInfo, iommu_domain, rknn_matmul_info, iommu_domain_id);
PLACE(RKNNProductInfo, group_size, rknn_matmul_info, group_size);
PLACE(RKNNProductInfo, reserved, rknn_matmul_info, reserved);
SIZE(RKNNProductTensorAttr, rknn_matmul_tensor_attr);
PLACE(RKNNProductTensorAttr, name, rknn_matmul_tensor_attr, name);
PLACE(RKNNProductTensorAttr, rank, rknn_matmul_tensor_attr, n_dims);
PLACE(RKNNProductTensorAttr, dims, rknn_matmul_tensor_attr, dims);
PLACE(RKNNProductTensorAttr, size, rknn_matmul_tensor_attr, size);
PLACE(RKNNProductTensorAttr, type, rknn_matmul_tensor_attr, type);
SIZE(RKNNProductAttr, rknn_matmul_io_attr);
PLACE(RKNNProductAttr, a, rknn_matmul_io_attr, A);
PLACE(RKNNProductAttr, b, rknn_matmul_io_attr, B);
PLACE(RKNNProductAttr, c, rknn_matmul_io_attr, C);
SIZE(RKNNProductShape, rknn_matmul_shape);
PLACE(RKNNProductShape, m, rknn_matmul_shape, M);
PLACE(RKNNProductShape, k, rknn_matmul_shape, K);
PLACE(RKNNProductShape, n, rknn_matmul_shape, N);
SIZE(RKNNProductQuantization, rknn_quant_params);
PLACE(RKNNProductQuantization, name, rknn_quant_params, name);
PLACE(RKNNProductQuantization, scales, rknn_quant_params, scale);
PLACE(RKNNProductQuantization, scale_count, rknn_quant_params, scale_len);
PLACE(RKNNProductQuantization, zero_points, rknn_quant_params, zp);
PLACE(RKNNProductQuantization, zero_point_count, rknn_quant_params, zp_len);

CALL(RKNNCreateProductCall, rknn_matmul_create);
CALL(RKNNCreateProductOfShapesCall, rknn_matmul_create_dynamic_shape);
CALL(RKNNSetProductShapeCall, rknn_matmul_set_dynamic_shape);
CALL(RKNNSetProductCoreMaskCall, rknn_matmul_set_core_mask);
CALL(RKNNSetProductQuantizationCall, rknn_matmul_set_quant_params);
CALL(RKNNGetProductQuantizationCall, rknn_matmul_get_quant_params);
CALL(RKNNSetProductMemoryCall, rknn_matmul_set_io_mem);
CALL(RKNNRunProductCall, rknn_matmul_run);
CALL(RKNNDestroyProductCall, rknn_matmul_destroy);
CALL(RKNNLayOutProductCall, rknn_B_normal_layout_to_native_layout);
