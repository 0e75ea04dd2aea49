// What librkllmrt-sim.so offers besides the calls of librkllmrt.so. A library that has these is a simulator.
#pragma once
#include <stddef.h>

#ifndef __clang__
#define _Nonnull
#define _Nullable
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// Sets a switch (docs/simulator.md lists them); an empty value or none sets it back to its default.
/// Returns 0, or -1 when there is no such switch or it does not take the value, with a line on stderr.
int rkllm_sim_configure(const char *_Nonnull key, const char *_Nullable value);

/// The release whose layouts the calls have now: "1.2.3 (simulated)".
const char *_Nonnull rkllm_sim_version(void);

/// Writes what was counted so far as JSON, at most `size` bytes with the closing zero.
/// Returns how many bytes it takes without the zero, as `snprintf` does.
int rkllm_sim_counters(char *_Nullable buffer, size_t size);

#ifdef __cplusplus
}
#endif
