#include "include/CKernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
#endif

// A step goes through tens of megabytes in strides of kilobytes; with pages of 4 KiB that misses the TLB all the time.
// Linux gives pages of 2 MiB on request (madvise(2), MADV_HUGEPAGE).
static const size_t huge_page = (size_t)2 << 20;

// Pages of its own are zero without being written, and take memory only once they are used: oneDNN's 2.6 Winograd
// convolutions use a part of the scratchpad that they ask for. They are given back as soon as they are freed, where the
// heap of a server that loads a model again and again grew by a quarter. glibc begins there, too, but raises its limit
// with what is freed (mallopt(3), M_MMAP_THRESHOLD).
static int has_own_pages(size_t byte_count) {
#if defined(__linux__)
    return byte_count >= (size_t)128 << 10;
#else
    (void)byte_count;
    return 0;
#endif
}

#if defined(__linux__)
// Large memory has whole huge pages.
static size_t mapped_length(size_t byte_count) {
    return byte_count < 2 * huge_page ? byte_count : (byte_count + huge_page - 1) / huge_page * huge_page;
}

static void *map(size_t byte_count) {
    char *mapped = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mapped == MAP_FAILED ? NULL : mapped;
}
#endif

void *strata_allocate(size_t byte_count) {
    if (!has_own_pages(byte_count)) {
        void *memory = NULL;
        if (posix_memalign(&memory, 64, byte_count) != 0) return NULL;
        memset(memory, 0, byte_count);
        return memory;
    }
#if defined(__linux__)
    if (byte_count < 2 * huge_page) return map(byte_count);
    if (byte_count > SIZE_MAX - 2 * huge_page) return NULL;
    size_t length = mapped_length(byte_count);
    char *mapped = map(length + huge_page);
    if (mapped == NULL) return NULL;
    size_t before = (huge_page - (uintptr_t)mapped % huge_page) % huge_page;
    if (before > 0) munmap(mapped, before);
    if (before < huge_page) munmap(mapped + before + length, huge_page - before);
    // Advice only: memory without huge pages works all the same.
    madvise(mapped + before, byte_count / huge_page * huge_page, MADV_HUGEPAGE);
    return mapped + before;
#else
    return NULL;
#endif
}

void strata_free(void *memory, size_t byte_count) {
    if (!has_own_pages(byte_count)) {
        free(memory);
        return;
    }
#if defined(__linux__)
    munmap(memory, mapped_length(byte_count));
#endif
}

int strata_same_bytes(const void *a, const void *b, size_t byte_count) { return memcmp(a, b, byte_count) == 0; }

int strata_trim_heap(void) {
#if defined(__GLIBC__)
    return malloc_trim(0);
#else
    return 0;
#endif
}

int strata_share_arenas(int count) {
#if defined(__GLIBC__)
    return mallopt(M_ARENA_MAX, count);
#else
    (void)count;
    return 0;
#endif
}
