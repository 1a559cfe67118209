// 3 x 3 convolutions with strides of 2 by Winograd's algorithm, and their gradients.
//
// Each element of the transformed tiles (winograd_tiles.h) gives a matrix [tiles, channels], whose product with a
// matrix of transformed weights [channels, filters] is [tiles, filters]. A partition of the batch is processed in
// groups of tiles that stay in the second-level cache.
#include "winograd_tiles.h"

// ---- Products of matrices --------------------------------------------------------------------

// Accumulators of some rows in some vectors, with their factors: 29 registers, or 27 for twice the rows in half as
// many vectors.
#define MAX_ROWS 6
#define MAX_VECTORS 4
#define PANEL (MAX_VECTORS * STRATA_LANES)

// c [rows, vectors] = a [rows, length] b [length, vectors]; added to what is in c if it `adds`.
typedef struct {
    const float *a, *b;
    float *c;
    int64_t a_row, a_step, b_step, c_row, length;
    int adds;
} product;

STRATA_INLINE void multiply(const product *p, int rows, int vectors) {
    strata_lanes sums[2 * MAX_ROWS][MAX_VECTORS] = {0};
    if (p->adds)
        UNROLLED for (int i = 0; i < rows; i++)
            UNROLLED for (int v = 0; v < vectors; v++)
                load_lanes(&sums[i][v], p->c + i * p->c_row, v * STRATA_LANES, STRATA_LANES, 0);
    const float *a = p->a, *b = p->b;
    for (int64_t k = 0; k < p->length; k++, a += p->a_step, b += p->b_step) {
        strata_lanes row[MAX_VECTORS];
        UNROLLED for (int v = 0; v < vectors; v++)
            load_lanes(&row[v], b, v * STRATA_LANES, STRATA_LANES, 0);
        UNROLLED for (int i = 0; i < rows; i++) {
            float element = a[i * p->a_row];
            UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] += row[v] * element;
        }
    }
    UNROLLED for (int i = 0; i < rows; i++)
        UNROLLED for (int v = 0; v < vectors; v++)
            store_lanes(p->c + i * p->c_row, v * STRATA_LANES, STRATA_LANES, &sums[i][v], 0);
}

STRATA_INLINE void multiply_rows(product p, int64_t rows, int vectors) {
    const int most = vectors > MAX_VECTORS / 2 ? MAX_ROWS : 2 * MAX_ROWS;
    for (int64_t count; rows > 0; rows -= count) {
        count = rows >= most ? most : min_of(rows, MAX_ROWS);
        switch (count) {
        case 6: multiply(&p, 6, vectors); break;
        case 5: multiply(&p, 5, vectors); break;
        case 4: multiply(&p, 4, vectors); break;
        case 3: multiply(&p, 3, vectors); break;
        case 2: multiply(&p, 2, vectors); break;
        case 1: multiply(&p, 1, vectors); break;
        default: multiply(&p, most, vectors); break;
        }
        p.a += count * p.a_row;
        p.c += count * p.c_row;
    }
}

// `width` elements of each row, a multiple of a vector.
AVX512 static void multiply_panel(const product *p, int64_t rows, int64_t width) {
    switch (width / STRATA_LANES) {
    case 4: multiply_rows(*p, rows, 4); break;
    case 3: multiply_rows(*p, rows, 3); break;
    case 2: multiply_rows(*p, rows, 2); break;
    default: multiply_rows(*p, rows, 1); break;
    }
}

// ---- Weight transform ------------------------------------------------------------------------

// Some rows of a kernel [3, 3, rows, columns], into panels.
AVX512 static void transform_weight_rows(void *context, int64_t begin, int64_t end) {
    const strata_winograd_weight_transform *f = context;
    int64_t size = f->rows * f->columns;
    for (int64_t row = begin; row < end; row++)
        for (int64_t c = 0; c < f->columns; c += STRATA_LANES) {
            strata_lanes half[3][TRANSFORMED_WEIGHTS], weights[TRANSFORMED_WEIGHTS];
            UNROLLED for (int k = 0; k < 3; k++) {
                strata_lanes line[3];
                UNROLLED for (int i = 0; i < 3; i++)
                    load_lanes(
                        &line[i], f->kernel, (i * 3 + k) * size + row * f->columns + c, STRATA_LANES,
                        0);
                weight_transform(line, 1, half[k]);
            }
            int64_t panel = c / PANEL * PANEL, width = min_of(f->columns - panel, PANEL);
            float *to = f->transformed_weights + panel * f->rows + row * width + c - panel;
            UNROLLED for (int i = 0; i < TRANSFORMED_WEIGHTS; i++) {
                weight_transform(&half[0][i], TRANSFORMED_WEIGHTS, weights);
                UNROLLED for (int k = 0; k < TRANSFORMED_WEIGHTS; k++)
                    store_lanes(to, (i * TRANSFORMED_WEIGHTS + k) * size, STRATA_LANES, &weights[k], 0);
            }
        }
}

int strata_run_winograd_weight_transform(const void *argument) {
    const strata_winograd_weight_transform *f = argument;
    strata_parallel(f->rows, 1, 1 + 4096 / f->columns, transform_weight_rows, (void *)f);
    return 0;
}

// ---- Products of tiles -----------------------------------------------------------------------

// The products of tiles.
#define FOR_EACH_PRODUCT(p)                                                          \
    for (int down = 0; down < 2 * (p)->rows.results + 1; down++)                \
        for (int across = 0; across < 2 * (p)->columns.results + 1; across++)

STRATA_INLINE int64_t weights_of(const tile_group *p, int down, int across) {
    int64_t matrix = weight_of[p->rows.results][down] * TRANSFORMED_WEIGHTS
        + weight_of[p->columns.results][across];
    return matrix * p->w->channels * p->w->filters;
}

STRATA_INLINE int64_t input_of(const tile_group *p, int down, int across) {
    return down * (2 * p->columns.results + 1) + across;
}

STRATA_INLINE int64_t gradients_of(const tile_group *p, int down, int across) {
    return gradient_of[p->rows.results][down] * gradient_count[p->columns.results]
        + gradient_of[p->columns.results][across];
}

// [tiles, to] = [tiles, from] x [from, to], the latter in panels of columns.
STRATA_INLINE void multiply_tiles(
    const tile_group *p, const float *a, int64_t from, const float *b, float *c, int64_t to) {
    for (int64_t begin = 0, width; begin < to; begin += width) {
        width = min_of(to - begin, PANEL);
        product own = {a, b + begin * from, c + begin, from, 1, width, to, from, 0};
        multiply_panel(&own, p->count, width);
    }
}

STRATA_INLINE void multiply_group(const tile_group *p, const float *inputs, float *products) {
    int64_t from = p->w->channels, to = p->w->filters;
    FOR_EACH_PRODUCT(p) {
        int64_t matrix = input_of(p, down, across) * rows_of(p);
        multiply_tiles(
            p, inputs + matrix * from, from, p->w->transformed_weights + weights_of(p, down, across),
            products + matrix * to, to);
    }
}

// From the gradients of products to those of the transformed input.
STRATA_INLINE void multiply_group_transposed(const tile_group *p, const float *products, float *inputs) {
    int64_t from = p->w->filters, to = p->w->channels;
    FOR_EACH_PRODUCT(p) multiply_tiles(
        p, products + gradients_of(p, down, across) * rows_of(p) * from, from,
        p->w->transformed_weights + weights_of(p, down, across),
        inputs + input_of(p, down, across) * rows_of(p) * to, to);
}

// The gradients of the transformed weights, added to `sums`, from the transformed input and the gradients of products.
STRATA_INLINE void multiply_group_for_weights(
    const tile_group *p, const float *inputs, const float *products, float *sums) {
    int64_t from = p->w->channels, to = p->w->filters;
    FOR_EACH_PRODUCT(p) {
        const float *a = inputs + input_of(p, down, across) * rows_of(p) * from;
        const float *b = products + gradients_of(p, down, across) * rows_of(p) * to;
        float *c = sums + weights_of(p, down, across);
        for (int64_t begin = 0, width; begin < to; begin += width) {
            width = min_of(to - begin, PANEL);
            product own = {a, b + begin, c + begin, 1, from, to, to, p->count, 1};
            multiply_panel(&own, from, width);
        }
    }
}

// ---- The three passes ------------------------------------------------------------------------

// A partition of the batch, and its scratchpad.
typedef struct {
    tile_group group;
    int64_t begin, end;
    float *inputs, *products, *sums;
} partition;

STRATA_INLINE int64_t transformed_weight_count(const strata_winograd *w) {
    return STRATA_WINOGRAD_MATRICES * w->channels * w->filters;
}

// The transformed elements of one channel of a group.
#define GROUP_SIZE (MAX_PRODUCTS * MAX_PRODUCTS * (MAX_TILES | 1))

// Transformed input, products and, for the weights gradient, sums of the gradients of transformed weights and bias.
STRATA_INLINE int64_t scratchpad_of_partition(const strata_winograd *w) {
    return GROUP_SIZE * (w->channels + w->filters)
        + (w->is_weights_gradient ? transformed_weight_count(w) + w->filters : 0);
}

int64_t strata_winograd_scratchpad(const strata_winograd *w) { return w->partitions * scratchpad_of_partition(w); }

STRATA_INLINE float *sums_of(const strata_winograd *w, int64_t index) {
    return w->scratchpad + index * scratchpad_of_partition(w) + GROUP_SIZE * (w->channels + w->filters);
}

STRATA_INLINE partition partition_of(const strata_winograd *w, int64_t index) {
    float *scratchpad = w->scratchpad + index * scratchpad_of_partition(w);
    return (partition){
        .group = {.w = w},
        .begin = w->images * index / w->partitions,
        .end = w->images * (index + 1) / w->partitions,
        .inputs = scratchpad,
        .products = scratchpad + GROUP_SIZE * w->channels,
        .sums = sums_of(w, index)};
}

// Calls `work` for all tiles of a partition: for some images at a time those of one size, then those of the next, so
// that tiles come after those above and to the left of them.
STRATA_INLINE void for_each_group(partition *p, void (*work)(const partition *)) {
    tile_group *own = &p->group;
    const strata_winograd *w = own->w;
    own->image = strides_of(w->height, w->width, w->channels, w->image_block);
    own->result = strides_of(w->rows, w->columns, w->filters, w->result_block);
    tile_run rows[2] = {run_of(w->rows, 0), run_of(w->rows, 1)};
    tile_run columns[2] = {run_of(w->columns, 0), run_of(w->columns, 1)};
    int64_t images = p->end - p->begin, all = images * (rows[0].tiles + rows[1].tiles)
        * (columns[0].tiles + columns[1].tiles);
    int64_t groups = min_of(images, (all + MAX_TILES - 1) / MAX_TILES);
    for (int64_t group = 0; group < groups; group++) {
        int64_t first = p->begin + images * group / groups;
        int64_t last = p->begin + images * (group + 1) / groups;
        for (int size = 0; size < 4; size++) {
            own->rows = rows[size / 2];
            own->columns = columns[size % 2];
            int64_t tiles = own->rows.tiles * own->columns.tiles, count = (last - first) * tiles;
            int64_t chunks = (count + MAX_TILES - 1) / MAX_TILES;
            for (int64_t i = 0; i < chunks; i++) {
                int64_t begin = count * i / chunks, end = count * (i + 1) / chunks;
                find_tiles(own, first * tiles + begin, end - begin);
                work(p);
            }
        }
    }
}

static void forward_group(const partition *p) {
    input_transform_group(&p->group, p->inputs);
    multiply_group(&p->group, p->inputs, p->products);
    output_transform_group(&p->group, p->products);
}

static void data_gradient_group(const partition *p) {
    transposed_output_transform_group(&p->group, p->products, NULL);
    multiply_group_transposed(&p->group, p->products, p->inputs);
    transposed_input_transform_group(&p->group, p->inputs);
}

static void weights_gradient_group(const partition *p) {
    input_transform_group(&p->group, p->inputs);
    transposed_output_transform_group(&p->group, p->products, p->sums + transformed_weight_count(p->group.w));
    multiply_group_for_weights(&p->group, p->inputs, p->products, p->sums);
}

static void forward(void *context, int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; index++) {
        partition p = partition_of(context, index);
        for_each_group(&p, forward_group);
    }
}

// The pixels that no window covers: below and to the right of the last window.
STRATA_INLINE void clear_unseen(const strata_winograd *w, int64_t image) {
    image_strides s = strides_of(w->height, w->width, w->channels, w->image_block);
    int64_t bottom = 2 * w->rows + 1 - w->padding_before[0], right = 2 * w->columns + 1 - w->padding_before[1];
    for (int64_t c = 0; c < w->channels; c += STRATA_LANES) {
        float *to = w->image_gradient + image * s.image + channel(&s, c);
        for (int64_t y = 0; y < w->height; y++)
            for (int64_t x = y < bottom ? right : 0; x < w->width; x++)
                memset(to + y * s.row + x * s.column, 0, STRATA_LANES * sizeof(float));
    }
}

static void data_gradient(void *context, int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; index++) {
        partition p = partition_of(context, index);
        for (int64_t image = p.begin; image < p.end; image++) clear_unseen(context, image);
        for_each_group(&p, data_gradient_group);
    }
}

static void weights_gradient(void *context, int64_t begin, int64_t end) {
    const strata_winograd *w = context;
    for (int64_t index = begin; index < end; index++) {
        partition p = partition_of(w, index);
        memset(p.sums, 0, (size_t)(transformed_weight_count(w) + w->filters) * sizeof(float));
        for_each_group(&p, weights_gradient_group);
    }
}

int strata_run_winograd(const void *argument) {
    const strata_winograd *w = argument;
    strata_parallel(w->partitions, 1, 1, forward, (void *)w);
    return 0;
}

int strata_run_winograd_data_gradient(const void *argument) {
    const strata_winograd *w = argument;
    strata_parallel(w->partitions, 1, 1, data_gradient, (void *)w);
    return 0;
}

STRATA_INLINE void add_partitions(const strata_winograd *w, int64_t position, strata_lanes *sum) {
    strata_lanes total = {0};
    for (int64_t index = 0; index < w->partitions; index++) {
        strata_lanes own;
        load_lanes(&own, sums_of(w, index), position, STRATA_LANES, 0);
        total += own;
    }
    *sum = total;
}

// The gradient of some vectors of the kernel's [channels, filters], and that of the bias.
AVX512 static void add_rows(void *context, int64_t begin, int64_t end) {
    const strata_winograd *w = context;
    int64_t size = w->channels * w->filters;
    for (int64_t i = begin * STRATA_LANES; i < end * STRATA_LANES; i += STRATA_LANES) {
        if (i < w->filters && w->bias_gradient) {
            strata_lanes sum;
            add_partitions(w, transformed_weight_count(w) + i, &sum);
            store_lanes(w->bias_gradient, i, STRATA_LANES, &sum, 0);
        }
        strata_lanes half[TRANSFORMED_WEIGHTS][3], inputs[TRANSFORMED_WEIGHTS];
        UNROLLED for (int k = 0; k < TRANSFORMED_WEIGHTS; k++) {
            UNROLLED for (int j = 0; j < TRANSFORMED_WEIGHTS; j++)
                add_partitions(w, (k * TRANSFORMED_WEIGHTS + j) * size + i, &inputs[j]);
            weight_transform_transposed(inputs, 1, half[k]);
        }
        UNROLLED for (int k = 0; k < 3; k++) {
            weight_transform_transposed(&half[0][k], 3, inputs);
            UNROLLED for (int j = 0; j < 3; j++)
                store_lanes(w->kernel_gradient, (j * 3 + k) * size + i, STRATA_LANES, &inputs[j], 0);
        }
    }
}

int strata_run_winograd_weights_gradient(const void *argument) {
    const strata_winograd *w = argument;
    strata_parallel(w->partitions, 1, 1, weights_gradient, (void *)w);
    strata_parallel(w->channels * w->filters / STRATA_LANES, 1, 64, add_rows, (void *)w);
    return 0;
}
