// PNG and JPEG from memory to memory. Both libraries report errors by longjmp, which must not cross
// Swift frames; it stays in here, and errors come out as messages.
#pragma once

#include <stddef.h>
#include <stdint.h>

// A picture of 8-bit samples, rows from the top, no padding.
typedef struct {
    size_t width, height, channels;
} strata_image_size;

enum { strata_image_message_size = 200 };

// A file whose header was read. What it declares has been found to be no more than `max_pixels`, and
// no more than a file of that length can hold. `bytes` must stay until it is closed.
typedef struct strata_png strata_png;
typedef struct strata_jpeg strata_jpeg;

// Each returns NULL or 0 where it fails, with the reason in `message`, which has
// strata_image_message_size bytes. A header that can be read has its width and height in `size` even
// where they are refused.
strata_png *strata_png_open(
    const uint8_t *bytes, size_t count, size_t max_pixels, strata_image_size *size, char *message);
// A JPEG may come at 1/2, 1/4 or 1/8 of its size, if that leaves at least the size given; 0 for all.
strata_jpeg *strata_jpeg_open(
    const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width, size_t least_height,
    strata_image_size *size, char *message);

// Decodes to height * width * channels bytes; once for each file.
int strata_png_read(strata_png *file, uint8_t *pixels, char *message);
int strata_jpeg_read(strata_jpeg *file, uint8_t *pixels, char *message);

void strata_png_close(strata_png *file);
void strata_jpeg_close(strata_jpeg *file);

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

// Where numbers go, in rows whose beginnings lie `row_size` numbers apart: to bytes, rounded and kept
// within 0 ... 255, or to floats; the other one is NULL.
typedef struct {
    uint8_t *bytes;
    float *floats;
    size_t row_size;
} strata_target;

// Brings `width` pixels of rows that begin `row_size` bytes apart to another size, along both axes one
// after the other. Returns 0 where there is not enough memory.
int strata_image_resample(
    const uint8_t *pixels, size_t row_size, size_t width, size_t channels, strata_taps rows,
    strata_taps columns, strata_target target);
