// Copies of boxes: transposing, slicing, padding, repeating and joining are all of this kind.
#include "parallel.h"

#include <string.h>

static void copy_outer(void *context, int64_t begin, int64_t end) {
    const ck_strided_copy *c = context;
    int last = c->rank - 1;
    int64_t size = c->element_size;
    for (int64_t o = begin; o < end; o++) {
        int64_t rest = o, from = c->source_offset, to = c->destination_offset;
        for (int axis = last - 1; axis >= 0; axis--) {
            int64_t i = rest % c->dims[axis];
            rest /= c->dims[axis];
            from += i * c->source_strides[axis];
            to += i * c->destination_strides[axis];
        }
        const char *s = c->source + from * size;
        char *d = c->destination + to * size;
        int64_t n = c->dims[last], ss = c->source_strides[last], ds = c->destination_strides[last];
        if (ss == 1 && ds == 1) {
            memcpy(d, s, (size_t)(n * size));
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
