// Gather and scatter-add of the rows of a table, and the feeding of samples.
#include "parallel.h"

#include <string.h>

static int64_t row_index(int32_t index, int64_t rows) {
    int64_t row = index < 0 ? index + rows : index;
    return row >= 0 && row < rows ? row : -1;
}

static void gather_rows(void *context, int64_t begin, int64_t end) {
    const strata_gather *g = context;
    size_t size = (size_t)g->row_size;
    for (int64_t i = begin; i < end; i++) {
        int64_t row = row_index(g->indices[i], g->rows);
        char *to = g->destination + i * g->row_size;
        if (row < 0)
            memset(to, 0xff, size);
        else
            memcpy(to, g->source + row * g->row_size, size);
    }
}

int strata_run_gather(const void *argument) {
    const strata_gather *g = argument;
    strata_parallel(g->count, 1, 1 + 65536 / (g->row_size + 1), gather_rows, (void *)g);
    return 0;
}

static void feed_rows(void *context, int64_t begin, int64_t end) {
    const strata_feed *f = context;
    size_t size = (size_t)f->row_size;
    if (!f->indices) {
        int64_t first = begin * f->row_size;
        memcpy(f->destination + first, f->source + first, (size_t)(end - begin) * size);
        return;
    }
    for (int64_t i = begin; i < end; i++)
        memcpy(f->destination + i * f->row_size, f->source + f->indices[i] * f->row_size, size);
}

void strata_feed_rows(const strata_feed *f) {
    strata_parallel(f->count, 1, 1 + 32768 / (f->row_size + 1), feed_rows, (void *)f);
}

// Each thread owns some rows and goes over all indices, so that the order of the sums is fixed.
static void scatter_rows(void *context, int64_t begin, int64_t end) {
    const strata_scatter_add *s = context;
    memset(
        s->destination + begin * s->width, 0, sizeof(float) * (size_t)((end - begin) * s->width));
    for (int64_t i = 0; i < s->count; i++) {
        int64_t row = row_index(s->indices[i], s->rows);
        if (row < begin || row >= end) continue;
        const float *x = s->source + i * s->width;
        float *y = s->destination + row * s->width;
        for (int64_t k = 0; k < s->width; k++) y[k] += x[k];
    }
}

int strata_run_scatter_add(const void *argument) {
    const strata_scatter_add *s = argument;
    strata_parallel(s->rows, 1, 1 + 16384 / (s->width + 1), scatter_rows, (void *)s);
    return 0;
}
