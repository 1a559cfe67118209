#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

// One new row of full width: the weighted sum of old rows.
static void mix_rows(
    const uint8_t *pixels, size_t row_size, size_t length, const float *weights, size_t count,
    float *mixed) {
    float weight = weights[0];
    if (count == 2) {
        const uint8_t *below = pixels + row_size;
        float other = weights[1];
        for (size_t i = 0; i < length; i++) mixed[i] = weight * pixels[i] + other * below[i];
        return;
    }
    for (size_t i = 0; i < length; i++) mixed[i] = weight * pixels[i];
    for (size_t k = 1; k < count; k++) {
        const uint8_t *row = pixels + k * row_size;
        weight = weights[k];
        for (size_t i = 0; i < length; i++) mixed[i] += weight * row[i];
    }
}

// Called with constants, so that the inner loops are unrolled.
static inline __attribute__((always_inline)) void mix_columns(
    const float *mixed, size_t channels, strata_taps columns, size_t count, float *line) {
    for (size_t x = 0; x < columns.new_length; x++) {
        const float *source = mixed + (size_t)columns.first[x] * channels;
        const float *weights = columns.weights + x * count;
        for (size_t c = 0; c < channels; c++) {
            float sum = 0;
            for (size_t k = 0; k < count; k++) sum += weights[k] * source[k * channels + c];
            *line++ = sum;
        }
    }
}

static void write_row(const float *line, size_t length, strata_target target, size_t y) {
    if (target.floats) {
        memcpy(target.floats + y * target.row_size, line, length * sizeof *line);
        return;
    }
    uint8_t *bytes = target.bytes + y * target.row_size;
    for (size_t i = 0; i < length; i++) {
        float value = line[i] < 0 ? 0 : line[i] > 255 ? 255 : line[i];
        bytes[i] = (uint8_t)(int)(value + 0.5f);
    }
}

int strata_image_resample(
    const uint8_t *pixels, size_t row_size, size_t width, size_t channels, strata_taps rows,
    strata_taps columns, strata_target target) {
    size_t length = width * channels, new_length = columns.new_length * channels;
    float *mixed = malloc((length + new_length) * sizeof *mixed);
    if (!mixed) return 0;
    float *line = mixed + length;
    for (size_t y = 0; y < rows.new_length; y++) {
        mix_rows(
            pixels + (size_t)rows.first[y] * row_size, row_size, length,
            rows.weights + y * rows.count, rows.count, mixed);
        if (channels == 3 && columns.count == 2) mix_columns(mixed, 3, columns, 2, line);
        else if (channels == 3) mix_columns(mixed, 3, columns, columns.count, line);
        else mix_columns(mixed, channels, columns, columns.count, line);
        write_row(line, new_length, target, y);
    }
    free(mixed);
    return 1;
}
