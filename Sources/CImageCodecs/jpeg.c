#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "CImageCodecs.h"

// A progressive file may hold any number of scans over the same picture, each as slow as the last;
// encoders write about ten.
enum { max_scans = 500 };

typedef struct {
    struct jpeg_error_mgr manager; // first, so that libjpeg's pointer to it is one to this
    jmp_buf jump;
    char *message;
} error_state;

// What decoding works with. It lives in the caller of the function that calls setjmp, whose own
// locals are indeterminate after a longjmp.
typedef struct {
    struct jpeg_decompress_struct info;
    error_state error;
    struct jpeg_progress_mgr progress;
    uint8_t *pixels, *cmyk_row;
} state;

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

static void on_progress(j_common_ptr info) {
    if (((j_decompress_ptr)info)->input_scan_number > max_scans) fail(info, "it has too many scans");
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

static int decode(
    state *s, const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width,
    size_t least_height, strata_image *image) {
    j_decompress_ptr info = &s->info;
    if (setjmp(s->error.jump)) return 0;
    jpeg_create_decompress(info);
    info->progress = &s->progress;
    jpeg_mem_src(info, bytes, count);
    jpeg_read_header(info, TRUE);
    size_t width = info->image_width, height = info->image_height;
    if (width > max_pixels / height) {
        char text[100];
        snprintf(text, sizeof text, "%zu x %zu pixels are too many", width, height);
        fail((j_common_ptr)info, text);
    }
    int is_cmyk = info->num_components == 4;
    if (is_cmyk) info->out_color_space = JCS_CMYK;
    else if (info->num_components != 1) info->out_color_space = JCS_RGB;
    if (least_width && least_height)
        info->scale_num = 1,
        info->scale_denom = scale_denominator(width, height, least_width, least_height);
    jpeg_start_decompress(info);
    width = info->output_width, height = info->output_height;
    image->width = width;
    image->height = height;
    image->channels = info->num_components == 1 ? 1 : 3;
    size_t row_size = width * image->channels;
    s->pixels = malloc(row_size * height);
    if (is_cmyk) s->cmyk_row = malloc(4 * width);
    if (!s->pixels || (is_cmyk && !s->cmyk_row))
        fail((j_common_ptr)info, "there is not enough memory");
    while (info->output_scanline < height) {
        uint8_t *destination = s->pixels + info->output_scanline * row_size;
        JSAMPROW row = is_cmyk ? s->cmyk_row : destination;
        jpeg_read_scanlines(info, &row, 1);
        if (is_cmyk) cmyk_to_rgb(destination, s->cmyk_row, width);
    }
    jpeg_finish_decompress(info);
    return 1;
}

int strata_jpeg_decode(
    const uint8_t *bytes, size_t count, size_t max_pixels, size_t least_width, size_t least_height,
    strata_image *image, char *message) {
    state s = {.error = {.message = message}, .progress = {.progress_monitor = on_progress}};
    s.info.err = jpeg_std_error(&s.error.manager);
    s.error.manager.error_exit = on_error;
    s.error.manager.emit_message = on_message;
    int succeeded = decode(&s, bytes, count, max_pixels, least_width, least_height, image);
    jpeg_destroy_decompress(&s.info);
    free(s.cmyk_row);
    if (succeeded) image->pixels = s.pixels;
    else free(s.pixels);
    return succeeded;
}
