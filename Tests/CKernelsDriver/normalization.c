// Batch normalization with the statistics of the batch, and its gradients.
#include "driver.h"

typedef struct {
    int64_t batch, channels, block, positions;
} shape;

static const shape shapes[] = {
    {2, 3, 3, 5}, {3, 16, 16, 49}, {2, 20, 16, 333}, {2, 64, 64, 200}, {1, 8, 8, 900}, {5, 35, 35, 40}, {2, 24, 8, 700},
    {3, 1, 1, 64}};

static int64_t blocks_of(shape s) { return (s.channels + s.block - 1) / s.block; }

static int64_t at(shape s, int64_t image, int64_t position, int64_t channel) {
    return ((image * blocks_of(s) + channel / s.block) * s.positions + position) * s.block + channel % s.block;
}

// Random values with a mean of their own in each channel, and 0 in the padding.
static void *random_images(shape s, int is_bfloat16) {
    int64_t width = blocks_of(s) * s.block, count = s.batch * width * s.positions;
    float *values = new_floats(count);
    for (int64_t image = 0; image < s.batch; image++)
        for (int64_t position = 0; position < s.positions; position++)
            for (int64_t c = 0; c < s.channels; c++)
                values[at(s, image, position, c)] = (float)(random_between(-1, 1) + (double)(c % 7) - 3);
    return as_type(values, count, is_bfloat16);
}

// The error of a value of about `size`. Sums of at most 128 elements are made in float32 (MAX_ROWS in
// batch_normalization.c), which is off by 128 roundings; the mean and the variance, each with its share in the result,
// and the few operations on an element make less than five times that.
static double tolerance_of(double size, double result, int is_bfloat16) {
    return 640 * ROUNDING * size + (is_bfloat16 ? BFLOAT16_ROUNDING * fabs(result) : 0);
}

typedef struct {
    double mean, variance, deviation;
} statistics;

static statistics statistics_of(shape s, const void *source, int64_t c, double epsilon, int is_bfloat16) {
    double count = (double)(s.batch * s.positions), sum = 0, squares = 0;
    for (int64_t i = 0; i < s.batch * s.positions; i++)
        sum += element(source, at(s, i / s.positions, i % s.positions, c), is_bfloat16);
    for (int64_t i = 0; i < s.batch * s.positions; i++) {
        double off = element(source, at(s, i / s.positions, i % s.positions, c), is_bfloat16) - sum / count;
        squares += off * off;
    }
    return (statistics){sum / count, squares / count, sqrt(squares / count + epsilon)};
}

static strata_batch_normalization normalization_of(shape s, int is_bfloat16, int has_relu) {
    int64_t width = blocks_of(s) * s.block;
    return (strata_batch_normalization){
        .batch = s.batch, .blocks = blocks_of(s), .positions = s.positions, .block = s.block, .channels = s.channels,
        .is_bfloat16 = is_bfloat16, .has_relu = has_relu, .epsilon = 1e-3f,
        .source = random_images(s, is_bfloat16), .result = new_elements(s.batch * width * s.positions, is_bfloat16),
        .scale = random_floats(s.channels), .shift = random_floats(s.channels),
        .mean = new_floats(s.channels), .variance = new_floats(s.channels),
        .scale_gradient = new_floats(s.channels), .shift_gradient = new_floats(s.channels),
        .scratchpad = allocate_elements((2 * STRATA_BATCH_NORMALIZATION_PARTITIONS + 3) * width, sizeof(double))};
}

static void expect_padding(shape s, const strata_batch_normalization *n) {
    for (int64_t i = 0; i < s.batch * s.positions; i++)
        for (int64_t c = s.channels; c < blocks_of(s) * s.block; c++) {
            int64_t index = at(s, i / s.positions, i % s.positions, c);
            expect_near("padding", c, element(n->result, index, n->is_bfloat16), 0, 0);
        }
}

static void test_forward_of(shape s, int is_bfloat16, int has_relu) {
    strata_batch_normalization n = normalization_of(s, is_bfloat16, has_relu);
    strata_run_batch_normalization(&n);
    for (int64_t c = 0; c < s.channels; c++) {
        statistics own = statistics_of(s, n.source, c, n.epsilon, is_bfloat16);
        double spread = own.deviation * own.deviation;
        expect_near("mean", c, n.mean[c], own.mean, tolerance_of(fabs(own.mean) + own.deviation, 0, 0));
        expect_near("variance", c, n.variance[c], own.variance, tolerance_of(4 * spread, 0, 0));
        for (int64_t i = 0; i < s.batch * s.positions; i++) {
            int64_t index = at(s, i / s.positions, i % s.positions, c);
            double x = element(n.source, index, is_bfloat16), factor = n.scale[c] / own.deviation;
            double expected = (x - own.mean) * factor + n.shift[c];
            if (has_relu && expected < 0) expected = 0;
            double size = fabs(factor) * (fabs(x) + fabs(own.mean) + own.deviation) + fabs(n.shift[c]);
            double got = element(n.result, index, is_bfloat16);
            expect_near("normalized", c, got, expected, tolerance_of(size, expected, is_bfloat16));
        }
    }
    expect_padding(s, &n);
}

// The gradient of the result, 0 where a ReLU has cut it off.
static double gradient_at(
    const strata_batch_normalization *n, int64_t index, int64_t c, double centred, double factor) {
    if (n->has_relu && centred * factor + n->shift[c] <= 0) return 0;
    return element(n->gradient, index, n->is_bfloat16);
}

static void test_backward_of(shape s, int is_bfloat16, int has_relu, int masks_by_source) {
    strata_batch_normalization n = normalization_of(s, is_bfloat16, has_relu);
    n.masks_by_source = masks_by_source;
    n.gradient = random_images(s, is_bfloat16);
    for (int64_t c = 0; c < s.channels; c++) {
        statistics own = statistics_of(s, n.source, c, n.epsilon, is_bfloat16);
        n.mean[c] = (float)own.mean;
        n.variance[c] = (float)own.variance;
    }
    strata_run_batch_normalization_backward(&n);
    double count = (double)(s.batch * s.positions);
    for (int64_t c = 0; c < s.channels; c++) {
        double mean = n.mean[c], deviation = sqrt((double)n.variance[c] + n.epsilon), factor = n.scale[c] / deviation;
        double sum = 0, products = 0, size = 0;
        for (int64_t i = 0; i < s.batch * s.positions; i++) {
            int64_t index = at(s, i / s.positions, i % s.positions, c);
            double centred = element(n.source, index, is_bfloat16) - mean;
            double gradient = gradient_at(&n, index, c, centred, factor);
            sum += gradient;
            products += gradient * centred / deviation;
            size += fabs(gradient) * (1 + (fabs(centred) + fabs(mean)) / deviation);
        }
        expect_near("gradient of scale", c, n.scale_gradient[c], products, tolerance_of(size, 0, 0));
        expect_near("gradient of shift", c, n.shift_gradient[c], sum, tolerance_of(size, 0, 0));
        for (int64_t i = 0; i < s.batch * s.positions; i++) {
            int64_t index = at(s, i / s.positions, i % s.positions, c);
            double x = element(n.source, index, is_bfloat16), centred = x - mean, unit = centred / deviation;
            double gradient = gradient_at(&n, index, c, centred, factor);
            double expected = factor * (gradient - sum / count - unit * products / count);
            double own = fabs(factor) * (fabs(gradient) + size / count * (1 + fabs(unit) + fabs(mean) / deviation));
            if (masks_by_source && x <= 0) expected = 0;
            double got = element(n.result, index, is_bfloat16);
            expect_near("gradient of source", c, got, expected, tolerance_of(own, expected, is_bfloat16));
        }
    }
    expect_padding(s, &n);
}

static void test_forward(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int options = 0; options < 4; options++) test_forward_of(shapes[k], options % 2, options / 2);
}

static void test_backward(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int options = 0; options < 8; options++)
            test_backward_of(shapes[k], options % 2, options / 2 % 2, options / 4);
}

const kernel_test normalization_tests[] = {
    {"strata_run_batch_normalization", test_forward},
    {"strata_run_batch_normalization_backward", test_backward},
    {NULL, NULL},
};
