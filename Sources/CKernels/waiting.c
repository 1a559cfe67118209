// How the team waits between two loops, chosen while it works.
//
// A waiting thread of libgomp spins for some 300,000 rounds, milliseconds, before it sleeps: on a quiet
// machine the next loop finds it awake. Where another process wants the core, every barrier then waits
// for the scheduler instead. With more threads alive than there are cores libgomp spins for 100 rounds
// only (GOMP_SPINCOUNT in its manual), about a microsecond. There is no call to ask for that, and its
// environment is read before main; but a second team that sleeps is counted like one that works. So
// the threads' own clocks are read now and then: threads that spin and yet got less time than passed
// have a neighbour, and while that lasts an idle team is kept.
#include "parallel.h"

#include <pthread.h>
#include <time.h>

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_procs(void);

// In nanoseconds, as the clocks count.
#define MILLISECOND ((int64_t)1000000)
// From one look to the next, and the work that one judgement rests on.
#define SAMPLE_EVERY (20 * MILLISECOND)
#define SAMPLE_LENGTH (10 * MILLISECOND)
// Short waits before the next look, at first and after looks that all found the neighbour there.
#define FIRST_TRUCE (500 * MILLISECOND)
#define LONGEST_TRUCE (16000 * MILLISECOND)

// What a team thread must get of the time that passes to have its core to itself. A tick of the
// scheduler to a neighbour of equal rights takes half of it, a daemon's moment a few hundredths.
static const double own_share = 0.85;

typedef struct {
    int count;
    clockid_t clocks[MOST_THREADS];
    int64_t last, passed, begun_at;
    int64_t worked, begun_with;
    int is_sampling, bad_samples;
} watch;

static _Thread_local watch mine;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
// An idle team that is no longer held lives on until its thread has noticed.
static int is_held = 0, is_alive = 0;
static int64_t held_until = 0, truce = FIRST_TRUCE;

static int64_t read_clock(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) return 0;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void do_nothing(void *data) { (void)data; }

// The idle team lives as long as the thread that made it.
static void *hold_idle_team(void *data) {
    (void)data;
    GOMP_parallel(do_nothing, NULL, (unsigned)omp_get_num_procs() + 1, 0);
    pthread_mutex_lock(&lock);
    while (__atomic_load_n(&is_held, __ATOMIC_RELAXED)) pthread_cond_wait(&change, &lock);
    is_alive = 0;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void wait_briefly(int64_t now) {
    pthread_mutex_lock(&lock);
    if (!is_held && !is_alive) {
        pthread_t thread;
        held_until = now + truce;
        truce = truce * 2 > LONGEST_TRUCE ? LONGEST_TRUCE : truce * 2;
        if (pthread_create(&thread, NULL, hold_idle_team, NULL) == 0) {
            pthread_detach(thread);
            is_alive = 1;
            __atomic_store_n(&is_held, 1, __ATOMIC_RELAXED);
        }
    }
    pthread_mutex_unlock(&lock);
}

static void wait_long(void) {
    pthread_mutex_lock(&lock);
    __atomic_store_n(&is_held, 0, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&change);
    pthread_mutex_unlock(&lock);
}

static void tell_clock(void *data) {
    watch *w = data;
    int number = omp_get_thread_num();
    if (number < MOST_THREADS) pthread_getcpuclockid(pthread_self(), &w->clocks[number]);
}

static int64_t time_worked(const watch *w) {
    int64_t sum = 0;
    for (int i = 0; i < w->count; i++) sum += read_clock(w->clocks[i]);
    return sum;
}

int ck_sleeps_soon(void) { return __atomic_load_n(&is_held, __ATOMIC_RELAXED); }

void ck_run_begins(void) {
    watch *w = &mine;
    int64_t now = read_clock(CLOCK_MONOTONIC);
    if (ck_sleeps_soon()) {
        if (now > held_until) wait_long();
        return;
    }
    if (w->passed == 0 && now - w->last < SAMPLE_EVERY) return;
    int threads = ck_threads();
    if (threads < 2) return;
    // Each time: libgomp may have made new threads since. The whole team, as in ck_parallel.
    w->count = threads < MOST_THREADS ? threads : MOST_THREADS;
    GOMP_parallel(tell_clock, w, (unsigned)threads, 0);
    w->is_sampling = 1;
    w->begun_with = time_worked(w);
    w->begun_at = read_clock(CLOCK_MONOTONIC);
}

void ck_run_ends(void) {
    watch *w = &mine;
    if (!w->is_sampling) return;
    w->is_sampling = 0;
    int64_t now = read_clock(CLOCK_MONOTONIC);
    w->passed += now - w->begun_at;
    w->worked += time_worked(w) - w->begun_with;
    if (w->passed < SAMPLE_LENGTH) return;
    double share = (double)w->worked / ((double)w->passed * w->count);
    w->passed = w->worked = 0;
    if (share < own_share) {
        // Twice, one look after the other: a daemon's moment is no neighbour.
        if (++w->bad_samples >= 2) {
            w->bad_samples = 0;
            wait_briefly(now);
        }
    } else {
        w->last = now;
        w->bad_samples = 0;
        __atomic_store_n(&truce, FIRST_TRUCE, __ATOMIC_RELAXED);
    }
}
