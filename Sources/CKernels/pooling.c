// Pooling of images, and its gradient, in vectors of channels.
#include "lanes.h"
#include "parallel.h"

#include <math.h>

#pragma clang fp contract(fast)

typedef uint8_t byte_lanes __attribute__((vector_size(16)));

// One axis of a window.
typedef struct {
    int64_t begin, end;  // the part of it that lies in the image
    int64_t first;       // where it begins in the image
    int64_t next;        // where the pixels end, from its beginning on, that no later window has
} span;

CK_INLINE span span_of(
    int64_t place, int64_t count, int64_t stride, int64_t low, int64_t size, int64_t length) {
    span s = {.begin = 0, .end = size, .first = place * stride - low};
    if (s.first < 0) s.begin = -s.first;
    if (s.first + size > length) s.end = length - s.first;
    s.next = place == count - 1 || s.first + stride > length ? length - s.first : stride;
    return s;
}

// A window with the pixels up to the next ones, in some channels.
typedef struct {
    span z, y, x;
    int64_t image;    // where its image begins in memory
    int64_t block;    // which of its image's blocks of channels
    int64_t at;       // its place in what is pooled
    int64_t channel;  // of the block
} window;

CK_INLINE int64_t place_of(const ck_pooling *p, window w, int64_t q, int64_t r, int64_t s) {
    int64_t row = (w.z.first + q) * p->height + w.y.first + r;
    return w.image + (row * p->width + w.x.first + s) * p->block + w.channel;
}

CK_INLINE float share_of(window w) {
    return 1.0f
        / (float)((w.z.end - w.z.begin) * (w.y.end - w.y.begin) * (w.x.end - w.x.begin));
}

// Which of its window's pixels one is.
CK_INLINE uint32_t number_of(const ck_pooling *p, int64_t q, int64_t r, int64_t s) {
    return (uint32_t)((q * p->window[1] + r) * p->window[2] + s);
}

CK_INLINE int is_large(const ck_pooling *p) {
    return p->window[0] * p->window[1] * p->window[2] > 256;
}

CK_INLINE void load_places(
    const ck_pooling *p, ck_lane_bits *to, int64_t first, int64_t count) {
    if (is_large(p)) {
        ck_lane_bits whole = {0};
        memcpy(&whole, (const uint32_t *)p->places + first, (size_t)count * sizeof(uint32_t));
        *to = whole;
    } else {
        byte_lanes bytes = {0};
        memcpy(&bytes, (const uint8_t *)p->places + first, (size_t)count);
        *to = __builtin_convertvector(bytes, ck_lane_bits);
    }
}

CK_INLINE void store_places(
    const ck_pooling *p, const ck_lane_bits *places, int64_t first, int64_t count) {
    if (is_large(p)) {
        memcpy((uint32_t *)p->places + first, places, (size_t)count * sizeof(uint32_t));
    } else {
        byte_lanes bytes = __builtin_convertvector(*places, byte_lanes);
        memcpy((uint8_t *)p->places + first, &bytes, (size_t)count);
    }
}

// The average, or the greatest and its place in the window. Of equal ones the place is that of the first. A window
// with a NaN is NaN; its place is that of the last pixel that was not below the one chosen before, as XLA has it.
CK_INLINE void pool(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    ck_lanes result = {0}, scale = {0}, shift = {0};
    if (p->scale) {
        load_lanes(&scale, p->scale, w.block * p->block + w.channel, lanes, 0);
        load_lanes(&shift, p->shift, w.block * p->block + w.channel, lanes, 0);
    }
    if (is_maximum) result -= INFINITY;
    ck_lane_bits place = {0}, is_nan = {0};
    place += number_of(p, w.z.begin, w.y.begin, w.x.begin);
    for (int64_t q = w.z.begin; q < w.z.end; q++)
        for (int64_t r = w.y.begin; r < w.y.end; r++)
            for (int64_t s = w.x.begin; s < w.x.end; s++) {
                ck_lanes value;
                load_lanes(&value, p->image, place_of(p, w, q, r, s), lanes, is_bfloat16);
                if (p->scale) value = value * scale + shift;
                if (!is_maximum) {
                    result += value;
                    continue;
                }
                ck_lane_bits is_kept = (ck_lane_bits)(result >= value);
                is_nan |= (ck_lane_bits)(value != value);
                ck_lane_bits bits = (ck_lane_bits)result & is_kept;
                result = (ck_lanes)(((ck_lane_bits)value & ~is_kept) | bits);
                place = (number_of(p, q, r, s) & ~is_kept) | (place & is_kept);
            }
    if (is_maximum)
        result = (ck_lanes)((is_nan & 0x7fc00000u) | ((ck_lane_bits)result & ~is_nan));
    else
        result *= share_of(w);
    store_lanes(p->pooled, w.at, lanes, &result, is_bfloat16);
    if (p->places) store_places(p, &place, w.at, lanes);
}

#define CHAINS 4

CK_INLINE void raise_lanes(ck_lanes *top, ck_lanes *nan, const ck_lanes *value) {
    ck_lane_bits is_above = (ck_lane_bits)(*value > *top);
    *top = (ck_lanes)(((ck_lane_bits)*value & is_above) | ((ck_lane_bits)*top & ~is_above));
    ck_lane_bits is_nan = (ck_lane_bits)(*value != *value);
    *nan = (ck_lanes)((is_nan & 0x7fc00000u) | ((ck_lane_bits)*nan & ~is_nan));
}

// The greatest without its place. Comparisons do not wait for each other: every fourth is of one chain. `nans` are
// NaN, or -0, which changes no sum.
CK_INLINE void pool_maximum(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    ck_lanes tops[CHAINS] = {0}, nans[CHAINS] = {0}, scale = {0}, shift = {0};
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
                int64_t first = place_of(p, w, q, r, s), left = w.x.end - s;
                _Pragma("unroll") for (int k = 0; k < CHAINS; k++) {
                    if (k >= left) break;
                    ck_lanes value;
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
CK_INLINE void store_gradient(
    const ck_pooling *p, ck_lanes *gradient, int64_t to, int64_t lanes, int is_bfloat16) {
    if (p->activated) {
        ck_lanes result;
        load_lanes(&result, p->activated, to, lanes, is_bfloat16);
        if (p->is_tanh)
            *gradient *= 1.0f - result * result;
        else
            mask_lanes(gradient, &result);
    }
    store_lanes(p->image, to, lanes, gradient, is_bfloat16);
}

// The gradients of the pixels from a window's beginning to the next one's, where windows do not overlap: what was
// chosen in the window gets the window's, or each pixel in it an equal part.
CK_INLINE void spread(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    ck_lanes gradient;
    ck_lane_bits places = {0};
    load_lanes(&gradient, p->pooled, w.at, lanes, is_bfloat16);
    if (is_maximum)
        load_places(p, &places, w.at, lanes);
    else
        gradient *= share_of(w);
    for (int64_t q = w.z.begin; q < w.z.next; q++)
        for (int64_t r = w.y.begin; r < w.y.next; r++)
            for (int64_t s = w.x.begin; s < w.x.next; s++) {
                ck_lanes own = {0};
                if (q < w.z.end && r < w.y.end && s < w.x.end) own = gradient;
                if (is_maximum) {
                    ck_lane_bits is_chosen = (ck_lane_bits)(places == number_of(p, q, r, s));
                    own = (ck_lanes)((ck_lane_bits)own & is_chosen);
                }
                store_gradient(p, &own, place_of(p, w, q, r, s), lanes, is_bfloat16);
            }
}

typedef void window_body(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum);

// The length of a side where a window is a whole square of an image, and all that lies up to the next one: loops over
// it have no variable bounds.
CK_INLINE int64_t square_side(const ck_pooling *p, window w) {
    int64_t side = w.y.end;
    int is_square = p->depth == 1 && w.y.begin + w.x.begin == 0 && w.x.end == side;
    int overlaps = p->strides[1] < side && p->strides[2] < side;
    return is_square && (overlaps || (w.y.next == side && w.x.next == side)) ? side : 0;
}

CK_INLINE window square(window w, int64_t side) {
    w.z = (span){0, 1, 0, 1};
    w.y = (span){0, side, w.y.first, side};
    w.x = (span){0, side, w.x.first, side};
    return w;
}

// The windows of some rows of results. The compiler makes straight lines and whole vectors of the numbers that
// it knows.
CK_INLINE void run_rows(
    const ck_pooling *p, int64_t begin, int64_t end, window_body body, int is_bfloat16,
    int is_maximum) {
    for (int64_t row = begin; row < end; row++) {
        int64_t plane = row / p->rows, image = plane / p->planes;
        window w = {
            .image = image * p->depth * p->height * p->width * p->block,
            .block = image % p->blocks};
        w.z = span_of(plane % p->planes, p->planes, p->strides[0], p->low[0], p->window[0], p->depth);
        w.y = span_of(row % p->rows, p->rows, p->strides[1], p->low[1], p->window[1], p->height);
        for (int64_t column = 0; column < p->columns; column++) {
            w.x = span_of(
                column, p->columns, p->strides[2], p->low[2], p->window[2], p->width);
            int64_t side = square_side(p, w);
            for (int64_t c = 0; c < p->block; c += CK_LANES) {
                int64_t lanes = p->block - c < CK_LANES ? p->block - c : CK_LANES;
                w.channel = c;
                w.at = (row * p->columns + column) * p->block + c;
                if (side == 2 && lanes == CK_LANES)
                    body(p, square(w, 2), CK_LANES, is_bfloat16, is_maximum);
                else if (side == 3 && lanes == CK_LANES)
                    body(p, square(w, 3), CK_LANES, is_bfloat16, is_maximum);
                else if (lanes == CK_LANES)
                    body(p, w, CK_LANES, is_bfloat16, is_maximum);
                else if (lanes == CK_LANES / 2)
                    body(p, w, CK_LANES / 2, is_bfloat16, is_maximum);
                else
                    body(p, w, lanes, is_bfloat16, is_maximum);
            }
        }
    }
}

// The windows along one axis that have a pixel in them: begin ..< end, where the pixel of window `i` is number
// `number - i * stride`.
typedef struct {
    int64_t begin, end, number;
} cover;

CK_INLINE cover cover_of(
    int64_t pixel, int64_t count, int64_t stride, int64_t low, int64_t size) {
    cover c = {.number = pixel + low};
    c.begin = c.number < size ? 0 : (c.number - size) / stride + 1;
    c.end = c.number / stride + 1 < count ? c.number / stride + 1 : count;
    return c;
}

// The gradient of one pixel: the sum over the windows that chose it.
CK_INLINE void gather(
    const ck_pooling *p, cover z, cover y, cover x, int64_t image, int64_t channel, int64_t to,
    int64_t lanes, int is_bfloat16) {
    ck_lanes sum = {0};
    for (int64_t i = z.begin; i < z.end; i++)
        for (int64_t j = y.begin; j < y.end; j++)
            for (int64_t k = x.begin; k < x.end; k++) {
                int64_t window = ((image * p->planes + i) * p->rows + j) * p->columns + k;
                int64_t at = window * p->block + channel;
                uint32_t number = number_of(
                    p, z.number - i * p->strides[0], y.number - j * p->strides[1],
                    x.number - k * p->strides[2]);
                ck_lanes gradient;
                ck_lane_bits places;
                load_lanes(&gradient, p->pooled, at, lanes, is_bfloat16);
                load_places(p, &places, at, lanes);
                ck_lane_bits is_chosen = (ck_lane_bits)(places == number);
                sum += (ck_lanes)((ck_lane_bits)gradient & is_chosen);
            }
    store_gradient(p, &sum, to, lanes, is_bfloat16);
}

// The gradients of some rows of pixels, for maxima of windows that overlap.
CK_INLINE void gather_range(const ck_pooling *p, int64_t begin, int64_t end, int is_bfloat16) {
    for (int64_t row = begin; row < end; row++) {
        int64_t plane = row / p->height, image = plane / p->depth;
        cover z = cover_of(
            plane % p->depth, p->planes, p->strides[0], p->low[0], p->window[0]);
        cover y = cover_of(row % p->height, p->rows, p->strides[1], p->low[1], p->window[1]);
        for (int64_t column = 0; column < p->width; column++) {
            cover x = cover_of(column, p->columns, p->strides[2], p->low[2], p->window[2]);
            for (int64_t c = 0; c < p->block; c += CK_LANES) {
                int64_t lanes = p->block - c < CK_LANES ? p->block - c : CK_LANES;
                int64_t to = (row * p->width + column) * p->block + c;
                if (lanes == CK_LANES)
                    gather(p, z, y, x, image, c, to, CK_LANES, is_bfloat16);
                else
                    gather(p, z, y, x, image, c, to, lanes, is_bfloat16);
            }
        }
    }
}

CK_VECTORIZED static void gather_rows(void *context, int64_t begin, int64_t end) {
    const ck_pooling *p = context;
    if (p->is_bfloat16)
        gather_range(p, begin, end, 1);
    else
        gather_range(p, begin, end, 0);
}

#define RUN(name, body)                                                                            \
    CK_VECTORIZED static void name(void *context, int64_t begin, int64_t end) {                    \
        const ck_pooling *p = context;                                                             \
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
RUN(spread_rows, spread)

int ck_run_pooling(const void *argument) {
    const ck_pooling *p = argument;
    int64_t row = p->columns * p->block * p->window[0] * p->window[1] * p->window[2];
    void (*rows)(void *, int64_t, int64_t) =
        p->is_maximum && !p->places ? pool_maximum_rows : pool_rows;
    ck_parallel(p->images * p->planes * p->rows, 1, 1 + 16384 / (row + 1), rows, (void *)p);
    return 0;
}

int ck_run_pooling_backward(const void *argument) {
    const ck_pooling *p = argument;
    int overlaps = 0;
    for (int axis = 0; axis < 3; axis++) overlaps |= p->window[axis] > p->strides[axis];
    int64_t row = p->width * p->block;
    if (overlaps) {
        ck_parallel(
            p->images * p->depth * p->height, 1, 1 + 16384 / (row + 1), gather_rows, (void *)p);
    } else {
        row *= p->strides[0] * p->strides[1];
        ck_parallel(
            p->images * p->planes * p->rows, 1, 1 + 16384 / (row + 1), spread_rows, (void *)p);
    }
    return 0;
}
