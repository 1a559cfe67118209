// How many threads can be started, without starting them: what is asked for is given back at once, and other threads of
// the process, which need memory meanwhile, find at least half of what is left of its address space.
#include "parallel.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Enough for a thread that only waits, with the thread-local variables of the program.
#define SMALL_STACK ((size_t)256 << 10)

// What is left of the process's limit of address space (`ulimit -v`), in bytes.
static int64_t free_address_space(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return INT64_MAX;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return INT64_MAX;
    long long pages = 0;
    int count = fscanf(file, "%lld", &pages);
    fclose(file);
    if (count != 1) return INT64_MAX;
    int64_t left = (int64_t)limit.rlim_cur - pages * sysconf(_SC_PAGESIZE);
    return left > 0 ? left : 0;
}

// The stack of a thread that is started without attributes, as OpenMP's are.
static size_t stack_size(void) {
    size_t size = (size_t)8 << 20;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return size;
    pthread_attr_getstacksize(&attributes, &size);
    pthread_attr_destroy(&attributes);
    return size;
}

// There are other limits of memory (RLIMIT_DATA, a strict overcommit), which count what is mapped.
static int can_map(size_t size) {
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return 0;
    munmap(mapped, size);
    return 1;
}

static void *wait_for_all(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

// Starts threads, for limits of their number, with small stacks, and ends them. Returns how many that were.
static int start_small_threads(int wanted) {
    pthread_t started[MAX_THREADS];
    pthread_attr_t attributes;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    if (pthread_attr_init(&attributes) != 0) return 0;
    pthread_attr_setstacksize(&attributes, SMALL_STACK);
    int count = 0, error = 0;
    pthread_mutex_lock(&gate);
    while (count < wanted && error == 0) {
        error = pthread_create(&started[count], &attributes, wait_for_all, &gate);
        if (error == 0) count++;
    }
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < count; i++) pthread_join(started[i], NULL);
    pthread_attr_destroy(&attributes);
    // Where the stack is too small for the thread-local variables, this says nothing.
    return error == EINVAL ? wanted : count;
}

int strata_startable_threads(int wanted) {
    int others = wanted <= MAX_THREADS ? wanted - 1 : MAX_THREADS, count = others;
    size_t stack = stack_size();
    // With all that can be started, there would be no memory for anything else.
    int64_t most = free_address_space() / 2 / (int64_t)stack;
    if (count > most) count = (int)most;
    while (count > 0 && !can_map((size_t)count * stack)) count /= 2;
    int started = start_small_threads(count);
    if (started < count) count = started / 2;
    return count < others ? count + 1 : wanted;
}
