// Loops divided among the threads of oneDNN's OpenMP team.
#pragma once

#include "include/CKernels.h"

#define MAX_THREADS 256

// Whether waiting threads sleep at once, because another process needs one of their cores (waiting.c).
int strata_waits_asleep(void);

// The threads of a team of `wanted` that could be started now, the calling one included; starts and ends them.
int strata_startable_threads(int wanted);

// Calls body(context, begin, end) for partitions of 0 ..< count that begin at multiples of `grain`; in the calling
// thread alone where there are fewer than `minimum` elements per thread.
void strata_parallel(
    int64_t count, int64_t grain, int64_t minimum, void (*body)(void *, int64_t, int64_t),
    void *context);

// Compiled for several instruction sets, of which the dynamic linker chooses the newest that the processor has.
#if defined(__x86_64__) && defined(__linux__)
#define STRATA_MULTIVERSIONED \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define STRATA_MULTIVERSIONED
#endif
