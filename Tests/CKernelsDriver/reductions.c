// Reductions, arg-max, softmax and cumulative sums over [outer, length, inner], and class indices.
#include "driver.h"

typedef struct {
    int64_t outer, length, inner;
} shape;

static const shape shapes[] = {{1, 1, 1}, {0, 3, 4}, {3, 17, 1}, {2, 5, 7}, {4, 33, 300}, {40, 1000, 1}, {2, 300, 9},
    {1, 40000, 1}, {3, 2000, 8}, {5, 3, 0}};

static int64_t size_of(shape s) { return s.outer * s.length * s.inner; }

// Where line `o` of a shape begins.
static int64_t line_of(shape s, int64_t o) { return o / s.inner * s.length * s.inner + o % s.inner; }

// ---- Reductions ----------------------------------------------------------------------------------

static double reduced(int kind, shape s, const float *x) {
    double sum = 0, product = 1, top = -INFINITY, bottom = INFINITY;
    int has_nan = 0;
    for (int64_t k = 0; k < s.length; k++) {
        double value = x[k * s.inner];
        has_nan |= isnan(value);
        sum += value;
        product *= value;
        top = value > top ? value : top;
        bottom = value < bottom ? value : bottom;
    }
    if (has_nan) return NAN;
    switch ((strata_reduction_kind)kind) {
    case strata_sum: return sum;
    case strata_mean: return sum / (double)s.length;
    case strata_product: return product;
    case strata_reduce_maximum: return top;
    case strata_reduce_minimum: return bottom;
    }
    return NAN;
}

static void test_reductions(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int32_t kind = strata_sum; kind <= strata_product; kind++)
            for (int has_nan = 0; has_nan < 2; has_nan++) {
                shape s = shapes[k];
                float *source = random_floats(size_of(s)), *result = new_floats(s.outer * s.inner);
                if (has_nan && size_of(s) > 0) source[size_of(s) / 2] = NAN;
                strata_reduction reduction = {kind, s.outer, s.length, s.inner, source, result};
                strata_run_reduction(&reduction);
                for (int64_t o = 0; o < s.outer * s.inner; o++) {
                    double expected = reduced(kind, s, source + line_of(s, o));
                    // Sums are made in double: what is left is the last rounding, and of the terms' magnitudes (at
                    // most 2) `length` roundings of double.
                    double tolerance = ROUNDING * fabs(expected) + 2.0 * (double)(s.length * s.length) * 0x1p-53;
                    if (kind == strata_product) tolerance = 2 * ROUNDING * fabs(expected) + 0x1p-149;
                    if (kind == strata_reduce_maximum || kind == strata_reduce_minimum) tolerance = 0;
                    expect_near("a reduction", kind, result[o], expected, isnan(tolerance) ? 0 : tolerance);
                }
            }
}

static void test_arg_max(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int has_nan = 0; has_nan < 2; has_nan++) {
            shape s = shapes[k];
            // Whole numbers have equals, of which the first counts.
            float *source = random_whole(size_of(s));
            int32_t *result = new_integers(s.outer * s.inner);
            for (int64_t i = 0; has_nan && i < size_of(s); i += 11) source[i] = NAN;
            strata_arg_max arg_max = {s.outer, s.length, s.inner, source, result};
            strata_run_arg_max(&arg_max);
            for (int64_t o = 0; o < s.outer * s.inner; o++) {
                const float *x = source + line_of(s, o);
                int64_t best = 0;
                double top = -INFINITY;
                for (int64_t i = 0; i < s.length; i++)
                    if (x[i * s.inner] > top) top = x[(best = i) * s.inner];
                for (int64_t i = s.length - 1; i >= 0; i--)
                    if (isnan(x[i * s.inner])) best = i;
                expect_equal("arg-max", k, result[o], best);
            }
        }
}

static void test_softmax(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int is_logarithm = 0; is_logarithm < 2; is_logarithm++) {
            shape s = shapes[k];
            float *source = random_floats(size_of(s)), *result = new_floats(size_of(s));
            for (int64_t i = 0; i < size_of(s); i++) source[i] *= i % 3 == 0 ? 40.0f : 1.0f;
            if (size_of(s) > 20) source[size_of(s) / 3] = -INFINITY;
            strata_softmax softmax = {s.outer, s.length, s.inner, is_logarithm, source, result};
            strata_run_softmax(&softmax);
            for (int64_t o = 0; o < s.outer * s.inner; o++) {
                const float *x = source + line_of(s, o);
                double top = -INFINITY, sum = 0;
                for (int64_t i = 0; i < s.length; i++) top = x[i * s.inner] > top ? x[i * s.inner] : top;
                for (int64_t i = 0; i < s.length; i++) sum += exp(x[i * s.inner] - top);
                for (int64_t i = 0; i < s.length; i++) {
                    // The difference from the largest is rounded, which changes its exponential by as much; expf,
                    // the sum of exponentials, the scale and the product are within 6 roundings.
                    double off = x[i * s.inner] - top, probability = exp(off) / sum, distance = isinf(off) ? 0 : -off;
                    double expected = is_logarithm ? off - log(sum) : probability;
                    double tolerance = is_logarithm ? ROUNDING * (2 * distance + fabs(log(sum)) + 6)
                                                    : ROUNDING * (distance + 6) * probability + 0x1p-148;
                    expect_near("softmax", k, result[line_of(s, o) + i * s.inner], expected, tolerance);
                }
            }
        }
}

static void test_cumulative_sum(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int options = 0; options < 4; options++) {
            shape s = shapes[k];
            int is_exclusive = options % 2, is_reversed = options / 2;
            float *source = random_whole(size_of(s)), *result = new_floats(size_of(s));
            strata_cumulative_sum sums = {s.outer, s.length, s.inner, is_exclusive, is_reversed, source, result};
            strata_run_cumulative_sum(&sums);
            for (int64_t o = 0; o < s.outer * s.inner; o++) {
                double sum = 0;
                for (int64_t step = 0; step < s.length; step++) {
                    int64_t i = line_of(s, o) + (is_reversed ? s.length - 1 - step : step) * s.inner;
                    double before = sum;
                    sum += source[i];
                    // Whole numbers: exact.
                    expect_near("a cumulative sum", k, result[i], is_exclusive ? before : sum, 0);
                }
            }
        }
}

// ---- Class indices -------------------------------------------------------------------------------

static void test_one_hot(void) {
    static const int64_t counts[] = {0, 1, 13, 500};
    for (int64_t k = 0; k < COUNT_OF(counts); k++) {
        int64_t n = counts[k], depth = 1 + 3 * k;
        int32_t *source = new_integers(n);
        float *result = new_floats(n * depth);
        for (int64_t i = 0; i < n; i++) source[i] = (int32_t)random_below(depth + 4) - 2;
        for (int64_t i = 0; i < n * depth; i++) result[i] = 9;
        strata_one_hot one_hot = {n, depth, source, result};
        strata_run_one_hot(&one_hot);
        for (int64_t i = 0; i < n * depth; i++)
            expect_near("one-hot", i, result[i], source[i / depth] == i % depth, 0);
    }
}

static void test_in_top_k(void) {
    for (int64_t k = 0; k < 6; k++) {
        int64_t rows = 200, classes = 5;
        float *predictions = random_whole(rows * classes), *result = new_floats(rows);
        int32_t *targets = new_integers(rows);
        for (int64_t r = 0; r < rows; r++) targets[r] = (int32_t)random_below(classes + 2) - 1;
        for (int64_t i = 0; i < rows * classes; i += 17) predictions[i] = i % 2 ? NAN : INFINITY;
        strata_in_top_k in_top_k = {rows, classes, k, predictions, targets, result};
        strata_run_in_top_k(&in_top_k);
        for (int64_t r = 0; r < rows; r++) {
            int is_class = targets[r] >= 0 && targets[r] < classes;
            double own = is_class ? predictions[r * classes + targets[r]] : NAN;
            int64_t above = 0;
            for (int64_t i = 0; i < classes; i++) above += predictions[r * classes + i] > own;
            expect_near("in top k", r, result[r], isfinite(own) && above < k, 0);
        }
    }
}

const kernel_test reduction_tests[] = {
    {"strata_run_reduction", test_reductions},
    {"strata_run_arg_max", test_arg_max},
    {"strata_run_softmax", test_softmax},
    {"strata_run_cumulative_sum", test_cumulative_sum},
    {"strata_run_one_hot", test_one_hot},
    {"strata_run_in_top_k", test_in_top_k},
    {NULL, NULL},
};
