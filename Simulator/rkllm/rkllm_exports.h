// The calls that the simulator offers, by the names of the vendor. What they point to depends on the generation, so
// that is not typed here; rkllm_createDefaultParam returns a structure of that generation (defaults.c).
#pragma once
#include "rkllm_calls.h"

int rkllm_init(RKLLMHandle *out, void *params, void *callback);
int rkllm_destroy(RKLLMHandle visible);
int rkllm_run(RKLLMHandle visible, void *input, void *params, void *user);
int rkllm_run_async(RKLLMHandle visible, void *input, void *params, void *user);
int rkllm_abort(RKLLMHandle visible);
int rkllm_is_running(RKLLMHandle visible);
/// Of 1.2.0 with the first two alone.
int rkllm_clear_kv_cache(RKLLMHandle visible, int keeps_system_prompt, int *starts, int *ends);
int rkllm_get_kv_cache_size(RKLLMHandle visible, int *sizes);
int rkllm_load_prompt_cache(RKLLMHandle visible, const char *path);
int rkllm_release_prompt_cache(RKLLMHandle visible);
int rkllm_set_chat_template(RKLLMHandle visible, const char *system, const char *before, const char *behind);
int rkllm_load_lora(RKLLMHandle visible, RKLLMAdapter *adapter);
int rkllm_set_function_tools(RKLLMHandle visible, const char *system, const char *tools, const char *tag);
int rkllm_set_cross_attn_params(RKLLMHandle visible, RKLLMCrossAttention *params);
