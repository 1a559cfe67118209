// Work shared out among the threads of oneDNN's OpenMP team.
#pragma once

#include "include/CKernels.h"

#define MOST_THREADS 256

// Whether waiting threads sleep at once, because another process wants one of their cores (waiting.c).
int ck_sleeps_soon(void);

// Calls body(context, begin, end) for parts of 0 ..< count that begin at multiples of `grain`; in
// this thread alone where there are fewer than `least` elements a thread.
void ck_parallel(
    int64_t count, int64_t grain, int64_t least, void (*body)(void *, int64_t, int64_t),
    void *context);

// Loops for the newest vector instructions that the machine has; chosen when the program starts.
#if defined(__x86_64__) && defined(__linux__)
#define CK_VECTORIZED \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CK_VECTORIZED
#endif
