// The matrix products of Rockchip's RKNN API, declared by us: see rknn_calls.h. C (M x N) = A (M x K) x B (K x N).
#pragma once
#include "rknn_calls.h"

/// Element types of A, B and C.
enum {
    RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT32 = 1,
    RKNN_PRODUCT_INT8_INT8_INT32 = 2,
    RKNN_PRODUCT_INT8_INT8_INT8 = 3,
    RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT16 = 4,
    RKNN_PRODUCT_FLOAT16_INT8_FLOAT32 = 5,
    RKNN_PRODUCT_FLOAT16_INT8_FLOAT16 = 6,
    RKNN_PRODUCT_FLOAT16_INT4_FLOAT32 = 7,
    RKNN_PRODUCT_FLOAT16_INT4_FLOAT16 = 8,
    RKNN_PRODUCT_INT8_INT8_FLOAT32 = 9,
    RKNN_PRODUCT_INT4_INT4_INT16 = 10,
    RKNN_PRODUCT_INT8_INT4_INT32 = 11,
    RKNN_PRODUCT_FLOAT16_INT4_BFLOAT16 = 12,
    RKNN_PRODUCT_INT8_INT4_FLOAT16 = 15,
};

/// How a matrix lies in memory.
enum { RKNN_PRODUCT_ROWS = 0, RKNN_PRODUCT_NATIVE = 1, RKNN_PRODUCT_TRANSPOSED = 2 };

/// Scale and zero point: one for the matrix, for each column, or for each group of rows of a column.
enum {
    RKNN_PRODUCT_WHOLE_SYMMETRIC = 0,
    RKNN_PRODUCT_WHOLE_ASYMMETRIC = 1,
    RKNN_PRODUCT_COLUMN_SYMMETRIC = 2,
    RKNN_PRODUCT_COLUMN_ASYMMETRIC = 3,
    RKNN_PRODUCT_GROUP_SYMMETRIC = 4,
    RKNN_PRODUCT_GROUP_ASYMMETRIC = 5,
};

typedef struct RKNNProductInfo {
    int32_t m;
    int32_t k;
    int32_t n;
    /// RKNN_PRODUCT_..., element types
    int32_t type;
    int16_t b_layout;
    int16_t b_quantization;
    int16_t ac_layout;
    int16_t ac_quantization;
    /// Each domain addresses 4 GB.
    int32_t iommu_domain;
    int16_t group_size;
    int8_t reserved[34];
} RKNNProductInfo;

typedef struct RKNNProductTensorAttr {
    char name[RKNN_NAME_BYTES];
    uint32_t rank;
    uint32_t dims[RKNN_DIMENSIONS_MAX];
    uint32_t size;
    /// RKNN_TYPE_...
    int32_t type;
} RKNNProductTensorAttr;

typedef struct RKNNProductAttr {
    RKNNProductTensorAttr a;
    RKNNProductTensorAttr b;
    RKNNProductTensorAttr c;
} RKNNProductAttr;

typedef struct RKNNProductShape {
    int32_t m;
    int32_t k;
    int32_t n;
} RKNNProductShape;

typedef struct RKNNProductQuantization {
    /// Of the matrix.
    char name[RKNN_NAME_BYTES];
    float *_Nullable scales;
    int32_t scale_count;
    int32_t *_Nullable zero_points;
    int32_t zero_point_count;
} RKNNProductQuantization;

/// `rknn_matmul_create`
typedef int (*_Nonnull RKNNCreateProductCall)(
    RKNNHandle *_Nonnull out, RKNNProductInfo *_Nonnull, RKNNProductAttr *_Nonnull);
/// `rknn_matmul_create_dynamic_shape`
typedef int (*_Nonnull RKNNCreateProductOfShapesCall)(
    RKNNHandle *_Nonnull out, RKNNProductInfo *_Nonnull, int count, RKNNProductShape *_Nonnull,
    RKNNProductAttr *_Nonnull);
/// `rknn_matmul_set_dynamic_shape`
typedef int (*_Nonnull RKNNSetProductShapeCall)(RKNNHandle, RKNNProductShape *_Nonnull);
/// `rknn_matmul_set_core_mask`
typedef int (*_Nonnull RKNNSetProductCoreMaskCall)(RKNNHandle, uint32_t mask);
/// `rknn_matmul_set_quant_params`
typedef int (*_Nonnull RKNNSetProductQuantizationCall)(RKNNHandle, RKNNProductQuantization *_Nonnull);
/// `rknn_matmul_get_quant_params`
typedef int (*_Nonnull RKNNGetProductQuantizationCall)(
    RKNNHandle, RKNNProductQuantization *_Nonnull, float *_Nullable scale);
/// `rknn_matmul_set_io_mem`
typedef int (*_Nonnull RKNNSetProductMemoryCall)(
    RKNNHandle, RKNNTensorMemory *_Nonnull, RKNNProductTensorAttr *_Nonnull);
/// `rknn_matmul_run`: returns when the product is there.
typedef int (*_Nonnull RKNNRunProductCall)(RKNNHandle);
/// `rknn_matmul_destroy`
typedef int (*_Nonnull RKNNDestroyProductCall)(RKNNHandle);
/// `rknn_B_normal_layout_to_native_layout`
typedef int (*_Nonnull RKNNLayOutProductCall)(
    void *_Nonnull rows, void *_Nonnull native, int k, int n, RKNNProductInfo *_Nonnull);

RKNN_SIZE(RKNNProductInfo, 64);
RKNN_PLACE(RKNNProductInfo, m, 0);
RKNN_PLACE(RKNNProductInfo, k, 4);
RKNN_PLACE(RKNNProductInfo, n, 8);
RKNN_PLACE(RKNNProductInfo, type, 12);
RKNN_PLACE(RKNNProductInfo, b_layout, 16);
RKNN_PLACE(RKNNProductInfo, b_quantization, 18);
RKNN_PLACE(RKNNProductInfo, ac_layout, 20);
RKNN_PLACE(RKNNProductInfo, ac_quantization, 22);
RKNN_PLACE(RKNNProductInfo, iommu_domain, 24);
RKNN_PLACE(RKNNProductInfo, group_size, 28);
RKNN_PLACE(RKNNProductInfo, reserved, 30);
RKNN_SIZE(RKNNProductTensorAttr, 332);
RKNN_PLACE(RKNNProductTensorAttr, name, 0);
RKNN_PLACE(RKNNProductTensorAttr, rank, 256);
RKNN_PLACE(RKNNProductTensorAttr, dims, 260);
RKNN_PLACE(RKNNProductTensorAttr, size, 324);
RKNN_PLACE(RKNNProductTensorAttr, type, 328);
RKNN_SIZE(RKNNProductAttr, 996);
RKNN_PLACE(RKNNProductAttr, a, 0);
RKNN_PLACE(RKNNProductAttr, b, 332);
RKNN_PLACE(RKNNProductAttr, c, 664);
RKNN_SIZE(RKNNProductShape, 12);
RKNN_PLACE(RKNNProductShape, m, 0);
RKNN_PLACE(RKNNProductShape, k, 4);
RKNN_PLACE(RKNNProductShape, n, 8);
RKNN_SIZE(RKNNProductQuantization, 288);
RKNN_PLACE(RKNNProductQuantization, name, 0);
RKNN_PLACE(RKNNProductQuantization, scales, 256);
RKNN_PLACE(RKNNProductQuantization, scale_count, 264);
RKNN_PLACE(RKNNProductQuantization, zero_points, 272);
RKNN_PLACE(RKNNProductQuantization, zero_point_count, 280);
