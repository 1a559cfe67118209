// Loops divided among the threads of oneDNN's OpenMP team.
#pragma once

#include "include/CKernels.h"

#define MAX_THREADS 256

// Whether waiting threads sleep at once, because another process needs one of their cores (waiting.c).
int strata_waits_asleep(void);

// The threads of a team of `wanted` that could be started now, the calling one included; starts and ends them.
int strata_startable_threads(int wanted);

// Calls body(data) in each thread of a team of OpenMP's, and waits for all.
void strata_run_team(void (*body)(void *), void *data, int threads);

// Calls body(context, begin, end) for partitions of 0 ..< count that begin at multiples of `grain`; in the calling
// thread alone where there are fewer than `minimum` elements per thread.
void strata_parallel(
    int64_t count, int64_t grain, int64_t minimum, void (*body)(void *, int64_t, int64_t),
    void *context);
