// Pooling and its gradient. Images are whole numbers, so that maxima have equals, sums are exact, and bfloat16 holds
// both.
#include "driver.h"

typedef struct {
    int64_t images, depth, height, width, block, window[3], strides[3], padding[3], results[3];
} shape;

static const shape shapes[] = {
    {1, 1, 1, 1, 1, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
    {4, 1, 8, 9, 16, {1, 2, 2}, {1, 2, 2}, {0, 0, 0}, {1, 4, 4}},        // a column is left over
    {2, 1, 30, 31, 16, {1, 3, 3}, {1, 3, 3}, {0, 1, 1}, {1, 11, 11}},
    {2, 1, 9, 9, 8, {1, 2, 3}, {1, 3, 4}, {0, 0, 1}, {1, 3, 3}},         // gaps
    {2, 5, 6, 7, 3, {2, 2, 3}, {2, 2, 3}, {0, 0, 1}, {2, 3, 3}},         // three axes
    {2, 1, 40, 17, 35, {1, 17, 17}, {1, 20, 17}, {0, 0, 0}, {1, 2, 1}},  // indices of 32 bits
    {2, 1, 32, 16, 2, {1, 16, 16}, {1, 16, 16}, {0, 0, 0}, {1, 2, 1}},   // the most that 8 bits hold
    {2, 1, 21, 20, 16, {1, 3, 3}, {1, 2, 2}, {0, 1, 0}, {1, 11, 9}},     // from here on they overlap
    {2, 1, 12, 12, 32, {1, 2, 2}, {1, 1, 1}, {0, 0, 0}, {1, 11, 11}},
    {3, 4, 8, 5, 5, {3, 3, 2}, {1, 2, 1}, {1, 1, 0}, {4, 4, 4}},
    {2, 1, 30, 30, 9, {1, 18, 15}, {1, 4, 15}, {0, 2, 0}, {1, 4, 2}},
};
static const int64_t overlapping = 7;

static int64_t results_of(const shape *s) {
    return s->images * s->results[0] * s->results[1] * s->results[2] * s->block;
}

static int64_t pixels_of(const shape *s) { return s->images * s->depth * s->height * s->width * s->block; }

static strata_pooling pooling_of(const shape *s, int is_maximum, int is_bfloat16) {
    strata_pooling p = {
        .images = s->images, .blocks = s->images > 1 ? s->images / 2 : 1, .depth = s->depth, .height = s->height,
        .width = s->width, .block = s->block, .planes = s->results[0], .rows = s->results[1],
        .columns = s->results[2], .is_maximum = is_maximum, .is_bfloat16 = is_bfloat16};
    memcpy(p.window, s->window, sizeof p.window);
    memcpy(p.strides, s->strides, sizeof p.strides);
    memcpy(p.padding_before, s->padding, sizeof p.padding_before);
    return p;
}

// The pixel of element `tap` of the window of result `index`, both row-major with the channels of a block, or -1.
static int64_t pixel_of(const shape *s, int64_t index, int64_t tap) {
    int64_t sizes[] = {s->depth, s->height, s->width}, c = index % s->block, at[3];
    index /= s->block;
    for (int axis = 2; axis >= 0; axis--) {
        at[axis] = index % s->results[axis] * s->strides[axis] - s->padding[axis] + tap % s->window[axis];
        if (at[axis] < 0 || at[axis] >= sizes[axis]) return -1;
        index /= s->results[axis];
        tap /= s->window[axis];
    }
    return (((index * s->depth + at[0]) * s->height + at[1]) * s->width + at[2]) * s->block + c;
}

static int64_t taps_of(const shape *s) { return s->window[0] * s->window[1] * s->window[2]; }

static int64_t argmax_of(const shape *s, const void *indices, int64_t at) {
    return taps_of(s) > 256 ? ((const uint32_t *)indices)[at] : ((const uint8_t *)indices)[at];
}

static void *new_indices(const shape *s) {
    return allocate_elements(results_of(s), taps_of(s) > 256 ? sizeof(uint32_t) : 1);
}

// What a window gives: its average or maximum, and the index of the maximum.
typedef struct {
    double value;
    int64_t index;
} pooled;

static pooled pooled_at(const strata_pooling *p, const shape *s, int64_t at) {
    int64_t count = 0, image = at / (s->results[0] * s->results[1] * s->results[2] * s->block);
    int64_t channel = image % p->blocks * s->block + at % s->block;
    double sum = 0, top = -INFINITY;
    pooled result = {.index = -1};
    int has_nan = 0;
    for (int64_t tap = 0; tap < taps_of(s); tap++) {
        int64_t pixel = pixel_of(s, at, tap);
        if (pixel < 0) continue;
        double value = element(p->image, pixel, p->is_bfloat16);
        if (p->scale) value = value * p->scale[channel] + p->shift[channel];
        count++;
        sum += value;
        has_nan |= isnan(value);
        if (result.index >= 0 && top >= value) continue;
        top = value;
        result.index = tap;
    }
    result.value = !p->is_maximum ? sum / (double)count : has_nan ? NAN : top;
    return result;
}

static void test_pooling_of(const shape *s, int is_maximum, int is_bfloat16, int options) {
    strata_pooling p = pooling_of(s, is_maximum, is_bfloat16);
    float *values = random_whole(pixels_of(s));
    if (is_maximum && options > 1)
        for (int64_t i = 0; i < pixels_of(s); i += 37) values[i] = NAN;
    p.image = as_type(values, pixels_of(s), is_bfloat16);
    p.pooled = new_elements(results_of(s), is_bfloat16);
    if (is_maximum && options % 2) p.argmax_indices = new_indices(s);
    if (options > 1) {
        p.scale = random_whole(p.blocks * s->block);
        p.shift = random_whole(p.blocks * s->block);
    }
    strata_run_pooling(&p);
    for (int64_t i = 0; i < results_of(s); i++) {
        pooled expected = pooled_at(&p, s, i);
        // An average is a product with a rounded weight.
        double rounding = 2 * ROUNDING + (is_bfloat16 ? BFLOAT16_ROUNDING : 0);
        double tolerance = is_maximum ? 0 : rounding * fabs(expected.value);
        expect_near("pooled", i, element(p.pooled, i, is_bfloat16), expected.value, tolerance);
        if (p.argmax_indices) expect_equal("an index", i, argmax_of(s, p.argmax_indices, i), expected.index);
    }
}

static void test_pooling(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int is_bfloat16 = 0; is_bfloat16 < 2; is_bfloat16++) {
            for (int options = 0; options < 4; options++) test_pooling_of(&shapes[k], 1, is_bfloat16, options);
            if (k < overlapping) test_pooling_of(&shapes[k], 0, is_bfloat16, 0);
            if (k < overlapping) test_pooling_of(&shapes[k], 0, is_bfloat16, 2);
        }
}

// ---- The gradient --------------------------------------------------------------------------------

typedef enum { not_activated, after_relu, after_tanh } activation;

// The gradients of the pixels, before the activation's.
static double *gradients_of(const strata_pooling *p, const shape *s) {
    double *gradients = allocate_elements(pixels_of(s), sizeof(double));
    for (int64_t i = 0; i < results_of(s); i++) {
        double own = element(p->pooled, i, p->is_bfloat16);
        int64_t count = 0;
        for (int64_t tap = 0; tap < taps_of(s); tap++) count += pixel_of(s, i, tap) >= 0;
        for (int64_t tap = 0; tap < taps_of(s); tap++) {
            int64_t pixel = pixel_of(s, i, tap);
            if (pixel < 0) continue;
            if (!p->is_maximum) gradients[pixel] += own / (double)count;
            if (p->is_maximum && argmax_of(s, p->argmax_indices, i) == tap) gradients[pixel] += own;
        }
    }
    return gradients;
}

static void test_gradient_of(const shape *s, int is_maximum, int is_bfloat16, activation activation) {
    strata_pooling p = pooling_of(s, is_maximum, is_bfloat16);
    p.is_tanh = activation == after_tanh;
    float *activated = random_floats(pixels_of(s));
    for (int64_t i = 0; i < pixels_of(s); i++)
        activated[i] = p.is_tanh ? activated[i] / 2 : activated[i] < 0 ? 0 : activated[i];
    p.image = as_type(activated, pixels_of(s), is_bfloat16);
    p.pooled = new_elements(results_of(s), is_bfloat16);
    if (is_maximum) {
        p.argmax_indices = new_indices(s);
        strata_run_pooling(&p);
    }
    p.pooled = as_type(random_whole(results_of(s)), results_of(s), is_bfloat16);
    if (activation != not_activated) p.activated = p.image;
    p.image = new_elements(pixels_of(s), is_bfloat16);
    memset(p.image, 0xff, (size_t)pixels_of(s) * (is_bfloat16 ? 2 : 4));
    strata_run_pooling_backward(&p);
    double *expected = gradients_of(&p, s);
    for (int64_t i = 0; i < pixels_of(s); i++) {
        double result = p.activated ? element(p.activated, i, is_bfloat16) : 1;
        double gradient = expected[i] * (p.is_tanh ? 1 - result * result : result > 0 ? 1 : 0);
        // The weight of an average, a square, a difference from 1 and the product.
        double tolerance = 4 * ROUNDING * fabs(expected[i]) + (is_bfloat16 ? BFLOAT16_ROUNDING * fabs(gradient) : 0);
        if (is_maximum && !p.is_tanh) tolerance = 0;
        expect_near("a gradient", i, element(p.image, i, is_bfloat16), gradient, tolerance);
    }
}

static void test_gradient(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int is_bfloat16 = 0; is_bfloat16 < 2; is_bfloat16++)
            for (int activation = not_activated; activation <= after_tanh; activation++) {
                test_gradient_of(&shapes[k], 1, is_bfloat16, activation);
                if (k < overlapping) test_gradient_of(&shapes[k], 0, is_bfloat16, activation);
            }
}

const kernel_test pooling_tests[] = {
    {"strata_run_pooling", test_pooling},
    {"strata_run_pooling_backward", test_gradient},
    {NULL, NULL},
};
