// Cumulative sums over [outer, length, inner].
#include "parallel.h"

// Sums are made in double, as those of reductions are.
static void sum_lines(void *context, int64_t begin, int64_t end) {
    const strata_cumulative_sum *c = context;
    for (int64_t line = begin; line < end; line++) {
        int64_t first = line / c->inner * c->length * c->inner + line % c->inner;
        double sum = 0;
        for (int64_t k = 0; k < c->length; k++) {
            int64_t i = first + (c->is_reversed ? c->length - 1 - k : k) * c->inner;
            double before = sum;
            sum += c->source[i];
            c->destination[i] = (float)(c->is_exclusive ? before : sum);
        }
    }
}

int strata_run_cumulative_sum(const void *argument) {
    const strata_cumulative_sum *c = argument;
    strata_parallel(
        c->outer * c->inner, 1, 1 + 16384 / (c->length + 1), sum_lines, (void *)c);
    return 0;
}
