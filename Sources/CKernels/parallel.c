// Calls the OpenMP runtime's own interface (GOMP_parallel of GNU libgomp, which LLVM's has too), because SwiftPM does
// not let packages that others depend on pass -fopenmp.
#include "parallel.h"

#include <pthread.h>
#include <string.h>

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int threads);

// libgomp is not compiled with ThreadSanitizer, which is told what a team promises: what stands before it comes before
// each thread's body, and each body before what stands behind it.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define IS_SANITIZED
#endif
#endif
#ifdef IS_SANITIZED
extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);
#else
#define __tsan_acquire(address) (void)(address)
#define __tsan_release(address) (void)(address)
#endif

typedef struct {
    void (*body)(void *);
    void *data;
    char begins, ends;
} team;

static void run_member(void *data) {
    team *t = data;
    __tsan_acquire(&t->begins);
    t->body(t->data);
    __tsan_release(&t->ends);
}

void strata_run_team(void (*body)(void *), void *data, int threads) {
    team t = {.body = body, .data = data};
    __tsan_release(&t.begins);
    GOMP_parallel(run_member, &t, (unsigned)threads, 0);
    __tsan_acquire(&t.ends);
}

static int thread_count = 0;
// The team size of this thread alone; 0 for that of all.
static _Thread_local int own_count = 0;
// The team size of the plan that this thread makes or runs; 0 outside.
static _Thread_local int plan_count = 0;
// The largest team that this thread has started.
static _Thread_local int largest_team = 1;

// At first OpenMP's own, which is the same on each thread that has not started a team yet.
static int count_of_all(void) {
    int threads = __atomic_load_n(&thread_count, __ATOMIC_RELAXED);
    if (threads > 0) return threads;
    int first = omp_get_max_threads();
    return __atomic_compare_exchange_n(&thread_count, &threads, first, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
               ? first
               : threads;
}

int strata_threads(void) {
    if (plan_count > 0) return plan_count;
    return own_count > 0 ? own_count : count_of_all();
}

static void *wait_for_all(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

int strata_startable_threads(int wanted) {
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t started[MAX_THREADS];
    int count = 0, others = wanted <= MAX_THREADS ? wanted - 1 : MAX_THREADS;
    pthread_mutex_lock(&gate);
    while (count < others && pthread_create(&started[count], NULL, wait_for_all, &gate) == 0) count++;
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < count; i++) pthread_join(started[i], NULL);
    // With all that can be started, there would be no memory for anything else.
    return count < others ? count / 2 + 1 : wanted;
}

static void do_nothing(void *data) { (void)data; }

// Where libgomp cannot start a thread, for want of memory for its stack for example, it ends the process. So before
// the calling thread's team is larger than ever, it is tried, and the team is started at once: a plan's memory may be
// what a thread that starts later lacks. The team is as large as can be, and stays so.
static void start_team(void) {
    int wanted = strata_threads();
    if (wanted <= largest_team) return;
    largest_team = strata_startable_threads(wanted);
    if (largest_team < wanted) own_count = largest_team;
    if (plan_count > largest_team) plan_count = largest_team;
    strata_run_team(do_nothing, NULL, largest_team);
}

// OpenMP has a team size for each thread that starts teams.
void strata_prepare_threads(void) {
    int threads = strata_threads();
    if (omp_get_max_threads() != threads) omp_set_num_threads(threads);
}

void strata_set_threads(int threads) {
    __atomic_store_n(&thread_count, threads, __ATOMIC_RELAXED);
    strata_prepare_threads();
}

void strata_use_threads(int threads) {
    own_count = threads;
    strata_prepare_threads();
}

int strata_enter_plan(int threads) {
    int before = plan_count;
    plan_count = own_count > 0 && own_count < threads ? own_count : threads;
    start_team();
    strata_prepare_threads();
    return before;
}

void strata_leave_plan(int before) {
    plan_count = before;
    strata_prepare_threads();
}

int strata_exchange_team_size(int threads) {
    int before = omp_get_max_threads();
    if (threads > 0 && threads != before) omp_set_num_threads(threads);
    return before;
}

// A partition for each thread. Each begins with its own, whose memory it has written before, and then takes those that
// no other has begun.
typedef struct {
    int64_t count;
    void (*run)(void *, int64_t);
    void *context;
    int *are_taken;
} partitions;

static void take_partitions(void *data) {
    const partitions *p = data;
    for (int64_t i = 0, own = omp_get_thread_num(); i < p->count; i++) {
        int64_t partition = (own + i) % p->count;
        if (!__atomic_exchange_n(&p->are_taken[partition], 1, __ATOMIC_RELAXED)) p->run(p->context, partition);
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
    s.threads = omp_get_num_threads();  // may be fewer than asked for
    run_share(&s, omp_get_thread_num());
}

void strata_parallel(
    int64_t count, int64_t grain, int64_t minimum, void (*body)(void *, int64_t, int64_t),
    void *context) {
    int threads = strata_threads();
    if (threads < 2 || count / minimum < 2) {
        if (count > 0) body(context, 0, count);
        return;
    }
    // Always the whole team: libgomp ends the threads that a smaller team does not need.
    share s = {count, grain, threads, body, context};
    // A thread whose core is taken by another process is not waited for.
    if (strata_waits_asleep() && threads <= MAX_THREADS) {
        int are_taken[MAX_THREADS];
        memset(are_taken, 0, sizeof(int) * (size_t)threads);
        partitions p = {threads, run_share, &s, are_taken};
        strata_run_team(take_partitions, &p, threads);
    } else {
        strata_run_team(run_own_share, &s, threads);
    }
}

typedef struct {
    const strata_calls *calls;
    int failure;
} call_run;

static void run_call(void *data, int64_t index) {
    call_run *r = data;
    int status = r->calls->function(r->calls->arguments[index]);
    if (status) __atomic_store_n(&r->failure, status, __ATOMIC_RELAXED);
}

int strata_run_calls(const void *argument) {
    const strata_calls *c = argument;
    call_run r = {c, 0};
    memset(c->are_taken, 0, sizeof(int) * (size_t)c->count);
    partitions p = {c->count, run_call, &r, c->are_taken};
    strata_run_team(take_partitions, &p, strata_threads());
    return r.failure;
}
