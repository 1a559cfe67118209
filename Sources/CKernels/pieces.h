// Tiles of images: from images to what is multiplied, from products to results, and both ways back.
#pragma once

#include "tiles.h"

// So many tiles' numbers stay in the second-level cache, and are rows enough for products of matrices.
#define MOST_TILES 48

// The strides of an image of channels in blocks.
typedef struct {
    int64_t image, row, column, block, plane;
} image_strides;

CK_INLINE image_strides strides_of(int64_t height, int64_t width, int64_t channels, int64_t block) {
    return (image_strides){
        height * width * channels, width * block, block, block, height * width * block};
}

CK_INLINE int64_t channel(const image_strides *s, int64_t c) {
    return c / s->block * s->plane + c % s->block;
}

// Where a tile's part of the image and its results begin, and what of that part lies in the image.
typedef struct {
    int64_t image, result;
    int32_t top, bottom, left, right;
    int32_t is_inside, is_below, is_behind;  // another tile
} tile_place;

// Some tiles of one size.
typedef struct {
    const ck_winograd *w;
    tile_run rows, columns;
    image_strides image, result;
    int64_t count;
    tile_place tiles[MOST_TILES];
} piece;

// Tiles begin ..< begin + count of all images'.
CK_INLINE void find_tiles(piece *p, int64_t begin, int64_t count) {
    const ck_winograd *w = p->w;
    p->count = count;
    for (int64_t i = 0; i < count; i++) {
        int64_t line = (begin + i) / p->columns.tiles, image = line / p->rows.tiles;
        int64_t row = p->rows.first + line % p->rows.tiles * p->rows.results;
        int64_t column
            = p->columns.first + (begin + i) % p->columns.tiles * p->columns.results;
        int64_t y = 2 * row - w->low[0], x = 2 * column - w->low[1];
        int32_t height = 2 * p->rows.results + 1, width = 2 * p->columns.results + 1;
        tile_place t = {
            .image = image * p->image.image + y * p->image.row + x * p->image.column,
            .result = image * p->result.image + row * p->result.row + column * p->result.column,
            .top = (int32_t)most(-y, 0), .bottom = (int32_t)least(w->height - y, height),
            .left = (int32_t)most(-x, 0), .right = (int32_t)least(w->width - x, width),
            .is_below = row > 0, .is_behind = column > 0};
        t.is_inside = t.top == 0 && t.left == 0 && t.bottom == height && t.right == width;
        p->tiles[i] = t;
    }
}

// Matrices lie an odd number of rows from each other: the numbers of a tile, one in each, then share out the
// sets of the cache.
CK_INLINE int64_t rows_of(const piece *p) { return p->count | 1; }

// From images to numbers [2 height + 1, 2 width + 1, tiles, channels].
CK_INLINE void spread_tiles(const piece *p, float *numbers, int height, int width) {
    const ck_winograd *w = p->w;
    image_strides s = p->image;
    int64_t matrix = rows_of(p) * w->channels;
    for (int64_t tile = 0; tile < p->count; tile++) {
        tile_place t = p->tiles[tile];
        for (int64_t c = 0; c < w->channels; c += CK_LANES) {
            const float *from = w->image + t.image + channel(&s, c);
            int64_t row = s.row, column = s.column;
            ck_lanes edge[MOST_NUMBERS * MOST_NUMBERS];
            if (!t.is_inside) {
                memset(edge, 0, sizeof edge);
                for (int64_t i = t.top; i < t.bottom; i++)
                    for (int64_t k = t.left; k < t.right; k++)
                        load_lanes(
                            &edge[i * MOST_NUMBERS + k], from, i * row + k * column, CK_LANES, 0);
                from = (const float *)edge;
                column = CK_LANES;
                row = MOST_NUMBERS * CK_LANES;
            }
            ck_lanes grid[MOST_NUMBERS][MOST_NUMBERS];
            UNROLLED for (int k = 0; k < 2 * width + 1; k++) {
                ck_lanes line[MOST_NUMBERS];
                UNROLLED for (int i = 0; i < 2 * height + 1; i++)
                    load_lanes(&line[i], from, i * row + k * column, CK_LANES, 0);
                spread(height, line, 1, grid[k]);
            }
            float *to = numbers + tile * w->channels + c;
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                ck_lanes line[MOST_NUMBERS];
                spread(width, &grid[0][i], MOST_NUMBERS, line);
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, to += matrix)
                    store_lanes(to, 0, CK_LANES, &line[k], 0);
            }
        }
    }
}

// From the gradients of numbers to those of images; what tiles above and to the left have given is there.
CK_INLINE void spread_tiles_back(const piece *p, const float *numbers, int height, int width) {
    const ck_winograd *w = p->w;
    image_strides s = p->image;
    int64_t matrix = rows_of(p) * w->channels;
    for (int64_t tile = 0; tile < p->count; tile++) {
        tile_place t = p->tiles[tile];
        for (int64_t c = 0; c < w->channels; c += CK_LANES) {
            const float *from = numbers + tile * w->channels + c;
            ck_lanes grid[MOST_NUMBERS][MOST_NUMBERS];
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                ck_lanes line[MOST_NUMBERS];
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, from += matrix)
                    load_lanes(&line[k], from, 0, CK_LANES, 0);
                spread_back(width, line, 1, grid[i]);
            }
            float *to = w->image_gradient + t.image + channel(&s, c);
            UNROLLED for (int k = 0; k < 2 * width + 1; k++) {
                ck_lanes line[MOST_NUMBERS];
                spread_back(height, &grid[0][k], MOST_NUMBERS, line);
                UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                    float *number = to + i * s.row + k * s.column;
                    if (!t.is_inside && (i < t.top || i >= t.bottom || k < t.left || k >= t.right))
                        continue;
                    if ((i == 0 && t.is_below) || (k == 0 && t.is_behind)) {
                        ck_lanes other;
                        load_lanes(&other, number, 0, CK_LANES, 0);
                        line[i] += other;
                    }
                    store_lanes(number, 0, CK_LANES, &line[i], 0);
                }
            }
        }
    }
}

// From products to results, with bias and activation.
CK_INLINE void gather_tiles(const piece *p, const float *products, int height, int width) {
    const ck_winograd *w = p->w;
    image_strides s = p->result;
    int64_t matrix = rows_of(p) * w->filters;
    for (int64_t tile = 0; tile < p->count; tile++) {
        float *result = w->result + p->tiles[tile].result;
        for (int64_t f = 0; f < w->filters; f += CK_LANES) {
            const float *from = products + tile * w->filters + f;
            ck_lanes grid[MOST_NUMBERS][MOST_RESULTS], bias = {0};
            if (w->bias) load_lanes(&bias, w->bias, f, CK_LANES, 0);
            UNROLLED for (int i = 0; i < 2 * height + 1; i++) {
                ck_lanes line[MOST_NUMBERS];
                UNROLLED for (int k = 0; k < 2 * width + 1; k++, from += matrix)
                    load_lanes(&line[k], from, 0, CK_LANES, 0);
                gather_results(width, line, 1, grid[i]);
            }
            float *to = result + channel(&s, f);
            UNROLLED for (int k = 0; k < width; k++) {
                ck_lanes line[MOST_RESULTS];
                gather_results(height, &grid[0][k], MOST_RESULTS, line);
                UNROLLED for (int i = 0; i < height; i++) {
                    line[i] += bias;
                    if (w->activation == ck_relu) mask_lanes(&line[i], &line[i]);
                    store_lanes(to + i * s.row + k * s.column, 0, CK_LANES, &line[i], 0);
                }
            }
        }
    }
}

// From the gradients of results to the different ones of products; `sums`, if there, takes up the bias's.
CK_INLINE void gather_tiles_back(
    const piece *p, float *products, float *sums, int height, int width) {
    const ck_winograd *w = p->w;
    image_strides s = p->result;
    int64_t matrix = rows_of(p) * w->filters;
    int rows = gradient_count[height], columns = gradient_count[width];
    for (int64_t tile = 0; tile < p->count; tile++) {
        const float *result = w->result + p->tiles[tile].result;
        for (int64_t f = 0; f < w->filters; f += CK_LANES) {
            const float *from = result + channel(&s, f);
            ck_lanes grid[MOST_RESULTS][FACTORS], sum = {0};
            UNROLLED for (int k = 0; k < width; k++) {
                ck_lanes line[MOST_RESULTS];
                UNROLLED for (int i = 0; i < height; i++) {
                    load_lanes(&line[i], from, i * s.row + k * s.column, CK_LANES, 0);
                    sum += line[i];
                }
                gather_back(height, line, 1, grid[k]);
            }
            if (sums) {
                ck_lanes other;
                load_lanes(&other, sums, f, CK_LANES, 0);
                sum += other;
                store_lanes(sums, f, CK_LANES, &sum, 0);
            }
            float *to = products + tile * w->filters + f;
            UNROLLED for (int i = 0; i < rows; i++) {
                ck_lanes line[FACTORS];
                gather_back(width, &grid[0][i], FACTORS, line);
                UNROLLED for (int k = 0; k < columns; k++, to += matrix)
                    store_lanes(to, 0, CK_LANES, &line[k], 0);
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

WIDE static void spread_piece(const piece *p, float *numbers) {
    WITH_SIZES(spread_tiles, p, numbers)
}

WIDE static void spread_piece_back(const piece *p, const float *numbers) {
    WITH_SIZES(spread_tiles_back, p, numbers)
}

WIDE static void gather_piece(const piece *p, const float *products) {
    WITH_SIZES(gather_tiles, p, products)
}

WIDE static void gather_piece_back(const piece *p, float *products, float *sums) {
    WITH_SIZES(gather_tiles_back, p, products, sums)
}

