// Gather, feeding of samples, scatter-add, and histograms: exact.
#include "driver.h"

typedef struct {
    int64_t rows, count, size;
} shape;

static const shape shapes[] = {{1, 1, 1}, {5, 0, 4}, {7, 40, 3}, {1000, 3000, 64}, {20, 9, 40000}, {3, 5000, 17}};

static char *random_bytes(int64_t count) {
    char *memory = allocate_elements(count, 1);
    for (int64_t i = 0; i < count; i++) memory[i] = (char)random_below(128);
    return memory;
}

// Within the rows, from the end, and out of range.
static int32_t *random_indices(int64_t count, int64_t rows) {
    int32_t *indices = new_integers(count);
    for (int64_t i = 0; i < count; i++) indices[i] = (int32_t)(random_below(2 * rows + 4) - rows - 2);
    return indices;
}

// The row that an index means, or -1.
static int64_t row_of(int32_t index, int64_t rows) {
    if (index >= 0) return index < rows ? index : -1;
    return -index <= rows ? rows + index : -1;
}

static void test_gather(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++) {
        shape s = shapes[k];
        char *source = random_bytes(s.rows * s.size), *result = allocate_elements(s.count * s.size, 1);
        int32_t *indices = random_indices(s.count, s.rows);
        strata_gather gather = {s.rows, s.count, s.size, source, indices, result};
        strata_run_gather(&gather);
        for (int64_t i = 0; i < s.count * s.size; i++) {
            int64_t row = row_of(indices[i / s.size], s.rows);
            expect_equal("a gathered byte", i, result[i], row < 0 ? (char)0xff : source[row * s.size + i % s.size]);
        }
    }
}

static void test_feed(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int has_indices = 0; has_indices < 2; has_indices++) {
            shape s = shapes[k];
            if (!has_indices && s.count > s.rows) s.count = s.rows;
            char *source = random_bytes(s.rows * s.size), *result = allocate_elements(s.count * s.size, 1);
            int64_t *indices = allocate_elements(s.count, sizeof(int64_t));
            for (int64_t i = 0; i < s.count; i++) indices[i] = has_indices ? random_below(s.rows) : i;
            strata_feed feed = {s.count, s.size, source, has_indices ? indices : NULL, result};
            strata_feed_rows(&feed);
            for (int64_t i = 0; i < s.count * s.size; i++)
                expect_equal("a fed byte", i, result[i], source[indices[i / s.size] * s.size + i % s.size]);
        }
}

static void test_scatter_add(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++) {
        shape s = shapes[k];
        float *source = random_whole(s.count * s.size), *result = random_whole(s.rows * s.size);
        double *sums = allocate_elements(s.rows * s.size, sizeof(double));
        int32_t *indices = random_indices(s.count, s.rows);
        strata_scatter_add scatter_add = {s.rows, s.count, s.size, source, indices, result};
        strata_run_scatter_add(&scatter_add);
        for (int64_t i = 0; i < s.count * s.size; i++) {
            int64_t row = row_of(indices[i / s.size], s.rows);
            if (row >= 0) sums[row * s.size + i % s.size] += source[i];
        }
        // Whole numbers.
        for (int64_t i = 0; i < s.rows * s.size; i++) expect_near("a sum of rows", i, result[i], sums[i], 0);
    }
}

// ---- Histograms ----------------------------------------------------------------------------------

// One channel, whose values fall into `bins`.
static void expect_equalized(const strata_histogram_equalization *e, int64_t channel, const int32_t *bins) {
    int64_t used = 0, first = 0, sum = 0;
    int64_t *sums = allocate_elements(e->bins, sizeof(int64_t));
    for (int64_t k = 0; k < e->bins; k++) {
        int64_t own = 0;
        for (int64_t i = 0; i < e->count; i++) own += bins[i * e->channels + channel] == k;
        used += own > 0;
        sum += own;
        if (first == 0) first = sum;
        sums[k] = sum;
    }
    for (int64_t i = 0; i < e->count; i++) {
        int64_t at = i * e->channels + channel;
        double expected = e->source[at];
        if (used > 1) expected = (double)(sums[bins[at]] - first) * 255 / (double)(sum - first);
        // Half an integer, and the roundings before it.
        double tolerance = used > 1 ? 0.5 + 4 * ROUNDING * expected : 0;
        expect_near("an equalized value", at, e->destination[at], expected, tolerance);
        if (used > 1) expect_near("a whole number", at, e->destination[at], rint(e->destination[at]), 0);
    }
}

static void test_histogram_equalization(void) {
    static const int64_t counts[] = {1, 50, 3000};
    static const int64_t bin_counts[] = {256, 52, 2};
    for (int64_t k = 0; k < COUNT_OF(counts); k++)
        for (int64_t b = 0; b < COUNT_OF(bin_counts); b++) {
            int64_t n = counts[k], channels = 1 + 2 * (k % 2), bins = bin_counts[b];
            float *source = new_floats(n * channels), *result = new_floats(n * channels);
            int32_t *own = new_integers(n * channels);
            for (int64_t i = 0; i < n * channels; i++) {
                // A channel of one value stays as it is. Values are half a step above their bin, where rounding
                // changes nothing; the last ones are 255.
                own[i] = i % channels == 2 ? 1 : (int32_t)random_below(bins);
                source[i] = (float)((own[i] + 0.5) * 255 / (double)(bins - 1));
                if (source[i] > 255) source[i] = 255;
            }
            strata_histogram_equalization e = {n, channels, bins, source, result, new_integers(bins)};
            strata_run_histogram_equalization(&e);
            for (int64_t c = 0; c < channels; c++) expect_equalized(&e, c, own);
        }
}

const kernel_test row_tests[] = {
    {"strata_run_gather", test_gather},
    {"strata_feed_rows", test_feed},
    {"strata_run_scatter_add", test_scatter_add},
    {"strata_run_histogram_equalization", test_histogram_equalization},
    {NULL, NULL},
};
