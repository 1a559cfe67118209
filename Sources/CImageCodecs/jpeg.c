#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "CImageCodecs.h"

// A progressive file may hold any number of scans over the same picture, each nearly as slow as the
// last, in a few bytes; encoders write about ten. So many at most, and so many pixels in all.
enum { max_scans = 500 };
static const size_t max_scanned_pixels = 2000000000;

// The most pixels that a byte stands for. Every block has a Huffman code of at least one bit in some
// scan, and there is a block for 64 pixels at least, or where each of two components is stretched along
// another axis (by 4, the most there can be), two for 256.
enum { max_pixels_in_byte = 1024 };

typedef struct {
    struct jpeg_error_mgr manager; // first, so that libjpeg's pointer to it is one to this
    jmp_buf jump;
    char *message;
} error_state;

// libjpeg's pointers lead to its parts, so that it stays in its place.
struct strata_jpeg {
    struct jpeg_decompress_struct info;
    error_state error;
    struct jpeg_progress_mgr progress;
    uint8_t *cmyk_row;
};

static void fail(j_common_ptr info, const char *text) {
    error_state *error = (error_state *)info->err;
    snprintf(error->message, strata_image_message_size, "%s", text);
    longjmp(error->jump, 1);
}

static void on_error(j_common_ptr info) {
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    fail(info, text);
}

// libjpeg goes on with grey where pixels are missing or damaged, and only warns; that is no
// picture. Other warnings are about bytes between the parts of the file, which cameras do leave.
static void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
    case JWRN_JPEG_EOF: fail(info, "the file is cut off"); break;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION: on_error(info); break;
    }
}

static void on_progress(j_common_ptr common) {
    j_decompress_ptr info = (j_decompress_ptr)common;
    size_t scans = (size_t)info->input_scan_number;
    size_t pixels = (size_t)info->image_width * info->image_height;
    if (scans > max_scans || (scans > 1 && scans > max_scanned_pixels / pixels))
        fail(common, "it has too many scans");
}

// Adobe's convention, which all CMYK files follow in practice, stores ink upside down: 255 is none.
// So a colour is its own light times black's, as Pillow's conversion has it.
static void cmyk_to_rgb(uint8_t *destination, const uint8_t *source, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < 3; c++)
            destination[3 * i + c] = (uint8_t)((source[4 * i + c] * source[4 * i + 3] + 127) / 255);
}

// The least of 1/8, 1/4, 1/2 and 1 at which the picture has at least the wanted size. libjpeg leaves
// out what a smaller picture does not need when it transforms the blocks.
static unsigned scale_denominator(size_t width, size_t height, size_t least_width, size_t least_height) {
    for (unsigned denominator = 8; denominator > 1; denominator /= 2)
        if (width / denominator >= least_width && height / denominator >= least_height)
            return denominator;
    return 1;
}

static int read_header(
    strata_jpeg *file, const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width,
    size_t least_height, strata_image_size *size) {
    j_decompress_ptr info = &file->info;
    if (setjmp(file->error.jump)) return 0;
    jpeg_create_decompress(info);
    info->progress = &file->progress;
    // Four components of 16 bits, as progressive files need them all at once.
    info->mem->max_memory_to_use = (long)(8 * max_pixels + (1 << 20));
    jpeg_mem_src(info, bytes, count);
    jpeg_read_header(info, TRUE);
    size_t width = info->image_width, height = info->image_height;
    size->width = width;
    size->height = height;
    if (width > max_pixels / height) fail((j_common_ptr)info, "it has too many pixels");
    char text[100];
    // An arithmetic code has no least length in theory; nobody writes files of even pictures alone.
    size_t most = info->arith_code ? 64 * max_pixels_in_byte : max_pixels_in_byte;
    if (width * height / most > count) {
        snprintf(text, sizeof text, "it is too short for %zu x %zu pixels", width, height);
        fail((j_common_ptr)info, text);
    }
    if (info->num_components == 4) info->out_color_space = JCS_CMYK;
    else if (info->num_components != 1) info->out_color_space = JCS_RGB;
    if (least_width && least_height)
        info->scale_num = 1,
        info->scale_denom = scale_denominator(width, height, least_width, least_height);
    jpeg_calc_output_dimensions(info);
    size->width = info->output_width;
    size->height = info->output_height;
    size->channels = info->num_components == 1 ? 1 : 3;
    return 1;
}

static int read_pixels(strata_jpeg *file, uint8_t *pixels) {
    j_decompress_ptr info = &file->info;
    if (setjmp(file->error.jump)) return 0;
    jpeg_start_decompress(info);
    size_t width = info->output_width, height = info->output_height;
    if (info->out_color_space == JCS_CMYK) {
        file->cmyk_row = malloc(4 * width);
        if (!file->cmyk_row) fail((j_common_ptr)info, "there is not enough memory");
        while (info->output_scanline < height) {
            uint8_t *destination = pixels + info->output_scanline * 3 * width;
            jpeg_read_scanlines(info, &file->cmyk_row, 1);
            cmyk_to_rgb(destination, file->cmyk_row, width);
        }
    } else {
        size_t row_size = width * (size_t)info->output_components;
        JSAMPROW rows[16];
        while (info->output_scanline < height) {
            size_t first = info->output_scanline, left = height - first;
            size_t count = left < 16 ? left : 16;
            for (size_t i = 0; i < count; i++) rows[i] = pixels + (first + i) * row_size;
            jpeg_read_scanlines(info, rows, (JDIMENSION)count);
        }
    }
    jpeg_finish_decompress(info);
    return 1;
}

strata_jpeg *strata_jpeg_open(
    const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width, size_t least_height,
    strata_image_size *size, char *message) {
    strata_jpeg *file = calloc(1, sizeof *file);
    if (!file) {
        snprintf(message, strata_image_message_size, "there is not enough memory");
        return NULL;
    }
    file->error.message = message;
    file->progress.progress_monitor = on_progress;
    file->info.err = jpeg_std_error(&file->error.manager);
    file->error.manager.error_exit = on_error;
    file->error.manager.emit_message = on_message;
    if (read_header(file, bytes, count, max_pixels, least_width, least_height, size)) return file;
    strata_jpeg_close(file);
    return NULL;
}

int strata_jpeg_read(strata_jpeg *file, uint8_t *pixels, char *message) {
    file->error.message = message;
    return read_pixels(file, pixels);
}

void strata_jpeg_close(strata_jpeg *file) {
    jpeg_destroy_decompress(&file->info);
    free(file->cmyk_row);
    free(file);
}
