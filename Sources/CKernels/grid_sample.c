// Grid sampling of images, and its gradient.
#include "parallel.h"

#include <math.h>
#include <string.h>

// The pixel for index `i` along an axis, or -1 for the fill value.
static int64_t filled_index(int64_t i, int64_t length, int32_t fill) {
    switch ((strata_fill)fill) {
    case strata_fill_constant: return i < 0 || i >= length ? -1 : i;
    case strata_fill_nearest: return i < 0 ? 0 : i >= length ? length - 1 : i;
    case strata_fill_wrap: return ((i % length) + length) % length;
    case strata_fill_reflect: {
        int64_t period = 2 * length, r = ((i % period) + period) % period;
        return r < length ? r : period - 1 - r;
    }
    case strata_fill_mirror: {
        if (length == 1) return 0;
        int64_t period = 2 * (length - 1), r = ((i % period) + period) % period;
        return r < length ? r : period - r;
    }
    }
    return -1;
}

typedef struct {
    int64_t pixel;  // row-major within the image, or -1
    float weight;
} tap;

// NaN and positions far away must not overflow an index.
static float bounded(float position) {
    return position > -1e9f ? position < 1e9f ? position : 1e9f : -1e9f;
}

static int64_t pixel_index(const strata_grid_sample *r, int64_t row, int64_t column) {
    int64_t y = filled_index(row, r->height, r->fill), x = filled_index(column, r->width, r->fill);
    return y < 0 || x < 0 ? -1 : y * r->width + x;
}

// The one or four pixels that a position is interpolated from.
static int taps(const strata_grid_sample *r, const float *position, tap *taps) {
    float row = bounded(position[0]), column = bounded(position[1]);
    if (!r->is_bilinear) {
        taps[0] = (tap){pixel_index(r, (int64_t)roundf(row), (int64_t)roundf(column)), 1};
        return 1;
    }
    float top = floorf(row), left = floorf(column);
    float down = row - top, right = column - left;
    int64_t y = (int64_t)top, x = (int64_t)left;
    taps[0] = (tap){pixel_index(r, y, x), (1 - down) * (1 - right)};
    taps[1] = (tap){pixel_index(r, y, x + 1), (1 - down) * right};
    taps[2] = (tap){pixel_index(r, y + 1, x), down * (1 - right)};
    taps[3] = (tap){pixel_index(r, y + 1, x + 1), down * right};
    return 4;
}

static void sample_rows(void *context, int64_t begin, int64_t end) {
    const strata_grid_sample *r = context;
    int64_t c = r->channels;
    for (int64_t row = begin; row < end; row++) {
        const float *image = r->images + row / r->new_height * r->height * r->width * c;
        for (int64_t x = 0; x < r->new_width; x++) {
            int64_t pixel = row * r->new_width + x;
            float *to = r->samples + pixel * c;
            tap t[4];
            int count = taps(r, r->grid + 2 * pixel, t);
            for (int64_t i = 0; i < c; i++) to[i] = 0;
            for (int k = 0; k < count; k++) {
                if (t[k].weight == 0) continue;
                if (t[k].pixel < 0)
                    for (int64_t i = 0; i < c; i++) to[i] += t[k].weight * r->fill_value;
                else
                    for (int64_t i = 0; i < c; i++)
                        to[i] += t[k].weight * image[t[k].pixel * c + i];
            }
        }
    }
}

int strata_run_grid_sample(const void *argument) {
    const strata_grid_sample *r = argument;
    strata_parallel(
        r->batch * r->new_height, 1, 1 + 1024 / (r->new_width + 1), sample_rows, (void *)r);
    return 0;
}

// One thread for a whole image, so that sums have one order.
static void add_gradients(void *context, int64_t begin, int64_t end) {
    const strata_grid_sample *r = context;
    int64_t c = r->channels, size = r->height * r->width * c;
    for (int64_t n = begin; n < end; n++) {
        float *image = r->images + n * size;
        memset(image, 0, sizeof(float) * (size_t)size);
        int64_t count = r->new_height * r->new_width;
        for (int64_t pixel = n * count; pixel < (n + 1) * count; pixel++) {
            tap t[4];
            int used = taps(r, r->grid + 2 * pixel, t);
            for (int k = 0; k < used; k++)
                for (int64_t i = 0; t[k].pixel >= 0 && i < c; i++)
                    image[t[k].pixel * c + i] += t[k].weight * r->samples[pixel * c + i];
        }
    }
}

int strata_run_grid_sample_backward(const void *argument) {
    const strata_grid_sample *r = argument;
    strata_parallel(r->batch, 1, 1, add_gradients, (void *)r);
    return 0;
}
