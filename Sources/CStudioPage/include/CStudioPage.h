#ifndef C_STUDIO_PAGE_H
#define C_STUDIO_PAGE_H

#include <stddef.h>

// The files of the page, which are part of the binary.

typedef struct {
    const char *name;
    const char *media_type;
    const unsigned char *bytes;
    size_t count;
} strata_page_file;

// The files, one after the other.
const strata_page_file *strata_page_files(size_t *count);

#endif
