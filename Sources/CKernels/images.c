// Images seen through moved points, and their histograms made flat.
#include "parallel.h"

#include <math.h>
#include <string.h>

// The pixel that stands for place `i` along an axis, or -1 for the fill value. Places are bounded
// first: what is no number or far away must not overflow.
static int64_t fixed(int64_t i, int64_t length, int32_t fill) {
    switch ((ck_fill)fill) {
    case ck_fill_constant: return i < 0 || i >= length ? -1 : i;
    case ck_fill_nearest: return i < 0 ? 0 : i >= length ? length - 1 : i;
    case ck_fill_wrap: return ((i % length) + length) % length;
    case ck_fill_reflect: {
        int64_t period = 2 * length, r = ((i % period) + period) % period;
        return r < length ? r : period - 1 - r;
    }
    case ck_fill_mirror: {
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

static float bounded(float place) {
    return place > -1e9f ? place < 1e9f ? place : 1e9f : -1e9f;
}

static int64_t joined(const ck_resampling *r, int64_t row, int64_t column) {
    int64_t y = fixed(row, r->height, r->fill), x = fixed(column, r->width, r->fill);
    return y < 0 || x < 0 ? -1 : y * r->width + x;
}

// The one or four pixels that a place is made from.
static int taps(const ck_resampling *r, const float *place, tap *taps) {
    float row = bounded(place[0]), column = bounded(place[1]);
    if (!r->is_linear) {
        taps[0] = (tap){joined(r, (int64_t)roundf(row), (int64_t)roundf(column)), 1};
        return 1;
    }
    float top = floorf(row), left = floorf(column);
    float down = row - top, right = column - left;
    int64_t y = (int64_t)top, x = (int64_t)left;
    taps[0] = (tap){joined(r, y, x), (1 - down) * (1 - right)};
    taps[1] = (tap){joined(r, y, x + 1), (1 - down) * right};
    taps[2] = (tap){joined(r, y + 1, x), down * (1 - right)};
    taps[3] = (tap){joined(r, y + 1, x + 1), down * right};
    return 4;
}

static void resample_rows(void *context, int64_t begin, int64_t end) {
    const ck_resampling *r = context;
    int64_t c = r->channels;
    for (int64_t row = begin; row < end; row++) {
        const float *image = r->images + row / r->new_height * r->height * r->width * c;
        for (int64_t x = 0; x < r->new_width; x++) {
            int64_t pixel = row * r->new_width + x;
            float *to = r->moved + pixel * c;
            tap t[4];
            int count = taps(r, r->places + 2 * pixel, t);
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

int ck_run_resampling(const void *argument) {
    const ck_resampling *r = argument;
    ck_parallel(
        r->batch * r->new_height, 1, 1 + 1024 / (r->new_width + 1), resample_rows, (void *)r);
    return 0;
}

// A whole image by one thread, so that sums have one order.
static void gather_gradients(void *context, int64_t begin, int64_t end) {
    const ck_resampling *r = context;
    int64_t c = r->channels, size = r->height * r->width * c;
    for (int64_t n = begin; n < end; n++) {
        float *image = r->images + n * size;
        memset(image, 0, sizeof(float) * (size_t)size);
        int64_t count = r->new_height * r->new_width;
        for (int64_t pixel = n * count; pixel < (n + 1) * count; pixel++) {
            tap t[4];
            int used = taps(r, r->places + 2 * pixel, t);
            for (int k = 0; k < used; k++)
                for (int64_t i = 0; t[k].pixel >= 0 && i < c; i++)
                    image[t[k].pixel * c + i] += t[k].weight * r->moved[pixel * c + i];
        }
    }
}

int ck_run_resampling_backward(const void *argument) {
    const ck_resampling *r = argument;
    ck_parallel(r->batch, 1, 1, gather_gradients, (void *)r);
    return 0;
}

static int64_t bin(float scaled, int64_t bins) {
    return scaled > 0 ? scaled < (float)(bins - 1) ? (int64_t)scaled : bins - 1 : 0;
}

// Keras scales before it divides when it counts, and after when it looks up; in float32 the two may
// fall into neighbouring bins.
static int64_t counted_bin(float value, int64_t bins) {
    return bin(value * (float)(bins - 1) / 255.0f, bins);
}

static int64_t looked_up_bin(float value, int64_t bins) {
    return bin(value / 255.0f * (float)(bins - 1), bins);
}

int ck_run_equalization(const void *argument) {
    const ck_equalization *e = argument;
    for (int64_t c = 0; c < e->channels; c++) {
        memset(e->counts, 0, sizeof(int32_t) * (size_t)e->bins);
        for (int64_t i = 0; i < e->count; i++)
            e->counts[counted_bin(e->source[i * e->channels + c], e->bins)]++;
        int64_t used = 0;
        int32_t first = 0, sum = 0;
        for (int64_t k = 0; k < e->bins; k++) {
            if (e->counts[k]) used++;
            sum += e->counts[k];
            if (!first) first = sum;
            e->counts[k] = sum;
        }
        float rest = (float)(sum - first);
        for (int64_t i = 0; i < e->count; i++) {
            float value = e->source[i * e->channels + c];
            int32_t below = e->counts[looked_up_bin(value, e->bins)] - first;
            float spread = rintf((float)below * 255.0f / (rest ? rest : 1));
            if (used > 1) value = spread < 0 ? 0 : spread > 255 ? 255 : spread;
            e->destination[i * e->channels + c] = value;
        }
    }
    return 0;
}
