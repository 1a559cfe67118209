// im2col and col2im: with them a convolution and its gradients are matrix products.
#include "instruction_sets.h"
#include "lanes.h"
#include "parallel.h"

// Copies contiguous elements; blocks of 16 channels have sizes that the compiler knows.
STRATA_INLINE void copy_run(char *to, const char *from, int64_t size) {
    if (size == 64)
        memcpy(to, from, 64);
    else if (size == 32)
        memcpy(to, from, 32);
    else
        memcpy(to, from, (size_t)size);
}

// Copies what one row of the kernel covers at row y of an image, from column x on.
static char *copy_kernel_row(
    const strata_im2col *p, const char *image, int64_t y, int64_t x, char *to) {
    int64_t pixel = p->block * p->element_size, blocks = p->channels / p->block;
    int64_t step = p->height * p->width * pixel;
    const char *row = image + y * p->width * pixel;
    if (blocks == 1 && p->dilations[1] == 1 && x >= 0 && x + p->kernel[1] <= p->width) {
        copy_run(to, row + x * pixel, p->kernel[1] * pixel);
        return to + p->kernel[1] * pixel;
    }
    for (int64_t s = 0; s < p->kernel[1]; s++, x += p->dilations[1]) {
        int is_inside = x >= 0 && x < p->width;
        for (int64_t b = 0; b < blocks; b++, to += pixel)
            if (is_inside)
                copy_run(to, row + b * step + x * pixel, pixel);
            else
                memset(to, 0, (size_t)pixel);
    }
    return to;
}

// Rows of the results of all images.
static void copy_windows(void *context, int64_t begin, int64_t end) {
    const strata_im2col *p = context;
    int64_t pixel = p->channels * p->element_size;
    int64_t size = p->kernel[0] * p->kernel[1] * pixel;
    char *to = p->columns + begin * p->output_width * size;
    for (int64_t row = begin; row < end; row++) {
        const char *image = p->image + row / p->output_height * p->height * p->width * pixel;
        int64_t top = row % p->output_height * p->strides[0] - p->padding_before[0];
        for (int64_t column = 0; column < p->output_width; column++) {
            int64_t left = column * p->strides[1] - p->padding_before[1];
            for (int64_t r = 0; r < p->kernel[0]; r++) {
                int64_t y = top + r * p->dilations[0];
                if (y >= 0 && y < p->height) {
                    to = copy_kernel_row(p, image, y, left, to);
                } else {
                    memset(to, 0, (size_t)(p->kernel[1] * pixel));
                    to += p->kernel[1] * pixel;
                }
            }
        }
    }
}

int strata_run_im2col(const void *argument) {
    const strata_im2col *p = argument;
    int64_t size = p->output_width * p->kernel[0] * p->kernel[1] * p->channels * p->element_size;
    strata_parallel(p->batch * p->output_height, 1, 1 + 65536 / (size + 1), copy_windows, (void *)p);
    return 0;
}

// One row of an image in `count` channels; the sum stays in a register.
STRATA_INLINE void sum_row(
    const strata_col2im *s, const float *columns, int64_t y, int64_t position, int64_t count) {
    int64_t above = s->row_starts[y], below = s->row_starts[y + 1];
    for (int64_t x = 0; x < s->width; x++, position += s->block) {
        int64_t left = s->column_starts[x], right = s->column_starts[x + 1];
        strata_lanes sum = {0};
        for (int64_t i = above; i < below; i++)
            for (int64_t k = left; k < right; k++) {
                strata_lanes one;
                load_lanes(&one, columns, s->row_taps[i] + s->column_taps[k], count, 0);
                sum += one;
            }
        store_lanes(s->image, position, count, &sum, s->is_bfloat16);
    }
}

// Rows of all images.
STRATA_MULTIVERSIONED_LOOP(sum_rows) {
    const strata_col2im *s = context;
    for (int64_t row = begin; row < end; row++) {
        int64_t y = row % s->height, image = row / s->height;
        const float *columns = s->columns + image * s->columns_per_image;
        for (int64_t c = 0, count; c < s->channels; c += count) {
            int64_t block = (image * s->channels + c) / s->block, inside = c % s->block;
            int64_t position = (block * s->height + y) * s->width * s->block + inside;
            count = s->block - inside < STRATA_LANES ? s->block - inside : STRATA_LANES;
            if (count == STRATA_LANES)
                sum_row(s, columns + c, y, position, STRATA_LANES);
            else
                sum_row(s, columns + c, y, position, count);
        }
    }
}

int strata_run_col2im(const void *argument) {
    const strata_col2im *s = argument;
    strata_parallel(
        s->batch * s->height, 1, 1 + 16384 / (s->width * s->channels + 1), sum_rows, (void *)s);
    return 0;
}
