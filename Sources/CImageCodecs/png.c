#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

// What the callbacks need, and what has to be freed however the work ends.
typedef struct {
    const uint8_t *input;
    size_t input_left;
    uint8_t *output;
    size_t output_count, output_capacity;
    char *message;
} state;

struct strata_png {
    png_structp png;
    png_infop info;
    state state;
    int passes;
};

// Deflate's most: 258 bytes in 2 bits (RFC 1951).
enum { max_inflation = 1032 };

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

static int read_header(
    strata_png *file, size_t count, size_t max_pixels, strata_image_size *size) {
    png_structp png = file->png;
    png_infop info = file->info;
    if (setjmp(png_jmpbuf(png))) return 0;
    png_set_read_fn(png, &file->state, read_bytes);
    // Texts and colour profiles, which may be packed a thousand times over, are passed by: all that
    // is not needed for pixels.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
    size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    size->width = width;
    size->height = height;
    if (width > max_pixels / height) png_error(png, "it has too many pixels");
    char text[100];
    if (png_get_rowbytes(png, info) * height / max_inflation > count) {
        snprintf(text, sizeof text, "it is too short for %zu x %zu pixels", width, height);
        png_error(png, text);
    }
    // Palettes to colours, fewer than 8 bits to 8, a transparent colour to alpha; of 16 bits the
    // upper 8, as Pillow takes them.
    png_set_expand(png);
    png_set_strip_16(png);
    file->passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size->channels = png_get_channels(png, info);
    return 1;
}

static int read_pixels(strata_png *file, uint8_t *pixels) {
    png_structp png = file->png;
    if (setjmp(png_jmpbuf(png))) return 0;
    size_t row_size = png_get_rowbytes(png, file->info);
    size_t height = png_get_image_height(png, file->info);
    for (int pass = 0; pass < file->passes; pass++)
        for (size_t row = 0; row < height; row++)
            png_read_row(png, pixels + row * row_size, NULL);
    png_read_end(png, NULL);
    return 1;
}

strata_png *strata_png_open(
    const uint8_t *bytes, size_t count, size_t max_pixels, strata_image_size *size, char *message) {
    strata_png *file = calloc(1, sizeof *file);
    if (file) {
        file->state = (state){.input = bytes, .input_left = count, .message = message};
        file->png = png_create_read_struct(
            PNG_LIBPNG_VER_STRING, &file->state, on_error, on_warning);
        if (file->png) file->info = png_create_info_struct(file->png);
        if (file->info && read_header(file, count, max_pixels, size)) return file;
    }
    if (!file || !file->info)
        snprintf(message, strata_image_message_size, "there is not enough memory");
    strata_png_close(file);
    return NULL;
}

int strata_png_read(strata_png *file, uint8_t *pixels, char *message) {
    file->state.message = message;
    return read_pixels(file, pixels);
}

void strata_png_close(strata_png *file) {
    if (!file) return;
    png_destroy_read_struct(&file->png, &file->info, NULL);
    free(file);
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
