// Rows of a table that are named by numbers: reading them, and adding to them.
#include "parallel.h"

#include <string.h>

static int64_t row_place(int32_t index, int64_t rows) {
    int64_t place = index < 0 ? index + rows : index;
    return place >= 0 && place < rows ? place : -1;
}

static void gather_rows(void *context, int64_t begin, int64_t end) {
    const ck_gather *g = context;
    size_t size = (size_t)g->row_size;
    for (int64_t i = begin; i < end; i++) {
        int64_t row = row_place(g->indices[i], g->rows);
        char *to = g->destination + i * g->row_size;
        if (row < 0)
            memset(to, 0xff, size);
        else
            memcpy(to, g->source + row * g->row_size, size);
    }
}

int ck_run_gather(const void *argument) {
    const ck_gather *g = argument;
    ck_parallel(g->count, 1, 1 + 65536 / (g->row_size + 1), gather_rows, (void *)g);
    return 0;
}

static void feed_rows(void *context, int64_t begin, int64_t end) {
    const ck_feed *f = context;
    size_t size = (size_t)f->row_size;
    if (!f->rows) {
        int64_t first = begin * f->row_size;
        memcpy(f->to + first, f->from + first, (size_t)(end - begin) * size);
        return;
    }
    for (int64_t i = begin; i < end; i++)
        memcpy(f->to + i * f->row_size, f->from + f->rows[i] * f->row_size, size);
}

void ck_feed_rows(const ck_feed *f) {
    ck_parallel(f->count, 1, 1 + 32768 / (f->row_size + 1), feed_rows, (void *)f);
}

// Each thread has rows of its own and goes over all indices, so that the order of the sums is fixed.
static void scatter_rows(void *context, int64_t begin, int64_t end) {
    const ck_scatter_add *s = context;
    memset(
        s->destination + begin * s->width, 0, sizeof(float) * (size_t)((end - begin) * s->width));
    for (int64_t i = 0; i < s->count; i++) {
        int64_t row = row_place(s->indices[i], s->rows);
        if (row < begin || row >= end) continue;
        const float *x = s->source + i * s->width;
        float *y = s->destination + row * s->width;
        for (int64_t k = 0; k < s->width; k++) y[k] += x[k];
    }
}

int ck_run_scatter_add(const void *argument) {
    const ck_scatter_add *s = argument;
    ck_parallel(s->rows, 1, 1 + 16384 / (s->width + 1), scatter_rows, (void *)s);
    return 0;
}
