// The part of Rockchip's RKNN API that we call, declared by us: sizes, numbers and order of members are those of
// librknnrt 2.3.2 on a 64-bit system; scripts/tests.d/rknn-abi.sh compares them with the public headers.
//
// Names are ours, so that a file may include both. Sizes count bytes unless a name says otherwise.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifndef __clang__
#define _Nonnull
#define _Nullable
#endif

/// A context: a loaded model, ready to run. 0 is none.
typedef uint64_t RKNNHandle;

/// What every call returns.
enum {
    RKNN_STATUS_OK = 0,
    RKNN_STATUS_FAILED = -1,
    RKNN_STATUS_TIMED_OUT = -2,
    RKNN_STATUS_DEVICE_UNAVAILABLE = -3,
    RKNN_STATUS_OUT_OF_MEMORY = -4,
    RKNN_STATUS_BAD_PARAMETER = -5,
    RKNN_STATUS_BAD_MODEL = -6,
    RKNN_STATUS_BAD_CONTEXT = -7,
    RKNN_STATUS_BAD_INPUT = -8,
    RKNN_STATUS_BAD_OUTPUT = -9,
    /// Library, driver and device do not belong together.
    RKNN_STATUS_DEVICE_MISMATCH = -10,
    RKNN_STATUS_PRECOMPILED_MISMATCH = -11,
    RKNN_STATUS_OPTIMIZATION_MISMATCH = -12,
    /// The model was compiled for another chip.
    RKNN_STATUS_PLATFORM_MISMATCH = -13,
};

/// Flags of a new context.
enum {
    RKNN_INIT_PRIORITY_HIGH = 0x0,
    RKNN_INIT_PRIORITY_MEDIUM = 0x1,
    RKNN_INIT_PRIORITY_LOW = 0x2,
    RKNN_INIT_ASYNCHRONOUS = 0x4,
    RKNN_INIT_COLLECT_PERFORMANCE = 0x8,
    RKNN_INIT_ALLOCATE_OUTSIDE = 0x10,
    RKNN_INIT_SHARE_WEIGHTS = 0x20,
    RKNN_INIT_FENCE_IN = 0x40,
    RKNN_INIT_FENCE_OUT = 0x80,
    /// Only the sizes of weights and internal memory are asked for.
    RKNN_INIT_INFORMATION_ONLY = 0x100,
    RKNN_INIT_INTERNAL_OUTSIDE = 0x200,
    RKNN_INIT_FALL_BACK_TO_GPU = 0x400,
    RKNN_INIT_USE_SRAM = 0x800,
    RKNN_INIT_SHARE_SRAM = 0x1000,
    RKNN_INIT_KEEP_PROCESS_PRIORITY = 0x2000,
    RKNN_INIT_KEEP_INPUT_CACHE = 0x4000,
    RKNN_INIT_KEEP_OUTPUT_CACHE = 0x8000,
    RKNN_INIT_MODEL_ZERO_COPY = 0x10000,
    /// Of memory, not of a context: allocate before there is one.
    RKNN_ALLOCATE_WITHOUT_CONTEXT = 0x20000,
};

/// What `RKNNQueryCall` can be asked; behind each, what it fills in.
enum {
    RKNN_ASK_COUNTS = 0,                 // RKNNTensorCounts
    RKNN_ASK_INPUT = 1,                  // RKNNTensorAttr; its `index` says which
    RKNN_ASK_OUTPUT = 2,                 // RKNNTensorAttr
    RKNN_ASK_RUN_DETAIL = 3,             // RKNNRunDetail
    RKNN_ASK_RUN_TIME = 4,               // RKNNRunTime
    RKNN_ASK_VERSION = 5,                // RKNNVersion
    RKNN_ASK_MEMORY = 6,                 // RKNNMemorySize
    RKNN_ASK_CUSTOM_STRING = 7,          // RKNNCustomString
    RKNN_ASK_NATIVE_INPUT = 8,           // RKNNTensorAttr, as the device lays it out (NC1HWC2 where it does)
    RKNN_ASK_NATIVE_OUTPUT = 9,          // RKNNTensorAttr
    RKNN_ASK_NATIVE_NHWC_INPUT = 10,     // RKNNTensorAttr, with the strides that the device wants
    RKNN_ASK_NATIVE_NHWC_OUTPUT = 11,    // RKNNTensorAttr
    RKNN_ASK_DEVICE_MEMORY = 12,
    RKNN_ASK_INPUT_RANGE = 13,
    RKNN_ASK_CURRENT_INPUT = 14,         // RKNNTensorAttr, of a model with several shapes
    RKNN_ASK_CURRENT_OUTPUT = 15,        // RKNNTensorAttr
    RKNN_ASK_CURRENT_NATIVE_INPUT = 16,  // RKNNTensorAttr
    RKNN_ASK_CURRENT_NATIVE_OUTPUT = 17, // RKNNTensorAttr
};

/// Element types of a tensor.
enum {
    RKNN_TYPE_FLOAT32 = 0,
    RKNN_TYPE_FLOAT16 = 1,
    RKNN_TYPE_INT8 = 2,
    RKNN_TYPE_UINT8 = 3,
    RKNN_TYPE_INT16 = 4,
    RKNN_TYPE_UINT16 = 5,
    RKNN_TYPE_INT32 = 6,
    RKNN_TYPE_UINT32 = 7,
    RKNN_TYPE_INT64 = 8,
    RKNN_TYPE_BOOL = 9,
    RKNN_TYPE_INT4 = 10,
    RKNN_TYPE_BFLOAT16 = 11,
};

/// How a tensor lies in memory.
enum {
    RKNN_LAYOUT_NCHW = 0,
    RKNN_LAYOUT_NHWC = 1,
    /// Channels in groups: N, C / C2 rounded up, H, W, C2.
    RKNN_LAYOUT_NC1HWC2 = 2,
    /// Not of four dimensions: as the model has it.
    RKNN_LAYOUT_UNDEFINED = 3,
};

/// How integers stand for real numbers.
enum {
    RKNN_QUANTIZATION_NONE = 0,
    /// value = integer x 2^-fraction_bits
    RKNN_QUANTIZATION_FIXED_POINT = 1,
    /// value = (integer - zero_point) x scale
    RKNN_QUANTIZATION_AFFINE = 2,
};

/// Cores that a context may use, a bit each. Which sets a chip takes, the chip says.
enum {
    RKNN_CORES_ANY = 0,
    RKNN_CORES_0 = 1,
    RKNN_CORES_1 = 2,
    RKNN_CORES_2 = 4,
    RKNN_CORES_0_1 = 3,
    RKNN_CORES_0_1_2 = 7,
    /// As many as the library thinks fit.
    RKNN_CORES_ALL = 0xffff,
};

/// Flags of `RKNNTensorMemory`: who made it.
enum { RKNN_MEMORY_FROM_LIBRARY = 1, RKNN_MEMORY_FROM_DESCRIPTOR = 2, RKNN_MEMORY_FROM_ADDRESS = 3 };

/// Flags for `RKNNCreateMemory2Call`.
enum { RKNN_MEMORY_CACHEABLE = 1, RKNN_MEMORY_NOT_CACHEABLE = 2, RKNN_MEMORY_IN_SRAM = 4 };

/// Whose view of a buffer is brought up to date.
enum { RKNN_SYNC_TO_DEVICE = 1, RKNN_SYNC_FROM_DEVICE = 2, RKNN_SYNC_BOTH = 3 };

enum { RKNN_DIMENSIONS_MAX = 16, RKNN_NAME_BYTES = 256 };

typedef struct RKNNTensorCounts {
    uint32_t inputs;
    uint32_t outputs;
} RKNNTensorCounts;

/// A tensor as the library describes it, and as `RKNNSetTensorMemoryCall` is told how a buffer is filled.
typedef struct RKNNTensorAttr {
    /// Set before asking.
    uint32_t index;
    uint32_t rank;
    uint32_t dims[RKNN_DIMENSIONS_MAX];
    char name[RKNN_NAME_BYTES];
    uint32_t elements;
    uint32_t size;
    /// RKNN_LAYOUT_...
    int32_t layout;
    /// RKNN_TYPE_...
    int32_t type;
    /// RKNN_QUANTIZATION_...
    int32_t quantization;
    int8_t fraction_bits;
    int32_t zero_point;
    float scale;
    /// Elements from one row to the next; 0 is the width.
    uint32_t width_stride;
    uint32_t size_with_stride;
    /// 1: the buffer is as the device wants it already, nothing is converted.
    uint8_t pass_through;
    /// Rows from one image to the next, to be set by the caller; 0 is the height.
    uint32_t height_stride;
} RKNNTensorAttr;

/// A report for people; the text belongs to the context.
typedef struct RKNNRunDetail {
    char *_Nullable text;
    uint64_t length;
} RKNNRunDetail;

/// Of the last run.
typedef struct RKNNRunTime {
    int64_t microseconds;
} RKNNRunTime;

typedef struct RKNNVersion {
    char library[256];
    char driver[256];
} RKNNVersion;

typedef struct RKNNMemorySize {
    uint32_t weights;
    /// Without inputs and outputs.
    uint32_t internal;
    uint64_t device_total;
    uint32_t sram_total;
    uint32_t sram_free;
    uint32_t reserved[10];
} RKNNMemorySize;

/// Text that the maker of the model put in.
typedef struct RKNNCustomString {
    char text[1024];
} RKNNCustomString;

/// A buffer that device and process share. Made by the library and given back to it.
typedef struct RKNNTensorMemory {
    void *_Nullable address;
    uint64_t physical_address;
    int32_t descriptor;
    int32_t offset;
    uint32_t size;
    uint32_t flags;
    void *_Nullable library_data;
} RKNNTensorMemory;

/// An input that the library copies and converts.
typedef struct RKNNInput {
    uint32_t index;
    void *_Nullable data;
    uint32_t size;
    /// 1: copied as it is, `type` and `layout` are not looked at.
    uint8_t pass_through;
    int32_t type;
    int32_t layout;
} RKNNInput;

/// An output that the library copies and converts.
typedef struct RKNNOutput {
    /// 1: as float32 whatever the model computes.
    uint8_t want_float;
    /// 1: into `data`, which has `size` bytes; 0: the library allocates, `RKNNReleaseOutputsCall` frees.
    uint8_t is_preallocated;
    uint32_t index;
    void *_Nullable data;
    uint32_t size;
} RKNNOutput;

typedef struct RKNNInitExtend {
    RKNNHandle handle;
    int32_t model_offset;
    uint32_t model_size;
    int32_t model_descriptor;
    uint32_t model_flags;
    uint8_t reserved[112];
} RKNNInitExtend;

typedef struct RKNNRunExtend {
    /// Filled in: counts the runs.
    uint64_t frame;
    /// 1: return at once; `RKNNWaitCall` waits.
    int32_t non_blocking;
    int32_t timeout_milliseconds;
    int32_t fence_descriptor;
} RKNNRunExtend;

typedef struct RKNNOutputExtend {
    uint64_t frame;
} RKNNOutputExtend;

/// `rknn_init`: with `size` 0, `model` is the path of a file.
typedef int (*_Nonnull RKNNInitCall)(
    RKNNHandle *_Nonnull out, void *_Nonnull model, uint32_t size, uint32_t flags, RKNNInitExtend *_Nullable);
/// `rknn_dup_context`: a context of the same model that shares its weights.
typedef int (*_Nonnull RKNNDuplicateCall)(RKNNHandle *_Nonnull original, RKNNHandle *_Nonnull out);
/// `rknn_destroy`
typedef int (*_Nonnull RKNNDestroyCall)(RKNNHandle);
/// `rknn_query`
typedef int (*_Nonnull RKNNQueryCall)(RKNNHandle, int32_t what, void *_Nonnull out, uint32_t size);
/// `rknn_set_core_mask`
typedef int (*_Nonnull RKNNSetCoreMaskCall)(RKNNHandle, uint32_t mask);
/// `rknn_set_batch_core_num`
typedef int (*_Nonnull RKNNSetBatchCoresCall)(RKNNHandle, int cores);

/// `rknn_inputs_set`
typedef int (*_Nonnull RKNNSetInputsCall)(RKNNHandle, uint32_t count, RKNNInput *_Nonnull);
/// `rknn_run`
typedef int (*_Nonnull RKNNRunCall)(RKNNHandle, RKNNRunExtend *_Nullable);
/// `rknn_wait`
typedef int (*_Nonnull RKNNWaitCall)(RKNNHandle, RKNNRunExtend *_Nullable);
/// `rknn_outputs_get`
typedef int (*_Nonnull RKNNGetOutputsCall)(
    RKNNHandle, uint32_t count, RKNNOutput *_Nonnull, RKNNOutputExtend *_Nullable);
/// `rknn_outputs_release`
typedef int (*_Nonnull RKNNReleaseOutputsCall)(RKNNHandle, uint32_t count, RKNNOutput *_Nonnull);

/// `rknn_create_mem`
typedef RKNNTensorMemory *_Nullable (*_Nonnull RKNNCreateMemoryCall)(RKNNHandle, uint32_t size);
/// `rknn_create_mem2`
typedef RKNNTensorMemory *_Nullable (*_Nonnull RKNNCreateMemory2Call)(RKNNHandle, uint64_t size, uint64_t flags);
/// `rknn_create_mem_from_fd`: `address` is the beginning of the mapping, without the offset.
typedef RKNNTensorMemory *_Nullable (*_Nonnull RKNNCreateMemoryFromDescriptorCall)(
    RKNNHandle, int32_t descriptor, void *_Nullable address, uint32_t size, int32_t offset);
/// `rknn_create_mem_from_phys`
typedef RKNNTensorMemory *_Nullable (*_Nonnull RKNNCreateMemoryFromAddressCall)(
    RKNNHandle, uint64_t physical_address, void *_Nullable address, uint32_t size);
/// `rknn_destroy_mem`
typedef int (*_Nonnull RKNNDestroyMemoryCall)(RKNNHandle, RKNNTensorMemory *_Nonnull);
/// `rknn_set_io_mem`: binds a buffer to an input or an output, until another is bound.
typedef int (*_Nonnull RKNNSetTensorMemoryCall)(RKNNHandle, RKNNTensorMemory *_Nonnull, RKNNTensorAttr *_Nonnull);
/// `rknn_set_weight_mem`
typedef int (*_Nonnull RKNNSetWeightMemoryCall)(RKNNHandle, RKNNTensorMemory *_Nonnull);
/// `rknn_set_internal_mem`
typedef int (*_Nonnull RKNNSetInternalMemoryCall)(RKNNHandle, RKNNTensorMemory *_Nonnull);
/// `rknn_mem_sync`: `direction` is one of RKNN_SYNC_...
typedef int (*_Nonnull RKNNSyncMemoryCall)(RKNNHandle, RKNNTensorMemory *_Nonnull, int32_t direction);

/// `rknn_set_input_shape`
typedef int (*_Nonnull RKNNSetInputShapeCall)(RKNNHandle, RKNNTensorAttr *_Nonnull);
/// `rknn_set_input_shapes`: one of the shapes that a model with several was made for.
typedef int (*_Nonnull RKNNSetInputShapesCall)(RKNNHandle, uint32_t count, RKNNTensorAttr *_Nonnull);

#define RKNN_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has another size")
#define RKNN_PLACE(type, member, bytes) \
    _Static_assert(offsetof(type, member) == (bytes), #type "." #member " moved")
RKNN_SIZE(RKNNTensorCounts, 8);
RKNN_PLACE(RKNNTensorCounts, inputs, 0);
RKNN_PLACE(RKNNTensorCounts, outputs, 4);
RKNN_SIZE(RKNNTensorAttr, 376);
RKNN_PLACE(RKNNTensorAttr, index, 0);
RKNN_PLACE(RKNNTensorAttr, rank, 4);
RKNN_PLACE(RKNNTensorAttr, dims, 8);
RKNN_PLACE(RKNNTensorAttr, name, 72);
RKNN_PLACE(RKNNTensorAttr, elements, 328);
RKNN_PLACE(RKNNTensorAttr, size, 332);
RKNN_PLACE(RKNNTensorAttr, layout, 336);
RKNN_PLACE(RKNNTensorAttr, type, 340);
RKNN_PLACE(RKNNTensorAttr, quantization, 344);
RKNN_PLACE(RKNNTensorAttr, fraction_bits, 348);
RKNN_PLACE(RKNNTensorAttr, zero_point, 352);
RKNN_PLACE(RKNNTensorAttr, scale, 356);
RKNN_PLACE(RKNNTensorAttr, width_stride, 360);
RKNN_PLACE(RKNNTensorAttr, size_with_stride, 364);
RKNN_PLACE(RKNNTensorAttr, pass_through, 368);
RKNN_PLACE(RKNNTensorAttr, height_stride, 372);
RKNN_SIZE(RKNNRunDetail, 16);
RKNN_PLACE(RKNNRunDetail, text, 0);
RKNN_PLACE(RKNNRunDetail, length, 8);
RKNN_SIZE(RKNNRunTime, 8);
RKNN_PLACE(RKNNRunTime, microseconds, 0);
RKNN_SIZE(RKNNVersion, 512);
RKNN_PLACE(RKNNVersion, library, 0);
RKNN_PLACE(RKNNVersion, driver, 256);
RKNN_SIZE(RKNNMemorySize, 64);
RKNN_PLACE(RKNNMemorySize, weights, 0);
RKNN_PLACE(RKNNMemorySize, internal, 4);
RKNN_PLACE(RKNNMemorySize, device_total, 8);
RKNN_PLACE(RKNNMemorySize, sram_total, 16);
RKNN_PLACE(RKNNMemorySize, sram_free, 20);
RKNN_PLACE(RKNNMemorySize, reserved, 24);
RKNN_SIZE(RKNNCustomString, 1024);
RKNN_PLACE(RKNNCustomString, text, 0);
RKNN_SIZE(RKNNTensorMemory, 40);
RKNN_PLACE(RKNNTensorMemory, address, 0);
RKNN_PLACE(RKNNTensorMemory, physical_address, 8);
RKNN_PLACE(RKNNTensorMemory, descriptor, 16);
RKNN_PLACE(RKNNTensorMemory, offset, 20);
RKNN_PLACE(RKNNTensorMemory, size, 24);
RKNN_PLACE(RKNNTensorMemory, flags, 28);
RKNN_PLACE(RKNNTensorMemory, library_data, 32);
RKNN_SIZE(RKNNInput, 32);
RKNN_PLACE(RKNNInput, index, 0);
RKNN_PLACE(RKNNInput, data, 8);
RKNN_PLACE(RKNNInput, size, 16);
RKNN_PLACE(RKNNInput, pass_through, 20);
RKNN_PLACE(RKNNInput, type, 24);
RKNN_PLACE(RKNNInput, layout, 28);
RKNN_SIZE(RKNNOutput, 24);
RKNN_PLACE(RKNNOutput, want_float, 0);
RKNN_PLACE(RKNNOutput, is_preallocated, 1);
RKNN_PLACE(RKNNOutput, index, 4);
RKNN_PLACE(RKNNOutput, data, 8);
RKNN_PLACE(RKNNOutput, size, 16);
RKNN_SIZE(RKNNInitExtend, 136);
RKNN_PLACE(RKNNInitExtend, handle, 0);
RKNN_PLACE(RKNNInitExtend, model_offset, 8);
RKNN_PLACE(RKNNInitExtend, model_size, 12);
RKNN_PLACE(RKNNInitExtend, model_descriptor, 16);
RKNN_PLACE(RKNNInitExtend, model_flags, 20);
RKNN_PLACE(RKNNInitExtend, reserved, 24);
RKNN_SIZE(RKNNRunExtend, 24);
RKNN_PLACE(RKNNRunExtend, frame, 0);
RKNN_PLACE(RKNNRunExtend, non_blocking, 8);
RKNN_PLACE(RKNNRunExtend, timeout_milliseconds, 12);
RKNN_PLACE(RKNNRunExtend, fence_descriptor, 16);
RKNN_SIZE(RKNNOutputExtend, 8);
RKNN_PLACE(RKNNOutputExtend, frame, 0);
