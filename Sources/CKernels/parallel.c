// The OpenMP runtime is entered by its own interface (GNU libgomp's GOMP_parallel, which LLVM's has
// too) because SwiftPM lets no package that others depend on pass -fopenmp.
#include "parallel.h"

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

static int thread_count = 0;
static _Thread_local int is_alone = 0;

// OpenMP keeps the number of a team's threads for each thread that starts teams.
void ck_prepare_threads(void) {
    int threads = is_alone ? 1 : __atomic_load_n(&thread_count, __ATOMIC_RELAXED);
    if (threads > 0 && omp_get_max_threads() != threads) omp_set_num_threads(threads);
}

void ck_set_threads(int threads) {
    __atomic_store_n(&thread_count, threads, __ATOMIC_RELAXED);
    ck_prepare_threads();
}

void ck_work_alone(void) {
    is_alone = 1;
    ck_prepare_threads();
}

int ck_threads(void) {
    if (is_alone) return 1;
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
    int threads = ck_threads();
    if (threads < 2 || count / least < 2) {
        if (count > 0) body(context, 0, count);
        return;
    }
    // Always the whole team: libgomp ends the threads that a smaller one leaves over.
    share s = {count, grain, body, context};
    GOMP_parallel(run_share, &s, (unsigned)threads, 0);
}
