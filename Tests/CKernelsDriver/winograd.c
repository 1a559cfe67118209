// 3 x 3 convolutions with strides of 2 by Winograd's algorithm, and their gradients. The transforms multiply by halves
// only, so that with small whole numbers all sums are exact in float32: results are those of plain loops, bit by bit.
#include "driver.h"

typedef struct {
    int64_t images, height, width, channels, filters, padding[2], rows, columns, image_block, result_block, partitions;
} shape;

static const shape shapes[] = {
    {3, 5, 5, 16, 16, {0, 0}, 2, 2, 16, 16, 1},
    {5, 4, 4, 16, 32, {1, 0}, 2, 2, 16, 16, 1},
    {2, 8, 7, 32, 16, {0, 1}, 4, 4, 32, 16, 2},        // padding behind, and on both sides
    {3, 13, 11, 16, 80, {1, 1}, 7, 6, 16, 16, 2},      // a panel of 64 columns, and one of 16
    {2, 12, 32, 48, 32, {0, 0}, 5, 15, 16, 32, 1},     // a row and a column that no window covers
    {5, 22, 20, 16, 16, {0, 0}, 11, 10, 16, 16, 3},    // more tiles than a group has
};

static int64_t at(int64_t image, int64_t y, int64_t x, int64_t c, int64_t height, int64_t width, int64_t channels,
    int64_t block) {
    return image * height * width * channels + ((c / block * height + y) * width + x) * block + c % block;
}

static int64_t image_count(const shape *s) { return s->images * s->height * s->width * s->channels; }

static int64_t result_count(const shape *s) { return s->images * s->rows * s->columns * s->filters; }

// Calls body for each product: the index of the image's element, of the kernel's in [3, 3, channels, filters], and of
// the result's.
typedef void term(void *context, int64_t image, int64_t kernel, int64_t result);

static void for_each_term(const shape *s, term *body, void *context) {
    int64_t results = s->images * s->rows * s->columns;
    for (int64_t pixel = 0; pixel < results; pixel++)
        for (int64_t tap = 0; tap < 9; tap++) {
            int64_t n = pixel / s->columns / s->rows, row = pixel / s->columns % s->rows, column = pixel % s->columns;
            int64_t y = 2 * row - s->padding[0] + tap / 3, x = 2 * column - s->padding[1] + tap % 3;
            if (y < 0 || y >= s->height || x < 0 || x >= s->width) continue;
            for (int64_t c = 0; c < s->channels; c++)
                for (int64_t f = 0; f < s->filters; f++)
                    body(context, at(n, y, x, c, s->height, s->width, s->channels, s->image_block),
                        (tap * s->channels + c) * s->filters + f,
                        at(n, row, column, f, s->rows, s->columns, s->filters, s->result_block));
        }
}

// What the products are summed to.
typedef struct {
    const float *image, *kernel, *result;
    double *sums;
} operands;

static void add_to_result(void *context, int64_t image, int64_t kernel, int64_t result) {
    operands *o = context;
    o->sums[result] += (double)o->image[image] * o->kernel[kernel];
}

static void add_to_image(void *context, int64_t image, int64_t kernel, int64_t result) {
    operands *o = context;
    o->sums[image] += (double)o->result[result] * o->kernel[kernel];
}

static void add_to_kernel(void *context, int64_t image, int64_t kernel, int64_t result) {
    operands *o = context;
    o->sums[kernel] += (double)o->image[image] * o->result[result];
}

static double *sums_of(const shape *s, term *body, operands o, int64_t count) {
    o.sums = allocate_elements(count, sizeof(double));
    for_each_term(s, body, &o);
    return o.sums;
}

// ---- The weight transform ------------------------------------------------------------------------

static double transformed(const double g[3], int64_t index) {
    double sums[] = {g[0], (g[0] + g[2]) / 2, (g[0] - g[2]) / 2, g[2], g[1]};
    return sums[index];
}

static float *transformed_weights(int64_t rows, int64_t columns, const float *kernel) {
    float *result = new_floats(STRATA_WINOGRAD_MATRICES * rows * columns);
    strata_winograd_weight_transform transform = {rows, columns, kernel, result};
    strata_run_winograd_weight_transform(&transform);
    return result;
}

static void test_weight_transform(void) {
    static const int64_t sizes[][2] = {{16, 16}, {3, 64}, {32, 80}, {48, 128}, {16, 176}};
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(sizes); k++) {
        int64_t rows = sizes[k][0], columns = sizes[k][1];
        float *kernel = random_whole(9 * rows * columns), *result = transformed_weights(rows, columns, kernel);
        for (int64_t i = 0; i < STRATA_WINOGRAD_MATRICES * rows * columns; i++) {
            int64_t column = i % columns, row = i / columns % rows, matrix = i / columns / rows;
            double half[3];
            for (int across = 0; across < 3; across++) {
                double line[3];
                for (int down = 0; down < 3; down++)
                    line[down] = kernel[((down * 3 + across) * rows + row) * columns + column];
                half[across] = transformed(line, matrix / 5);
            }
            // In panels of 64 columns.
            int64_t panel = column / 64 * 64, width = columns - panel < 64 ? columns - panel : 64;
            int64_t to = matrix * rows * columns + panel * rows + row * width + column - panel;
            expect_near("a transformed weight", i, result[to], transformed(half, matrix % 5), 0);
        }
    }
}

// ---- The three passes ----------------------------------------------------------------------------

static strata_winograd winograd_of(const shape *s, int is_weights_gradient) {
    strata_winograd w = {
        .images = s->images, .height = s->height, .width = s->width, .channels = s->channels, .rows = s->rows,
        .columns = s->columns, .filters = s->filters, .padding_before = {s->padding[0], s->padding[1]},
        .image_block = s->image_block, .result_block = s->result_block, .activation = strata_copy,
        .is_weights_gradient = is_weights_gradient, .partitions = s->partitions};
    w.scratchpad = random_floats(strata_winograd_scratchpad(&w));
    return w;
}

static void test_forward(void) {
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int has_relu = 0; has_relu < 2; has_relu++) {
            const shape *s = &shapes[k];
            strata_winograd w = winograd_of(s, 0);
            float *kernel = random_whole(9 * s->channels * s->filters);
            w.activation = has_relu ? strata_relu : strata_copy;
            w.image = random_whole(image_count(s));
            w.transformed_weights = transformed_weights(s->channels, s->filters, kernel);
            w.bias = has_relu ? random_whole(s->filters) : NULL;
            w.result = random_floats(result_count(s));
            strata_run_winograd(&w);
            double *sums = sums_of(s, add_to_result, (operands){w.image, kernel, NULL, NULL}, result_count(s));
            for (int64_t i = 0; i < result_count(s); i++) {
                int64_t block = i / (s->rows * s->columns * s->result_block) % (s->filters / s->result_block);
                double expected = sums[i] + (has_relu ? w.bias[block * s->result_block + i % s->result_block] : 0);
                expect_near("a result", i, w.result[i], has_relu && expected < 0 ? 0 : expected, 0);
            }
        }
}

static void test_data_gradient(void) {
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++) {
        const shape *s = &shapes[k];
        strata_winograd w = winograd_of(s, 0);
        int64_t size = s->channels * s->filters;
        float *kernel = random_whole(9 * size), *transposed = new_floats(9 * size);
        for (int64_t i = 0; i < 9 * size; i++) {
            int64_t c = i % size / s->filters, f = i % s->filters;
            transposed[i / size * size + f * s->channels + c] = kernel[i];
        }
        w.transformed_weights = transformed_weights(s->filters, s->channels, transposed);
        w.result = random_whole(result_count(s));
        w.image_gradient = random_floats(image_count(s));
        strata_run_winograd_data_gradient(&w);
        double *sums = sums_of(s, add_to_image, (operands){NULL, kernel, w.result, NULL}, image_count(s));
        for (int64_t i = 0; i < image_count(s); i++) expect_near("a gradient", i, w.image_gradient[i], sums[i], 0);
    }
}

static void test_weights_gradient(void) {
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++) {
        const shape *s = &shapes[k];
        strata_winograd w = winograd_of(s, 1);
        int64_t count = 9 * s->channels * s->filters;
        w.image = random_whole(image_count(s));
        w.result = random_whole(result_count(s));
        w.kernel_gradient = new_floats(count);
        w.bias_gradient = k % 2 ? new_floats(s->filters) : NULL;
        strata_run_winograd_weights_gradient(&w);
        double *sums = sums_of(s, add_to_kernel, (operands){w.image, NULL, w.result, NULL}, count);
        for (int64_t i = 0; i < count; i++) expect_near("a weight's gradient", i, w.kernel_gradient[i], sums[i], 0);
        for (int64_t f = 0; f < s->filters && w.bias_gradient; f++) {
            double sum = 0;
            for (int64_t i = 0; i < s->images * s->rows * s->columns; i++)
                sum += w.result[at(i / s->columns / s->rows, i / s->columns % s->rows, i % s->columns, f, s->rows,
                    s->columns, s->filters, s->result_block)];
            expect_near("a bias's gradient", f, w.bias_gradient[f], sum, 0);
        }
    }
}

const kernel_test winograd_tests[] = {
    {"strata_run_winograd_weight_transform", test_weight_transform},
    {"strata_run_winograd strata_winograd_scratchpad", test_forward},
    {"strata_run_winograd_data_gradient", test_data_gradient},
    {"strata_run_winograd_weights_gradient", test_weights_gradient},
    {NULL, NULL},
};
