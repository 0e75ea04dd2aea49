// A call of another type than the declarations promise does not compile.
#include "exports.h"

#define SAME(call, type) _Static_assert(_Generic(&(call), type: 1, default: 0), #call " is not a " #type)
SAME(rknn_init, RKNNInitCall);
SAME(rknn_dup_context, RKNNDuplicateCall);
SAME(rknn_destroy, RKNNDestroyCall);
SAME(rknn_query, RKNNQueryCall);
SAME(rknn_set_core_mask, RKNNSetCoreMaskCall);
SAME(rknn_set_batch_core_num, RKNNSetBatchCoresCall);
SAME(rknn_inputs_set, RKNNSetInputsCall);
SAME(rknn_run, RKNNRunCall);
SAME(rknn_wait, RKNNWaitCall);
SAME(rknn_outputs_get, RKNNGetOutputsCall);
SAME(rknn_outputs_release, RKNNReleaseOutputsCall);
SAME(rknn_create_mem, RKNNCreateMemoryCall);
SAME(rknn_create_mem2, RKNNCreateMemory2Call);
SAME(rknn_create_mem_from_fd, RKNNCreateMemoryFromDescriptorCall);
SAME(rknn_create_mem_from_phys, RKNNCreateMemoryFromAddressCall);
SAME(rknn_destroy_mem, RKNNDestroyMemoryCall);
SAME(rknn_set_io_mem, RKNNSetTensorMemoryCall);
SAME(rknn_set_weight_mem, RKNNSetWeightMemoryCall);
SAME(rknn_set_internal_mem, RKNNSetInternalMemoryCall);
SAME(rknn_mem_sync, RKNNSyncMemoryCall);
SAME(rknn_set_input_shape, RKNNSetInputShapeCall);
SAME(rknn_set_input_shapes, RKNNSetInputShapesCall);
SAME(rknn_matmul_create, RKNNCreateProductCall);
SAME(rknn_matmul_create_dynamic_shape, RKNNCreateProductOfShapesCall);
SAME(rknn_matmul_set_dynamic_shape, RKNNSetProductShapeCall);
SAME(rknn_matmul_set_core_mask, RKNNSetProductCoreMaskCall);
SAME(rknn_matmul_set_quant_params, RKNNSetProductQuantizationCall);
SAME(rknn_matmul_get_quant_params, RKNNGetProductQuantizationCall);
SAME(rknn_matmul_set_io_mem, RKNNSetProductMemoryCall);
SAME(rknn_matmul_run, RKNNRunProductCall);
SAME(rknn_matmul_destroy, RKNNDestroyProductCall);
SAME(rknn_B_normal_layout_to_native_layout, RKNNLayOutProductCall);
