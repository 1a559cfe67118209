// Implicit GEMM: convolutions of a few images without im2col, and inner products.
#include "avx512.h"

// Accumulators of some pixels in STRATA_PACKED_FILTERS filters, with their factors: 29 registers.
#define PIXELS 6
#define VECTORS (STRATA_PACKED_FILTERS / STRATA_LANES)
// How many elements of K are multiplied at a time: their weights (36 KiB) stay in the first-level cache.
#define CACHED_VALUES 144
#define CACHE_LINE 64

static const float zeros[STRATA_MAX_RUN_LENGTH];

// Where a window begins, in its image and in memory, and its result.
typedef struct {
    int64_t y, x, begin;
    float *result;
} window;

// A pixel of the results.
typedef struct {
    int64_t image, row, column;
} position;

STRATA_INLINE position position_of(const strata_implicit_gemm *w, int64_t at) {
    int64_t row = at / w->columns;
    return (position){row / w->rows, row % w->rows, at % w->columns};
}

// Without the divisions of position_of, which would take a tenth of the time.
STRATA_INLINE position next_position(const strata_implicit_gemm *w, position p) {
    if (++p.column < w->columns) return p;
    p.column = 0;
    if (++p.row < w->rows) return p;
    p.row = 0;
    p.image++;
    return p;
}

STRATA_INLINE window window_at(const strata_implicit_gemm *w, position p, float *result) {
    int64_t y = p.row * w->strides[0] - w->padding_before[0], x = p.column * w->strides[1] - w->padding_before[1];
    int64_t begin = p.image * w->image_strides[0] + y * w->image_strides[1] + x * w->image_strides[2];
    return (window){y, x, begin, result};
}

STRATA_INLINE const float *elements_of(
    const strata_implicit_gemm *w, const window *p, const strata_window_run *run, int has_padding) {
    if (!has_padding) return w->image + (p->begin + run->offset);
    // Unsigned comparison: negative indices are larger than any length.
    int is_outside = ((uint64_t)(p->y + run->down) >= (uint64_t)w->height)
        | ((uint64_t)(p->x + run->across) >= (uint64_t)w->width);
    return is_outside ? zeros : w->image + (p->begin + run->offset);
}

// Some runs with a block of filters, and the weights to prefetch meanwhile.
typedef struct {
    int64_t begin, end;
    const float *weights, *bias;
    const char *prefetched;
    int64_t prefetch_step;
} panel;

// The products of a panel, added to the results, or to the bias in the first panel.
STRATA_INLINE void multiply(
    const strata_implicit_gemm *w, const panel *panel, const window *windows, int count, int is_padded_or_large) {
    strata_lanes sums[PIXELS][VECTORS];
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++) {
            strata_lanes sum = {0}, before;
            if (panel->begin == 0 && panel->bias)
                load_lanes(&sum, panel->bias, v * STRATA_LANES, STRATA_LANES, 0);
            if (panel->begin > 0 || w->accumulates) {
                load_lanes(&before, windows[i].result, v * STRATA_LANES, STRATA_LANES, 0);
                sum += before;
            }
            sums[i][v] = sum;
        }
    const float *weights = panel->weights;
    const char *prefetched = panel->prefetched;
    for (int64_t r = panel->begin; r < panel->end; r++) {
        const float *values[PIXELS];
        int sees_image = 0;
        UNROLLED for (int i = 0; i < count; i++) {
            values[i] = elements_of(w, &windows[i], &w->runs[r], is_padded_or_large);
            sees_image |= values[i] != zeros;
        }
        if (is_padded_or_large && !sees_image) {
            weights += w->run_length * STRATA_PACKED_FILTERS;
            prefetched += w->run_length * panel->prefetch_step;
            continue;
        }
        for (int64_t k = 0; k < w->run_length; k++, weights += STRATA_PACKED_FILTERS, prefetched += panel->prefetch_step) {
            // The weights of a single pixel are one stream, which the hardware prefetches.
            if (is_padded_or_large && count > 1) __builtin_prefetch(prefetched, 0, 2);
            strata_lanes row[VECTORS];
            UNROLLED for (int v = 0; v < VECTORS; v++)
                load_lanes(&row[v], weights, v * STRATA_LANES, STRATA_LANES, 0);
            UNROLLED for (int i = 0; i < count; i++) {
                float element = values[i][k];
                UNROLLED for (int v = 0; v < VECTORS; v++) sums[i][v] += row[v] * element;
            }
        }
    }
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++)
            store_lanes(windows[i].result, v * STRATA_LANES, STRATA_LANES, &sums[i][v], 0);
}

// Pixels begin ..< end in a block of filters.
STRATA_INLINE void multiply_pixels(
    const strata_implicit_gemm *w, int64_t block, int64_t begin, int64_t end, int is_padded_or_large) {
    int64_t runs = max_of(CACHED_VALUES / w->run_length, 1), first_filter = block * STRATA_PACKED_FILTERS;
    const float *weights = w->weights + first_filter * w->run_count * w->run_length;
    panel p = {.bias = w->bias ? w->bias + first_filter : NULL};
    for (; p.begin < w->run_count; p.begin = p.end) {
        p.end = min_of(p.begin + runs, w->run_count);
        int64_t lines = (p.end - p.begin) * w->run_length, missing = lines * VECTORS;
        p.weights = weights + p.begin * w->run_length * STRATA_PACKED_FILTERS;
        p.prefetched = (const char *)(p.weights + lines * STRATA_PACKED_FILTERS);
        position next = position_of(w, begin);
        for (int64_t at = begin, count; at < end; at += count) {
            count = min_of(end - at, PIXELS);
            window windows[PIXELS];
            for (int64_t i = 0; i < count; i++, next = next_position(w, next))
                windows[i] = window_at(w, next, w->result + (at + i) * w->filters + first_filter);
            p.prefetch_step = missing > 0 ? CACHE_LINE : 0;
            switch (count) {
            case 6: multiply(w, &p, windows, 6, is_padded_or_large); break;
            case 5: multiply(w, &p, windows, 5, is_padded_or_large); break;
            case 4: multiply(w, &p, windows, 4, is_padded_or_large); break;
            case 3: multiply(w, &p, windows, 3, is_padded_or_large); break;
            case 2: multiply(w, &p, windows, 2, is_padded_or_large); break;
            default: multiply(w, &p, windows, 1, is_padded_or_large); break;
            }
            p.prefetched += lines * p.prefetch_step;
            missing -= lines;
            if (p.end == w->run_count && w->activation != strata_copy)
                for (int64_t i = 0; i < count; i++)
                    activate(w->activation, windows[i].result, STRATA_PACKED_FILTERS);
        }
    }
}

typedef struct {
    const strata_implicit_gemm *convolution;
    int64_t groups, pixels;
} partition;

STRATA_INLINE void multiply_partition(
    const strata_implicit_gemm *w, const partition *d, int64_t index, int is_padded_or_large) {
    int64_t blocks = w->filters / STRATA_PACKED_FILTERS, group = index / blocks;
    int64_t begin = d->pixels * group / d->groups, end = d->pixels * (group + 1) / d->groups;
    multiply_pixels(w, index % blocks, begin, end, is_padded_or_large);
}

// Partitions: groups of pixels, in each of them all blocks of filters.
AVX512 static void run_partitions(void *context, int64_t begin, int64_t end) {
    const partition *d = context;
    const strata_implicit_gemm *w = d->convolution;
    int is_padded_or_large = w->has_padding || w->run_count * w->run_length * w->filters >= STRATA_PREFETCHED_WEIGHTS;
    for (int64_t i = begin; i < end; i++)
        if (is_padded_or_large)
            multiply_partition(w, d, i, 1);
        else
            multiply_partition(w, d, i, 0);
}

int strata_run_implicit_gemm(const void *argument) {
    const strata_implicit_gemm *w = argument;
    int64_t pixels = w->images * w->rows * w->columns, threads = strata_threads();
    // With few pixels each thread takes some of the filters, and reads their weights alone.
    int64_t blocks = w->filters / STRATA_PACKED_FILTERS;
    int64_t groups = blocks >= threads && pixels < 16 * PIXELS * threads
        ? 1 : min_of(threads, max_of(pixels / PIXELS, 1));
    partition d = {w, groups, pixels};
    int64_t count = groups * blocks;
    int64_t work = pixels * w->filters * w->run_count * w->run_length / count;
    strata_parallel(count, 1, 1 + 131072 / (work + 1), run_partitions, &d);
    return 0;
}
