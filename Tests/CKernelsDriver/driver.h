// What the tests of the kernels share. Each holds a kernel against plain loops in double.
#pragma once

#include "CKernels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The largest relative error of one rounding to float32, and to bfloat16.
#define ROUNDING 0x1p-24
#define BFLOAT16_ROUNDING 0x1p-8
// The smallest normal number of float32: below it, roundings are relative to no element.
#define SMALLEST_NORMAL 0x1p-126

#define COUNT_OF(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

// The test of some functions of CKernels.h, whose names are separated by spaces.
typedef struct {
    const char *functions;
    void (*run)(void);
} kernel_test;

// The tests of each file, which end with {NULL, NULL}.
extern const kernel_test thread_tests[], memory_tests[], elementwise_tests[], random_tests[], reduction_tests[],
    normalization_tests[], row_tests[], copy_tests[], image_tests[], patch_tests[], pooling_tests[],
    batch_blocked_tests[], implicit_gemm_tests[], winograd_tests[], waiting_tests[];

// Memory of exactly `count` elements, so that AddressSanitizer sees each access beyond it. It is freed after the test.
void *allocate_elements(int64_t count, size_t size);
float *new_floats(int64_t count);
int32_t *new_integers(int64_t count);
// Uniform in -2 ..< 2, from a generator that begins anew with each test.
float *random_floats(int64_t count);
// Whole numbers of -4 ... 4, whose sums and products are exact in float32.
float *random_whole(int64_t count);
double random_between(double low, double high);
int64_t random_below(int64_t limit);

// Elements of float32 or bfloat16.
void *as_type(const float *values, int64_t count, int is_bfloat16);
double element(const void *memory, int64_t index, int is_bfloat16);
void *new_elements(int64_t count, int is_bfloat16);
// float32 values that bfloat16 can hold.
void round_to_bfloat16(float *values, int64_t count);

// A sum with the bound of its error: each of n terms passes through at most n + 1 roundings (its product, and the
// additions of the others, in any order), so the error is at most (n + 1) * ROUNDING * the sum of their magnitudes
// to first order in ROUNDING; one is added for that and for the final conversion.
typedef struct {
    double value, magnitude;
    int64_t terms;
} reference_sum;

static inline void add_term(reference_sum *sum, double term) {
    sum->value += term;
    sum->magnitude += fabs(term);
    sum->terms++;
}

static inline double error_bound(const reference_sum *sum) {
    return (double)(sum->terms + 2) * ROUNDING * sum->magnitude;
}

// Fails unless `got` is within `tolerance` of `expected`, both are the same infinity, or both are NaN.
void expect_near(const char *what, int64_t index, double got, double expected, double tolerance);
void expect_sum(const char *what, int64_t index, double got, const reference_sum *expected);
void expect_equal(const char *what, int64_t index, int64_t got, int64_t expected);
// Notes what a test needs that is not here, why it compares nothing; returns 0.
int lacks(const char *what);
// Whether the processor can run the kernels for AVX-512, which elsewhere than on x86-64 are compiled for any vectors.
int runs_avx512_kernels(void);
// Of a sum with an activation behind it, an opcode of strata_copy, strata_relu, strata_tanh or strata_sigmoid.
void expect_activated(const char *what, int64_t index, double got, const reference_sum *sum, int32_t activation);
