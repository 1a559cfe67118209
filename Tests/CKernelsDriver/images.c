// Grid sampling of images, and its gradient.
#include "driver.h"

typedef struct {
    int64_t batch, height, width, channels, new_height, new_width;
} shape;

static const shape shapes[] = {{1, 1, 1, 1, 2, 3}, {2, 5, 7, 3, 9, 40}, {3, 16, 9, 17, 60, 50}, {2, 1, 6, 2, 4, 4}};

// Positions in the image and beyond it, whole ones among them, and some that are no positions.
static float *random_grid(shape s) {
    static const float special[] = {NAN, INFINITY, -INFINITY, 1e20f, -1e20f, -1e-10f, 0.5f, -0.5f, 1.5f};
    int64_t count = s.batch * s.new_height * s.new_width * 2;
    float *grid = new_floats(count);
    for (int64_t i = 0; i < count; i++) {
        double length = (double)(i % 2 ? s.width : s.height);
        grid[i] = (float)random_between(-1.5 * length, 2.5 * length);
        if (random_below(4) == 0) grid[i] = rintf(grid[i]);
        if (random_below(16) == 0) grid[i] = special[random_below(COUNT_OF(special))];
    }
    return grid;
}

static int64_t modulo(int64_t i, int64_t period) {
    int64_t rest = i % period;
    return rest < 0 ? rest + period : rest;
}

static int64_t pixel_along(int64_t i, int64_t length, strata_fill fill) {
    switch (fill) {
    case strata_fill_constant: return i >= 0 && i < length ? i : -1;
    case strata_fill_nearest: return i < 0 ? 0 : i < length ? i : length - 1;
    case strata_fill_wrap: return modulo(i, length);
    case strata_fill_reflect: i = modulo(i, 2 * length); return i < length ? i : 2 * length - 1 - i;
    case strata_fill_mirror:
        if (length == 1) return 0;
        i = modulo(i, 2 * length - 2);
        return i < length ? i : 2 * length - 2 - i;
    }
    return -1;
}

// The pixels that a position is interpolated from, -1 for the fill value, and their weights.
typedef struct {
    int count;
    int64_t pixels[4];
    double weights[4];
} taps;

static taps taps_of(const strata_grid_sample *g, const float *position) {
    // Positions are limited as the kernel limits them; NaN is far to the left.
    double at[2];
    for (int axis = 0; axis < 2; axis++)
        at[axis] = fmin(fmax(isnan(position[axis]) ? -1e9 : position[axis], -1e9), 1e9);
    taps t = {.count = g->is_bilinear ? 4 : 1};
    for (int k = 0; k < t.count; k++) {
        double rows = g->is_bilinear ? floor(at[0]) + k / 2 : round(at[0]);
        double columns = g->is_bilinear ? floor(at[1]) + k % 2 : round(at[1]);
        int64_t y = pixel_along((int64_t)rows, g->height, (strata_fill)g->fill);
        int64_t x = pixel_along((int64_t)columns, g->width, (strata_fill)g->fill);
        t.pixels[k] = y < 0 || x < 0 ? -1 : y * g->width + x;
        t.weights[k] = g->is_bilinear ? (1 - fabs(at[0] - rows)) * (1 - fabs(at[1] - columns)) : 1;
    }
    return t;
}

// Weights are within 4 roundings of 1, so a sum is off by 4 for each pixel, whatever its weight, and by those of
// its additions.
static double tolerance_of(double magnitude, int64_t terms) { return (double)(terms + 6) * ROUNDING * magnitude; }

static void test_sample_of(shape s, int32_t is_bilinear, int32_t fill) {
    int64_t size = s.height * s.width * s.channels, samples = s.batch * s.new_height * s.new_width;
    strata_grid_sample g = {
        is_bilinear, fill, 0.75f, s.batch, s.height, s.width, s.channels, s.new_height, s.new_width,
        random_floats(s.batch * size), random_grid(s), new_floats(samples * s.channels)};
    strata_run_grid_sample(&g);
    for (int64_t i = 0; i < samples; i++) {
        taps t = taps_of(&g, g.grid + 2 * i);
        const float *image = g.images + i / (s.new_height * s.new_width) * size;
        for (int64_t c = 0; c < s.channels; c++) {
            double value = 0, magnitude = 0;
            for (int k = 0; k < t.count; k++) {
                double pixel = t.pixels[k] < 0 ? g.fill_value : image[t.pixels[k] * s.channels + c];
                value += t.weights[k] * pixel;
                magnitude += fabs(pixel);
            }
            expect_near("a sample", i, g.samples[i * s.channels + c], value, tolerance_of(magnitude, t.count));
        }
    }
}

static void test_gradient_of(shape s, int32_t is_bilinear, int32_t fill) {
    int64_t size = s.height * s.width * s.channels, samples = s.batch * s.new_height * s.new_width;
    strata_grid_sample g = {
        is_bilinear, fill, 0.75f, s.batch, s.height, s.width, s.channels, s.new_height, s.new_width,
        random_floats(s.batch * size), random_grid(s), random_floats(samples * s.channels)};
    double *sums = allocate_elements(s.batch * size, sizeof(double));
    double *magnitudes = allocate_elements(s.batch * size, sizeof(double));
    int64_t *terms = allocate_elements(s.batch * size, sizeof(int64_t));
    for (int64_t i = 0; i < samples; i++) {
        taps t = taps_of(&g, g.grid + 2 * i);
        int64_t image = i / (s.new_height * s.new_width) * size;
        for (int k = 0; k < t.count; k++)
            for (int64_t c = 0; c < s.channels && t.pixels[k] >= 0; c++) {
                int64_t to = image + t.pixels[k] * s.channels + c;
                sums[to] += t.weights[k] * g.samples[i * s.channels + c];
                magnitudes[to] += fabs(g.samples[i * s.channels + c]);
                terms[to]++;
            }
    }
    strata_run_grid_sample_backward(&g);
    for (int64_t i = 0; i < s.batch * size; i++)
        expect_near("a gradient", i, g.images[i], sums[i], tolerance_of(magnitudes[i], terms[i]));
}

static void test_sample(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int32_t fill = strata_fill_constant; fill <= strata_fill_mirror; fill++)
            for (int32_t is_bilinear = 0; is_bilinear < 2; is_bilinear++) test_sample_of(shapes[k], is_bilinear, fill);
}

static void test_gradient(void) {
    for (int64_t k = 0; k < COUNT_OF(shapes); k++)
        for (int32_t fill = strata_fill_constant; fill <= strata_fill_mirror; fill++)
            for (int32_t is_bilinear = 0; is_bilinear < 2; is_bilinear++)
                test_gradient_of(shapes[k], is_bilinear, fill);
}

const kernel_test image_tests[] = {
    {"strata_run_grid_sample", test_sample},
    {"strata_run_grid_sample_backward", test_gradient},
    {NULL, NULL},
};
