// PNG and JPEG from memory to memory. Both libraries report errors by longjmp, which must not cross
// Swift frames; it stays in here, and errors come out as messages.
#pragma once

#include <stddef.h>
#include <stdint.h>

// A picture of 8-bit samples, rows from the top, no padding.
typedef struct {
    uint8_t *pixels; // to be freed with strata_image_free
    size_t width, height, channels;
} strata_image;

enum { strata_image_message_size = 200 };

// Each returns 1, or 0 with the reason in `message`, which has strata_image_message_size bytes.
int strata_png_decode(
    const uint8_t *bytes, size_t count, size_t max_pixels, strata_image *image, char *message);
// A JPEG may come at 1/2, 1/4 or 1/8 of its size, if that leaves at least the size given; 0 for all.
int strata_jpeg_decode(
    const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width, size_t least_height,
    strata_image *image, char *message);

// `channels` is 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA); the result is freed as above.
int strata_png_encode(
    const uint8_t *pixels, size_t width, size_t height, size_t channels, uint8_t **bytes,
    size_t *count, char *message);

void strata_image_free(uint8_t *memory);

// For each new row or column the old ones that it is made from: `count` of them from `first[i]` on,
// with the weights `weights[i * count]` and following.
typedef struct {
    size_t new_length, count;
    const int32_t *first;
    const float *weights;
} strata_taps;

// Brings [height, width, channels] of bytes to another size, along both axes one after the other.
// Returns 0 where there is not enough memory.
int strata_image_resample(
    const uint8_t *pixels, size_t width, size_t channels, strata_taps rows, strata_taps columns,
    float *destination);
