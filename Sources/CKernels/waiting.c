// How the threads of a team wait between two kernels: spinning, or asleep.
//
// A waiting thread of libgomp spins for some 300,000 rounds, milliseconds, before it sleeps. On a quiet machine the
// next kernel finds it awake. Where another process runs on the same core, every barrier waits for the scheduler
// instead. With more threads than cores libgomp spins for 100 rounds only (GOMP_SPINCOUNT in its manual), about a
// microsecond. There is no function that asks for that, and its environment variable is read before main; but a
// sleeping second team counts like a working one. So the CPU clocks of the threads are read now and then: threads that
// spin, and yet get less CPU time than passes, share their core, and while that lasts an idle team is kept alive.
#include "parallel.h"

#include <pthread.h>
#include <time.h>

extern int omp_get_thread_num(void);
extern int omp_get_num_procs(void);

// In nanoseconds, as the clocks count.
#define MILLISECOND ((int64_t)1000000)
// The time between two samples, and the running time that a sample covers.
#define SAMPLE_EVERY (20 * MILLISECOND)
#define SAMPLE_LENGTH (10 * MILLISECOND)
// How long waiting threads sleep before the next sample: at first, and after repeated samples with a neighbour.
#define FIRST_SLEEP (500 * MILLISECOND)
#define LONGEST_SLEEP (16000 * MILLISECOND)

// The CPU time per time that passes of a thread that has its core to itself. A process of equal priority takes half of
// it, a short-lived daemon a few hundredths.
static const double own_share = 0.85;

typedef struct {
    int count;
    clockid_t clocks[MAX_THREADS];
    int64_t last, passed, begun_at;
    int64_t worked, begun_with;
    int is_sampling, shared_samples;
} watch;

static _Thread_local watch own_watch;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
// An idle team that is no longer held lives on until its thread has seen that.
static int is_held = 0, is_alive = 0;
static int64_t held_until = 0, sleep_length = FIRST_SLEEP;

static int64_t read_clock(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void do_nothing(void *data) { (void)data; }

// The idle team lives as long as the thread that started it.
static void *hold_idle_team(void *data) {
    (void)data;
    int threads = omp_get_num_procs() + 1;
    if (strata_startable_threads(threads) == threads) strata_run_team(do_nothing, NULL, threads);
    pthread_mutex_lock(&lock);
    while (__atomic_load_n(&is_held, __ATOMIC_RELAXED)) pthread_cond_wait(&change, &lock);
    is_alive = 0;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void start_sleeping(int64_t now) {
    pthread_mutex_lock(&lock);
    if (!is_held && !is_alive) {
        pthread_t thread;
        // Read and written without the lock too.
        int64_t length = __atomic_load_n(&sleep_length, __ATOMIC_RELAXED);
        __atomic_store_n(&held_until, now + length, __ATOMIC_RELAXED);
        __atomic_store_n(
            &sleep_length, length * 2 > LONGEST_SLEEP ? LONGEST_SLEEP : length * 2, __ATOMIC_RELAXED);
        if (pthread_create(&thread, NULL, hold_idle_team, NULL) == 0) {
            pthread_detach(thread);
            is_alive = 1;
            __atomic_store_n(&is_held, 1, __ATOMIC_RELAXED);
        }
    }
    pthread_mutex_unlock(&lock);
}

static void stop_sleeping(void) {
    pthread_mutex_lock(&lock);
    __atomic_store_n(&is_held, 0, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&change);
    pthread_mutex_unlock(&lock);
}

static void read_thread_clock(void *data) {
    watch *w = data;
    int number = omp_get_thread_num();
    if (number < MAX_THREADS) pthread_getcpuclockid(pthread_self(), &w->clocks[number]);
}

static int64_t cpu_time(const watch *w) {
    int64_t sum = 0;
    for (int i = 0; i < w->count; i++) sum += read_clock(w->clocks[i]);
    return sum;
}

int strata_waits_asleep(void) { return __atomic_load_n(&is_held, __ATOMIC_RELAXED); }

void strata_run_begins(void) {
    watch *w = &own_watch;
    int64_t now = read_clock(CLOCK_MONOTONIC);
    if (strata_waits_asleep()) {
        if (now > __atomic_load_n(&held_until, __ATOMIC_RELAXED)) stop_sleeping();
        return;
    }
    if (w->passed == 0 && now - w->last < SAMPLE_EVERY) return;
    int threads = strata_threads();
    if (threads < 2) return;
    // Each time, as libgomp may have started new threads. The whole team, as in strata_parallel.
    w->count = threads < MAX_THREADS ? threads : MAX_THREADS;
    strata_run_team(read_thread_clock, w, threads);
    w->is_sampling = 1;
    w->begun_with = cpu_time(w);
    w->begun_at = read_clock(CLOCK_MONOTONIC);
}

void strata_run_ends(void) {
    watch *w = &own_watch;
    if (!w->is_sampling) return;
    w->is_sampling = 0;
    int64_t now = read_clock(CLOCK_MONOTONIC);
    w->passed += now - w->begun_at;
    w->worked += cpu_time(w) - w->begun_with;
    if (w->passed < SAMPLE_LENGTH) return;
    double share = (double)w->worked / ((double)w->passed * w->count);
    w->passed = w->worked = 0;
    if (share < own_share) {
        // Two samples in a row: a short-lived daemon is no neighbour.
        if (++w->shared_samples >= 2) {
            w->shared_samples = 0;
            start_sleeping(now);
        }
    } else {
        w->last = now;
        w->shared_samples = 0;
        __atomic_store_n(&sleep_length, FIRST_SLEEP, __ATOMIC_RELAXED);
    }
}
