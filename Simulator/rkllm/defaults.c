// rkllm_createDefaultParam. The size of what it returns depends on the generation, and the caller has room for no more:
// the call goes on to the function of the generation, with the place of the result untouched.
#include "decoder.h"

// What the simulator suggests; the real library's own values are not in its headers.
#define SUGGESTED \
    .context_length = 512, .max_new_tokens = 256, .top_k = 40, .top_p = 0.9f, .temperature = 0.8f, \
    .repeat_penalty = 1.1f, .mirostat_tau = 5, .mirostat_eta = 0.1f, .skips_special_tokens = true

static RKLLM110Params defaults_110(void) { return (RKLLM110Params){SUGGESTED}; }
static RKLLM120Params defaults_120(void) { return (RKLLM120Params){SUGGESTED}; }
static RKLLM121Params defaults_121(void) { return (RKLLM121Params){SUGGESTED, .extend.batch = 1}; }
static RKLLM130Params defaults_130(void) { return (RKLLM130Params){SUGGESTED, .extend.batch = 1}; }

typedef void (*Target)(void);
__attribute__((used, visibility("hidden"))) Target default_params_now = (Target)defaults_121;

#if defined(__x86_64__)
#define GO_ON "jmp *default_params_now(%rip)\n"
#elif defined(__aarch64__)
#define GO_ON "adrp x16, default_params_now\nldr x16, [x16, :lo12:default_params_now]\nbr x16\n"
#endif
__asm__(
    ".pushsection .text\n.p2align 4\n.globl rkllm_createDefaultParam\n"
    ".type rkllm_createDefaultParam, %function\n"
    "rkllm_createDefaultParam:\n" GO_ON ".size rkllm_createDefaultParam, .-rkllm_createDefaultParam\n.popsection\n");

void defaults_follow(Generation generation) {
    default_params_now = generation == 110   ? (Target)defaults_110
                         : generation == 120 ? (Target)defaults_120
                         : generation == 121 ? (Target)defaults_121
                                             : (Target)defaults_130;
}

__attribute__((constructor)) static void begin(void) { switches_now(); }
