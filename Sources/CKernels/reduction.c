// Reductions, softmax, arg-max, one-hot and in-top-k, over [outer, length, inner].
#include "instruction_sets.h"
#include "parallel.h"

#include <math.h>
#include <string.h>

#pragma clang fp contract(fast)

// Sums are in double: a float32 sum of n values would lose about log₂ n bits.
static double reduce_strided(const strata_reduction *r, const float *x, int64_t begin, int64_t end) {
    int64_t step = r->inner;
    switch ((strata_reduction_kind)r->kind) {
    case strata_sum:
    case strata_mean: {
        double sum[8] = {0};
        int64_t k = begin;
        for (; k + 8 <= end; k += 8)
            for (int j = 0; j < 8; j++) sum[j] += x[(k + j) * step];
        for (; k < end; k++) sum[0] += x[k * step];
        return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
    }
    case strata_product: {
        double product = 1;
        for (int64_t k = begin; k < end; k++) product *= x[k * step];
        return product;
    }
    case strata_reduce_maximum: {
        float best = -INFINITY;
        for (int64_t k = begin; k < end; k++) {
            float v = x[k * step];
            best = v > best || v != v ? v : best;
        }
        return best;
    }
    case strata_reduce_minimum: {
        float best = INFINITY;
        for (int64_t k = begin; k < end; k++) {
            float v = x[k * step];
            best = v < best || v != v ? v : best;
        }
        return best;
    }
    }
    return 0;
}

// Every output by itself.
static void reduce_each(void *context, int64_t begin, int64_t end) {
    const strata_reduction *r = context;
    for (int64_t o = begin; o < end; o++) {
        const float *x = r->source + o / r->inner * r->length * r->inner + o % r->inner;
        double value = reduce_strided(r, x, 0, r->length);
        if (r->kind == strata_mean) value /= (double)r->length;
        r->destination[o] = (float)value;
    }
}

#define COLUMNS 256

// Sums over rows, for neighbouring outputs together so that memory is read in order.
STRATA_MULTIVERSIONED_LOOP(sum_columns) {
    const strata_reduction *r = context;
    int64_t strips = (r->inner + COLUMNS - 1) / COLUMNS;
    for (int64_t part = begin; part < end; part++) {
        int64_t o = part / strips, first = part % strips * COLUMNS;
        int64_t n = r->inner - first < COLUMNS ? r->inner - first : COLUMNS;
        double sum[COLUMNS] = {0};
        for (int64_t k = 0; k < r->length; k++) {
            const float *x = r->source + (o * r->length + k) * r->inner + first;
            for (int64_t i = 0; i < n; i++) sum[i] += x[i];
        }
        double scale = r->kind == strata_mean ? 1.0 / (double)r->length : 1.0;
        for (int64_t i = 0; i < n; i++)
            r->destination[o * r->inner + first + i] = (float)(sum[i] * scale);
    }
}

int strata_run_reduction(const void *argument) {
    const strata_reduction *r = argument;
    int is_sum = r->kind == strata_sum || r->kind == strata_mean;
    if (is_sum && r->inner >= 8) {
        int64_t strips = (r->inner + COLUMNS - 1) / COLUMNS;
        int64_t least = 1 + 16384 / (r->length * COLUMNS + 1);
        strata_parallel(r->outer * strips, 1, least, sum_columns, (void *)r);
    } else {
        strata_parallel(r->outer * r->inner, 1, 1 + 16384 / (r->length + 1), reduce_each, (void *)r);
    }
    return 0;
}

int strata_run_arg_max(const void *argument) {
    const strata_arg_max *m = argument;
    for (int64_t o = 0; o < m->outer; o++)
        for (int64_t i = 0; i < m->inner; i++) {
            const float *x = m->source + o * m->length * m->inner + i;
            int64_t best = 0;
            // The first NaN counts as the greatest.
            for (int64_t k = 1; k < m->length; k++) {
                float top = x[best * m->inner], value = x[k * m->inner];
                if (top == top && !(value <= top)) best = k;
            }
            m->destination[o * m->inner + i] = (int32_t)best;
        }
    return 0;
}

static void softmax_rows(void *context, int64_t begin, int64_t end) {
    const strata_softmax *s = context;
    for (int64_t o = begin; o < end; o++) {
        int64_t first = o / s->inner * s->length * s->inner + o % s->inner, step = s->inner;
        const float *x = s->source + first;
        float *y = s->destination + first;
        float top = -INFINITY;
        for (int64_t k = 0; k < s->length; k++) top = x[k * step] > top ? x[k * step] : top;
        double sum = 0;
        for (int64_t k = 0; k < s->length; k++) {
            float e = expf(x[k * step] - top);
            if (!s->is_logarithm) y[k * step] = e;
            sum += e;
        }
        if (s->is_logarithm) {
            double logarithm = log(sum);
            for (int64_t k = 0; k < s->length; k++)
                y[k * step] = (float)((double)(x[k * step] - top) - logarithm);
        } else {
            float scale = (float)(1.0 / sum);
            for (int64_t k = 0; k < s->length; k++) y[k * step] *= scale;
        }
    }
}

int strata_run_softmax(const void *argument) {
    const strata_softmax *s = argument;
    strata_parallel(s->outer * s->inner, 1, 1 + 4096 / (s->length + 1), softmax_rows, (void *)s);
    return 0;
}

int strata_run_one_hot(const void *argument) {
    const strata_one_hot *h = argument;
    memset(h->destination, 0, sizeof(float) * (size_t)(h->count * h->depth));
    for (int64_t i = 0; i < h->count; i++) {
        int32_t index = h->source[i];
        if (index >= 0 && index < h->depth) h->destination[i * h->depth + index] = 1.0f;
    }
    return 0;
}

int strata_run_in_top_k(const void *argument) {
    const strata_in_top_k *t = argument;
    for (int64_t r = 0; r < t->rows; r++) {
        const float *x = t->predictions + r * t->classes;
        int32_t target = t->targets[r];
        float own = target >= 0 && target < t->classes ? x[target] : NAN;
        int64_t above = 0;
        for (int64_t i = 0; i < t->classes; i++) above += x[i] > own;
        t->destination[r] = isfinite(own) && above < t->k ? 1.0f : 0.0f;
    }
    return 0;
}
