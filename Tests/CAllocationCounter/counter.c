// The program's own malloc stands before the C library's, for itself and for every library it loads
// (glibc manual, "Replacing malloc"); what is allocated still comes from there.
#define _GNU_SOURCE  // dladdr
#include "CAllocationCounter.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif

void ac_share_arena(void) { mallopt(M_ARENA_MAX, 1); }

#ifdef HAS_SANITIZER
// A sanitizer has an allocator of its own, which must be the one that is used.
void ac_start(void) {}
long ac_stop(void) { return 0; }
long ac_bytes_in_use(void) { return 0; }
void ac_watch_thread(void) {}
long ac_thread_peak(void) { return 0; }
void ac_refuse(long request, int stays) { (void)request, (void)stays; }
long ac_requests(void) { return 0; }
#else

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static atomic_int is_counting;
static atomic_long count;
// Of any thread: a primitive works on all of the team.
static atomic_int is_in_onednn;

static _Thread_local int is_watched;
static _Thread_local long held, peak;

static _Thread_local long requests, failing_request = -1;
static _Thread_local int stays_failing;

// What Swift's runtime and oneDNN allocate for their own objects and code is small, and the process ends without it:
// oneDNN 2.6 writes to an attribute that it did not get, and jumps to code that it did not make. So that is not refused.
static int is_refused(void *caller) {
    Dl_info library;
    if (dladdr(caller, &library) && library.dli_fname != NULL &&
        (strstr(library.dli_fname, "libswift") || strstr(library.dli_fname, "libdnnl")))
        return 0;
    long request = requests++;
    if (failing_request < 0) return 0;
    return stays_failing ? request >= failing_request : request == failing_request;
}

void ac_refuse(long request, int stays) {
    requests = 0;
    failing_request = request;
    stays_failing = stays;
}

long ac_requests(void) { return requests; }

static void *taken(void *memory) {
    if (is_watched && memory != NULL) {
        held += (long)malloc_usable_size(memory);
        if (held > peak) peak = held;
    }
    return memory;
}

static void given_back(void *memory) {
    if (is_watched && memory != NULL) held -= (long)malloc_usable_size(memory);
}

static void note(void) {
    if (atomic_load_explicit(&is_counting, memory_order_relaxed) &&
        !atomic_load_explicit(&is_in_onednn, memory_order_relaxed))
        atomic_fetch_add(&count, 1);
}

// oneDNN 2.6 makes a map of the arguments whenever a primitive is executed, and frees it before it
// returns; nobody can spare it that. So what it allocates within the call is not counted.
typedef int (*execute_function)(const void *, void *, int, const void *);

int dnnl_primitive_execute(const void *primitive, void *stream, int number, const void *arguments) {
    static _Atomic(execute_function) found;
    execute_function execute = atomic_load(&found);
    if (execute == NULL) {
        execute = (execute_function)dlsym(RTLD_NEXT, "dnnl_primitive_execute");
        atomic_store(&found, execute);
    }
    atomic_fetch_add(&is_in_onednn, 1);
    int status = execute(primitive, stream, number, arguments);
    atomic_fetch_sub(&is_in_onednn, 1);
    return status;
}

void ac_start(void) {
    atomic_store(&count, 0);
    atomic_store(&is_counting, 1);
}

long ac_stop(void) {
    atomic_store(&is_counting, 0);
    return atomic_load(&count);
}

void ac_watch_thread(void) {
    held = peak = 0;
    is_watched = 1;
}

long ac_thread_peak(void) {
    is_watched = 0;
    return peak;
}

long ac_bytes_in_use(void) { return (long)mallinfo2().uordblks; }

void *malloc(size_t size) {
    note();
    return taken(__libc_malloc(size));
}

void *calloc(size_t number, size_t size) {
    note();
    return taken(__libc_calloc(number, size));
}

void *realloc(void *memory, size_t size) {
    note();
    given_back(memory);
    void *moved = __libc_realloc(memory, size);
    // Where there is no room the old block stays, and is still held.
    return moved == NULL && size > 0 ? (taken(memory), NULL) : taken(moved);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return taken(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    void *memory = is_refused(__builtin_return_address(0)) ? NULL : memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

void free(void *memory) {
    given_back(memory);
    __libc_free(memory);
}

static void *mapped(
    void *address, size_t length, int protection, int flags, int file, off_t offset, void *caller
) {
    if ((flags & MAP_ANONYMOUS) && is_refused(caller)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    return mapped(address, length, protection, flags, file, offset, __builtin_return_address(0));
}

// What programs with files of any length call.
void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    return mapped(address, length, protection, flags, file, offset, __builtin_return_address(0));
}
#endif
