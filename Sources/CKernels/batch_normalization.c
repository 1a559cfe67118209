// Batch normalization with the statistics of the batch, and its gradient: each reads memory twice and writes it once.
//
// A tile is some positions of an image with all channels. Sums are made in partitions of the tiles, whose number does
// not depend on the threads, so that the result does not either.
#include "instruction_sets.h"
#include "lanes.h"
#include "parallel.h"

#include <math.h>

#pragma clang fp contract(fast)

// A tile fits into the first-level cache, and float32 sums are short before they are added to those in double.
#define TILE_ELEMENTS 8192
#define MIN_ROWS 16
#define MAX_ROWS 128
#define PIVOTS 16

typedef struct {
    const strata_batch_normalization *n;
    int64_t width;                               // channels, with the padding of the last block
    int64_t tile, tiles_per_image, tiles, partitions;  // tile: its positions
    double *sums;                                // [partitions, 2, width]
    float *means, *factors, *shifts, *a, *b;     // [width]
} pass;

static pass begin_pass(const strata_batch_normalization *n) {
    pass p = {.n = n, .width = n->blocks * n->block, .sums = n->scratchpad};
    p.tile = TILE_ELEMENTS / p.width;
    p.tile = p.tile < MIN_ROWS ? MIN_ROWS : p.tile > MAX_ROWS ? MAX_ROWS : p.tile;
    p.tiles_per_image = (n->positions + p.tile - 1) / p.tile;
    p.tiles = n->batch * p.tiles_per_image;
    p.partitions = p.tiles < STRATA_BATCH_NORMALIZATION_PARTITIONS ? p.tiles : STRATA_BATCH_NORMALIZATION_PARTITIONS;
    p.means = (float *)(p.sums + STRATA_BATCH_NORMALIZATION_PARTITIONS * 2 * p.width);
    p.factors = p.means + p.width;
    p.shifts = p.factors + p.width;
    p.a = p.shifts + p.width;
    p.b = p.a + p.width;
    return p;
}

// One or two vectors of channels in some rows of memory; their sums stay in registers.
typedef struct {
    int64_t first, step, rows;  // the offset of the first, and the stride of rows
    int64_t channel;
} column;

STRATA_INLINE void add_sums(
    const pass *p, column c, double *sums, const strata_lanes *a, const strata_lanes *b, int vectors,
    int64_t lanes) {
    for (int v = 0; v < vectors; v++)
        for (int64_t i = 0; i < lanes; i++) {
            int64_t channel = c.channel + v * STRATA_LANES + i;
            sums[channel] += a[v][i];
            sums[p->width + channel] += b[v][i];
        }
}

// One value for each channel of a column.
STRATA_INLINE void load_channels(
    strata_lanes *to, const float *from, column c, int vectors, int64_t lanes) {
    for (int v = 0; v < vectors; v++)
        load_lanes(&to[v], from, c.channel + v * STRATA_LANES, lanes, 0);
}

// Sums of x - mean and its square, where the mean is an estimate.
STRATA_INLINE void sum_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    strata_lanes mean[2], sum[2] = {{0}}, squares[2] = {{0}};
    load_channels(mean, p->means, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            strata_lanes x;
            load_lanes(&x, p->n->source, c.first + row * c.step + v * STRATA_LANES, lanes, is_bfloat16);
            x -= mean[v];
            sum[v] += x;
            squares[v] += x * x;
        }
    add_sums(p, c, sums, sum, squares, vectors, lanes);
}

// The statistics of the channels of a column.
typedef struct {
    strata_lanes mean[2], factor[2], shift[2];
} statistics;

STRATA_INLINE void load_statistics(
    statistics *to, const pass *p, column c, int vectors, int64_t lanes) {
    load_channels(to->mean, p->means, c, vectors, lanes);
    load_channels(to->factor, p->factors, c, vectors, lanes);
    load_channels(to->shift, p->shifts, c, vectors, lanes);
}

STRATA_INLINE void normalize_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * STRATA_LANES;
            strata_lanes x;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            x = (x - n.mean[v]) * n.factor[v] + n.shift[v];
            if (p->n->has_relu) mask_lanes(&x, &x);
            store_lanes(p->n->result, at, lanes, &x, is_bfloat16);
        }
}

// The gradient before the ReLU. The sign is that of the forward pass, as it is computed in the same way from the same
// values.
STRATA_INLINE void load_gradient(
    strata_lanes *gradient, const pass *p, int64_t at, const strata_lanes *centred, const strata_lanes *factor,
    const strata_lanes *shift, int64_t lanes, int is_bfloat16) {
    load_lanes(gradient, p->n->gradient, at, lanes, is_bfloat16);
    if (!p->n->has_relu) return;
    strata_lanes result = *centred * *factor + *shift;
    mask_lanes(gradient, &result);
}

// The gradient and its product with x - mean.
STRATA_INLINE void sum_gradient_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    strata_lanes sum[2] = {{0}}, products[2] = {{0}};
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * STRATA_LANES;
            strata_lanes x, gradient;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            x -= n.mean[v];
            load_gradient(&gradient, p, at, &x, &n.factor[v], &n.shift[v], lanes, is_bfloat16);
            sum[v] += gradient;
            products[v] += gradient * x;
        }
    add_sums(p, c, sums, sum, products, vectors, lanes);
}

// factor * gradient + a * (x - mean) + b
STRATA_INLINE void differentiate_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    strata_lanes a[2], b[2];
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    load_channels(a, p->a, c, vectors, lanes);
    load_channels(b, p->b, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * STRATA_LANES;
            strata_lanes x, gradient;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            strata_lanes centred = x - n.mean[v];
            load_gradient(&gradient, p, at, &centred, &n.factor[v], &n.shift[v], lanes, is_bfloat16);
            gradient = gradient * n.factor[v] + (centred * a[v] + b[v]);
            if (p->n->masks_by_source) mask_lanes(&gradient, &x);
            store_lanes(p->n->result, at, lanes, &gradient, is_bfloat16);
        }
}

typedef void column_body(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16);

STRATA_INLINE void run_tile(
    const pass *p, int64_t tile, double *sums, column_body body, int is_bfloat16) {
    const strata_batch_normalization *n = p->n;
    int64_t image = tile / p->tiles_per_image, top = tile % p->tiles_per_image * p->tile;
    column c = {.step = n->block, .rows = n->positions - top < p->tile ? n->positions - top : p->tile};
    while (c.channel < p->width) {
        int64_t inside = c.channel % n->block, left = n->block - inside;
        int64_t block = image * n->blocks + c.channel / n->block;
        int vectors = left >= 2 * STRATA_LANES ? 2 : 1;
        int64_t lanes = left < STRATA_LANES ? left : STRATA_LANES;
        c.first = (block * n->positions + top) * n->block + inside;
        // Counts that the compiler knows become whole vectors.
        if (vectors == 2)
            body(p, c, sums, 2, STRATA_LANES, is_bfloat16);
        else if (lanes == STRATA_LANES)
            body(p, c, sums, 1, STRATA_LANES, is_bfloat16);
        else if (lanes == STRATA_LANES / 2)
            body(p, c, sums, 1, STRATA_LANES / 2, is_bfloat16);
        else
            body(p, c, sums, 1, lanes, is_bfloat16);
        c.channel += vectors * lanes;
    }
}

#define SUM(name, body)                                                                            \
    STRATA_MULTIVERSIONED_LOOP(name) {                                                             \
        const pass *p = context;                                                                   \
        for (int64_t partition = begin; partition < end; partition++) {                                           \
            double *sums = p->sums + partition * 2 * p->width;                                          \
            memset(sums, 0, sizeof(double) * 2 * (size_t)p->width);                                \
            int64_t first = p->tiles * partition / p->partitions, last = p->tiles * (partition + 1) / p->partitions;   \
            if (p->n->is_bfloat16)                                                                 \
                for (int64_t t = first; t < last; t++) run_tile(p, t, sums, body, 1);              \
            else                                                                                   \
                for (int64_t t = first; t < last; t++) run_tile(p, t, sums, body, 0);              \
        }                                                                                          \
    }
SUM(sum_partitions, sum_column)
SUM(sum_gradient_partitions, sum_gradient_column)

// From the last tile on, which is still in the cache.
#define APPLY(name, body)                                                                          \
    STRATA_MULTIVERSIONED_LOOP(name) {                                                             \
        const pass *p = context;                                                                   \
        if (p->n->is_bfloat16)                                                                     \
            for (int64_t t = end - 1; t >= begin; t--) run_tile(p, t, NULL, body, 1);              \
        else                                                                                       \
            for (int64_t t = end - 1; t >= begin; t--) run_tile(p, t, NULL, body, 0);              \
    }
APPLY(normalize, normalize_column)
APPLY(differentiate, differentiate_column)

// Afterwards the first partition holds the sums of all.
static void sum(pass *p, void (*body)(void *, int64_t, int64_t)) {
    int64_t least = 1 + 16384 / (p->n->batch * p->n->positions * p->width / p->partitions + 1);
    strata_parallel(p->partitions, 1, least, body, p);
    for (int64_t partition = 1; partition < p->partitions; partition++)
        for (int64_t i = 0; i < 2 * p->width; i++) p->sums[i] += p->sums[partition * 2 * p->width + i];
}

static void apply(pass *p, void (*body)(void *, int64_t, int64_t)) {
    strata_parallel(p->tiles, 1, 1 + 16384 / (p->tile * p->width + 1), body, p);
}

// The mean of a few elements: near enough to the mean of all for the sum of squares to keep its digits.
static void estimate_means(const pass *p) {
    const strata_batch_normalization *n = p->n;
    memset(p->means, 0, sizeof(float) * (size_t)p->width);
    for (int64_t k = 0; k < PIVOTS; k++) {
        int64_t index = n->batch * n->positions * k / PIVOTS;
        int64_t image = index / n->positions, position = index % n->positions;
        for (int64_t c = 0; c < p->width; c++) {
            int64_t block = image * n->blocks + c / n->block;
            int64_t at = (block * n->positions + position) * n->block + c % n->block;
            strata_lanes x;
            load_lanes(&x, n->source, at, 1, n->is_bfloat16);
            p->means[c] += x[0] / PIVOTS;
        }
    }
}

int strata_run_batch_normalization(const void *argument) {
    const strata_batch_normalization *n = argument;
    pass p = begin_pass(n);
    double count = (double)(n->batch * n->positions);
    estimate_means(&p);
    sum(&p, sum_partitions);
    for (int64_t c = 0; c < p.width; c++) {
        double off = p.sums[c] / count, variance = p.sums[p.width + c] / count - off * off;
        int is_real = c < n->channels;
        p.means[c] = is_real ? (float)(p.means[c] + off) : 0;
        p.factors[c] = p.shifts[c] = 0;
        if (!is_real) continue;
        n->mean[c] = p.means[c];
        n->variance[c] = (float)(variance < 0 ? 0 : variance);
        p.factors[c] = n->scale[c] / sqrtf(n->variance[c] + n->epsilon);
        p.shifts[c] = n->shift[c];
    }
    apply(&p, normalize);
    return 0;
}

int strata_run_batch_normalization_backward(const void *argument) {
    const strata_batch_normalization *n = argument;
    pass p = begin_pass(n);
    double count = (double)(n->batch * n->positions);
    for (int64_t c = 0; c < p.width; c++) {
        int is_real = c < n->channels;
        p.means[c] = is_real ? n->mean[c] : 0;
        p.factors[c] = is_real ? n->scale[c] / sqrtf(n->variance[c] + n->epsilon) : 0;
        p.shifts[c] = is_real && n->has_relu ? n->shift[c] : 0;
    }
    sum(&p, sum_gradient_partitions);
    for (int64_t c = 0; c < p.width; c++) {
        double sum = p.sums[c], products = p.sums[p.width + c];
        p.a[c] = p.b[c] = 0;
        if (c >= n->channels) continue;
        double spread = (double)n->variance[c] + n->epsilon;
        n->scale_gradient[c] = (float)(products / sqrt(spread));
        n->shift_gradient[c] = (float)sum;
        p.a[c] = (float)(-p.factors[c] * products / spread / count);
        p.b[c] = (float)(-p.factors[c] * sum / count);
    }
    apply(&p, differentiate);
    return 0;
}
