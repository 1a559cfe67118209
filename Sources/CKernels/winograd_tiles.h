// The transforms over tiles of images: input and output transform, and the transposes of both.
#pragma once

#include "winograd_transforms.h"

// The transformed inputs of so many tiles stay in the second-level cache, and are enough rows for a matrix product.
#define MAX_TILES 48

// The strides of an image in a channel-blocked layout.
typedef struct {
    int64_t image, row, column, block, plane;
} image_strides;

STRATA_INLINE image_strides strides_of(int64_t height, int64_t width, int64_t channels, int64_t block) {
    return (image_strides){
        height * width * channels, width * block, block, block, height * width * block};
}

STRATA_INLINE int64_t channel(const image_strides *s, int64_t c) {
    return c / s->block * s->plane + c % s->block;
}

// Where a tile's pixels and its results begin, and which of the pixels are inside of the image.
typedef struct {
    int64_t image, result;
    int32_t top, bottom, left, right;
    int32_t is_inside, is_below, is_behind;  // another tile
} tile_position;

// Some tiles of one size.
typedef struct {
    const strata_winograd *w;
    tile_run rows, columns;
    image_strides image, result;
    int64_t count;
    tile_position tiles[MAX_TILES];
} tile_group;

// Tiles begin ..< begin + count of all images'.
STRATA_INLINE void find_tiles(tile_group *p, int64_t begin, int64_t count) {
    const strata_winograd *w = p->w;
    p->count = count;
    for (int64_t i = 0; i < count; i++) {
        int64_t line = (begin + i) / p->columns.tiles, image = line / p->rows.tiles;
        int64_t row = p->rows.first + line % p->rows.tiles * p->rows.results;
        int64_t column
            = p->columns.first + (begin + i) % p->columns.tiles * p->columns.results;
        int64_t y = 2 * row - w->padding_before[0], x = 2 * column - w->padding_before[1];
        int32_t height = 2 * p->rows.results + 1, width = 2 * p->columns.results + 1;
        tile_position t = {
            .image = image * p->image.image + y * p->image.row + x * p->image.column,
            .result = image * p->result.image + row * p->result.row + column * p->result.column,
            .top = (int32_t)max_of(-y, 0), .bottom = (int32_t)min_of(w->height - y, height),
            .left = (int32_t)max_of(-x, 0), .right = (int32_t)min_of(w->width - x, width),
            .is_below = row > 0, .is_behind = column > 0};
        t.is_inside = t.top == 0 && t.left == 0 && t.bottom == height && t.right == width;
        p->tiles[i] = t;
    }
}

// Matrices are an odd element of rows apart, so that the elements of a tile, one in each matrix, fall into different
// sets of the cache.
STRATA_INLINE int64_t rows_of(const tile_group *p) { return p->count | 1; }

// The input transform: from images to [2 height + 1, 2 width + 1, tiles, channels].
STRATA_INLINE void input_transform_tiles(const tile_group *p, float *values, int height, int width) {
    const strata_winograd *w = p->w;
    image_strides s = p->image;
    int64_t matrix = rows_of(p) * w->channels;
    for (int64_t tile = 0; tile < p->count; tile++) {
        tile_position t = p->tiles[tile];
        for (int64_t c = 0; c < w->channels; c += STRATA_LANES) {
            const float *from = w->image + t.image + channel(&s, c);
            int64_t row = s.row, column = s.column;
            strata_lanes edge[MAX_PRODUCTS * MAX_PRODUCTS];
            if (!t.is_inside) {
                memset(edge, 0, sizeof edge);
                for (int64_t i = t.top; i < t.bottom; i++)
                    for (int64_t k = t.left; k < t.right; k++)
                        load_lanes(
                            &edge[i * MAX_PRODUCTS + k], from, i * row + k * column, STRATA_LANES, 0);
                from = (const float *)edge;
                column = STRATA_LANES;
                row = MAX_PRODUCTS * STRATA_LANES;
            }
            strata_lanes grid[MAX_PRODUCTS][MAX_PRODUCTS];
            UNROLLED for (int k = 0; k < 2 * width + 1; k++) {
                strata_lanes line[MAX_PRODUCTS];
                UNROLLED for (int i = 0; i < 2 * height + 1; i++)
                    load_lanes(&line[i], from, i * row + k * column, STRATA_LANES, 0);
                input_transform(height, line, 1, grid[k]);
            }
            float *to = values + tile * w->channels + c;
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                strata_lanes line[MAX_PRODUCTS];
                input_transform(width, &grid[0][i], MAX_PRODUCTS, line);
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, to += matrix)
                    store_lanes(to, 0, STRATA_LANES, &line[k], 0);
            }
        }
    }
}

// Its transpose, for the gradient of images. Adds to what the tiles above and to the left have written.
STRATA_INLINE void transposed_input_transform_tiles(const tile_group *p, const float *values, int height, int width) {
    const strata_winograd *w = p->w;
    image_strides s = p->image;
    int64_t matrix = rows_of(p) * w->channels;
    for (int64_t tile = 0; tile < p->count; tile++) {
        tile_position t = p->tiles[tile];
        for (int64_t c = 0; c < w->channels; c += STRATA_LANES) {
            const float *from = values + tile * w->channels + c;
            strata_lanes grid[MAX_PRODUCTS][MAX_PRODUCTS];
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                strata_lanes line[MAX_PRODUCTS];
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, from += matrix)
                    load_lanes(&line[k], from, 0, STRATA_LANES, 0);
                input_transform_transposed(width, line, 1, grid[i]);
            }
            float *to = w->image_gradient + t.image + channel(&s, c);
            UNROLLED for (int k = 0; k < 2 * width + 1; k++) {
                strata_lanes line[MAX_PRODUCTS];
                input_transform_transposed(height, &grid[0][k], MAX_PRODUCTS, line);
                UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                    float *element = to + i * s.row + k * s.column;
                    if (!t.is_inside && (i < t.top || i >= t.bottom || k < t.left || k >= t.right))
                        continue;
                    if ((i == 0 && t.is_below) || (k == 0 && t.is_behind)) {
                        strata_lanes other;
                        load_lanes(&other, element, 0, STRATA_LANES, 0);
                        line[i] += other;
                    }
                    store_lanes(element, 0, STRATA_LANES, &line[i], 0);
                }
            }
        }
    }
}

// The output transform, with bias and activation.
STRATA_INLINE void output_transform_tiles(const tile_group *p, const float *products, int height, int width) {
    const strata_winograd *w = p->w;
    image_strides s = p->result;
    int64_t matrix = rows_of(p) * w->filters;
    for (int64_t tile = 0; tile < p->count; tile++) {
        float *result = w->result + p->tiles[tile].result;
        for (int64_t f = 0; f < w->filters; f += STRATA_LANES) {
            const float *from = products + tile * w->filters + f;
            strata_lanes grid[MAX_PRODUCTS][MAX_RESULTS], bias = {0};
            if (w->bias) load_lanes(&bias, w->bias, f, STRATA_LANES, 0);
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                strata_lanes line[MAX_PRODUCTS];
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, from += matrix)
                    load_lanes(&line[k], from, 0, STRATA_LANES, 0);
                output_transform(width, line, 1, grid[i]);
            }
            float *to = result + channel(&s, f);
            UNROLLED for (int k = 0; k < width; k++) {
                strata_lanes line[MAX_RESULTS];
                output_transform(height, &grid[0][k], MAX_RESULTS, line);
                UNROLLED for (int i = 0; i < height; i++) {
                    line[i] += bias;
                    if (w->activation == strata_relu) mask_lanes(&line[i], &line[i]);
                    store_lanes(to + i * s.row + k * s.column, 0, STRATA_LANES, &line[i], 0);
                }
            }
        }
    }
}

// Its transpose: from the gradients of results to the distinct ones of products. The bias's gradient is added to
// `sums` unless NULL.
STRATA_INLINE void transposed_output_transform_tiles(
    const tile_group *p, float *products, float *sums, int height, int width) {
    const strata_winograd *w = p->w;
    image_strides s = p->result;
    int64_t matrix = rows_of(p) * w->filters;
    int rows = gradient_count[height], columns = gradient_count[width];
    for (int64_t tile = 0; tile < p->count; tile++) {
        const float *result = w->result + p->tiles[tile].result;
        for (int64_t f = 0; f < w->filters; f += STRATA_LANES) {
            const float *from = result + channel(&s, f);
            strata_lanes grid[MAX_RESULTS][TRANSFORMED_WEIGHTS], sum = {0};
            UNROLLED for (int k = 0; k < width; k++) {
                strata_lanes line[MAX_RESULTS];
                UNROLLED for (int i = 0; i < height; i++) {
                    load_lanes(&line[i], from, i * s.row + k * s.column, STRATA_LANES, 0);
                    sum += line[i];
                }
                output_transform_transposed(height, line, 1, grid[k]);
            }
            if (sums) {
                strata_lanes other;
                load_lanes(&other, sums, f, STRATA_LANES, 0);
                sum += other;
                store_lanes(sums, f, STRATA_LANES, &sum, 0);
            }
            float *to = products + tile * w->filters + f;
            UNROLLED for (int i = 0; i < rows; i++) {
                strata_lanes line[TRANSFORMED_WEIGHTS];
                output_transform_transposed(width, &grid[0][i], TRANSFORMED_WEIGHTS, line);
                UNROLLED for (int k = 0; k < columns; k++, to += matrix)
                    store_lanes(to, 0, STRATA_LANES, &line[k], 0);
            }
        }
    }
}

#define WITH_SIZES(name, ...)                                                    \
    switch (p->rows.results * 4 + p->columns.results) {                         \
    case 15: name(__VA_ARGS__, 3, 3); break;                                    \
    case 14: name(__VA_ARGS__, 3, 2); break;                                    \
    case 11: name(__VA_ARGS__, 2, 3); break;                                    \
    default: name(__VA_ARGS__, 2, 2); break;                                    \
    }

AVX512 static void input_transform_group(const tile_group *p, float *values) {
    WITH_SIZES(input_transform_tiles, p, values)
}

AVX512 static void transposed_input_transform_group(const tile_group *p, const float *values) {
    WITH_SIZES(transposed_input_transform_tiles, p, values)
}

AVX512 static void output_transform_group(const tile_group *p, const float *products) {
    WITH_SIZES(output_transform_tiles, p, products)
}

AVX512 static void transposed_output_transform_group(const tile_group *p, float *products, float *sums) {
    WITH_SIZES(transposed_output_transform_tiles, p, products, sums)
}

