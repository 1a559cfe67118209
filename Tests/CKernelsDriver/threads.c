// The functions around kernels: threads, runs and memory.
#include "driver.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- Threads -------------------------------------------------------------------------------------

static void test_threads(void) {
    int before = strata_threads();
    strata_set_threads(5);
    expect_equal("the threads of all", 0, strata_threads(), 5);
    expect_equal("the team of all", 0, strata_exchange_team_size(0), 5);
    strata_use_threads(2);
    expect_equal("a thread's own", 0, strata_threads(), 2);
    expect_equal("its team", 0, strata_exchange_team_size(0), 2);
    int outer = strata_enter_plan(3);
    expect_equal("a plan has no more than its thread", 0, strata_threads(), 2);
    int inner = strata_enter_plan(1);
    expect_equal("a plan within a plan", 0, strata_threads(), 1);
    strata_leave_plan(inner);
    expect_equal("after the inner plan", 0, strata_threads(), 2);
    strata_leave_plan(outer);
    strata_use_threads(0);
    expect_equal("without its own", 0, strata_threads(), 5);
    expect_equal("the team before", 0, strata_exchange_team_size(4), 5);
    expect_equal("the team after", 0, strata_exchange_team_size(0), 4);
    strata_prepare_threads();
    expect_equal("the prepared team", 0, strata_exchange_team_size(0), 5);
    strata_set_threads(before);
}

typedef struct {
    int64_t calls;
    int status;
} counter;

static int count_call(const void *argument) {
    counter *own = (counter *)(uintptr_t)argument;
    __atomic_add_fetch(&own->calls, 1, __ATOMIC_RELAXED);
    return own->status;
}

static void test_calls(void) {
    static const int64_t counts[] = {1, 2, 7, 100};
    for (int64_t i = 0; i < COUNT_OF(counts); i++)
        for (int status = 0; status < 2; status++) {
            int64_t n = counts[i];
            counter *counters = allocate_elements(n, sizeof(counter));
            const void **arguments = allocate_elements(n, sizeof(void *));
            for (int64_t k = 0; k < n; k++) arguments[k] = &counters[k];
            counters[n - 1].status = status;
            strata_calls calls = {n, count_call, arguments, new_integers(n)};
            expect_equal("the status of calls", i, strata_run_calls(&calls), status);
            for (int64_t k = 0; k < n; k++) expect_equal("calls", k, counters[k].calls, 1);
        }
}

// Whether waiting threads sleep (waiting.c): then each takes the partitions of others.
int strata_waits_asleep(void);

// Runs a kernel for two seconds at most, until waiting threads sleep, or spin again.
static void run_until(int is_asleep, const strata_reduction *reduction, const double *expected) {
    // Threads that sleep get less time than passes, as on a busy machine.
    const struct timespec pause = {0, 1000000};
    for (int run = 0; run < 2000 && strata_waits_asleep() != is_asleep; run++) {
        strata_run_begins();
        for (int k = 0; k < 4; k++) strata_run_reduction(reduction);
        nanosleep(&pause, NULL);
        strata_run_ends();
        for (int64_t i = 0; i < reduction->outer; i++)
            expect_near("a sum in a run", i, reduction->destination[i], expected[i], 0);
    }
    expect_equal("waiting threads sleep", is_asleep, strata_waits_asleep(), is_asleep);
}

// Runs with more threads than there are cores, and with pauses: the kernels take that for a busy machine, and let
// waiting threads sleep for a while.
static void test_runs(void) {
    int before = strata_threads();
    int64_t rows = 64, n = 2000;
    float *source = random_whole(rows * n);
    double *sums = allocate_elements(rows, sizeof(double));
    for (int64_t i = 0; i < rows * n; i++) sums[i / n] += source[i];
    strata_reduction reduction = {strata_sum, rows, n, 1, source, new_floats(rows)};
    strata_set_threads(2 * (int)sysconf(_SC_NPROCESSORS_ONLN) + 1);
    run_until(1, &reduction, sums);
    run_until(0, &reduction, sums);
    strata_set_threads(before);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

// A field of /proc/self/statm in bytes: "%ld" reads the address space, "%*s %ld" what is resident. 0 where it is not known.
static int64_t process_bytes(const char *field) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return 0;
    if (fscanf(file, field, &pages) != 1) pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

// Leaves 100 MiB of address space to this process, as `ulimit -v`. Returns 0 where that has no effect, as in qemu-user,
// and for sanitizers, which need memory of their own for each thread.
static int limit_memory(void) {
#if defined(HAS_SANITIZER)
    return 0;
#endif
    const int64_t size = process_bytes("%ld");
    if (size == 0) return 0;
    rlim_t most = (rlim_t)size + ((rlim_t)100 << 20);
    struct rlimit limit = {most, most}, found;
    return setrlimit(RLIMIT_AS, &limit) == 0 && getrlimit(RLIMIT_AS, &found) == 0 && found.rlim_cur == most;
}

// Adds up with a team whose stacks, of 8 MiB each, take more than that.
static void *sum_with_many_threads(void *data) {
    (void)data;
    enum { rows = 64, length = 2000, threads = 64 };
    static float source[rows * length], sums[rows];
    for (int i = 0; i < rows * length; i++) source[i] = 1;
    strata_reduction reduction = {strata_sum, rows, length, 1, source, sums};
    strata_use_threads(threads);
    int outer = strata_enter_plan(threads);
    if (strata_threads() < 2 || strata_threads() >= threads) _exit(3);
    strata_run_reduction(&reduction);
    strata_leave_plan(outer);
    for (int i = 0; i < rows; i++)
        if (sums[i] != length) _exit(4);
    _exit(0);
}

// libgomp ends the process where it cannot start a thread.
static void test_limited_threads(void) {
    pid_t child = fork();
    if (child == 0) {
        if (!limit_memory()) _exit(0);
        pthread_t thread;
        // On a thread of its own, as the calling thread's team is not in this process.
        if (pthread_create(&thread, NULL, sum_with_many_threads, NULL) != 0) _exit(2);
        pthread_join(thread, NULL);
        _exit(5);
    }
    int status = -1;
    waitpid(child, &status, 0);
    expect_equal("a sum with the threads that can be started", 0, status, 0);
}

static void test_processor(void) {
    expect_equal("0 or 1", 0, strata_has_bfloat16() >> 1, 0);
    int before = strata_instruction_level();
    strata_limit_instructions(1);
    expect_equal("the lowest level", 0, strata_instruction_level(), 1);
    strata_limit_instructions(100);
    int own = strata_instruction_level();
#if defined(__x86_64__)
    expect_equal("levels that kernels know", own, own == 1 || own == 3 || own == 4, 1);
#else
    expect_equal("a level of no x86-64", 0, own, 1);
#endif
    strata_limit_instructions(before);
    expect_equal("the level before", 0, strata_instruction_level(), before);
}

const kernel_test thread_tests[] = {
    {"strata_set_threads strata_threads strata_prepare_threads strata_use_threads strata_exchange_team_size"
     " strata_enter_plan strata_leave_plan", test_threads},
    {"strata_enter_plan strata_use_threads", test_limited_threads},
    {"strata_run_calls", test_calls},
    {"strata_has_bfloat16 strata_instruction_level strata_limit_instructions", test_processor},
    {NULL, NULL},
};

const kernel_test waiting_tests[] = {
    {"strata_run_begins strata_run_ends", test_runs},
    {NULL, NULL},
};

// ---- Memory --------------------------------------------------------------------------------------

static void test_memory(void) {
    // Around the limits of memory with pages of its own (128 KiB) and of huge pages (4 MiB).
    static const size_t sizes[] = {1, 63, 64, 4097, (128 << 10) - 1, 128 << 10, (4 << 20) - 1, 4 << 20, (9 << 20) + 5};
    for (int64_t i = 0; i < COUNT_OF(sizes); i++) {
        unsigned char *memory = strata_allocate(sizes[i]);
        expect_equal("memory", i, memory != NULL, 1);
        if (memory == NULL) continue;
        expect_equal("alignment", i, (int64_t)((uintptr_t)memory % 64), 0);
        expect_equal("the first byte", i, memory[0], 0);
        expect_equal("the last byte", i, memory[sizes[i] - 1], 0);
        memset(memory, 0x5a, sizes[i]);
        expect_equal("written", i, memory[sizes[i] - 1], 0x5a);
        strata_free(memory, sizes[i]);
    }
    expect_equal("more than there is", 0, strata_allocate(SIZE_MAX / 2) == NULL, 1);
    expect_equal("more than there can be", 0, strata_allocate(SIZE_MAX) == NULL, 1);
}

static void test_same_bytes(void) {
    for (int64_t n = 1; n < 70; n++) {
        char *a = allocate_elements(n, 1), *b = allocate_elements(n, 1);
        expect_equal("equal bytes", n, strata_same_bytes(a, b, (size_t)n) != 0, 1);
        b[n - 1] = 1;
        expect_equal("another last byte", n, strata_same_bytes(a, b, (size_t)n) != 0, 0);
        expect_equal("without it", n, strata_same_bytes(a, b, (size_t)n - 1) != 0, 1);
    }
}

static int has_glibc_heap(void) {
#if defined(__GLIBC__) && !defined(HAS_SANITIZER)
    return 1;
#else
    return lacks("glibc's heap, which a sanitizer replaces");
#endif
}

// That they share them is tested with a server: glibc asks once in a process for how many there may be.
static void test_arenas(void) {
    if (!has_glibc_heap()) return;
    expect_equal("arenas are shared", 0, strata_share_arenas(2), 1);
}

// glibc keeps what lies below memory in use, in parts too small for pages of their own.
static void test_trim(void) {
    if (!has_glibc_heap()) return;
    enum { count = 1000, byte_count = 10000 };
    char *parts[count];
    for (int i = 0; i < count; i++) {
        parts[i] = malloc(byte_count);
        memset(parts[i], 1, byte_count);
    }
    for (int i = 0; i + 1 < count; i++) free(parts[i]);
    const char *resident = "%*s %ld";
    const int64_t before = process_bytes(resident);
    expect_equal("there was free memory", 0, strata_trim_heap(), 1);
    expect_equal("most of it is given back", 0, before - process_bytes(resident) > count * byte_count * 9 / 10, 1);
    expect_equal("memory in use stays", 0, parts[count - 1][byte_count - 1], 1);
    free(parts[count - 1]);
}

const kernel_test memory_tests[] = {
    {"strata_allocate strata_free", test_memory},
    {"strata_same_bytes", test_same_bytes},
    {"strata_share_arenas", test_arenas},
    {"strata_trim_heap", test_trim},
    {NULL, NULL},
};
