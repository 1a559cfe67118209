// Pooling of images, and its gradient, in vectors of channels.
#include "instruction_sets.h"
#include "lanes.h"
#include "parallel.h"

#include <math.h>

#pragma clang fp contract(fast)

typedef uint8_t byte_lanes __attribute__((vector_size(16)));

// A window along one axis.
typedef struct {
    int64_t begin, end;  // the part that is inside of the image
    int64_t first;       // where the window begins in the image
    int64_t next;        // the pixels, from its beginning on, that no later window covers
} span;

STRATA_INLINE span span_of(
    int64_t index, int64_t count, int64_t stride, int64_t padding, int64_t size, int64_t length) {
    span s = {.begin = 0, .end = size, .first = index * stride - padding};
    if (s.first < 0) s.begin = -s.first;
    if (s.first + size > length) s.end = length - s.first;
    s.next = index == count - 1 || s.first + stride > length ? length - s.first : stride;
    return s;
}

// A window and the pixels up to the next windows, in some channels.
typedef struct {
    span z, y, x;
    int64_t image;    // where its image begins in memory
    int64_t block;    // which of its image's blocks of channels
    int64_t at;       // the index of its result
    int64_t channel;  // of the block
} window;

STRATA_INLINE int64_t offset_of(const strata_pooling *p, window w, int64_t q, int64_t r, int64_t s) {
    int64_t row = (w.z.first + q) * p->height + w.y.first + r;
    return w.image + (row * p->width + w.x.first + s) * p->block + w.channel;
}

STRATA_INLINE float average_weight(window w) {
    return 1.0f
        / (float)((w.z.end - w.z.begin) * (w.y.end - w.y.begin) * (w.x.end - w.x.begin));
}

// The index of a pixel in its window.
STRATA_INLINE uint32_t pixel_index(const strata_pooling *p, int64_t q, int64_t r, int64_t s) {
    return (uint32_t)((q * p->window[1] + r) * p->window[2] + s);
}

STRATA_INLINE int is_large(const strata_pooling *p) {
    return p->window[0] * p->window[1] * p->window[2] > 256;
}

STRATA_INLINE void load_indices(
    const strata_pooling *p, strata_lane_bits *to, int64_t first, int64_t count) {
    if (is_large(p)) {
        strata_lane_bits whole = {0};
        memcpy(&whole, (const uint32_t *)p->argmax_indices + first, (size_t)count * sizeof(uint32_t));
        *to = whole;
    } else {
        byte_lanes bytes = {0};
        memcpy(&bytes, (const uint8_t *)p->argmax_indices + first, (size_t)count);
        *to = __builtin_convertvector(bytes, strata_lane_bits);
    }
}

STRATA_INLINE void store_indices(
    const strata_pooling *p, const strata_lane_bits *indices, int64_t first, int64_t count) {
    if (is_large(p)) {
        memcpy((uint32_t *)p->argmax_indices + first, indices, (size_t)count * sizeof(uint32_t));
    } else {
        byte_lanes bytes = __builtin_convertvector(*indices, byte_lanes);
        memcpy((uint8_t *)p->argmax_indices + first, &bytes, (size_t)count);
    }
}

// The average, or the maximum and its index in the window, which is the first of equal ones. A window with a NaN is
// NaN; its index is that of the last pixel that was not less than the maximum before it, as in XLA.
STRATA_INLINE void pool(
    const strata_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    strata_lanes result = {0}, scale = {0}, shift = {0};
    if (p->scale) {
        load_lanes(&scale, p->scale, w.block * p->block + w.channel, lanes, 0);
        load_lanes(&shift, p->shift, w.block * p->block + w.channel, lanes, 0);
    }
    if (is_maximum) result -= INFINITY;
    strata_lane_bits index = {0}, is_nan = {0};
    index += pixel_index(p, w.z.begin, w.y.begin, w.x.begin);
    for (int64_t q = w.z.begin; q < w.z.end; q++)
        for (int64_t r = w.y.begin; r < w.y.end; r++)
            for (int64_t s = w.x.begin; s < w.x.end; s++) {
                strata_lanes value;
                load_lanes(&value, p->image, offset_of(p, w, q, r, s), lanes, is_bfloat16);
                if (p->scale) value = value * scale + shift;
                if (!is_maximum) {
                    result += value;
                    continue;
                }
                strata_lane_bits is_kept = (strata_lane_bits)(result >= value);
                is_nan |= (strata_lane_bits)(value != value);
                strata_lane_bits bits = (strata_lane_bits)result & is_kept;
                result = (strata_lanes)(((strata_lane_bits)value & ~is_kept) | bits);
                index = (pixel_index(p, q, r, s) & ~is_kept) | (index & is_kept);
            }
    if (is_maximum)
        result = (strata_lanes)((is_nan & 0x7fc00000u) | ((strata_lane_bits)result & ~is_nan));
    else
        result *= average_weight(w);
    store_lanes(p->pooled, w.at, lanes, &result, is_bfloat16);
    if (p->argmax_indices) store_indices(p, &index, w.at, lanes);
}

#define CHAINS 4

STRATA_INLINE void raise_lanes(strata_lanes *top, strata_lanes *nan, const strata_lanes *value) {
    strata_lane_bits is_above = (strata_lane_bits)(*value > *top);
    *top = (strata_lanes)(((strata_lane_bits)*value & is_above) | ((strata_lane_bits)*top & ~is_above));
    strata_lane_bits is_nan = (strata_lane_bits)(*value != *value);
    *nan = (strata_lanes)((is_nan & 0x7fc00000u) | ((strata_lane_bits)*nan & ~is_nan));
}

// The maximum without its index, in four independent chains of comparisons. `nans` are NaN, or -0, which changes no
// sum.
STRATA_INLINE void pool_maximum(
    const strata_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    strata_lanes tops[CHAINS] = {0}, nans[CHAINS] = {0}, scale = {0}, shift = {0};
    for (int k = 0; k < CHAINS; k++) {
        tops[k] -= INFINITY;
        nans[k] = -nans[k];
    }
    if (p->scale) {
        load_lanes(&scale, p->scale, w.block * p->block + w.channel, lanes, 0);
        load_lanes(&shift, p->shift, w.block * p->block + w.channel, lanes, 0);
    }
    for (int64_t q = w.z.begin; q < w.z.end; q++)
        for (int64_t r = w.y.begin; r < w.y.end; r++)
            for (int64_t s = w.x.begin; s < w.x.end; s += CHAINS) {
                int64_t first = offset_of(p, w, q, r, s), left = w.x.end - s;
                _Pragma("unroll") for (int k = 0; k < CHAINS; k++) {
                    if (k >= left) break;
                    strata_lanes value;
                    load_lanes(&value, p->image, first + k * p->block, lanes, is_bfloat16);
                    if (p->scale) value = value * scale + shift;
                    raise_lanes(&tops[k], &nans[k], &value);
                }
            }
    for (int k = 1; k < CHAINS; k++) {
        raise_lanes(&tops[0], &nans[0], &tops[k]);
        nans[0] += nans[k];
    }
    tops[0] += nans[0];
    store_lanes(p->pooled, w.at, lanes, &tops[0], is_bfloat16);
}

// Writes the gradient of a pixel, or that of the activation whose result was pooled.
STRATA_INLINE void store_gradient(
    const strata_pooling *p, strata_lanes *gradient, int64_t to, int64_t lanes, int is_bfloat16) {
    if (p->activated) {
        strata_lanes result;
        load_lanes(&result, p->activated, to, lanes, is_bfloat16);
        if (p->is_tanh)
            *gradient *= 1.0f - result * result;
        else
            mask_lanes(gradient, &result);
    }
    store_lanes(p->image, to, lanes, gradient, is_bfloat16);
}

// The gradients of the pixels from a window's beginning to the next window's, where windows do not overlap: the
// maximum gets the window's gradient, or each pixel an equal part.
STRATA_INLINE void distribute(
    const strata_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    strata_lanes gradient;
    strata_lane_bits indices = {0};
    load_lanes(&gradient, p->pooled, w.at, lanes, is_bfloat16);
    if (is_maximum)
        load_indices(p, &indices, w.at, lanes);
    else
        gradient *= average_weight(w);
    for (int64_t q = w.z.begin; q < w.z.next; q++)
        for (int64_t r = w.y.begin; r < w.y.next; r++)
            for (int64_t s = w.x.begin; s < w.x.next; s++) {
                strata_lanes own = {0};
                if (q < w.z.end && r < w.y.end && s < w.x.end) own = gradient;
                if (is_maximum) {
                    strata_lane_bits is_chosen = (strata_lane_bits)(indices == pixel_index(p, q, r, s));
                    own = (strata_lanes)((strata_lane_bits)own & is_chosen);
                }
                store_gradient(p, &own, offset_of(p, w, q, r, s), lanes, is_bfloat16);
            }
}

typedef void window_body(
    const strata_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum);

// The side of a window that is a whole square inside of the image, and reaches to the next one: loops over it have
// constant bounds.
STRATA_INLINE int64_t square_side(const strata_pooling *p, window w) {
    int64_t side = w.y.end;
    int is_square = p->depth == 1 && w.y.begin + w.x.begin == 0 && w.x.end == side;
    int overlaps = p->strides[1] < side && p->strides[2] < side;
    return is_square && (overlaps || (w.y.next == side && w.x.next == side)) ? side : 0;
}

STRATA_INLINE window square(window w, int64_t side) {
    w.z = (span){0, 1, 0, 1};
    w.y = (span){0, side, w.y.first, side};
    w.x = (span){0, side, w.x.first, side};
    return w;
}

// The windows of some rows of results. Counts that the compiler knows become unrolled loops of whole vectors.
STRATA_INLINE void run_rows(
    const strata_pooling *p, int64_t begin, int64_t end, window_body body, int is_bfloat16,
    int is_maximum) {
    for (int64_t row = begin; row < end; row++) {
        int64_t plane = row / p->rows, image = plane / p->planes;
        window w = {
            .image = image * p->depth * p->height * p->width * p->block,
            .block = image % p->blocks};
        w.z = span_of(plane % p->planes, p->planes, p->strides[0], p->padding_before[0], p->window[0], p->depth);
        w.y = span_of(row % p->rows, p->rows, p->strides[1], p->padding_before[1], p->window[1], p->height);
        for (int64_t column = 0; column < p->columns; column++) {
            w.x = span_of(
                column, p->columns, p->strides[2], p->padding_before[2], p->window[2], p->width);
            int64_t side = square_side(p, w);
            for (int64_t c = 0; c < p->block; c += STRATA_LANES) {
                int64_t lanes = p->block - c < STRATA_LANES ? p->block - c : STRATA_LANES;
                w.channel = c;
                w.at = (row * p->columns + column) * p->block + c;
                if (side == 2 && lanes == STRATA_LANES)
                    body(p, square(w, 2), STRATA_LANES, is_bfloat16, is_maximum);
                else if (side == 3 && lanes == STRATA_LANES)
                    body(p, square(w, 3), STRATA_LANES, is_bfloat16, is_maximum);
                else if (lanes == STRATA_LANES)
                    body(p, w, STRATA_LANES, is_bfloat16, is_maximum);
                else if (lanes == STRATA_LANES / 2)
                    body(p, w, STRATA_LANES / 2, is_bfloat16, is_maximum);
                else
                    body(p, w, lanes, is_bfloat16, is_maximum);
            }
        }
    }
}

// The windows along one axis that cover a pixel: begin ..< end. The pixel's index in window `i` is
// `index - i * stride`.
typedef struct {
    int64_t begin, end, index;
} cover;

STRATA_INLINE cover cover_of(
    int64_t pixel, int64_t count, int64_t stride, int64_t padding, int64_t size) {
    cover c = {.index = pixel + padding};
    c.begin = c.index < size ? 0 : (c.index - size) / stride + 1;
    c.end = c.index / stride + 1 < count ? c.index / stride + 1 : count;
    return c;
}

// The gradient of one pixel: the sum over the windows whose maximum it is.
STRATA_INLINE void sum_windows(
    const strata_pooling *p, cover z, cover y, cover x, int64_t image, int64_t channel, int64_t to,
    int64_t lanes, int is_bfloat16) {
    strata_lanes sum = {0};
    for (int64_t i = z.begin; i < z.end; i++)
        for (int64_t j = y.begin; j < y.end; j++)
            for (int64_t k = x.begin; k < x.end; k++) {
                int64_t window = ((image * p->planes + i) * p->rows + j) * p->columns + k;
                int64_t at = window * p->block + channel;
                uint32_t index = pixel_index(
                    p, z.index - i * p->strides[0], y.index - j * p->strides[1],
                    x.index - k * p->strides[2]);
                strata_lanes gradient;
                strata_lane_bits indices;
                load_lanes(&gradient, p->pooled, at, lanes, is_bfloat16);
                load_indices(p, &indices, at, lanes);
                strata_lane_bits is_chosen = (strata_lane_bits)(indices == index);
                sum += (strata_lanes)((strata_lane_bits)gradient & is_chosen);
            }
    store_gradient(p, &sum, to, lanes, is_bfloat16);
}

// The gradients of some rows of pixels, for maxima of windows that overlap.
STRATA_INLINE void sum_windows_of_rows(const strata_pooling *p, int64_t begin, int64_t end, int is_bfloat16) {
    for (int64_t row = begin; row < end; row++) {
        int64_t plane = row / p->height, image = plane / p->depth;
        cover z = cover_of(
            plane % p->depth, p->planes, p->strides[0], p->padding_before[0], p->window[0]);
        cover y = cover_of(row % p->height, p->rows, p->strides[1], p->padding_before[1], p->window[1]);
        for (int64_t column = 0; column < p->width; column++) {
            cover x = cover_of(column, p->columns, p->strides[2], p->padding_before[2], p->window[2]);
            for (int64_t c = 0; c < p->block; c += STRATA_LANES) {
                int64_t lanes = p->block - c < STRATA_LANES ? p->block - c : STRATA_LANES;
                int64_t to = (row * p->width + column) * p->block + c;
                if (lanes == STRATA_LANES)
                    sum_windows(p, z, y, x, image, c, to, STRATA_LANES, is_bfloat16);
                else
                    sum_windows(p, z, y, x, image, c, to, lanes, is_bfloat16);
            }
        }
    }
}

STRATA_MULTIVERSIONED_LOOP(sum_windows_rows) {
    const strata_pooling *p = context;
    if (p->is_bfloat16)
        sum_windows_of_rows(p, begin, end, 1);
    else
        sum_windows_of_rows(p, begin, end, 0);
}

#define RUN(name, body)                                                                            \
    STRATA_MULTIVERSIONED_LOOP(name) {                                                             \
        const strata_pooling *p = context;                                                             \
        if (p->is_maximum && p->is_bfloat16)                                                       \
            run_rows(p, begin, end, body, 1, 1);                                                   \
        else if (p->is_maximum)                                                                    \
            run_rows(p, begin, end, body, 0, 1);                                                   \
        else if (p->is_bfloat16)                                                                   \
            run_rows(p, begin, end, body, 1, 0);                                                   \
        else                                                                                       \
            run_rows(p, begin, end, body, 0, 0);                                                   \
    }
RUN(pool_rows, pool)
RUN(pool_maximum_rows, pool_maximum)
RUN(distribute_rows, distribute)

int strata_run_pooling(const void *argument) {
    const strata_pooling *p = argument;
    int64_t row = p->columns * p->block * p->window[0] * p->window[1] * p->window[2];
    void (*rows)(void *, int64_t, int64_t) =
        p->is_maximum && !p->argmax_indices ? pool_maximum_rows : pool_rows;
    strata_parallel(p->images * p->planes * p->rows, 1, 1 + 16384 / (row + 1), rows, (void *)p);
    return 0;
}

int strata_run_pooling_backward(const void *argument) {
    const strata_pooling *p = argument;
    int overlaps = 0;
    for (int axis = 0; axis < 3; axis++) overlaps |= p->window[axis] > p->strides[axis];
    int64_t row = p->width * p->block;
    if (overlaps) {
        strata_parallel(
            p->images * p->depth * p->height, 1, 1 + 16384 / (row + 1), sum_windows_rows, (void *)p);
    } else {
        row *= p->strides[0] * p->strides[1];
        strata_parallel(
            p->images * p->planes * p->rows, 1, 1 + 16384 / (row + 1), distribute_rows, (void *)p);
    }
    return 0;
}
