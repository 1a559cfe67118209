// Convolutions in the batch-blocked layout [blocks, rows, columns, channels, 16], and their weights' gradients.
#include "driver.h"

#define IMAGES 16

typedef struct {
    int64_t blocks, height, width, channels, filters, kernel[2], strides[2], padding[2], rows, columns;
} shape;

static const shape shapes[] = {
    {1, 1, 1, 1, 1, {1, 1}, {1, 1}, {0, 0}, 1, 1},
    {2, 9, 8, 3, 13, {3, 3}, {1, 1}, {1, 1}, 9, 8},
    {1, 11, 7, 5, 6, {5, 4}, {2, 3}, {2, 1}, 6, 3},
    {3, 6, 12, 1, 20, {2, 3}, {1, 2}, {0, 1}, 5, 6},
    {2, 4, 4, 2, 3, {5, 5}, {1, 1}, {2, 2}, 4, 4},  // a kernel that no image holds
};

static int64_t kernel_size(const shape *s) { return s->kernel[0] * s->kernel[1] * s->channels; }

// Where the image has element `tap` of the kernel for a result, in all 16 images, or -1.
static int64_t image_at(const shape *s, int64_t result, int64_t tap) {
    int64_t column = result % s->columns, row = result / s->columns % s->rows, block = result / s->columns / s->rows;
    int64_t y = row * s->strides[0] - s->padding[0] + tap / s->channels / s->kernel[1];
    int64_t x = column * s->strides[1] - s->padding[1] + tap / s->channels % s->kernel[1];
    if (y < 0 || y >= s->height || x < 0 || x >= s->width) return -1;
    return (((block * s->height + y) * s->width + x) * s->channels + tap % s->channels) * IMAGES;
}

static strata_batch_blocked convolution_of(const shape *s) {
    int64_t weights = kernel_size(s) * s->filters;
    strata_batch_blocked c = {
        .blocks = s->blocks, .height = s->height, .width = s->width, .channels = s->channels, .rows = s->rows,
        .columns = s->columns, .filters = s->filters, .activation = strata_copy,
        .image = random_floats(s->blocks * s->height * s->width * s->channels * IMAGES),
        .weights = random_floats(weights)};
    memcpy(c.kernel, s->kernel, sizeof c.kernel);
    memcpy(c.strides, s->strides, sizeof c.strides);
    memcpy(c.padding_before, s->padding, sizeof c.padding_before);
    return c;
}

void expect_activated(const char *what, int64_t index, double got, const reference_sum *sum, int32_t activation) {
    double x = sum->value, bound = error_bound(sum);
    // No activation is steeper than 1; tanh and sigmoid add their own error (elementwise.c).
    if (activation == strata_relu) expect_near(what, index, got, x < 0 ? 0 : x, bound);
    else if (activation == strata_tanh) expect_near(what, index, got, tanh(x), bound + 5.1 * ROUNDING);
    else if (activation == strata_sigmoid) expect_near(what, index, got, 1 / (1 + exp(-x)), bound + 8 * ROUNDING);
    else expect_near(what, index, got, x, bound);
}

static void test_forward_of(const shape *s, int32_t activation, int has_bias) {
    strata_batch_blocked c = convolution_of(s);
    int64_t count = s->blocks * s->rows * s->columns * s->filters * IMAGES;
    c.activation = activation;
    c.bias = has_bias ? random_floats(s->filters) : NULL;
    c.result = new_floats(count);
    strata_run_batch_blocked(&c);
    for (int64_t i = 0; i < count; i++) {
        int64_t filter = i / IMAGES % s->filters, result = i / IMAGES / s->filters;
        reference_sum sum = {0};
        if (has_bias) add_term(&sum, c.bias[filter]);
        for (int64_t tap = 0; tap < kernel_size(s); tap++) {
            int64_t from = image_at(s, result, tap);
            if (from >= 0) add_term(&sum, (double)c.image[from + i % IMAGES] * c.weights[tap * s->filters + filter]);
        }
        expect_activated("a result", i, c.result[i], &sum, activation);
    }
}

static void test_forward(void) {
    static const int32_t activations[] = {strata_copy, strata_relu, strata_tanh, strata_sigmoid};
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int64_t i = 0; i < COUNT_OF(activations); i++) test_forward_of(&shapes[k], activations[i], i % 2 == 0);
}

static void test_gradient_of(const shape *s, int64_t partitions, int has_bias) {
    strata_batch_blocked c = convolution_of(s);
    int64_t results = s->blocks * s->rows * s->columns, weights = kernel_size(s) * s->filters;
    c.result = random_floats(results * s->filters * IMAGES);
    c.partitions = partitions;
    c.scratchpad = random_floats(partitions * (weights + s->filters) * IMAGES);
    c.weights_gradient = new_floats(weights);
    c.bias_gradient = has_bias ? new_floats(s->filters) : NULL;
    strata_run_batch_blocked_weights_gradient(&c);
    for (int64_t i = 0; i < weights; i++) {
        reference_sum sum = {0};
        for (int64_t result = 0; result < results; result++) {
            int64_t from = image_at(s, result, i / s->filters);
            const float *gradient = c.result + (result * s->filters + i % s->filters) * IMAGES;
            for (int64_t lane = 0; lane < IMAGES && from >= 0; lane++)
                add_term(&sum, (double)c.image[from + lane] * gradient[lane]);
        }
        expect_sum("a weight's gradient", i, c.weights_gradient[i], &sum);
    }
    for (int64_t filter = 0; filter < s->filters && has_bias; filter++) {
        reference_sum sum = {0};
        for (int64_t i = 0; i < results * IMAGES; i++)
            add_term(&sum, c.result[(i / IMAGES * s->filters + filter) * IMAGES + i % IMAGES]);
        expect_sum("a bias's gradient", filter, c.bias_gradient[filter], &sum);
    }
}

static void test_gradient(void) {
    if (!runs_avx512_kernels()) return;
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int64_t partitions = 1; partitions <= 4; partitions += 3)
            test_gradient_of(&shapes[k], partitions, partitions == 1);
}

const kernel_test batch_blocked_tests[] = {
    {"strata_run_batch_blocked", test_forward},
    {"strata_run_batch_blocked_weights_gradient", test_gradient},
    {NULL, NULL},
};
