// Pooling of images by windows that do not overlap, and its gradient, in vectors of channels.
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
    span y, x;
    int64_t image;    // where its image begins in memory
    int64_t block;    // which of its image's blocks of channels
    int64_t at;       // its place in what is pooled
    int64_t channel;  // of the block
} window;

CK_INLINE int64_t place_of(const ck_pooling *p, window w, int64_t r, int64_t s) {
    return w.image + ((w.y.first + r) * p->width + w.x.first + s) * p->block + w.channel;
}

CK_INLINE float share_of(window w) {
    return 1.0f / (float)((w.y.end - w.y.begin) * (w.x.end - w.x.begin));
}

// The average, or the greatest and its place in the window: of equal ones the first, and what is no number
// stays so.
CK_INLINE void pool(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    ck_lanes result = {0}, scale = {0}, shift = {0};
    if (p->scale) {
        load_lanes(&scale, p->scale, w.block * p->block + w.channel, lanes, 0);
        load_lanes(&shift, p->shift, w.block * p->block + w.channel, lanes, 0);
    }
    if (is_maximum) result -= INFINITY;
    ck_lane_bits place = {0};
    for (int64_t r = w.y.begin; r < w.y.end; r++)
        for (int64_t s = w.x.begin; s < w.x.end; s++) {
            ck_lanes value;
            load_lanes(&value, p->image, place_of(p, w, r, s), lanes, is_bfloat16);
            if (p->scale) value = value * scale + shift;
            if (!is_maximum) {
                result += value;
                continue;
            }
            ck_lane_bits is_greater = (ck_lane_bits)((value > result) | (value != value));
            ck_lane_bits bits = (ck_lane_bits)result & ~is_greater;
            result = (ck_lanes)(((ck_lane_bits)value & is_greater) | bits);
            uint32_t number = (uint32_t)(r * p->window[1] + s);
            place = (number & is_greater) | (place & ~is_greater);
        }
    if (!is_maximum) result *= share_of(w);
    store_lanes(p->pooled, w.at, lanes, &result, is_bfloat16);
    if (!p->places) return;
    byte_lanes bytes = __builtin_convertvector(place, byte_lanes);
    memcpy(p->places + w.at, &bytes, (size_t)lanes);
}

// The gradients of the pixels from a window's beginning to the next one's: what was chosen in the window gets
// the window's, or each pixel in it an equal part.
CK_INLINE void spread(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum) {
    ck_lanes gradient, none = {0};
    ck_lane_bits places = {0};
    load_lanes(&gradient, p->pooled, w.at, lanes, is_bfloat16);
    if (is_maximum) {
        byte_lanes bytes = {0};
        memcpy(&bytes, p->places + w.at, (size_t)lanes);
        places = __builtin_convertvector(bytes, ck_lane_bits);
    } else {
        gradient *= share_of(w);
    }
    for (int64_t r = w.y.begin; r < w.y.next; r++)
        for (int64_t s = w.x.begin; s < w.x.next; s++) {
            uint32_t place = (uint32_t)(r * p->window[1] + s);
            ck_lanes own = gradient;
            if (is_maximum)
                own = (ck_lanes)((ck_lane_bits)gradient & (ck_lane_bits)(places == place));
            int64_t to = place_of(p, w, r, s);
            if (p->activated) {
                ck_lanes result;
                load_lanes(&result, p->activated, to, lanes, is_bfloat16);
                if (p->is_tanh)
                    own *= 1.0f - result * result;
                else
                    mask_lanes(&own, &result);
            }
            int is_inside = r < w.y.end && s < w.x.end;
            store_lanes(p->image, to, lanes, is_inside ? &own : &none, is_bfloat16);
        }
}

typedef void window_body(
    const ck_pooling *p, window w, int64_t lanes, int is_bfloat16, int is_maximum);

// The windows of some rows of results. The compiler makes straight lines and whole vectors of the numbers that
// it knows.
CK_INLINE void run_rows(
    const ck_pooling *p, int64_t begin, int64_t end, window_body body, int is_bfloat16,
    int is_maximum) {
    for (int64_t row = begin; row < end; row++) {
        int64_t image = row / p->rows;
        window w = {
            .image = image * p->height * p->width * p->block, .block = image % p->blocks};
        w.y = span_of(
            row % p->rows, p->rows, p->strides[0], p->low[0], p->window[0], p->height);
        for (int64_t column = 0; column < p->columns; column++) {
            w.x = span_of(
                column, p->columns, p->strides[1], p->low[1], p->window[1], p->width);
            int is_four = w.y.begin + w.x.begin == 0 && w.y.end == 2 && w.x.end == 2
                && w.y.next == 2 && w.x.next == 2;
            for (int64_t c = 0; c < p->block; c += CK_LANES) {
                int64_t lanes = p->block - c < CK_LANES ? p->block - c : CK_LANES;
                w.channel = c;
                w.at = (row * p->columns + column) * p->block + c;
                window four = w;
                four.y = (span){0, 2, w.y.first, 2};
                four.x = (span){0, 2, w.x.first, 2};
                if (is_four && lanes == CK_LANES)
                    body(p, four, CK_LANES, is_bfloat16, is_maximum);
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
RUN(spread_rows, spread)

int ck_run_pooling(const void *argument) {
    const ck_pooling *p = argument;
    int64_t row = p->columns * p->block * p->window[0] * p->window[1];
    ck_parallel(p->images * p->rows, 1, 1 + 16384 / (row + 1), pool_rows, (void *)p);
    return 0;
}

int ck_run_pooling_backward(const void *argument) {
    const ck_pooling *p = argument;
    int64_t row = p->width * p->block * p->strides[0];
    ck_parallel(p->images * p->rows, 1, 1 + 16384 / (row + 1), spread_rows, (void *)p);
    return 0;
}
