#include <stdlib.h>

#include "CImageCodecs.h"

// One new row of full width: the weighted sum of old rows.
static void mix_rows(
    const uint8_t *pixels, size_t row_size, const float *weights, size_t count, float *mixed) {
    float weight = weights[0];
    for (size_t i = 0; i < row_size; i++) mixed[i] = weight * pixels[i];
    for (size_t k = 1; k < count; k++) {
        const uint8_t *row = pixels + k * row_size;
        weight = weights[k];
        for (size_t i = 0; i < row_size; i++) mixed[i] += weight * row[i];
    }
}

int strata_image_resample(
    const uint8_t *pixels, size_t width, size_t channels, strata_taps rows, strata_taps columns,
    float *destination) {
    size_t row_size = width * channels;
    float *mixed = malloc(row_size * sizeof *mixed);
    if (!mixed) return 0;
    for (size_t y = 0; y < rows.new_length; y++) {
        mix_rows(
            pixels + (size_t)rows.first[y] * row_size, row_size, rows.weights + y * rows.count,
            rows.count, mixed);
        for (size_t x = 0; x < columns.new_length; x++) {
            const float *source = mixed + (size_t)columns.first[x] * channels;
            const float *weights = columns.weights + x * columns.count;
            for (size_t c = 0; c < channels; c++) {
                float sum = 0;
                for (size_t k = 0; k < columns.count; k++)
                    sum += weights[k] * source[k * channels + c];
                *destination++ = sum;
            }
        }
    }
    free(mixed);
    return 1;
}
