// Copies of boxes: transposing, slicing, padding, repeating and joining are all of this kind.
#include "parallel.h"

#include <string.h>

static void copy_row(const ck_strided_copy *c, const char *s, char *d) {
    int last = c->rank - 1;
    int64_t size = c->element_size;
    int64_t n = c->dims[last], ss = c->source_strides[last], ds = c->destination_strides[last];
    if (ss == 1 && ds == 1) {
        // Runs of a block of channels, whose size the compiler is told.
        if (n * size == 32) {
            memcpy(d, s, 32);
        } else if (n * size == 64) {
            memcpy(d, s, 64);
        } else {
            memcpy(d, s, (size_t)(n * size));
        }
    } else if (size == 4) {
        const uint32_t *sp = (const uint32_t *)s;
        uint32_t *dp = (uint32_t *)d;
        for (int64_t i = 0; i < n; i++) dp[i * ds] = sp[i * ss];
    } else if (size == 2) {
        const uint16_t *sp = (const uint16_t *)s;
        uint16_t *dp = (uint16_t *)d;
        for (int64_t i = 0; i < n; i++) dp[i * ds] = sp[i * ss];
    } else {
        for (int64_t i = 0; i < n; i++) d[i * ds] = s[i * ss];
    }
}

static void copy_outer(void *context, int64_t begin, int64_t end) {
    const ck_strided_copy *c = context;
    int outer = c->rank - 1;
    int64_t size = c->element_size, index[CK_MAX_AXES];
    int64_t rest = begin, from = c->source_offset, to = c->destination_offset;
    for (int axis = outer - 1; axis >= 0; axis--) {
        index[axis] = rest % c->dims[axis];
        rest /= c->dims[axis];
        from += index[axis] * c->source_strides[axis];
        to += index[axis] * c->destination_strides[axis];
    }
    for (int64_t o = begin; o < end; o++) {
        copy_row(c, c->source + from * size, c->destination + to * size);
        for (int axis = outer - 1; axis >= 0; axis--) {
            from += c->source_strides[axis];
            to += c->destination_strides[axis];
            if (++index[axis] < c->dims[axis]) break;
            from -= index[axis] * c->source_strides[axis];
            to -= index[axis] * c->destination_strides[axis];
            index[axis] = 0;
        }
    }
}

int ck_run_strided_copy(const void *argument) {
    const ck_strided_copy *c = argument;
    if (c->has_fill) {
        float *d = (float *)c->destination;
        for (int64_t i = 0; i < c->fill_count; i++) d[i] = c->fill;
    }
    int64_t outer = 1;
    for (int axis = 0; axis < c->rank - 1; axis++) outer *= c->dims[axis];
    int64_t inner = c->dims[c->rank - 1];
    ck_parallel(outer, 1, 1 + 16384 / (inner + 1), copy_outer, (void *)c);
    return 0;
}
