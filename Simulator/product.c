// Products of matrices: half precision into floats, and bytes into 32-bit integers.
#include "simulator.h"

enum { A, B, C, K_GROUP = 32, SIDE_MAX = 1 << 20 };

struct Product {
    RKNNProductInfo info;
    Memory *memories[3];
};

static bool is_half(const RKNNProductInfo *info) { return info->type == RKNN_PRODUCT_FLOAT16_FLOAT16_FLOAT32; }

/// Columns of a tile of B in the native layout.
static int32_t column_group(const RKNNProductInfo *info) { return is_half(info) ? 16 : 32; }

static bool supported(const RKNNProductInfo *info) {
    bool type = is_half(info) || info->type == RKNN_PRODUCT_INT8_INT8_INT32;
    bool sides = info->m > 0 && info->k > 0 && info->n > 0 && info->m <= SIDE_MAX && info->k <= 10240 &&
                 info->n <= SIDE_MAX && info->k % K_GROUP == 0 && info->n % column_group(info) == 0;
    bool layouts = info->ac_layout == RKNN_PRODUCT_ROWS && info->b_layout >= RKNN_PRODUCT_ROWS &&
                   info->b_layout <= RKNN_PRODUCT_TRANSPOSED;
    return type && sides && layouts && info->b_quantization == 0 && info->ac_quantization == 0;
}

/// Where an element of B is, for its layout.
static size_t place_in_b(const RKNNProductInfo *info, size_t k, size_t n) {
    size_t group = (size_t)column_group(info), height = (size_t)info->k, width = (size_t)info->n;
    switch (info->b_layout) {
        case RKNN_PRODUCT_NATIVE:
            return ((n / group * (height / K_GROUP) + k / K_GROUP) * group + n % group) * K_GROUP + k % K_GROUP;
        case RKNN_PRODUCT_TRANSPOSED:
            return n * height + k;
        default:
            return k * width + n;
    }
}

static void describe(RKNNProductTensorAttr *attr, const char *name, int32_t rows, int32_t columns, int32_t type) {
    memset(attr, 0, sizeof *attr);
    snprintf(attr->name, sizeof attr->name, "%s", name);
    attr->rank = 2;
    attr->dims[0] = (uint32_t)rows;
    attr->dims[1] = (uint32_t)columns;
    attr->type = type;
    attr->size = (uint32_t)((size_t)rows * (size_t)columns * type_size(type));
}

static void describe_all(const RKNNProductInfo *info, RKNNProductAttr *attr) {
    int32_t type = is_half(info) ? RKNN_TYPE_FLOAT16 : RKNN_TYPE_INT8, group = column_group(info);
    describe(&attr->a, "A", info->m, info->k, type);
    describe(&attr->b, "B", info->k, info->n, type);
    describe(&attr->c, "C", info->m, info->n, is_half(info) ? RKNN_TYPE_FLOAT32 : RKNN_TYPE_INT32);
    if (info->b_layout == RKNN_PRODUCT_NATIVE) {
        const int32_t dims[] = {info->n / group, info->k / K_GROUP, group, K_GROUP};
        attr->b.rank = 4;
        memcpy(attr->b.dims, dims, sizeof dims);
    }
}

EXPORTED int rknn_matmul_create(RKNNHandle *out, RKNNProductInfo *info, RKNNProductAttr *attr) {
    Settings settings = settings_now();
    if (!out || !info || !attr || !supported(info)) {
        complain("a product of that shape, type or layout is not simulated");
        return RKNN_STATUS_BAD_PARAMETER;
    }
    *out = 0;
    if (fault_strikes(&settings, "init", "matmul")) {
        return fault_status(&settings, RKNN_STATUS_FAILED);
    }
    Context *context = context_new();
    Product *product = context ? calloc(1, sizeof *product) : NULL;
    if (product) {
        product->info = *info;
        context->product = product;
        *out = handle_add(context);
    }
    if (!*out) {
        if (context) {
            context_release(context);
        }
        return RKNN_STATUS_OUT_OF_MEMORY;
    }
    describe_all(info, attr);
    stats_changed();
    return RKNN_STATUS_OK;
}

void product_free(Product *product) {
    for (int index = A; index <= C; index++) {
        if (product->memories[index]) {
            memory_give(product->memories[index]);
        }
    }
    free(product);
}

/// The context of a product, locked; null when there is none.
static Context *take_product(RKNNHandle handle) {
    Context *context = context_take(handle, false);
    if (context && !context->product) {
        context_give(context);
        return NULL;
    }
    return context;
}

static size_t bytes_of(const RKNNProductInfo *info, int matrix) {
    RKNNProductAttr attr;
    describe_all(info, &attr);
    return matrix == A ? attr.a.size : matrix == B ? attr.b.size : attr.c.size;
}

EXPORTED int rknn_matmul_set_io_mem(RKNNHandle handle, RKNNTensorMemory *visible, RKNNProductTensorAttr *attr) {
    Context *context = take_product(handle);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool named = attr && attr->name[0] >= 'A' && attr->name[0] <= 'C' && !attr->name[1];
    Memory *memory = named ? memory_take(visible) : NULL;
    int matrix = named ? attr->name[0] - 'A' : 0;
    bool fits = memory && memory->size >= bytes_of(&context->product->info, matrix);
    Memory *unused = memory;
    if (fits) {
        unused = context->product->memories[matrix];
        context->product->memories[matrix] = memory;
        count(matrix == C ? &counters.outputs_bound : &counters.inputs_bound, 1);
    }
    if (unused) {
        memory_give(unused);
    }
    context_give(context);
    return fits ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

/// One element of C for half precision.
static float sum_halves(const Product *product, size_t m, size_t n) {
    const RKNNProductInfo *info = &product->info;
    const uint16_t *a = (const uint16_t *)(const void *)product->memories[A]->address + m * (size_t)info->k;
    const uint16_t *b = (const uint16_t *)(const void *)product->memories[B]->address;
    float sum = 0;
    for (size_t k = 0; k < (size_t)info->k; k++) {
        sum += half_decode(a[k]) * half_decode(b[place_in_b(info, k, n)]);
    }
    return sum;
}

static int32_t sum_bytes(const Product *product, size_t m, size_t n) {
    const RKNNProductInfo *info = &product->info;
    const int8_t *a = (const int8_t *)product->memories[A]->address + m * (size_t)info->k;
    const int8_t *b = (const int8_t *)product->memories[B]->address;
    int32_t sum = 0;
    for (size_t k = 0; k < (size_t)info->k; k++) {
        sum += a[k] * b[place_in_b(info, k, n)];
    }
    return sum;
}

static int multiply(void *subject) {
    const Product *product = ((Context *)subject)->product;
    for (int index = A; index <= C; index++) {
        const Memory *memory = product->memories[index];
        if (!memory || !atomic_load(&memory->alive)) {
            complain("matrix %c has no memory", 'A' + index);
            return index == C ? RKNN_STATUS_BAD_OUTPUT : RKNN_STATUS_BAD_INPUT;
        }
    }
    size_t width = (size_t)product->info.n;
    void *c = product->memories[C]->address;
    for (size_t m = 0; m < (size_t)product->info.m; m++) {
        for (size_t n = 0; n < width; n++) {
            if (is_half(&product->info)) {
                ((float *)c)[m * width + n] = sum_halves(product, m, n);
            } else {
                ((int32_t *)c)[m * width + n] = sum_bytes(product, m, n);
            }
        }
    }
    return RKNN_STATUS_OK;
}

EXPORTED int rknn_matmul_run(RKNNHandle handle) {
    Settings settings = settings_now();
    Context *context = take_product(handle);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    int status = device_work(&settings, "matmul", context->mask, 0, multiply, context);
    context_give(context);
    stats_changed();
    return status;
}

EXPORTED int rknn_matmul_set_core_mask(RKNNHandle handle, uint32_t mask) {
    Settings settings = settings_now();
    Context *context = take_product(handle);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    bool taken = mask != RKNN_CORES_ALL && device_takes_mask(&settings, mask);
    context->mask = taken ? mask : context->mask;
    context_give(context);
    return taken ? RKNN_STATUS_OK : RKNN_STATUS_BAD_PARAMETER;
}

EXPORTED int rknn_matmul_destroy(RKNNHandle handle) {
    Context *context = take_product(handle);
    if (!context) {
        return RKNN_STATUS_BAD_CONTEXT;
    }
    context_give(context);
    int status = context_destroy(handle, false);
    stats_changed();
    return status;
}

EXPORTED int rknn_B_normal_layout_to_native_layout(void *rows, void *native, int k, int n, RKNNProductInfo *info) {
    if (!rows || !native || !info || info->k != k || info->n != n || !supported(info)) {
        return RKNN_STATUS_BAD_PARAMETER;
    }
    RKNNProductInfo target = *info;
    target.b_layout = RKNN_PRODUCT_NATIVE;
    size_t bytes = is_half(info) ? 2 : 1;
    for (size_t row = 0; row < (size_t)k; row++) {
        for (size_t column = 0; column < (size_t)n; column++) {
            const char *from = (const char *)rows + (row * (size_t)n + column) * bytes;
            memcpy((char *)native + place_in_b(&target, row, column) * bytes, from, bytes);
        }
    }
    return RKNN_STATUS_OK;
}

/// What is not simulated of products: several shapes, and scales.
static int refuse(const char *what) {
    complain("%s of products are not simulated", what);
    return RKNN_STATUS_FAILED;
}

EXPORTED int rknn_matmul_create_dynamic_shape(
    RKNNHandle *out, RKNNProductInfo *info, int amount, RKNNProductShape *shapes, RKNNProductAttr *attr) {
    (void)info, (void)amount, (void)shapes, (void)attr;
    if (out) {
        *out = 0;
    }
    return refuse("several shapes");
}

EXPORTED int rknn_matmul_set_dynamic_shape(RKNNHandle handle, RKNNProductShape *shape) {
    (void)handle, (void)shape;
    return refuse("several shapes");
}

EXPORTED int rknn_matmul_set_quant_params(RKNNHandle handle, RKNNProductQuantization *quantization) {
    (void)handle, (void)quantization;
    return refuse("scales");
}

EXPORTED int rknn_matmul_get_quant_params(RKNNHandle handle, RKNNProductQuantization *quantization, float *scale) {
    (void)handle, (void)quantization, (void)scale;
    return refuse("scales");
}
