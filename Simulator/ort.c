// ONNX Runtime, loaded when the first model is.
#include "simulator.h"

#include <dlfcn.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const OrtCalls *calls;
static OrtEnv *environment;

static void *open_library(const char *path) {
    if (path[0]) {
        return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    void *library = dlopen("libonnxruntime.so.1", RTLD_NOW | RTLD_LOCAL);
    return library ? library : dlopen("libonnxruntime.so", RTLD_NOW | RTLD_LOCAL);
}

static const OrtCalls *load(const char *path) {
    void *library = open_library(path);
    if (!library) {
        complain("graphs are run by ONNX Runtime, which does not load: %s", dlerror());
        return NULL;
    }
    void *symbol = dlsym(library, "OrtGetApiBase");
    OrtGetCallsBase base = NULL;
    memcpy(&base, &symbol, sizeof base);
    const OrtCallsBase *found = base ? base() : NULL;
    const OrtCalls *table = found ? found->GetApi(ORT_CALLS_API_VERSION) : NULL;
    if (!table) {
        complain("%s is no ONNX Runtime, or too old a one", path);
        dlclose(library);
        return NULL;
    }
    OrtStatus *status = table->CreateEnv(ORT_LOG_FATAL, "simulator", &environment);
    if (status) {
        complain("ONNX Runtime: %s", table->GetErrorMessage(status));
        table->ReleaseStatus(status);
        return NULL;
    }
    return table;
}

const OrtCalls *ort_calls(const Settings *settings) {
    pthread_mutex_lock(&lock);
    if (!calls && settings) {
        calls = load(settings->onnxruntime);
    }
    const OrtCalls *loaded = calls;
    pthread_mutex_unlock(&lock);
    return loaded;
}

OrtEnv *ort_environment(void) { return environment; }

bool ort_succeeded(OrtStatus *status, const char *what) {
    if (!status) {
        return true;
    }
    const OrtCalls *ort = ort_calls(NULL);
    complain("%s: %s", what, ort->GetErrorMessage(status));
    ort->ReleaseStatus(status);
    return false;
}
