// The OpenMP runtime is entered by its own interface (GNU libgomp's GOMP_parallel, which LLVM's has
// too) because SwiftPM lets no package that others depend on pass -fopenmp.
#include "parallel.h"

#include <pthread.h>
#include <unistd.h>

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

extern int omp_get_num_procs(void);

static int thread_count = 0;

static void do_nothing(void *data) { (void)data; }

static void *hold_idle_team(void *data) {
    (void)data;
    GOMP_parallel(do_nothing, NULL, (unsigned)omp_get_num_procs() + 1, 0);
    for (;;) pause();
    return NULL;
}

// How the team waits. libgomp lets a waiting thread spin for some 300,000 rounds, milliseconds, before
// it sleeps; where another process wants the core, every barrier then waits for the scheduler, and a
// step takes tens of times as long. With more threads alive than there are cores libgomp spins for
// 1,000 rounds only (GOMP_SPINCOUNT in its manual), some 20 µs: enough for the gap between two
// loops. There is no call to ask for that, and its environment is read before main; so a second
// team is made once, which sleeps and only counts.
static void start_idle_team(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, hold_idle_team, NULL) == 0) pthread_detach(thread);
}

void ck_wait_briefly(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_idle_team);
}

// OpenMP keeps the number of a team's threads for each thread that starts teams.
void ck_prepare_threads(void) {
    int threads = __atomic_load_n(&thread_count, __ATOMIC_RELAXED);
    if (threads > 0 && omp_get_max_threads() != threads) omp_set_num_threads(threads);
}

void ck_set_threads(int threads) {
    __atomic_store_n(&thread_count, threads, __ATOMIC_RELAXED);
    ck_prepare_threads();
}

int ck_threads(void) {
    int threads = __atomic_load_n(&thread_count, __ATOMIC_RELAXED);
    return threads > 0 ? threads : omp_get_max_threads();
}

typedef struct {
    int64_t count, grain;
    void (*body)(void *, int64_t, int64_t);
    void *context;
} share;

static void run_share(void *data) {
    const share *s = data;
    int64_t grains = (s->count + s->grain - 1) / s->grain;
    int64_t threads = omp_get_num_threads(), thread = omp_get_thread_num();
    int64_t begin = grains * thread / threads * s->grain;
    int64_t end = grains * (thread + 1) / threads * s->grain;
    if (end > s->count) end = s->count;
    if (begin < end) s->body(s->context, begin, end);
}

void ck_parallel(
    int64_t count, int64_t grain, int64_t least, void (*body)(void *, int64_t, int64_t),
    void *context) {
    int64_t threads = ck_threads();
    if (threads > count / least) threads = count / least;
    if (threads < 2) {
        if (count > 0) body(context, 0, count);
        return;
    }
    share s = {count, grain, body, context};
    GOMP_parallel(run_share, &s, (unsigned)threads, 0);
}
