// Runs the tests of all kernels with one thread and with two, with each level of instructions that the processor has,
// and prints a line for each. With the argument `--functions` it prints the functions that are tested instead.
#include "driver.h"

#include <stdio.h>

static const kernel_test *const groups[] = {
    thread_tests, memory_tests, elementwise_tests, random_tests, reduction_tests, normalization_tests, row_tests,
    copy_tests, image_tests, patch_tests, pooling_tests, batch_blocked_tests, implicit_gemm_tests, winograd_tests,
};

// ---- Memory --------------------------------------------------------------------------------------

#define MAX_ALLOCATIONS 100000
static void *allocations[MAX_ALLOCATIONS];
static int allocation_count = 0;

void *allocate_elements(int64_t count, size_t size) {
    // An empty array has a pointer, too.
    void *memory = calloc(count > 0 ? (size_t)count : 1, size);
    if (memory == NULL || allocation_count == MAX_ALLOCATIONS) {
        fprintf(stderr, "no memory for a test\n");
        exit(1);
    }
    allocations[allocation_count++] = memory;
    return memory;
}

static void free_all(void) {
    while (allocation_count > 0) free(allocations[--allocation_count]);
}

float *new_floats(int64_t count) { return allocate_elements(count, sizeof(float)); }

int32_t *new_integers(int64_t count) { return allocate_elements(count, sizeof(int32_t)); }

// ---- Numbers -------------------------------------------------------------------------------------

static uint64_t generator = 0;

// Marsaglia's xorshift64*.
static uint64_t next_number(void) {
    generator ^= generator >> 12;
    generator ^= generator << 25;
    generator ^= generator >> 27;
    return generator * 0x2545F4914F6CDD1Du;
}

double random_between(double low, double high) {
    return low + (high - low) * (double)(next_number() >> 11) * 0x1p-53;
}

int64_t random_below(int64_t limit) { return (int64_t)(next_number() % (uint64_t)limit); }

float *random_floats(int64_t count) {
    float *values = new_floats(count);
    for (int64_t i = 0; i < count; i++) values[i] = (float)random_between(-2, 2);
    return values;
}

float *random_whole(int64_t count) {
    float *values = new_floats(count);
    for (int64_t i = 0; i < count; i++) values[i] = (float)(random_below(9) - 4);
    return values;
}

static float widened(uint16_t bits) {
    uint32_t whole = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

// By nearest, ties to even, for finite numbers.
static uint16_t narrowed(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t rest = bits & 0xffffu, upper = bits >> 16;
    if (isfinite(value) && (rest > 0x8000u || (rest == 0x8000u && upper % 2 == 1))) upper++;
    if (isnan(value)) upper |= 0x40u;
    return (uint16_t)upper;
}

void round_to_bfloat16(float *values, int64_t count) {
    for (int64_t i = 0; i < count; i++) values[i] = widened(narrowed(values[i]));
}

void *as_type(const float *values, int64_t count, int is_bfloat16) {
    void *memory = new_elements(count, is_bfloat16);
    for (int64_t i = 0; i < count; i++)
        if (is_bfloat16)
            ((uint16_t *)memory)[i] = narrowed(values[i]);
        else
            ((float *)memory)[i] = values[i];
    return memory;
}

double element(const void *memory, int64_t index, int is_bfloat16) {
    return is_bfloat16 ? widened(((const uint16_t *)memory)[index]) : ((const float *)memory)[index];
}

void *new_elements(int64_t count, int is_bfloat16) {
    return allocate_elements(count, is_bfloat16 ? sizeof(uint16_t) : sizeof(float));
}

// ---- Comparisons ---------------------------------------------------------------------------------

static int64_t failures = 0, comparisons = 0;
static const char *missing;
static int threads = 1;

static void note_failure(const char *what, int64_t index, double got, double expected, double tolerance) {
    // The first ones tell enough.
    if (failures++ < 5)
        printf("  %s [%lld] with %d threads: %.9g instead of %.9g within %.3g\n", what, (long long)index, threads, got,
            expected, tolerance);
}

void expect_near(const char *what, int64_t index, double got, double expected, double tolerance) {
    comparisons++;
    if (isnan(got) && isnan(expected)) return;
    if (got == expected || fabs(got - expected) <= tolerance) return;
    note_failure(what, index, got, expected, tolerance);
}

void expect_sum(const char *what, int64_t index, double got, const reference_sum *expected) {
    expect_near(what, index, got, expected->value, error_bound(expected));
}

void expect_equal(const char *what, int64_t index, int64_t got, int64_t expected) {
    comparisons++;
    if (got != expected) note_failure(what, index, (double)got, (double)expected, 0);
}

int lacks(const char *what) {
    missing = what;
    return 0;
}

int runs_avx512_kernels(void) {
#if defined(__x86_64__)
    return strata_instruction_level() >= 4 || lacks("AVX-512");
#else
    return 1;
#endif
}

// ---- The tests -----------------------------------------------------------------------------------

static void print_functions(void) {
    for (int64_t group = 0; group < COUNT_OF(groups); group++)
        for (const kernel_test *test = groups[group]; test->run; test++) printf("%s\n", test->functions);
    printf("%s\n", waiting_tests->functions);
}

// - is_last: whether no more instructions follow, so that the test is not run at all where it was not now.
static int run_test(const kernel_test *test, int is_last) {
    failures = comparisons = 0;
    missing = NULL;
    for (threads = 1; threads <= 2; threads++) {
        generator = 0x9E3779B97F4A7C15u;
        strata_set_threads(threads);
        test->run();
        free_all();
    }
    if (comparisons == 0 && missing) {
        if (is_last) printf("%s: needs %s: not run\n", test->functions, missing);
        return 0;
    }
    // A test that compares nothing cannot fail.
    const int failed = failures > 0 || comparisons == 0;
    printf("%s: %s (%lld comparisons)\n", test->functions, failed ? "FAILED" : "ok", (long long)comparisons);
    return failed;
}

int main(int count, char **arguments) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count > 1 && strcmp(arguments[1], "--functions") == 0) {
        print_functions();
        return 0;
    }
    static const int levels[] = {1, 3, 4};
    int failed = 0, newest = strata_instruction_level();
    for (int64_t i = 0; i < COUNT_OF(levels) && levels[i] <= newest; i++) {
        strata_limit_instructions(levels[i]);
#if defined(__x86_64__)
        printf("With the instructions of x86-64-v%d:\n", levels[i]);
#endif
        for (int64_t group = 0; group < COUNT_OF(groups); group++)
            for (const kernel_test *test = groups[group]; test->run; test++)
                failed |= run_test(test, levels[i] == newest);
    }
    // Once, since it changes how threads wait, for longer each time.
    return failed | run_test(waiting_tests, 1);
}
