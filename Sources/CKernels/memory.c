#include "include/CKernels.h"

#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

// A step walks through tens of megabytes in kilobyte strides; with pages of 4 KiB the address lookups
// miss all the time. Linux gives pages of 2 MiB where it is asked (madvise(2), MADV_HUGEPAGE).
static const size_t huge_page = (size_t)2 << 20;

void *ck_allocate(size_t byte_count) {
    size_t alignment = byte_count >= 2 * huge_page ? huge_page : 64;
    void *memory = NULL;
    if (posix_memalign(&memory, alignment, byte_count) != 0) return NULL;
#if defined(__linux__)
    // Advice: without it the memory works all the same.
    if (alignment == huge_page) madvise(memory, byte_count / huge_page * huge_page, MADV_HUGEPAGE);
#endif
    memset(memory, 0, byte_count);
    return memory;
}

void ck_free(void *memory) { free(memory); }
