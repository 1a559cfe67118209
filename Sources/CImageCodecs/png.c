#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

// What the callbacks need, and what has to be freed however the work ends. It lives in the caller of
// the function that calls setjmp, whose own locals are indeterminate after a longjmp.
typedef struct {
    const uint8_t *input;
    size_t input_left;
    uint8_t *output;
    size_t output_count, output_capacity;
    char *message;
} state;

static void on_error(png_structp png, png_const_charp text) {
    state *s = png_get_error_ptr(png);
    snprintf(s->message, strata_image_message_size, "%s", text);
    png_longjmp(png, 1);
}

// Warnings are about ancillary chunks, which do not touch the pixels.
static void on_warning(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    state *s = png_get_io_ptr(png);
    if (count > s->input_left) png_error(png, "the file is cut off");
    memcpy(destination, s->input, count);
    s->input += count;
    s->input_left -= count;
}

static void write_bytes(png_structp png, png_bytep source, size_t count) {
    state *s = png_get_io_ptr(png);
    if (count > s->output_capacity - s->output_count) {
        size_t capacity = 2 * s->output_capacity + count;
        uint8_t *grown = realloc(s->output, capacity);
        if (!grown) png_error(png, "there is not enough memory");
        s->output = grown;
        s->output_capacity = capacity;
    }
    memcpy(s->output + s->output_count, source, count);
    s->output_count += count;
}

static void flush_bytes(png_structp png) { (void)png; }

static int decode(
    png_structp png, png_infop info, state *s, size_t max_pixels, strata_image *image) {
    if (setjmp(png_jmpbuf(png))) return 0;
    png_set_read_fn(png, s, read_bytes);
    png_read_info(png, info);
    size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    if (width > max_pixels / height) {
        char text[100];
        snprintf(text, sizeof text, "%zu x %zu pixels are too many", width, height);
        png_error(png, text);
    }
    // Palettes to colours, fewer than 8 bits to 8, a transparent colour to alpha; of 16 bits the
    // upper 8, as Pillow takes them.
    png_set_expand(png);
    png_set_strip_16(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t row_size = png_get_rowbytes(png, info);
    image->width = width;
    image->height = height;
    image->channels = png_get_channels(png, info);
    s->output = malloc(row_size * height);
    if (!s->output) png_error(png, "there is not enough memory");
    for (int pass = 0; pass < passes; pass++)
        for (size_t row = 0; row < height; row++)
            png_read_row(png, s->output + row * row_size, NULL);
    png_read_end(png, NULL);
    return 1;
}

int strata_png_decode(
    const uint8_t *bytes, size_t count, size_t max_pixels, strata_image *image, char *message) {
    state s = {.input = bytes, .input_left = count, .message = message};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message, strata_image_message_size, "there is not enough memory");
        return 0;
    }
    int succeeded = decode(png, info, &s, max_pixels, image);
    png_destroy_read_struct(&png, &info, NULL);
    if (succeeded) image->pixels = s.output;
    else free(s.output);
    return succeeded;
}

static int encode(
    png_structp png, png_infop info, state *s, const uint8_t *pixels, size_t width, size_t height,
    size_t channels) {
    static const int types[] = {
        PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
        PNG_COLOR_TYPE_RGB_ALPHA};
    if (setjmp(png_jmpbuf(png))) return 0;
    png_set_write_fn(png, s, write_bytes, flush_bytes);
    png_set_IHDR(
        png, info, (png_uint_32)width, (png_uint_32)height, 8, types[channels - 1],
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (size_t row = 0; row < height; row++)
        png_write_row(png, pixels + row * width * channels);
    png_write_end(png, NULL);
    return 1;
}

int strata_png_encode(
    const uint8_t *pixels, size_t width, size_t height, size_t channels, uint8_t **bytes,
    size_t *count, char *message) {
    state s = {.message = message};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        snprintf(message, strata_image_message_size, "there is not enough memory");
        return 0;
    }
    int succeeded = encode(png, info, &s, pixels, width, height, channels);
    png_destroy_write_struct(&png, &info);
    if (!succeeded) {
        free(s.output);
        return 0;
    }
    *bytes = s.output;
    *count = s.output_count;
    return 1;
}

void strata_image_free(uint8_t *memory) { free(memory); }
