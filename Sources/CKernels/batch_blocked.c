// Convolutions in the batch-blocked layout, and the gradients of their weights: vectors hold the same element of
// sixteen images.
//
// Accumulators stay in registers: those of some pixels in some filters, or of some weights in some filters.
#include "avx512.h"

// With their factors 32 registers.
#define MAX_PIXELS 4
#define MAX_FILTERS 6
// Elements that the first-level cache holds beside the accumulators.
#define CACHED_VALUES 8192

// Calls body(context, pixels, filters) with counts that are constants for the compiler.
#define CASE_FILTERS(body, context, pixels, F)                                                      \
    case F:                                                                                        \
        switch (pixels) {                                                                          \
        case 4: body(context, 4, F); break;                                                        \
        case 3: body(context, 3, F); break;                                                        \
        case 2: body(context, 2, F); break;                                                        \
        default: body(context, 1, F); break;                                                       \
        }                                                                                          \
        break;
#define WITH_CONSTANTS(body, context, pixels, filters)                                               \
    switch (filters) {                                                                             \
        CASE_FILTERS(body, context, pixels, 1)                                                      \
        CASE_FILTERS(body, context, pixels, 2)                                                      \
        CASE_FILTERS(body, context, pixels, 3)                                                      \
        CASE_FILTERS(body, context, pixels, 4)                                                      \
        CASE_FILTERS(body, context, pixels, 5)                                                      \
        CASE_FILTERS(body, context, pixels, 6)                                                      \
    }

// ---- Forward -----------------------------------------------------------------------------------

// Adjacent results, whose windows have the same part inside of the image.
typedef struct {
    const float *image, *weights, *bias;
    // Strides: from the window of one result to that of the next; from one row of the image, or of the weights, to
    // the next.
    int64_t pixel, row, weights_row, weights_tap;
    // The part of the kernel: its rows, and the elements in each of them.
    int64_t rows, taps;
    float *result;
    int64_t result_pixel;
} results;

STRATA_INLINE void convolve(const results *p, int pixels, int filters) {
    strata_lanes sums[MAX_PIXELS][MAX_FILTERS];
    UNROLLED for (int f = 0; f < filters; f++) {
        strata_lanes start = {0};
        if (p->bias) start += p->bias[f];
        UNROLLED for (int i = 0; i < pixels; i++) sums[i][f] = start;
    }
    for (int64_t r = 0; r < p->rows; r++) {
        const float *image = p->image + r * p->row, *weights = p->weights + r * p->weights_row;
        for (int64_t t = 0; t < p->taps; t++, image += STRATA_LANES, weights += p->weights_tap) {
            strata_lanes values[MAX_PIXELS];
            UNROLLED for (int i = 0; i < pixels; i++)
                load_lanes(&values[i], image, i * p->pixel, STRATA_LANES, 0);
            UNROLLED for (int f = 0; f < filters; f++) {
                float weight = weights[f];
                UNROLLED for (int i = 0; i < pixels; i++) sums[i][f] += values[i] * weight;
            }
        }
    }
    UNROLLED for (int i = 0; i < pixels; i++)
        UNROLLED for (int f = 0; f < filters; f++)
            store_lanes(p->result, i * p->result_pixel + f * STRATA_LANES, STRATA_LANES, &sums[i][f], 0);
}

// The part of a window that is inside of the image, and where the window begins.
typedef struct {
    int64_t begin, end, first;
} extent;

STRATA_INLINE extent extent_of(int64_t position, int64_t stride, int64_t padding, int64_t size, int64_t length) {
    extent r = {.end = size, .first = position * stride - padding};
    r.begin = min_of(max_of(-r.first, 0), size);
    r.end = max_of(min_of(length - r.first, size), r.begin);
    return r;
}

AVX512 static void convolve_rows(void *context, int64_t begin, int64_t end) {
    const strata_batch_blocked *c = context;
    int64_t pixel = c->channels * STRATA_LANES, size = c->filters * STRATA_LANES;
    int64_t tap = c->filters, column_of_weights = c->channels * tap;
    int64_t tiles = (c->filters + MAX_FILTERS - 1) / MAX_FILTERS;
    for (int64_t row = begin; row < end; row++) {
        extent y = extent_of(
            row % c->rows, c->strides[0], c->padding_before[0], c->kernel[0], c->height);
        const float *image =
            c->image + (row / c->rows * c->height + y.first + y.begin) * c->width * pixel;
        float *result = c->result + row * c->columns * size;
        results p = {
            .pixel = c->strides[1] * pixel,
            .row = c->width * pixel,
            .weights_row = c->kernel[1] * column_of_weights,
            .weights_tap = tap,
            .rows = y.end - y.begin,
            .result_pixel = size,
        };
        for (int64_t tile = 0; tile < tiles; tile++) {
            int64_t filter = c->filters * tile / tiles;
            int64_t filters = c->filters * (tile + 1) / tiles - filter;
            p.bias = c->bias ? c->bias + filter : NULL;
            for (int64_t column = 0, pixels; column < c->columns; column += pixels) {
                extent x = extent_of(
                    column, c->strides[1], c->padding_before[1], c->kernel[1], c->width);
                pixels = 1;
                if (x.end - x.begin == c->kernel[1]) {
                    int64_t last = (c->width - c->kernel[1] + c->padding_before[1]) / c->strides[1];
                    pixels = min_of(min_of(last, c->columns - 1) - column + 1, MAX_PIXELS);
                }
                p.image = image + (x.first + x.begin) * pixel;
                p.weights =
                    c->weights + y.begin * p.weights_row + x.begin * column_of_weights + filter;
                p.taps = (x.end - x.begin) * c->channels;
                p.result = result + column * size + filter * STRATA_LANES;
                WITH_CONSTANTS(convolve, &p, pixels, filters)
            }
        }
        activate(c->activation, result, c->columns * size);
    }
}

int strata_run_batch_blocked(const void *argument) {
    const strata_batch_blocked *c = argument;
    int64_t work = c->columns * c->filters * c->kernel[0] * c->kernel[1] * c->channels;
    strata_parallel(c->blocks * c->rows, 1, 1 + 16384 / (work + 1), convolve_rows, (void *)c);
    return 0;
}

// ---- The gradients of weights and bias -----------------------------------------------------------

// Adjacent weights in some filters, and the results for which the image has an element for all of them.
typedef struct {
    const float *image, *gradient;
    int64_t pixel, row, gradient_pixel, gradient_row;
    int64_t rows, columns;
    float *sums;
    int64_t sums_tap;
} terms;

STRATA_INLINE void sum_terms(const terms *p, int taps, int filters) {
    strata_lanes sums[MAX_PIXELS][MAX_FILTERS];
    UNROLLED for (int t = 0; t < taps; t++)
        UNROLLED for (int f = 0; f < filters; f++)
            load_lanes(&sums[t][f], p->sums, t * p->sums_tap + f * STRATA_LANES, STRATA_LANES, 0);
    for (int64_t r = 0; r < p->rows; r++) {
        const float *image = p->image + r * p->row, *gradient = p->gradient + r * p->gradient_row;
        for (int64_t c = 0; c < p->columns; c++) {
            strata_lanes values[MAX_PIXELS];
            UNROLLED for (int t = 0; t < taps; t++)
                load_lanes(&values[t], image, t * STRATA_LANES, STRATA_LANES, 0);
            UNROLLED for (int f = 0; f < filters; f++) {
                strata_lanes own;
                load_lanes(&own, gradient, f * STRATA_LANES, STRATA_LANES, 0);
                UNROLLED for (int t = 0; t < taps; t++) sums[t][f] += values[t] * own;
            }
            image += p->pixel;
            gradient += p->gradient_pixel;
        }
    }
    UNROLLED for (int t = 0; t < taps; t++)
        UNROLLED for (int f = 0; f < filters; f++)
            store_lanes(p->sums, t * p->sums_tap + f * STRATA_LANES, STRATA_LANES, &sums[t][f], 0);
}

// The results for which an element of the kernel is inside of the image.
typedef struct {
    int64_t begin, end;
} range;

STRATA_INLINE range results_of(int64_t tap, int64_t stride, int64_t padding, int64_t length, int64_t count) {
    range r = {.begin = tap < padding ? (padding - tap + stride - 1) / stride : 0};
    int64_t last = length - 1 + padding - tap;
    r.end = max_of(last < 0 ? 0 : min_of(count, last / stride + 1), r.begin);
    return r;
}

// Elements tap ..< tap + taps of a row of the kernel, in some filters: first the results for which all of them
// are inside of the image, then what each has to the left and to the right of those.
STRATA_INLINE void sum_taps(
    const strata_batch_blocked *c, terms p, int64_t tap, int64_t taps, int64_t filters) {
    range all = {0, c->columns};
    for (int64_t t = 0; t < taps; t++) {
        range own = results_of(
            (tap + t) / c->channels, c->strides[1], c->padding_before[1], c->width, c->columns);
        all.begin = max_of(all.begin, own.begin);
        all.end = min_of(all.end, own.end);
    }
    all.end = max_of(all.begin, all.end);
    for (int64_t span = 0; span <= 2 * taps; span++) {
        terms q = p;
        range columns = all;
        int64_t count = taps, t = 0;
        if (span > 0) {
            t = (span - 1) / 2;
            count = 1;
            columns = results_of(
                (tap + t) / c->channels, c->strides[1], c->padding_before[1], c->width, c->columns);
            if (span % 2)
                columns.end = min_of(columns.end, all.begin);
            else
                columns.begin = max_of(columns.begin, all.end);
        }
        q.columns = columns.end - columns.begin;
        if (q.columns <= 0) continue;
        q.image += t * STRATA_LANES + columns.begin * p.pixel;
        q.gradient += columns.begin * p.gradient_pixel;
        q.sums += t * p.sums_tap;
        WITH_CONSTANTS(sum_terms, &q, count, filters)
    }
}

// Adds the terms of rows begin ..< end of a block's results to `sums`.
STRATA_INLINE void sum_rows(
    const strata_batch_blocked *c, int64_t block, int64_t begin, int64_t end, float *sums) {
    int64_t pixel = c->channels * STRATA_LANES, size = c->filters * STRATA_LANES;
    int64_t run = c->kernel[1] * c->channels;
    int64_t tiles = (c->filters + MAX_FILTERS - 1) / MAX_FILTERS;
    for (int64_t tile = 0; tile < tiles; tile++) {
        int64_t filter = c->filters * tile / tiles;
        for (int64_t r = 0; r < c->kernel[0]; r++) {
            range y = results_of(r, c->strides[0], c->padding_before[0], c->height, c->rows);
            y.begin = max_of(y.begin, begin);
            y.end = min_of(y.end, end);
            if (y.begin >= y.end) continue;
            int64_t row = block * c->height + y.begin * c->strides[0] - c->padding_before[0] + r;
            terms p = {
                .gradient = c->result + (block * c->rows + y.begin) * c->columns * size
                    + filter * STRATA_LANES,
                .pixel = c->strides[1] * pixel,
                .row = c->strides[0] * c->width * pixel,
                .gradient_pixel = size,
                .gradient_row = c->columns * size,
                .rows = y.end - y.begin,
                .sums_tap = size,
            };
            for (int64_t tap = 0, taps; tap < run; tap += taps) {
                int64_t rest = run - tap;
                taps = rest == MAX_PIXELS + 1 ? MAX_PIXELS - 1 : min_of(rest, MAX_PIXELS);
                p.image = c->image + (row * c->width - c->padding_before[1]) * pixel + tap * STRATA_LANES;
                p.sums = sums + (r * run + tap) * size + filter * STRATA_LANES;
                sum_taps(c, p, tap, taps, c->filters * (tile + 1) / tiles - filter);
            }
        }
    }
    // The biases follow the weights.
    sums += c->kernel[0] * run * size;
    const float *gradient = c->result + (block * c->rows + begin) * c->columns * size;
    for (int64_t i = 0; i < (end - begin) * c->columns; i++, gradient += size)
        for (int64_t f = 0; f < size; f++) sums[f] += gradient[f];
}

STRATA_INLINE int64_t sum_count(const strata_batch_blocked *c) {
    return (c->kernel[0] * c->kernel[1] * c->channels + 1) * c->filters;
}

AVX512 static void sum_partitions(void *context, int64_t begin, int64_t end) {
    const strata_batch_blocked *c = context;
    int64_t rows = c->blocks * c->rows;
    // As many rows at a time as stay in the cache while the loop goes over the kernel.
    int64_t row_count = c->columns * min_of(c->filters, MAX_FILTERS)
        + c->strides[0] * c->width * min_of(c->channels, MAX_PIXELS);
    int64_t group = max_of(CACHED_VALUES / (row_count * STRATA_LANES), 1);
    for (int64_t partition = begin; partition < end; partition++) {
        float *sums = c->scratchpad + partition * sum_count(c) * STRATA_LANES;
        memset(sums, 0, (size_t)(sum_count(c) * STRATA_LANES) * sizeof(float));
        int64_t last = rows * (partition + 1) / c->partitions;
        for (int64_t row = rows * partition / c->partitions, next; row < last; row = next) {
            int64_t block = row / c->rows, first = block * c->rows;
            next = min_of(min_of(row + group, last), first + c->rows);
            sum_rows(c, block, row - first, next - first, sums);
        }
    }
}

AVX512 static void add_partitions(void *context, int64_t begin, int64_t end) {
    const strata_batch_blocked *c = context;
    int64_t weights = sum_count(c) - c->filters;
    for (int64_t i = begin; i < end; i++) {
        strata_lanes sum = {0};
        for (int64_t partition = 0; partition < c->partitions; partition++) {
            strata_lanes own;
            load_lanes(&own, c->scratchpad, (partition * sum_count(c) + i) * STRATA_LANES, STRATA_LANES, 0);
            sum += own;
        }
        float total = 0.0f;
        for (int lane = 0; lane < STRATA_LANES; lane++) total += sum[lane];
        if (i < weights)
            c->weights_gradient[i] = total;
        else if (c->bias_gradient)
            c->bias_gradient[i - weights] = total;
    }
}

int strata_run_batch_blocked_weights_gradient(const void *argument) {
    const strata_batch_blocked *c = argument;
    strata_parallel(c->partitions, 1, 1, sum_partitions, (void *)c);
    strata_parallel(sum_count(c), 1, 1024, add_partitions, (void *)c);
    return 0;
}
