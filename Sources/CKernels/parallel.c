// The OpenMP runtime is entered by its own interface (GNU libgomp's GOMP_parallel, which LLVM's has
// too) because SwiftPM lets no package that others depend on pass -fopenmp.
#include "parallel.h"

#include <string.h>

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

int ck_exchange_team(int threads) {
    int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    return before;
}

// A part for each thread: each begins with its own, which reads what that thread has written before, and then
// takes what another has not begun.
typedef struct {
    int64_t count;
    void (*run)(void *, int64_t);
    void *context;
    int *are_taken;
} parts;

static void take_parts(void *data) {
    const parts *p = data;
    for (int64_t i = 0, own = omp_get_thread_num(); i < p->count; i++) {
        int64_t part = (own + i) % p->count;
        if (!__atomic_exchange_n(&p->are_taken[part], 1, __ATOMIC_RELAXED)) p->run(p->context, part);
    }
}

typedef struct {
    int64_t count, grain, threads;
    void (*body)(void *, int64_t, int64_t);
    void *context;
} share;

static void run_share(void *data, int64_t thread) {
    const share *s = data;
    int64_t grains = (s->count + s->grain - 1) / s->grain;
    int64_t begin = grains * thread / s->threads * s->grain;
    int64_t end = grains * (thread + 1) / s->threads * s->grain;
    if (end > s->count) end = s->count;
    if (begin < end) s->body(s->context, begin, end);
}

static void run_own_share(void *data) {
    share s = *(const share *)data;
    s.threads = omp_get_num_threads();  // perhaps fewer than were asked for
    run_share(&s, omp_get_thread_num());
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
    share s = {count, grain, threads, body, context};
    // Where a thread sleeps because its core is another process's, it is not waited for.
    if (ck_sleeps_soon() && threads <= MOST_THREADS) {
        int are_taken[MOST_THREADS];
        memset(are_taken, 0, sizeof(int) * (size_t)threads);
        parts p = {threads, run_share, &s, are_taken};
        GOMP_parallel(take_parts, &p, (unsigned)threads, 0);
    } else {
        GOMP_parallel(run_own_share, &s, (unsigned)threads, 0);
    }
}

typedef struct {
    const ck_calls *calls;
    int failure;
} call_run;

static void run_call(void *data, int64_t number) {
    call_run *r = data;
    int status = r->calls->function(r->calls->arguments[number]);
    if (status) __atomic_store_n(&r->failure, status, __ATOMIC_RELAXED);
}

int ck_run_calls(const void *argument) {
    const ck_calls *c = argument;
    call_run r = {c, 0};
    memset(c->are_taken, 0, sizeof(int) * (size_t)c->count);
    parts p = {c->count, run_call, &r, c->are_taken};
    GOMP_parallel(take_parts, &p, (unsigned)ck_threads(), 0);
    return r.failure;
}
