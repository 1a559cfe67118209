// Shared by the kernels for AVX-512, whose accumulators stay in its 32 registers.
#pragma once

#include "functions.h"
#include "lanes.h"
#include "parallel.h"

#pragma clang fp contract(fast)

// Planned only where these instructions may be used (strata_instruction_level). Without min_vector_width compilers
// split vectors of sixteen in halves, whose accumulators do not fit into registers.
#if defined(__x86_64__)
#define AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#else
#define AVX512
#endif

#define UNROLLED _Pragma("unroll")

STRATA_INLINE int64_t min_of(int64_t a, int64_t b) { return a < b ? a : b; }
STRATA_INLINE int64_t max_of(int64_t a, int64_t b) { return a > b ? a : b; }

#define FOR_EACH_ELEMENT _Pragma("clang loop interleave_count(4)") for (int64_t i = 0; i < count; i++)

STRATA_INLINE void activate(int32_t function, float *values, int64_t count) {
    if (function == strata_relu) FOR_EACH_ELEMENT values[i] = values[i] < 0.0f ? 0.0f : values[i];
    if (function == strata_tanh) FOR_EACH_ELEMENT values[i] = fast_tanh(values[i]);
    if (function == strata_sigmoid) FOR_EACH_ELEMENT values[i] = fast_sigmoid(values[i]);
}
