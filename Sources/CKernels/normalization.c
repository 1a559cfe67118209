// Batch normalization with a batch's own statistics and its gradient: each reads memory twice and writes
// it once.
//
// A tile is some positions of an image with all channels. Sums are gathered over parts of the tiles whose
// number does not depend on the threads, so that the result does not either.
#include "lanes.h"
#include "parallel.h"

#include <math.h>

#pragma clang fp contract(fast)

// A tile fits into the first-level cache, and float32 sums go over few numbers before they are added to those
// in double.
#define TILE_ELEMENTS 8192
#define LEAST_ROWS 16
#define MOST_ROWS 128
#define PIVOTS 16

typedef struct {
    const ck_normalization *n;
    int64_t width;                               // channels, those that only fill a block included
    int64_t tile, tiles_per_image, tiles, parts;  // tile: its positions
    double *sums;                                // [parts, 2, width]
    float *means, *factors, *shifts, *a, *b;     // [width]
} pass;

static pass begin_pass(const ck_normalization *n) {
    pass p = {.n = n, .width = n->blocks * n->block, .sums = n->room};
    p.tile = TILE_ELEMENTS / p.width;
    p.tile = p.tile < LEAST_ROWS ? LEAST_ROWS : p.tile > MOST_ROWS ? MOST_ROWS : p.tile;
    p.tiles_per_image = (n->positions + p.tile - 1) / p.tile;
    p.tiles = n->batch * p.tiles_per_image;
    p.parts = p.tiles < CK_NORMALIZATION_PARTS ? p.tiles : CK_NORMALIZATION_PARTS;
    p.means = (float *)(p.sums + CK_NORMALIZATION_PARTS * 2 * p.width);
    p.factors = p.means + p.width;
    p.shifts = p.factors + p.width;
    p.a = p.shifts + p.width;
    p.b = p.a + p.width;
    return p;
}

// One or two vectors of channels in some rows of memory; their sums stay in registers.
typedef struct {
    int64_t first, step, rows;  // the place in memory of the first, and from row to row
    int64_t channel;
} column;

CK_INLINE void add_sums(
    const pass *p, column c, double *sums, const ck_lanes *a, const ck_lanes *b, int vectors,
    int64_t lanes) {
    for (int v = 0; v < vectors; v++)
        for (int64_t i = 0; i < lanes; i++) {
            int64_t channel = c.channel + v * CK_LANES + i;
            sums[channel] += a[v][i];
            sums[p->width + channel] += b[v][i];
        }
}

// One number for each channel of a column.
CK_INLINE void load_channels(
    ck_lanes *to, const float *from, column c, int vectors, int64_t lanes) {
    for (int v = 0; v < vectors; v++)
        load_lanes(&to[v], from, c.channel + v * CK_LANES, lanes, 0);
}

// x - mean and its square, of a mean that need only be near.
CK_INLINE void sum_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    ck_lanes mean[2], sum[2] = {{0}}, squares[2] = {{0}};
    load_channels(mean, p->means, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            ck_lanes x;
            load_lanes(&x, p->n->source, c.first + row * c.step + v * CK_LANES, lanes, is_bfloat16);
            x -= mean[v];
            sum[v] += x;
            squares[v] += x * x;
        }
    add_sums(p, c, sums, sum, squares, vectors, lanes);
}

// What every number of a channel is normalized with.
typedef struct {
    ck_lanes mean[2], factor[2], shift[2];
} statistics;

CK_INLINE void load_statistics(
    statistics *to, const pass *p, column c, int vectors, int64_t lanes) {
    load_channels(to->mean, p->means, c, vectors, lanes);
    load_channels(to->factor, p->factors, c, vectors, lanes);
    load_channels(to->shift, p->shifts, c, vectors, lanes);
}

CK_INLINE void normalize_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * CK_LANES;
            ck_lanes x;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            x = (x - n.mean[v]) * n.factor[v] + n.shift[v];
            if (p->n->rectifies) mask_lanes(&x, &x);
            store_lanes(p->n->result, at, lanes, &x, is_bfloat16);
        }
}

// The gradient of what was not yet rectified. The sign is that of the forward pass: it is computed in the
// same way from the same numbers.
CK_INLINE void load_gradient(
    ck_lanes *gradient, const pass *p, int64_t at, const ck_lanes *centred, const ck_lanes *factor,
    const ck_lanes *shift, int64_t lanes, int is_bfloat16) {
    load_lanes(gradient, p->n->gradient, at, lanes, is_bfloat16);
    if (!p->n->rectifies) return;
    ck_lanes result = *centred * *factor + *shift;
    mask_lanes(gradient, &result);
}

// The gradient and its product with x - mean.
CK_INLINE void sum_gradient_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    ck_lanes sum[2] = {{0}}, products[2] = {{0}};
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * CK_LANES;
            ck_lanes x, gradient;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            x -= n.mean[v];
            load_gradient(&gradient, p, at, &x, &n.factor[v], &n.shift[v], lanes, is_bfloat16);
            sum[v] += gradient;
            products[v] += gradient * x;
        }
    add_sums(p, c, sums, sum, products, vectors, lanes);
}

// factor * gradient + a * (x - mean) + b
CK_INLINE void differentiate_column(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16) {
    ck_lanes a[2], b[2];
    statistics n;
    load_statistics(&n, p, c, vectors, lanes);
    load_channels(a, p->a, c, vectors, lanes);
    load_channels(b, p->b, c, vectors, lanes);
    for (int64_t row = 0; row < c.rows; row++)
        for (int v = 0; v < vectors; v++) {
            int64_t at = c.first + row * c.step + v * CK_LANES;
            ck_lanes x, gradient;
            load_lanes(&x, p->n->source, at, lanes, is_bfloat16);
            ck_lanes centred = x - n.mean[v];
            load_gradient(&gradient, p, at, &centred, &n.factor[v], &n.shift[v], lanes, is_bfloat16);
            gradient = gradient * n.factor[v] + (centred * a[v] + b[v]);
            if (p->n->masks_by_source) mask_lanes(&gradient, &x);
            store_lanes(p->n->result, at, lanes, &gradient, is_bfloat16);
        }
}

typedef void column_body(
    const pass *p, column c, double *sums, int vectors, int64_t lanes, int is_bfloat16);

CK_INLINE void run_tile(
    const pass *p, int64_t tile, double *sums, column_body body, int is_bfloat16) {
    const ck_normalization *n = p->n;
    int64_t image = tile / p->tiles_per_image, top = tile % p->tiles_per_image * p->tile;
    column c = {.step = n->block, .rows = n->positions - top < p->tile ? n->positions - top : p->tile};
    while (c.channel < p->width) {
        int64_t inside = c.channel % n->block, left = n->block - inside;
        int64_t block = image * n->blocks + c.channel / n->block;
        int vectors = left >= 2 * CK_LANES ? 2 : 1;
        int64_t lanes = left < CK_LANES ? left : CK_LANES;
        c.first = (block * n->positions + top) * n->block + inside;
        // The compiler makes whole vectors of the numbers that it knows.
        if (vectors == 2)
            body(p, c, sums, 2, CK_LANES, is_bfloat16);
        else if (lanes == CK_LANES)
            body(p, c, sums, 1, CK_LANES, is_bfloat16);
        else if (lanes == CK_LANES / 2)
            body(p, c, sums, 1, CK_LANES / 2, is_bfloat16);
        else
            body(p, c, sums, 1, lanes, is_bfloat16);
        c.channel += vectors * lanes;
    }
}

#define SUM(name, body)                                                                            \
    CK_VECTORIZED static void name(void *context, int64_t begin, int64_t end) {                    \
        const pass *p = context;                                                                   \
        for (int64_t part = begin; part < end; part++) {                                           \
            double *sums = p->sums + part * 2 * p->width;                                          \
            memset(sums, 0, sizeof(double) * 2 * (size_t)p->width);                                \
            int64_t first = p->tiles * part / p->parts, last = p->tiles * (part + 1) / p->parts;   \
            if (p->n->is_bfloat16)                                                                 \
                for (int64_t t = first; t < last; t++) run_tile(p, t, sums, body, 1);              \
            else                                                                                   \
                for (int64_t t = first; t < last; t++) run_tile(p, t, sums, body, 0);              \
        }                                                                                          \
    }
SUM(sum_parts, sum_column)
SUM(sum_gradient_parts, sum_gradient_column)

// From the last tile on: what was summed last is still in the cache.
#define APPLY(name, body)                                                                          \
    CK_VECTORIZED static void name(void *context, int64_t begin, int64_t end) {                    \
        const pass *p = context;                                                                   \
        if (p->n->is_bfloat16)                                                                     \
            for (int64_t t = end - 1; t >= begin; t--) run_tile(p, t, NULL, body, 1);              \
        else                                                                                       \
            for (int64_t t = end - 1; t >= begin; t--) run_tile(p, t, NULL, body, 0);              \
    }
APPLY(normalize, normalize_column)
APPLY(differentiate, differentiate_column)

// The parts' sums are in the first part's then.
static void gather(pass *p, void (*body)(void *, int64_t, int64_t)) {
    int64_t least = 1 + 16384 / (p->n->batch * p->n->positions * p->width / p->parts + 1);
    ck_parallel(p->parts, 1, least, body, p);
    for (int64_t part = 1; part < p->parts; part++)
        for (int64_t i = 0; i < 2 * p->width; i++) p->sums[i] += p->sums[part * 2 * p->width + i];
}

static void apply(pass *p, void (*body)(void *, int64_t, int64_t)) {
    ck_parallel(p->tiles, 1, 1 + 16384 / (p->tile * p->width + 1), body, p);
}

// The mean of a few numbers: near enough to that of all for the sum of squares to keep its digits.
static void estimate_means(const pass *p) {
    const ck_normalization *n = p->n;
    memset(p->means, 0, sizeof(float) * (size_t)p->width);
    for (int64_t k = 0; k < PIVOTS; k++) {
        int64_t place = n->batch * n->positions * k / PIVOTS;
        int64_t image = place / n->positions, position = place % n->positions;
        for (int64_t c = 0; c < p->width; c++) {
            int64_t block = image * n->blocks + c / n->block;
            int64_t at = (block * n->positions + position) * n->block + c % n->block;
            ck_lanes x;
            load_lanes(&x, n->source, at, 1, n->is_bfloat16);
            p->means[c] += x[0] / PIVOTS;
        }
    }
}

int ck_run_normalization(const void *argument) {
    const ck_normalization *n = argument;
    pass p = begin_pass(n);
    double count = (double)(n->batch * n->positions);
    estimate_means(&p);
    gather(&p, sum_parts);
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

int ck_run_normalization_backward(const void *argument) {
    const ck_normalization *n = argument;
    pass p = begin_pass(n);
    double count = (double)(n->batch * n->positions);
    for (int64_t c = 0; c < p.width; c++) {
        int is_real = c < n->channels;
        p.means[c] = is_real ? n->mean[c] : 0;
        p.factors[c] = is_real ? n->scale[c] / sqrtf(n->variance[c] + n->epsilon) : 0;
        p.shifts[c] = is_real && n->rectifies ? n->shift[c] : 0;
    }
    gather(&p, sum_gradient_parts);
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
