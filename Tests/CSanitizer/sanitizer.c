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
#include <errno.h>
#include <linux/futex.h>
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
#endif
