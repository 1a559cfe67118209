// Strided copies: transposes, slices, padding, repetition and concatenation.
#include "parallel.h"

#include <string.h>

// Elements by their size alone: memory holds floats, too.
typedef uint32_t __attribute__((may_alias)) four_bytes;
typedef uint16_t __attribute__((may_alias)) two_bytes;

// Rows of contiguous elements; the compiler knows `size` where it is a constant.
static inline __attribute__((always_inline)) void copy_runs(
    const char *s, char *d, int64_t rows, int64_t s_step, int64_t d_step, size_t size) {
    for (int64_t row = 0; row < rows; row++) memcpy(d + row * d_step, s + row * s_step, size);
}

// Rows of the last axis, `s_step` and `d_step` bytes apart.
static void copy_rows(
    const strata_strided_copy *c, const char *s, char *d, int64_t rows, int64_t s_step, int64_t d_step) {
    int last = c->rank - 1;
    int64_t size = c->element_size;
    int64_t n = c->dims[last], ss = c->source_strides[last], ds = c->destination_strides[last];
    if (ss == 1 && ds == 1) {
        // Blocks of 8 and 16 channels.
        if (n * size == 32) {
            copy_runs(s, d, rows, s_step, d_step, 32);
        } else if (n * size == 64) {
            copy_runs(s, d, rows, s_step, d_step, 64);
        } else {
            copy_runs(s, d, rows, s_step, d_step, (size_t)(n * size));
        }
        return;
    }
    for (int64_t row = 0; row < rows; row++, s += s_step, d += d_step) {
        if (size == 4) {
            const four_bytes *sp = (const four_bytes *)s;
            four_bytes *dp = (four_bytes *)d;
            for (int64_t i = 0; i < n; i++) dp[i * ds] = sp[i * ss];
        } else if (size == 2) {
            const two_bytes *sp = (const two_bytes *)s;
            two_bytes *dp = (two_bytes *)d;
            for (int64_t i = 0; i < n; i++) dp[i * ds] = sp[i * ss];
        } else {
            for (int64_t i = 0; i < n; i++) d[i * ds] = s[i * ss];
        }
    }
}

static void copy_outer(void *context, int64_t begin, int64_t end) {
    const strata_strided_copy *c = context;
    int inner = c->rank - 2;
    int64_t size = c->element_size, index[STRATA_MAX_AXES];
    if (inner < 0) {
        copy_rows(
            c, c->source + c->source_offset * size, c->destination + c->destination_offset * size, 1,
            0, 0);
        return;
    }
    int64_t rest = begin, from = c->source_offset, to = c->destination_offset;
    for (int axis = inner; axis >= 0; axis--) {
        index[axis] = rest % c->dims[axis];
        rest /= c->dims[axis];
        from += index[axis] * c->source_strides[axis];
        to += index[axis] * c->destination_strides[axis];
    }
    int64_t s_step = c->source_strides[inner], d_step = c->destination_strides[inner];
    for (int64_t row = begin; row < end;) {
        int64_t rows = c->dims[inner] - index[inner];
        if (rows > end - row) rows = end - row;
        copy_rows(
            c, c->source + from * size, c->destination + to * size, rows, s_step * size, d_step * size);
        row += rows;
        for (int axis = inner; axis >= 0; axis--, rows = 1) {
            from += rows * c->source_strides[axis];
            to += rows * c->destination_strides[axis];
            index[axis] += rows;
            if (index[axis] < c->dims[axis]) break;
            from -= index[axis] * c->source_strides[axis];
            to -= index[axis] * c->destination_strides[axis];
            index[axis] = 0;
        }
    }
}

int strata_run_strided_copy(const void *argument) {
    const strata_strided_copy *c = argument;
    if (c->has_fill) {
        float *d = (float *)c->destination;
        for (int64_t i = 0; i < c->fill_count; i++) d[i] = c->fill;
    }
    int64_t outer = 1;
    for (int axis = 0; axis < c->rank - 1; axis++) outer *= c->dims[axis];
    int64_t inner = c->dims[c->rank - 1];
    strata_parallel(outer, 1, 1 + 16384 / (inner + 1), copy_outer, (void *)c);
    return 0;
}
