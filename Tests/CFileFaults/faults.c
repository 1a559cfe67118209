// The program's own functions stand before the C library's, for itself and for every library that it
// loads, as its own malloc does; what does not fail goes on to the kernel.
#define _GNU_SOURCE
#include "CFileFaults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#ifdef HAS_SANITIZER
void cf_arm(const char *folder, long call, int error, int stays) {}
long cf_disarm(void) { return 0; }
#else

#define DESCRIPTORS 4096

static _Thread_local struct {
    int is_armed, error, stays;
    long call, count;
    char folder[4096];
    // The descriptors that were opened below the folder.
    char is_watched[DESCRIPTORS];
} state;

void cf_arm(const char *folder, long call, int error, int stays) {
    memset(&state, 0, sizeof state);
    strncpy(state.folder, folder, sizeof state.folder - 1);
    state.call = call;
    state.error = error;
    state.stays = stays;
    state.is_armed = 1;
}

long cf_disarm(void) {
    state.is_armed = 0;
    return state.count;
}

static int is_below(const char *path) {
    return state.is_armed && path != NULL &&
           strncmp(path, state.folder, strlen(state.folder)) == 0;
}

static int is_watched(int descriptor) {
    return state.is_armed && descriptor >= 0 && descriptor < DESCRIPTORS &&
           state.is_watched[descriptor];
}

// Counts a call. Returns whether it is one that is to fail.
static int is_hit(void) {
    state.count++;
    return state.stays ? state.count >= state.call : state.count == state.call;
}

static int fails(void) {
    if (!is_hit() || state.error == 0) return 0;
    errno = state.error;
    return 1;
}

// What needs no space, on a full disk too: reading, and making files shorter.
static int fails_without_need(void) { return state.error == ENOSPC ? (is_hit(), 0) : fails(); }

// The number of bytes to read or write, or -1 for a failure.
static ssize_t granted(size_t count) {
    if (!is_hit()) return (ssize_t)count;
    if (state.error == 0) return (ssize_t)((count + 1) / 2);
    errno = state.error;
    return -1;
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
    int counts = is_below(path);
    if (counts && (flags & O_CREAT ? fails() : fails_without_need())) return -1;
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (counts && descriptor >= 0 && descriptor < DESCRIPTORS) state.is_watched[descriptor] = 1;
    return descriptor;
}

static mode_t mode_in(int flags, va_list arguments) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name, parameter, folder, wide)                     \
    int name parameter {                                        \
        va_list arguments;                                      \
        va_start(arguments, flags);                             \
        mode_t mode = mode_in(flags, arguments);                \
        va_end(arguments);                                      \
        return opened(folder, path, flags | wide, mode);        \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD, 0)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD, O_LARGEFILE)
OPEN(openat, (int folder, const char *path, int flags, ...), folder, 0)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder, O_LARGEFILE)

ssize_t read(int descriptor, void *bytes, size_t count) {
    if (is_watched(descriptor) && state.error == ENOSPC) is_hit();
    int counts = is_watched(descriptor) && state.error != ENOSPC;
    ssize_t granted_count = counts ? granted(count) : (ssize_t)count;
    return granted_count < 0 ? -1 : syscall(SYS_read, descriptor, bytes, (size_t)granted_count);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ssize_t granted_count = is_watched(descriptor) ? granted(count) : (ssize_t)count;
    return granted_count < 0 ? -1 : syscall(SYS_write, descriptor, bytes, (size_t)granted_count);
}

int fsync(int descriptor) {
    if (is_watched(descriptor) && fails()) return -1;
    return (int)syscall(SYS_fsync, descriptor);
}

// Linux closes the file even where it returns an error.
int close(int descriptor) {
    int is_to_fail = is_watched(descriptor) && fails();
    int result = (int)syscall(SYS_close, descriptor);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) state.is_watched[descriptor] = 0;
    if (!is_to_fail) return result;
    errno = state.error;
    return -1;
}

int rename(const char *from, const char *to) {
    if (is_below(to) && fails()) return -1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to) {
    if (is_below(to) && fails()) return -1;
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode) {
    if (is_below(path) && fails()) return -1;
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int truncate(const char *path, off_t length) {
    if (is_below(path) && fails_without_need()) return -1;
    return (int)syscall(SYS_truncate, path, length);
}

int ftruncate(int descriptor, off_t length) {
    if (is_watched(descriptor) && fails_without_need()) return -1;
    return (int)syscall(SYS_ftruncate, descriptor, length);
}
#endif
