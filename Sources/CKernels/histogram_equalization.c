// Histogram equalization of images.
#include "include/CKernels.h"

#include <math.h>
#include <string.h>

static int64_t bin(float scaled, int64_t bins) {
    return scaled > 0 ? scaled < (float)(bins - 1) ? (int64_t)scaled : bins - 1 : 0;
}

// Keras multiplies before it divides where it counts, and after where it looks up; in float32 the two may
// give neighbouring bins.
static int64_t counted_bin(float value, int64_t bins) {
    return bin(value * (float)(bins - 1) / 255.0f, bins);
}

static int64_t looked_up_bin(float value, int64_t bins) {
    return bin(value / 255.0f * (float)(bins - 1), bins);
}

int strata_run_histogram_equalization(const void *argument) {
    const strata_histogram_equalization *e = argument;
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
            float equalized = rintf((float)below * 255.0f / (rest ? rest : 1));
            if (used > 1) value = equalized < 0 ? 0 : equalized > 255 ? 255 : equalized;
            e->destination[i * e->channels + c] = value;
        }
    }
    return 0;
}
