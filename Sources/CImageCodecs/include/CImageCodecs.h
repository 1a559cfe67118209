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
int strata_jpeg_decode(
    const uint8_t *bytes, size_t count, size_t max_pixels, strata_image *image, char *message);

// `channels` is 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA); the result is freed as above.
int strata_png_encode(
    const uint8_t *pixels, size_t width, size_t height, size_t channels, uint8_t **bytes,
    size_t *count, char *message);

void strata_image_free(uint8_t *memory);
