// Pooling of images by windows that do not overlap, and its gradient, in vectors of channels.
#include "lanes.h"
#include "parallel.h"

#include <math.h>

#pragma clang fp contract(fast)

typedef uint8_t byte_lanes __attribute__((vector_size(16)));
typedef int32_t lane_masks __attribute__((vector_size(64)));

// The part of a window that lies in the image, and what is averaged in it.
typedef struct {
    int64_t begin, end;  // of the window
    int64_t first;       // where it begins in the image
} part;

CK_INLINE part part_of(int64_t place, int64_t stride, int64_t low, int64_t size, int64_t length) {
    part p = {.begin = 0, .end = size, .first = place * stride - low};
    if (p.first < 0) p.begin = -p.first;
    if (p.first + size > length) p.end = length - p.first;
    return p;
}

// The greatest of a window, and its place there; of equal ones the first, and what is no number stays so.
CK_INLINE void pool_maximum(
    const ck_pooling *p, const char *image, int64_t at, part y, part x, int64_t inside, int64_t c,
    int64_t lanes, int is_bfloat16) {
    ck_lanes best = {0};
    best -= INFINITY;
    ck_lane_bits place = {0};
    for (int64_t r = y.begin; r < y.end; r++)
        for (int64_t s = x.begin; s < x.end; s++) {
            ck_lanes value;
            int64_t from = ((y.first + r) * p->width + x.first + s) * p->block + c;
            load_lanes(&value, image, from, lanes, is_bfloat16);
            lane_masks is_greater = (value > best) | (value != value);
            best = (ck_lanes)(((lane_masks)value & is_greater) | ((lane_masks)best & ~is_greater));
            uint32_t number = (uint32_t)(r * p->window[1] + s);
            place = (number & (ck_lane_bits)is_greater) | (place & ~(ck_lane_bits)is_greater);
        }
    store_lanes(p->pooled, at, lanes, &best, is_bfloat16);
    if (!p->places) return;
    byte_lanes bytes = __builtin_convertvector(place, byte_lanes);
    memcpy(p->places + at, &bytes, (size_t)lanes);
}

CK_INLINE void pool_average(
    const ck_pooling *p, const char *image, int64_t at, part y, part x, int64_t inside, int64_t c,
    int64_t lanes, int is_bfloat16) {
    ck_lanes sum = {0};
    for (int64_t r = y.begin; r < y.end; r++)
        for (int64_t s = x.begin; s < x.end; s++) {
            ck_lanes value;
            int64_t from = ((y.first + r) * p->width + x.first + s) * p->block + c;
            load_lanes(&value, image, from, lanes, is_bfloat16);
            sum += value;
        }
    sum *= 1.0f / (float)inside;
    store_lanes(p->pooled, at, lanes, &sum, is_bfloat16);
}

// Up to where the pixels go that belong to a window: the next one's, or the image's end for the last.
CK_INLINE int64_t end_of(int64_t window, int64_t count, int64_t stride, int64_t first, int64_t length) {
    int64_t end = window == count - 1 || first + stride > length ? length : first + stride;
    return end - first;
}

typedef void pool_body(
    const ck_pooling *p, const char *image, int64_t at, part y, part x, int64_t inside, int64_t c,
    int64_t lanes, int is_bfloat16);

CK_INLINE void pool_rows(
    const ck_pooling *p, int64_t begin, int64_t end, pool_body body, int is_bfloat16) {
    int64_t size = is_bfloat16 ? 2 : 4;
    for (int64_t row = begin; row < end; row++) {
        const char *image =
            (const char *)p->image + row / p->rows * p->height * p->width * p->block * size;
        part y = part_of(row % p->rows, p->strides[0], p->low[0], p->window[0], p->height);
        for (int64_t column = 0; column < p->columns; column++) {
            part x = part_of(column, p->strides[1], p->low[1], p->window[1], p->width);
            int64_t inside = (y.end - y.begin) * (x.end - x.begin);
            int64_t at = (row * p->columns + column) * p->block;
            // The compiler makes straight lines and whole vectors of the numbers that it knows.
            int is_four = y.begin + x.begin == 0 && y.end == 2 && x.end == 2;
            part two_rows = {0, 2, y.first}, two_columns = {0, 2, x.first};
            for (int64_t c = 0; c < p->block; c += CK_LANES) {
                int64_t lanes = p->block - c < CK_LANES ? p->block - c : CK_LANES;
                if (is_four && lanes == CK_LANES)
                    body(p, image, at + c, two_rows, two_columns, 4, c, CK_LANES, is_bfloat16);
                else if (lanes == CK_LANES)
                    body(p, image, at + c, y, x, inside, c, CK_LANES, is_bfloat16);
                else if (lanes == CK_LANES / 2)
                    body(p, image, at + c, y, x, inside, c, CK_LANES / 2, is_bfloat16);
                else
                    body(p, image, at + c, y, x, inside, c, lanes, is_bfloat16);
            }
        }
    }
}

CK_VECTORIZED
static void pool(void *context, int64_t begin, int64_t end) {
    const ck_pooling *p = context;
    if (p->is_maximum && p->is_bfloat16)
        pool_rows(p, begin, end, pool_maximum, 1);
    else if (p->is_maximum)
        pool_rows(p, begin, end, pool_maximum, 0);
    else if (p->is_bfloat16)
        pool_rows(p, begin, end, pool_average, 1);
    else
        pool_rows(p, begin, end, pool_average, 0);
}

// The gradients of the pixels from a window's beginning to the next one's: what was chosen in the window gets
// the window's, or each pixel in it an equal part.
CK_INLINE void spread(
    const ck_pooling *p, char *image, const char *activated, int64_t at, part y, part x,
    int64_t row_end, int64_t column_end, int64_t inside, int64_t c, int64_t lanes, int is_bfloat16,
    int is_maximum) {
    ck_lanes gradient, none = {0};
    ck_lane_bits places = {0};
    load_lanes(&gradient, p->pooled, at, lanes, is_bfloat16);
    if (is_maximum) {
        byte_lanes bytes = {0};
        memcpy(&bytes, p->places + at, (size_t)lanes);
        places = __builtin_convertvector(bytes, ck_lane_bits);
    } else {
        gradient *= 1.0f / (float)inside;
    }
    for (int64_t r = y.begin; r < row_end; r++)
        for (int64_t s = x.begin; s < column_end; s++) {
            uint32_t place = (uint32_t)(r * p->window[1] + s);
            ck_lanes own = gradient;
            if (is_maximum)
                own = (ck_lanes)((ck_lane_bits)gradient & (ck_lane_bits)(places == place));
            int64_t to = ((y.first + r) * p->width + x.first + s) * p->block + c;
            if (activated) {
                ck_lanes result;
                load_lanes(&result, activated, to, lanes, is_bfloat16);
                if (p->is_tanh)
                    own *= 1.0f - result * result;
                else
                    mask_lanes(&own, &result);
            }
            store_lanes(image, to, lanes, r < y.end && s < x.end ? &own : &none, is_bfloat16);
        }
}

CK_INLINE void spread_rows(
    const ck_pooling *p, int64_t begin, int64_t end, int is_bfloat16, int is_maximum) {
    int64_t size = is_bfloat16 ? 2 : 4;
    for (int64_t row = begin; row < end; row++) {
        int64_t first = row / p->rows * p->height * p->width * p->block * size;
        char *image = (char *)p->image + first;
        const char *activated = p->activated ? (const char *)p->activated + first : NULL;
        part y = part_of(row % p->rows, p->strides[0], p->low[0], p->window[0], p->height);
        int64_t row_end = end_of(row % p->rows, p->rows, p->strides[0], y.first, p->height);
        for (int64_t column = 0; column < p->columns; column++) {
            part x = part_of(column, p->strides[1], p->low[1], p->window[1], p->width);
            int64_t column_end = end_of(column, p->columns, p->strides[1], x.first, p->width);
            int64_t inside = (y.end - y.begin) * (x.end - x.begin);
            int64_t at = (row * p->columns + column) * p->block;
            int is_four = y.begin + x.begin == 0 && row_end == 2 && column_end == 2 && inside == 4;
            part rows = {0, 2, y.first}, columns = {0, 2, x.first};
            for (int64_t c = 0; c < p->block; c += CK_LANES) {
                int64_t lanes = p->block - c < CK_LANES ? p->block - c : CK_LANES;
                if (is_four && lanes == CK_LANES)
                    spread(
                        p, image, activated, at + c, rows, columns, 2, 2, 4, c, CK_LANES, is_bfloat16,
                        is_maximum);
                else if (lanes == CK_LANES)
                    spread(
                        p, image, activated, at + c, y, x, row_end, column_end, inside, c, CK_LANES,
                        is_bfloat16, is_maximum);
                else if (lanes == CK_LANES / 2)
                    spread(
                        p, image, activated, at + c, y, x, row_end, column_end, inside, c,
                        CK_LANES / 2, is_bfloat16, is_maximum);
                else
                    spread(
                        p, image, activated, at + c, y, x, row_end, column_end, inside, c, lanes,
                        is_bfloat16, is_maximum);
            }
        }
    }
}

CK_VECTORIZED
static void spread_all(void *context, int64_t begin, int64_t end) {
    const ck_pooling *p = context;
    if (p->is_maximum && p->is_bfloat16)
        spread_rows(p, begin, end, 1, 1);
    else if (p->is_maximum)
        spread_rows(p, begin, end, 0, 1);
    else if (p->is_bfloat16)
        spread_rows(p, begin, end, 1, 0);
    else
        spread_rows(p, begin, end, 0, 0);
}

int ck_run_pooling(const void *argument) {
    const ck_pooling *p = argument;
    int64_t row = p->columns * p->block * p->window[0] * p->window[1];
    ck_parallel(p->images * p->rows, 1, 1 + 16384 / (row + 1), pool, (void *)p);
    return 0;
}

int ck_run_pooling_backward(const void *argument) {
    const ck_pooling *p = argument;
    int64_t row = p->width * p->block * p->strides[0];
    ck_parallel(p->images * p->rows, 1, 1 + 16384 / (row + 1), spread_all, (void *)p);
    return 0;
}
