// The part of ONNX Runtime's C API that we call, declared by us.
//
// The table of functions is append-only, so asking for a low API version gives the same slots in every later
// library. Slot numbers are the order of the members in the public C header; the assertions below pin them.
// Verified by running against libraries 1.28.2 and 1.32.0.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct OrtEnv OrtEnv;
typedef struct OrtStatus OrtStatus;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtSession OrtSession;
typedef struct OrtValue OrtValue;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtTensorInfo OrtTensorInfo;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtModelMetadata OrtModelMetadata;
typedef struct OrtAllocator OrtAllocator;

/// The API version that we ask for: every member below is older.
enum { ORT_CALLS_API_VERSION = 16 };

/// Element types of a tensor, by the numbers of the ONNX standard (TensorProto.DataType).
enum { ORT_F32 = 1, ORT_U8 = 2, ORT_I8 = 3, ORT_I32 = 6, ORT_I64 = 7, ORT_BOOL = 9, ORT_F16 = 10 };

/// Verbosity: nothing but fatal faults; every error comes back as a status, with the same words.
enum { ORT_LOG_FATAL = 4 };
/// All graph optimizations.
enum { ORT_OPTIMIZE_NONE = 0, ORT_OPTIMIZE_ALL = 99 };
/// The arena allocator, and memory of the default kind.
enum { ORT_ARENA_ALLOCATOR = 1, ORT_MEMORY_DEFAULT = 0 };

typedef OrtStatus *_Nullable OrtResult;

typedef struct OrtCalls {
    uintptr_t slot_0;
    int (*_Nonnull GetErrorCode)(const OrtStatus *_Nonnull);
    const char *_Nonnull (*_Nonnull GetErrorMessage)(const OrtStatus *_Nonnull);
    OrtResult (*_Nonnull CreateEnv)(int level, const char *_Nonnull name, OrtEnv *_Nullable *_Nonnull out);
    uintptr_t slots_4[3];
    OrtResult (*_Nonnull CreateSession)(
        const OrtEnv *_Nonnull, const char *_Nonnull path, const OrtSessionOptions *_Nonnull,
        OrtSession *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull CreateSessionFromArray)(
        const OrtEnv *_Nonnull, const void *_Nonnull model, size_t bytes, const OrtSessionOptions *_Nonnull,
        OrtSession *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull Run)(
        OrtSession *_Nonnull, const OrtRunOptions *_Nullable,
        const char *_Nonnull const *_Nonnull input_names, const OrtValue *_Nullable const *_Nonnull inputs, size_t,
        const char *_Nonnull const *_Nonnull output_names, size_t, OrtValue *_Nullable *_Nonnull outputs);
    OrtResult (*_Nonnull CreateSessionOptions)(OrtSessionOptions *_Nullable *_Nonnull out);
    uintptr_t slots_11[6];
    OrtResult (*_Nonnull DisableMemPattern)(OrtSessionOptions *_Nonnull);
    uintptr_t slots_18[4];
    OrtResult (*_Nonnull SetSessionLogSeverityLevel)(OrtSessionOptions *_Nonnull, int level);
    OrtResult (*_Nonnull SetSessionGraphOptimizationLevel)(OrtSessionOptions *_Nonnull, int level);
    OrtResult (*_Nonnull SetIntraOpNumThreads)(OrtSessionOptions *_Nonnull, int threads);
    OrtResult (*_Nonnull SetInterOpNumThreads)(OrtSessionOptions *_Nonnull, int threads);
    uintptr_t slots_26[4];
    OrtResult (*_Nonnull SessionGetInputCount)(const OrtSession *_Nonnull, size_t *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOutputCount)(const OrtSession *_Nonnull, size_t *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOverridableInitializerCount)(const OrtSession *_Nonnull, size_t *_Nonnull out);
    OrtResult (*_Nonnull SessionGetInputTypeInfo)(
        const OrtSession *_Nonnull, size_t index, OrtTypeInfo *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOutputTypeInfo)(
        const OrtSession *_Nonnull, size_t index, OrtTypeInfo *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOverridableInitializerTypeInfo)(
        const OrtSession *_Nonnull, size_t index, OrtTypeInfo *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull SessionGetInputName)(
        const OrtSession *_Nonnull, size_t index, OrtAllocator *_Nonnull, char *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOutputName)(
        const OrtSession *_Nonnull, size_t index, OrtAllocator *_Nonnull, char *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull SessionGetOverridableInitializerName)(
        const OrtSession *_Nonnull, size_t index, OrtAllocator *_Nonnull, char *_Nullable *_Nonnull out);
    OrtResult (*_Nonnull CreateRunOptions)(OrtRunOptions *_Nullable *_Nonnull out);
    uintptr_t slots_40[6];
    OrtResult (*_Nonnull RunOptionsSetTerminate)(OrtRunOptions *_Nonnull);
    uintptr_t slots_47[2];
    OrtResult (*_Nonnull CreateTensorWithDataAsOrtValue)(
        const OrtMemoryInfo *_Nonnull, void *_Nullable data, size_t bytes, const int64_t *_Nullable shape, size_t rank,
        int type, OrtValue *_Nullable *_Nonnull out);
    uintptr_t slot_50;
    OrtResult (*_Nonnull GetTensorMutableData)(OrtValue *_Nonnull, void *_Nullable *_Nonnull out);
    uintptr_t slots_52[3];
    OrtResult (*_Nonnull CastTypeInfoToTensorInfo)(
        const OrtTypeInfo *_Nonnull, const OrtTensorInfo *_Nullable *_Nonnull out);
    uintptr_t slots_56[4];
    OrtResult (*_Nonnull GetTensorElementType)(const OrtTensorInfo *_Nonnull, int *_Nonnull out);
    OrtResult (*_Nonnull GetDimensionsCount)(const OrtTensorInfo *_Nonnull, size_t *_Nonnull out);
    OrtResult (*_Nonnull GetDimensions)(const OrtTensorInfo *_Nonnull, int64_t *_Nonnull values, size_t count);
    uintptr_t slots_63[2];
    OrtResult (*_Nonnull GetTensorTypeAndShape)(const OrtValue *_Nonnull, OrtTensorInfo *_Nullable *_Nonnull out);
    uintptr_t slots_66[3];
    OrtResult (*_Nonnull CreateCpuMemoryInfo)(int allocator, int memory, OrtMemoryInfo *_Nullable *_Nonnull out);
    uintptr_t slots_70[6];
    OrtResult (*_Nonnull AllocatorFree)(OrtAllocator *_Nonnull, void *_Nonnull);
    uintptr_t slot_77;
    OrtResult (*_Nonnull GetAllocatorWithDefaultOptions)(OrtAllocator *_Nullable *_Nonnull out);
    uintptr_t slots_79[13];
    void (*_Nonnull ReleaseEnv)(OrtEnv *_Nullable);
    void (*_Nonnull ReleaseStatus)(OrtStatus *_Nullable);
    void (*_Nonnull ReleaseMemoryInfo)(OrtMemoryInfo *_Nullable);
    void (*_Nonnull ReleaseSession)(OrtSession *_Nullable);
    void (*_Nonnull ReleaseValue)(OrtValue *_Nullable);
    void (*_Nonnull ReleaseRunOptions)(OrtRunOptions *_Nullable);
    void (*_Nonnull ReleaseTypeInfo)(OrtTypeInfo *_Nullable);
    void (*_Nonnull ReleaseTensorInfo)(OrtTensorInfo *_Nullable);
    void (*_Nonnull ReleaseSessionOptions)(OrtSessionOptions *_Nullable);
    uintptr_t slots_101[10];
    OrtResult (*_Nonnull SessionGetModelMetadata)(
        const OrtSession *_Nonnull, OrtModelMetadata *_Nullable *_Nonnull out);
    uintptr_t slots_112[4];
    OrtResult (*_Nonnull ModelMetadataLookup)(
        const OrtModelMetadata *_Nonnull, OrtAllocator *_Nonnull, const char *_Nonnull key,
        char *_Nullable *_Nonnull value);
    uintptr_t slot_117;
    void (*_Nonnull ReleaseModelMetadata)(OrtModelMetadata *_Nullable);
    uintptr_t slots_119[4];
    OrtResult (*_Nonnull ModelMetadataGetKeys)(
        const OrtModelMetadata *_Nonnull, OrtAllocator *_Nonnull, char *_Nullable *_Nullable *_Nonnull keys,
        int64_t *_Nonnull count);
    uintptr_t slots_124[6];
    OrtResult (*_Nonnull AddSessionConfigEntry)(
        OrtSessionOptions *_Nonnull, const char *_Nonnull key, const char *_Nonnull value);
} OrtCalls;

#define ORT_SLOT(member, number) \
    _Static_assert(offsetof(OrtCalls, member) == (number) * sizeof(void *), #member " moved")
ORT_SLOT(GetErrorCode, 1);
ORT_SLOT(CreateSession, 7);
ORT_SLOT(CreateSessionFromArray, 8);
ORT_SLOT(Run, 9);
ORT_SLOT(CreateSessionOptions, 10);
ORT_SLOT(DisableMemPattern, 17);
ORT_SLOT(SetSessionLogSeverityLevel, 22);
ORT_SLOT(SessionGetInputCount, 30);
ORT_SLOT(SessionGetOverridableInitializerCount, 32);
ORT_SLOT(SessionGetInputTypeInfo, 33);
ORT_SLOT(SessionGetOverridableInitializerTypeInfo, 35);
ORT_SLOT(SessionGetInputName, 36);
ORT_SLOT(SessionGetOverridableInitializerName, 38);
ORT_SLOT(CreateRunOptions, 39);
ORT_SLOT(RunOptionsSetTerminate, 46);
ORT_SLOT(CreateTensorWithDataAsOrtValue, 49);
ORT_SLOT(GetTensorMutableData, 51);
ORT_SLOT(CastTypeInfoToTensorInfo, 55);
ORT_SLOT(GetTensorElementType, 60);
ORT_SLOT(GetTensorTypeAndShape, 65);
ORT_SLOT(CreateCpuMemoryInfo, 69);
ORT_SLOT(AllocatorFree, 76);
ORT_SLOT(GetAllocatorWithDefaultOptions, 78);
ORT_SLOT(ReleaseEnv, 92);
ORT_SLOT(ReleaseSessionOptions, 100);
ORT_SLOT(SessionGetModelMetadata, 111);
ORT_SLOT(ModelMetadataLookup, 116);
ORT_SLOT(ReleaseModelMetadata, 118);
ORT_SLOT(ModelMetadataGetKeys, 123);
ORT_SLOT(AddSessionConfigEntry, 130);

/// What `OrtGetApiBase` returns.
typedef struct OrtCallsBase {
    const OrtCalls *_Nullable (*_Nonnull GetApi)(uint32_t version);
    const char *_Nonnull (*_Nonnull GetVersionString)(void);
} OrtCallsBase;

typedef const OrtCallsBase *_Nullable (*_Nonnull OrtGetCallsBase)(void);
