// What loops in whole vectors of sixteen numbers share, whose sums stay in the 32 registers.
#pragma once

#include "functions.h"
#include "lanes.h"
#include "parallel.h"

#pragma clang fp contract(fast)

// Planned only where the processor has these instructions (ck_has_wide_vectors). Compilers cut vectors of
// sixteen in halves if they are not told that a function needs them whole; then the sums do not fit in.
#if defined(__x86_64__)
#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#else
#define WIDE
#endif

#define UNROLLED _Pragma("unroll")

CK_INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
CK_INLINE int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

#define EACH _Pragma("clang loop interleave_count(4)") for (int64_t i = 0; i < count; i++)

CK_INLINE void activate(int32_t function, float *numbers, int64_t count) {
    if (function == ck_relu) EACH numbers[i] = numbers[i] < 0.0f ? 0.0f : numbers[i];
    if (function == ck_tanh) EACH numbers[i] = fast_tanh(numbers[i]);
    if (function == ck_sigmoid) EACH numbers[i] = fast_sigmoid(numbers[i]);
}
