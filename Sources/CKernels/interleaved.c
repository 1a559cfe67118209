// Convolutions of images that lie sixteen by sixteen, number by number, and the gradients of their weights.
//
// Sums stay in registers: of some pixels in some filters, or of some weights in some filters.
#include "wide.h"

// Together with what is multiplied, 32 registers.
#define MOST_PLACES 4
#define MOST_FILTERS 6
// Numbers that the first-level cache holds beside the sums.
#define NEAR_COUNT 8192

// Calls body(context, places, filters) with numbers that the compiler knows.
#define FOR_FILTERS(body, context, places, F)                                                      \
    case F:                                                                                        \
        switch (places) {                                                                          \
        case 4: body(context, 4, F); break;                                                        \
        case 3: body(context, 3, F); break;                                                        \
        case 2: body(context, 2, F); break;                                                        \
        default: body(context, 1, F); break;                                                       \
        }                                                                                          \
        break;
#define WITH_NUMBERS(body, context, places, filters)                                               \
    switch (filters) {                                                                             \
        FOR_FILTERS(body, context, places, 1)                                                      \
        FOR_FILTERS(body, context, places, 2)                                                      \
        FOR_FILTERS(body, context, places, 3)                                                      \
        FOR_FILTERS(body, context, places, 4)                                                      \
        FOR_FILTERS(body, context, places, 5)                                                      \
        FOR_FILTERS(body, context, places, 6)                                                      \
    }

// ---- Forward -----------------------------------------------------------------------------------

// Results side by side that see the same part of the kernel.
typedef struct {
    const float *image, *weights, *bias;
    // From what one result sees to what the next one does; from a row of the image, or weights, to the next.
    int64_t pixel, row, weights_row, weights_tap;
    // The part of the kernel: its rows, and the numbers in each of them.
    int64_t rows, taps;
    float *result;
    int64_t result_pixel;
} results;

CK_INLINE void convolve(const results *p, int pixels, int filters) {
    ck_lanes sums[MOST_PLACES][MOST_FILTERS];
    UNROLLED for (int f = 0; f < filters; f++) {
        ck_lanes start = {0};
        if (p->bias) start += p->bias[f];
        UNROLLED for (int i = 0; i < pixels; i++) sums[i][f] = start;
    }
    for (int64_t r = 0; r < p->rows; r++) {
        const float *image = p->image + r * p->row, *weights = p->weights + r * p->weights_row;
        for (int64_t t = 0; t < p->taps; t++, image += CK_LANES, weights += p->weights_tap) {
            ck_lanes numbers[MOST_PLACES];
            UNROLLED for (int i = 0; i < pixels; i++)
                load_lanes(&numbers[i], image, i * p->pixel, CK_LANES, 0);
            UNROLLED for (int f = 0; f < filters; f++) {
                float weight = weights[f];
                UNROLLED for (int i = 0; i < pixels; i++) sums[i][f] += numbers[i] * weight;
            }
        }
    }
    UNROLLED for (int i = 0; i < pixels; i++)
        UNROLLED for (int f = 0; f < filters; f++)
            store_lanes(p->result, i * p->result_pixel + f * CK_LANES, CK_LANES, &sums[i][f], 0);
}

// The part of a window that lies in the image, and where the window begins.
typedef struct {
    int64_t begin, end, first;
} reach;

CK_INLINE reach reach_of(int64_t place, int64_t stride, int64_t low, int64_t size, int64_t length) {
    reach r = {.end = size, .first = place * stride - low};
    r.begin = least(most(-r.first, 0), size);
    r.end = most(least(length - r.first, size), r.begin);
    return r;
}

WIDE static void convolve_rows(void *context, int64_t begin, int64_t end) {
    const ck_interleaved *c = context;
    int64_t pixel = c->channels * CK_LANES, size = c->filters * CK_LANES;
    int64_t tap = c->filters, column_of_weights = c->channels * tap;
    int64_t tiles = (c->filters + MOST_FILTERS - 1) / MOST_FILTERS;
    for (int64_t row = begin; row < end; row++) {
        reach y = reach_of(
            row % c->rows, c->strides[0], c->low[0], c->kernel[0], c->height);
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
                reach x = reach_of(
                    column, c->strides[1], c->low[1], c->kernel[1], c->width);
                pixels = 1;
                if (x.end - x.begin == c->kernel[1]) {
                    int64_t last = (c->width - c->kernel[1] + c->low[1]) / c->strides[1];
                    pixels = least(least(last, c->columns - 1) - column + 1, MOST_PLACES);
                }
                p.image = image + (x.first + x.begin) * pixel;
                p.weights =
                    c->weights + y.begin * p.weights_row + x.begin * column_of_weights + filter;
                p.taps = (x.end - x.begin) * c->channels;
                p.result = result + column * size + filter * CK_LANES;
                WITH_NUMBERS(convolve, &p, pixels, filters)
            }
        }
        activate(c->activation, result, c->columns * size);
    }
}

int ck_run_interleaved(const void *argument) {
    const ck_interleaved *c = argument;
    int64_t work = c->columns * c->filters * c->kernel[0] * c->kernel[1] * c->channels;
    ck_parallel(c->blocks * c->rows, 1, 1 + 16384 / (work + 1), convolve_rows, (void *)c);
    return 0;
}

// ---- The gradients of weights and bias -----------------------------------------------------------

// Weights side by side in some filters, and the results in which all of them see the image.
typedef struct {
    const float *image, *gradient;
    int64_t pixel, row, gradient_pixel, gradient_row;
    int64_t rows, columns;
    float *sums;
    int64_t sums_tap;
} terms;

CK_INLINE void gather(const terms *p, int taps, int filters) {
    ck_lanes sums[MOST_PLACES][MOST_FILTERS];
    UNROLLED for (int t = 0; t < taps; t++)
        UNROLLED for (int f = 0; f < filters; f++)
            load_lanes(&sums[t][f], p->sums, t * p->sums_tap + f * CK_LANES, CK_LANES, 0);
    for (int64_t r = 0; r < p->rows; r++) {
        const float *image = p->image + r * p->row, *gradient = p->gradient + r * p->gradient_row;
        for (int64_t c = 0; c < p->columns; c++) {
            ck_lanes numbers[MOST_PLACES];
            UNROLLED for (int t = 0; t < taps; t++)
                load_lanes(&numbers[t], image, t * CK_LANES, CK_LANES, 0);
            UNROLLED for (int f = 0; f < filters; f++) {
                ck_lanes own;
                load_lanes(&own, gradient, f * CK_LANES, CK_LANES, 0);
                UNROLLED for (int t = 0; t < taps; t++) sums[t][f] += numbers[t] * own;
            }
            image += p->pixel;
            gradient += p->gradient_pixel;
        }
    }
    UNROLLED for (int t = 0; t < taps; t++)
        UNROLLED for (int f = 0; f < filters; f++)
            store_lanes(p->sums, t * p->sums_tap + f * CK_LANES, CK_LANES, &sums[t][f], 0);
}

// The results that see the image at a place of the kernel.
typedef struct {
    int64_t begin, end;
} range;

CK_INLINE range range_of(int64_t tap, int64_t stride, int64_t low, int64_t length, int64_t count) {
    range r = {.begin = tap < low ? (low - tap + stride - 1) / stride : 0};
    int64_t last = length - 1 + low - tap;
    r.end = most(last < 0 ? 0 : least(count, last / stride + 1), r.begin);
    return r;
}

// Numbers tap ..< tap + taps of a row of the kernel, in some filters: where all of them see the image, and
// what each sees beyond that to the left and to the right.
CK_INLINE void gather_taps(
    const ck_interleaved *c, terms p, int64_t tap, int64_t taps, int64_t filters) {
    range all = {0, c->columns};
    for (int64_t t = 0; t < taps; t++) {
        range own = range_of(
            (tap + t) / c->channels, c->strides[1], c->low[1], c->width, c->columns);
        all.begin = most(all.begin, own.begin);
        all.end = least(all.end, own.end);
    }
    all.end = most(all.begin, all.end);
    for (int64_t piece = 0; piece <= 2 * taps; piece++) {
        terms q = p;
        range columns = all;
        int64_t count = taps, t = 0;
        if (piece > 0) {
            t = (piece - 1) / 2;
            count = 1;
            columns = range_of(
                (tap + t) / c->channels, c->strides[1], c->low[1], c->width, c->columns);
            if (piece % 2)
                columns.end = least(columns.end, all.begin);
            else
                columns.begin = most(columns.begin, all.end);
        }
        q.columns = columns.end - columns.begin;
        if (q.columns <= 0) continue;
        q.image += t * CK_LANES + columns.begin * p.pixel;
        q.gradient += columns.begin * p.gradient_pixel;
        q.sums += t * p.sums_tap;
        WITH_NUMBERS(gather, &q, count, filters)
    }
}

// Adds the terms of rows begin ..< end of a block's results to `sums`.
CK_INLINE void gather_rows(
    const ck_interleaved *c, int64_t block, int64_t begin, int64_t end, float *sums) {
    int64_t pixel = c->channels * CK_LANES, size = c->filters * CK_LANES;
    int64_t run = c->kernel[1] * c->channels;
    int64_t tiles = (c->filters + MOST_FILTERS - 1) / MOST_FILTERS;
    for (int64_t tile = 0; tile < tiles; tile++) {
        int64_t filter = c->filters * tile / tiles;
        for (int64_t r = 0; r < c->kernel[0]; r++) {
            range y = range_of(r, c->strides[0], c->low[0], c->height, c->rows);
            y.begin = most(y.begin, begin);
            y.end = least(y.end, end);
            if (y.begin >= y.end) continue;
            int64_t row = block * c->height + y.begin * c->strides[0] - c->low[0] + r;
            terms p = {
                .gradient = c->result + (block * c->rows + y.begin) * c->columns * size
                    + filter * CK_LANES,
                .pixel = c->strides[1] * pixel,
                .row = c->strides[0] * c->width * pixel,
                .gradient_pixel = size,
                .gradient_row = c->columns * size,
                .rows = y.end - y.begin,
                .sums_tap = size,
            };
            for (int64_t tap = 0, taps; tap < run; tap += taps) {
                int64_t rest = run - tap;
                taps = rest == MOST_PLACES + 1 ? MOST_PLACES - 1 : least(rest, MOST_PLACES);
                p.image = c->image + (row * c->width - c->low[1]) * pixel + tap * CK_LANES;
                p.sums = sums + (r * run + tap) * size + filter * CK_LANES;
                gather_taps(c, p, tap, taps, c->filters * (tile + 1) / tiles - filter);
            }
        }
    }
    // Behind the weights the biases.
    sums += c->kernel[0] * run * size;
    const float *gradient = c->result + (block * c->rows + begin) * c->columns * size;
    for (int64_t i = 0; i < (end - begin) * c->columns; i++, gradient += size)
        for (int64_t f = 0; f < size; f++) sums[f] += gradient[f];
}

CK_INLINE int64_t sums_of(const ck_interleaved *c) {
    return (c->kernel[0] * c->kernel[1] * c->channels + 1) * c->filters;
}

WIDE static void gather_parts(void *context, int64_t begin, int64_t end) {
    const ck_interleaved *c = context;
    int64_t rows = c->blocks * c->rows;
    // As many rows at a time as stay near while the kernel's numbers take turns.
    int64_t row_count = c->columns * least(c->filters, MOST_FILTERS)
        + c->strides[0] * c->width * least(c->channels, MOST_PLACES);
    int64_t group = most(NEAR_COUNT / (row_count * CK_LANES), 1);
    for (int64_t part = begin; part < end; part++) {
        float *sums = c->room + part * sums_of(c) * CK_LANES;
        memset(sums, 0, (size_t)(sums_of(c) * CK_LANES) * sizeof(float));
        int64_t last = rows * (part + 1) / c->parts;
        for (int64_t row = rows * part / c->parts, next; row < last; row = next) {
            int64_t block = row / c->rows, first = block * c->rows;
            next = least(least(row + group, last), first + c->rows);
            gather_rows(c, block, row - first, next - first, sums);
        }
    }
}

WIDE static void add_parts(void *context, int64_t begin, int64_t end) {
    const ck_interleaved *c = context;
    int64_t weights = sums_of(c) - c->filters;
    for (int64_t i = begin; i < end; i++) {
        ck_lanes sum = {0};
        for (int64_t part = 0; part < c->parts; part++) {
            ck_lanes own;
            load_lanes(&own, c->room, (part * sums_of(c) + i) * CK_LANES, CK_LANES, 0);
            sum += own;
        }
        float total = 0.0f;
        for (int lane = 0; lane < CK_LANES; lane++) total += sum[lane];
        if (i < weights)
            c->weights_gradient[i] = total;
        else if (c->bias_gradient)
            c->bias_gradient[i - weights] = total;
    }
}

int ck_run_interleaved_gradient(const void *argument) {
    const ck_interleaved *c = argument;
    ck_parallel(c->parts, 1, 1, gather_parts, (void *)c);
    ck_parallel(sums_of(c), 1, 1024, add_parts, (void *)c);
    return 0;
}
