// im2col, which is exact, and col2im.
#include "driver.h"

typedef struct {
    int64_t batch, height, width, channels, block, kernel[2], strides[2], dilations[2], padding[2];
} shape;

static const shape shapes[] = {
    {1, 1, 1, 1, 1, {1, 1}, {1, 1}, {1, 1}, {0, 0}},
    {2, 9, 7, 3, 3, {3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {2, 12, 11, 32, 16, {3, 2}, {2, 1}, {1, 1}, {1, 0}},
    {3, 14, 13, 16, 16, {3, 3}, {1, 2}, {2, 3}, {2, 3}},
    {2, 15, 15, 40, 8, {2, 5}, {1, 1}, {1, 1}, {0, 2}},
    {2, 10, 20, 19, 19, {4, 1}, {3, 2}, {2, 1}, {3, 0}},
};

// The results along an axis, with as much padding behind as before.
static int64_t results_of(const shape *s, int axis) {
    int64_t length = axis == 0 ? s->height : s->width, window = (s->kernel[axis] - 1) * s->dilations[axis] + 1;
    return (length + 2 * s->padding[axis] - window) / s->strides[axis] + 1;
}

static int64_t at(const shape *s, int64_t image, int64_t y, int64_t x, int64_t c) {
    int64_t block = image * (s->channels / s->block) + c / s->block;
    return ((block * s->height + y) * s->width + x) * s->block + c % s->block;
}

// The pixel that an element of the kernel sees along an axis.
static int64_t seen(const shape *s, int axis, int64_t result, int64_t tap) {
    return result * s->strides[axis] - s->padding[axis] + tap * s->dilations[axis];
}

static void test_im2col_of(const shape *s, int64_t size) {
    int64_t rows = results_of(s, 0), columns = results_of(s, 1), kernel = s->kernel[0] * s->kernel[1];
    int64_t count = s->batch * rows * columns * kernel * s->channels;
    int64_t bytes = s->batch * s->height * s->width * s->channels * size;
    char *image = allocate_elements(bytes, 1), *result = allocate_elements(count * size, 1);
    for (int64_t i = 0; i < bytes; i++) image[i] = (char)random_below(256);
    for (int64_t i = 0; i < count * size; i++) result[i] = 99;
    strata_im2col im2col = {
        s->batch, s->height, s->width, s->channels, s->block, rows, columns,
        {s->kernel[0], s->kernel[1]}, {s->strides[0], s->strides[1]}, {s->dilations[0], s->dilations[1]},
        {s->padding[0], s->padding[1]}, (int32_t)size, image, result};
    strata_run_im2col(&im2col);
    for (int64_t i = 0; i < count; i++) {
        int64_t c = i % s->channels, tap = i / s->channels % kernel, pixel = i / s->channels / kernel;
        int64_t y = seen(s, 0, pixel / columns % rows, tap / s->kernel[1]);
        int64_t x = seen(s, 1, pixel % columns, tap % s->kernel[1]);
        char expected[4] = {0};
        if (y >= 0 && y < s->height && x >= 0 && x < s->width)
            memcpy(expected, image + at(s, pixel / columns / rows, y, x, c) * size, (size_t)size);
        expect_equal("a column", i, memcmp(result + i * size, expected, (size_t)size), 0);
    }
}

static void test_im2col(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int64_t size = 2; size <= 4; size *= 2) test_im2col_of(&shapes[k], size);
}

// ---- col2im --------------------------------------------------------------------------------------

// For each pixel along an axis, the elements of a window and of its results that see it, and how far they are apart.
static void find_taps(const shape *s, int axis, int64_t result_step, int64_t tap_step, int64_t *starts, int64_t *taps) {
    int64_t length = axis == 0 ? s->height : s->width, count = 0;
    for (int64_t pixel = 0; pixel < length; pixel++) {
        starts[pixel] = count;
        for (int64_t result = 0; result < results_of(s, axis); result++)
            for (int64_t tap = 0; tap < s->kernel[axis]; tap++)
                if (seen(s, axis, result, tap) == pixel) taps[count++] = result * result_step + tap * tap_step;
    }
    starts[length] = count;
}

static void test_col2im_of(const shape *s, int is_bfloat16) {
    int64_t rows = results_of(s, 0), columns = results_of(s, 1), kernel = s->kernel[0] * s->kernel[1];
    int64_t per_image = rows * columns * kernel * s->channels, pixels = s->batch * s->height * s->width * s->channels;
    int64_t *row_starts = allocate_elements(s->height + 1, sizeof(int64_t));
    int64_t *column_starts = allocate_elements(s->width + 1, sizeof(int64_t));
    int64_t *row_taps = allocate_elements(rows * s->kernel[0], sizeof(int64_t));
    int64_t *column_taps = allocate_elements(columns * s->kernel[1], sizeof(int64_t));
    find_taps(s, 0, columns * kernel * s->channels, s->kernel[1] * s->channels, row_starts, row_taps);
    find_taps(s, 1, kernel * s->channels, s->channels, column_starts, column_taps);
    float *source = random_floats(s->batch * per_image);
    strata_col2im col2im = {
        s->batch, s->height, s->width, s->channels, s->block, per_image, is_bfloat16, row_starts, row_taps,
        column_starts, column_taps, source, new_elements(pixels, is_bfloat16)};
    strata_run_col2im(&col2im);
    reference_sum *sums = allocate_elements(pixels, sizeof(reference_sum));
    for (int64_t i = 0; i < s->batch * per_image; i++) {
        int64_t c = i % s->channels, tap = i / s->channels % kernel, pixel = i / s->channels / kernel;
        int64_t y = seen(s, 0, pixel / columns % rows, tap / s->kernel[1]);
        int64_t x = seen(s, 1, pixel % columns, tap % s->kernel[1]);
        if (y >= 0 && y < s->height && x >= 0 && x < s->width)
            add_term(&sums[at(s, pixel / columns / rows, y, x, c)], source[i]);
    }
    for (int64_t i = 0; i < pixels; i++) {
        double tolerance = error_bound(&sums[i]) + (is_bfloat16 ? BFLOAT16_ROUNDING * fabs(sums[i].value) : 0);
        expect_near("a pixel", i, element(col2im.image, i, is_bfloat16), sums[i].value, tolerance);
    }
}

static void test_col2im(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int is_bfloat16 = 0; is_bfloat16 < 2; is_bfloat16++) test_col2im_of(&shapes[k], is_bfloat16);
}

const kernel_test patch_tests[] = {
    {"strata_run_im2col", test_im2col},
    {"strata_run_col2im", test_col2im},
    {NULL, NULL},
};
