// Convolutions and inner products by implicit GEMM.
#include "driver.h"

// Images [images, height, width, channels]; with `joins_columns` a run is a whole row of the kernel, which is possible
// without padding.
typedef struct {
    int64_t images, height, width, channels, filters, kernel[2], strides[2], padding[2], rows, columns;
    int joins_columns;
} shape;

static const shape shapes[] = {
    {1, 1, 1, 5, 64, {1, 1}, {1, 1}, {0, 0}, 1, 1, 0},
    {1, 9, 8, 3, 64, {3, 3}, {1, 1}, {1, 1}, 9, 8, 0},
    {2, 11, 7, 16, 128, {5, 2}, {2, 3}, {2, 1}, 6, 3, 0},
    {2, 13, 12, 5, 64, {3, 3}, {1, 1}, {0, 0}, 11, 10, 1},
    {1, 3, 3, 65, 192, {3, 3}, {1, 1}, {2, 2}, 5, 5, 0},    // windows that see nothing but padding in most runs
    {3, 4, 4, 128, 128, {4, 4}, {1, 1}, {0, 0}, 1, 1, 0},   // inner products with weights that are prefetched
    {11, 1, 1, 77, 64, {1, 1}, {1, 1}, {0, 0}, 1, 1, 0},
};

static int64_t kernel_size(const shape *s) { return s->kernel[0] * s->kernel[1] * s->channels; }

static double image_at(const shape *s, const float *image, int64_t pixel, int64_t tap) {
    int64_t column = pixel % s->columns, row = pixel / s->columns % s->rows, n = pixel / s->columns / s->rows;
    int64_t y = row * s->strides[0] - s->padding[0] + tap / s->channels / s->kernel[1];
    int64_t x = column * s->strides[1] - s->padding[1] + tap / s->channels % s->kernel[1];
    if (y < 0 || y >= s->height || x < 0 || x >= s->width) return 0;
    return image[((n * s->height + y) * s->width + x) * s->channels + tap % s->channels];
}

static strata_implicit_gemm gemm_of(const shape *s) {
    int64_t columns = s->joins_columns ? 1 : s->kernel[1], count = s->kernel[0] * columns;
    strata_window_run *runs = allocate_elements(count, sizeof(strata_window_run));
    for (int64_t i = 0; i < count; i++) {
        int64_t down = i / columns, across = i % columns;
        runs[i] = (strata_window_run){(down * s->width + across) * s->channels, down, across};
    }
    return (strata_implicit_gemm){
        .images = s->images, .height = s->height, .width = s->width, .rows = s->rows, .columns = s->columns,
        .strides = {s->strides[0], s->strides[1]}, .padding_before = {s->padding[0], s->padding[1]},
        .image_strides = {s->height * s->width * s->channels, s->width * s->channels, s->channels},
        .run_count = count, .run_length = kernel_size(s) / count, .filters = s->filters, .runs = runs,
        .has_padding = s->padding[0] + s->padding[1] > 0,
        .image = random_floats(s->images * s->height * s->width * s->channels)};
}

static void test_gemm_of(const shape *s, int32_t activation, int has_bias, int accumulates) {
    strata_implicit_gemm gemm = gemm_of(s);
    int64_t pixels = s->images * s->rows * s->columns, size = kernel_size(s), count = pixels * s->filters;
    float *weights = random_floats(size * s->filters), *packed = new_floats(size * s->filters);
    for (int64_t i = 0; i < size * s->filters; i++) {
        int64_t filter = i % s->filters, block = filter / STRATA_PACKED_FILTERS;
        packed[(block * size + i / s->filters) * STRATA_PACKED_FILTERS + filter % STRATA_PACKED_FILTERS] = weights[i];
    }
    float *before = random_floats(count);
    gemm.activation = activation;
    gemm.accumulates = accumulates;
    gemm.weights = packed;
    gemm.bias = has_bias ? random_floats(s->filters) : NULL;
    gemm.result = as_type(before, count, 0);
    strata_run_implicit_gemm(&gemm);
    for (int64_t pixel = 0; pixel < pixels; pixel++)
        for (int64_t filter = 0; filter < s->filters; filter++) {
            int64_t i = pixel * s->filters + filter;
            reference_sum sum = {0};
            if (has_bias) add_term(&sum, gemm.bias[filter]);
            if (accumulates) add_term(&sum, before[i]);
            for (int64_t tap = 0; tap < size; tap++)
                add_term(&sum, image_at(s, gemm.image, pixel, tap) * weights[tap * s->filters + filter]);
            expect_activated("a result", i, gemm.result[i], &sum, activation);
        }
}

static void test_gemm(void) {
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++) {
        test_gemm_of(&shapes[k], strata_copy, 0, 0);
        test_gemm_of(&shapes[k], strata_copy, 1, 1);
        test_gemm_of(&shapes[k], k % 2 ? strata_relu : strata_tanh, 1, 0);
    }
    test_gemm_of(&shapes[1], strata_sigmoid, 1, 1);
}

const kernel_test implicit_gemm_tests[] = {
    {"strata_run_implicit_gemm", test_gemm},
    {NULL, NULL},
};
