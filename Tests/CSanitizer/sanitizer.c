#define _GNU_SOURCE  // RTLD_NEXT
#include "CSanitizer.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_USED
#endif
#if __has_feature(thread_sanitizer) && defined(__linux__)
#define HAS_THREADS
#endif
#endif

#ifdef IS_USED
int cs_is_used(void) { return 1; }
#else
int cs_is_used(void) { return 0; }
#endif

#ifdef HAS_THREADS
// What Swift's Mutex does where a thread has to wait is in libswiftSynchronization, which was not compiled with
// ThreadSanitizer: what the lock protects would be reported as races. These functions stand before the library's, with
// its protocol: the word holds the owner's thread, and the kernel hands it on (futex(2), FUTEX_LOCK_PI).
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

SWIFT void cs_lock(uint32_t thread, SELF void *word) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void cs_unlock(SELF void *word) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

static void call_kernel(int operation, void *word) {
    while (syscall(SYS_futex, word, operation, 0, NULL, NULL, 0) != 0) {
        if (errno != EINTR && errno != EAGAIN) abort();
    }
}

SWIFT void cs_lock(uint32_t thread, SELF void *word) {
    (void)thread;
    call_kernel(FUTEX_LOCK_PI_PRIVATE, word);
    __tsan_acquire(word);
}

SWIFT void cs_unlock(SELF void *word) {
    __tsan_release(word);
    call_kernel(FUTEX_UNLOCK_PI_PRIVATE, word);
}

// A task that awaits what another thread hands to it at the same time goes on at once: libswift_Concurrency exchanges an
// atomic state for that, which ThreadSanitizer does not see. These functions stand before the library's. The task learns
// of the other thread where it goes on: in a function that takes the place of the one in its context.
struct context {
    struct context *parent;
    void (*resume)(void);  // of Swift's calling convention
};
#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))
typedef ASYNC void async_function(CONTEXT void *context);

void *swift_task_getCurrent(void);

// Without instructions of ThreadSanitizer, which keeps a stack of calls: a tail call would never leave it.
#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline))

// The functions of the contexts that wait. A lock that ThreadSanitizer does not see, since it would order too much.
static struct {
    void *context;
    void (*resume)(void);
} waiting[4096];
static char is_locked;


// Exchanges the first entry with a context, which is null in a free one.
UNSEEN static void (*exchange(void *old, void *new, void (*resume)(void)))(void) {
    while (__atomic_test_and_set(&is_locked, __ATOMIC_ACQUIRE)) sched_yield();
    size_t index = 0, count = sizeof waiting / sizeof waiting[0];
    while (index < count && waiting[index].context != old) index += 1;
    if (index == count) abort();
    void (*found)(void) = waiting[index].resume;
    waiting[index].context = new;
    waiting[index].resume = resume;
    __atomic_clear(&is_locked, __ATOMIC_RELEASE);
    return found;
}

static void *find(const char *name) {
    void *address = dlsym(RTLD_NEXT, name);
    if (address == NULL) abort();
    return address;
}

SWIFT void swift_continuation_resume(void *task) {
    __tsan_release(task);
    ((SWIFT void (*)(void *))find("swift_continuation_resume"))(task);
}

SWIFT void swift_continuation_throwingResume(void *task) {
    __tsan_release(task);
    ((SWIFT void (*)(void *))find("swift_continuation_throwingResume"))(task);
}

SWIFT void swift_continuation_throwingResumeWithError(void *task, void *error) {
    __tsan_release(task);
    ((SWIFT void (*)(void *, void *))find("swift_continuation_throwingResumeWithError"))(task, error);
}

UNSEEN ASYNC static void resumed(CONTEXT void *context) {
    __tsan_acquire(swift_task_getCurrent());
    async_function *resume = (async_function *)exchange(context, NULL, NULL);
    __attribute__((musttail)) return resume(context);
}

SWIFT void *swift_continuation_init(void *context, size_t flags) {
    exchange(NULL, context, ((struct context *)context)->resume);
    ((struct context *)context)->resume = (void (*)(void))resumed;
    return ((SWIFT void *(*)(void *, size_t))find("swift_continuation_init"))(context, flags);
}
#endif
