// The patches of images that a convolution sees, and patches added up at their places: with them a
// convolution and its gradients are products of matrices.
#include "lanes.h"
#include "parallel.h"

// A run of elements side by side; the compiler is told the sizes of blocks of 16 channels.
CK_INLINE void copy_run(char *to, const char *from, int64_t size) {
    if (size == 64)
        memcpy(to, from, 64);
    else if (size == 32)
        memcpy(to, from, 32);
    else
        memcpy(to, from, (size_t)size);
}

// One row of the kernel at row y of an image, from column x on.
static char *copy_kernel_row(
    const ck_patches *p, const char *image, int64_t y, int64_t x, char *to) {
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

// Rows of the outputs of all images.
static void copy_patches(void *context, int64_t begin, int64_t end) {
    const ck_patches *p = context;
    int64_t pixel = p->channels * p->element_size;
    int64_t size = p->kernel[0] * p->kernel[1] * pixel;
    char *to = p->patches + begin * p->columns * size;
    for (int64_t row = begin; row < end; row++) {
        const char *image = p->image + row / p->rows * p->height * p->width * pixel;
        int64_t top = row % p->rows * p->strides[0] - p->low[0];
        for (int64_t column = 0; column < p->columns; column++) {
            int64_t left = column * p->strides[1] - p->low[1];
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

int ck_run_patches(const void *argument) {
    const ck_patches *p = argument;
    int64_t size = p->columns * p->kernel[0] * p->kernel[1] * p->channels * p->element_size;
    ck_parallel(p->batch * p->rows, 1, 1 + 65536 / (size + 1), copy_patches, (void *)p);
    return 0;
}

// A row of an image in `count` channels: what is added stays in a register.
CK_INLINE void sum_row(
    const ck_patch_sums *s, const float *patches, int64_t y, int64_t place, int64_t count) {
    int64_t above = s->row_starts[y], below = s->row_starts[y + 1];
    for (int64_t x = 0; x < s->width; x++, place += s->block) {
        int64_t left = s->column_starts[x], right = s->column_starts[x + 1];
        ck_lanes sum = {0};
        for (int64_t i = above; i < below; i++)
            for (int64_t k = left; k < right; k++) {
                ck_lanes one;
                load_lanes(&one, patches, s->row_taps[i] + s->column_taps[k], count, 0);
                sum += one;
            }
        store_lanes(s->image, place, count, &sum, s->is_bfloat16);
    }
}

// Rows of all images.
CK_VECTORIZED
static void sum_rows(void *context, int64_t begin, int64_t end) {
    const ck_patch_sums *s = context;
    for (int64_t row = begin; row < end; row++) {
        int64_t y = row % s->height, image = row / s->height;
        const float *patches = s->patches + image * s->patches_size;
        for (int64_t c = 0, count; c < s->channels; c += count) {
            int64_t block = (image * s->channels + c) / s->block, inside = c % s->block;
            int64_t place = (block * s->height + y) * s->width * s->block + inside;
            count = s->block - inside < CK_LANES ? s->block - inside : CK_LANES;
            if (count == CK_LANES)
                sum_row(s, patches + c, y, place, CK_LANES);
            else
                sum_row(s, patches + c, y, place, count);
        }
    }
}

int ck_run_patch_sums(const void *argument) {
    const ck_patch_sums *s = argument;
    ck_parallel(
        s->batch * s->height, 1, 1 + 16384 / (s->width * s->channels + 1), sum_rows, (void *)s);
    return 0;
}
