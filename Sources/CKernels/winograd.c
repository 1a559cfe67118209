// Convolutions of 3 x 3 in steps of 2 by Winograd's algorithm, and their gradients.
//
// Every number of the tiles (tiles.h) of some images makes a matrix [tiles, channels], whose product with a
// matrix of factors [channels, filters] is [tiles, filters]. A part of the batch is worked on in pieces that stay
// in the second-level cache.
#include "pieces.h"

// ---- Products of matrices --------------------------------------------------------------------

// The sums of some rows in some vectors, and what is multiplied: 29 registers, and 27 for twice the rows in
// half as many vectors.
#define MOST_ROWS 6
#define MOST_VECTORS 4
#define PANEL (MOST_VECTORS * CK_LANES)

// c [rows, vectors] = a [rows, length] b [length, vectors]; added to what is in c if it `adds`.
typedef struct {
    const float *a, *b;
    float *c;
    int64_t a_row, a_step, b_step, c_row, length;
    int adds;
} product;

CK_INLINE void multiply(const product *p, int rows, int vectors) {
    ck_lanes sums[2 * MOST_ROWS][MOST_VECTORS] = {0};
    if (p->adds)
        UNROLLED for (int i = 0; i < rows; i++)
            UNROLLED for (int v = 0; v < vectors; v++)
                load_lanes(&sums[i][v], p->c + i * p->c_row, v * CK_LANES, CK_LANES, 0);
    const float *a = p->a, *b = p->b;
    for (int64_t k = 0; k < p->length; k++, a += p->a_step, b += p->b_step) {
        ck_lanes row[MOST_VECTORS];
        UNROLLED for (int v = 0; v < vectors; v++)
            load_lanes(&row[v], b, v * CK_LANES, CK_LANES, 0);
        UNROLLED for (int i = 0; i < rows; i++) {
            float number = a[i * p->a_row];
            UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] += row[v] * number;
        }
    }
    UNROLLED for (int i = 0; i < rows; i++)
        UNROLLED for (int v = 0; v < vectors; v++)
            store_lanes(p->c + i * p->c_row, v * CK_LANES, CK_LANES, &sums[i][v], 0);
}

CK_INLINE void multiply_rows(product p, int64_t rows, int vectors) {
    const int most = vectors > MOST_VECTORS / 2 ? MOST_ROWS : 2 * MOST_ROWS;
    for (int64_t count; rows > 0; rows -= count) {
        count = rows >= most ? most : least(rows, MOST_ROWS);
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

// `width` numbers of each row, a multiple of a vector.
WIDE static void multiply_panel(const product *p, int64_t rows, int64_t width) {
    switch (width / CK_LANES) {
    case 4: multiply_rows(*p, rows, 4); break;
    case 3: multiply_rows(*p, rows, 3); break;
    case 2: multiply_rows(*p, rows, 2); break;
    default: multiply_rows(*p, rows, 1); break;
    }
}

// ---- Factors of a kernel ---------------------------------------------------------------------

// The factors of some rows of a kernel [3, 3, rows, columns], in panels.
WIDE static void factorize_rows(void *context, int64_t begin, int64_t end) {
    const ck_winograd_factors *f = context;
    int64_t size = f->rows * f->columns;
    for (int64_t row = begin; row < end; row++)
        for (int64_t c = 0; c < f->columns; c += CK_LANES) {
            ck_lanes half[3][FACTORS], factors[FACTORS];
            UNROLLED for (int k = 0; k < 3; k++) {
                ck_lanes line[3];
                UNROLLED for (int i = 0; i < 3; i++)
                    load_lanes(
                        &line[i], f->kernel, (i * 3 + k) * size + row * f->columns + c, CK_LANES,
                        0);
                factorize(line, 1, half[k]);
            }
            int64_t panel = c / PANEL * PANEL, width = least(f->columns - panel, PANEL);
            float *to = f->factors + panel * f->rows + row * width + c - panel;
            UNROLLED for (int i = 0; i < FACTORS; i++) {
                factorize(&half[0][i], FACTORS, factors);
                UNROLLED for (int k = 0; k < FACTORS; k++)
                    store_lanes(to, (i * FACTORS + k) * size, CK_LANES, &factors[k], 0);
            }
        }
}

int ck_run_winograd_factors(const void *argument) {
    const ck_winograd_factors *f = argument;
    ck_parallel(f->rows, 1, 1 + 4096 / f->columns, factorize_rows, (void *)f);
    return 0;
}

// ---- Products of tiles -----------------------------------------------------------------------

// The products of tiles in the order of their factors, which are read again from near.
#define EACH_PRODUCT(p)                                                          \
    for (int down = 0; down < 2 * (p)->rows.results + 1; down++)                \
        for (int across = 0; across < 2 * (p)->columns.results + 1; across++)

CK_INLINE int64_t factors_of(const piece *p, int down, int across) {
    int64_t factor = factor_of[p->rows.results][down] * FACTORS
        + factor_of[p->columns.results][across];
    return factor * p->w->channels * p->w->filters;
}

CK_INLINE int64_t numbers_of(const piece *p, int down, int across) {
    return down * (2 * p->columns.results + 1) + across;
}

CK_INLINE int64_t gradients_of(const piece *p, int down, int across) {
    return gradient_of[p->rows.results][down] * gradient_count[p->columns.results]
        + gradient_of[p->columns.results][across];
}

// [tiles, to] = [tiles, from] [from, to], whose columns lie in panels.
CK_INLINE void multiply_tiles(
    const piece *p, const float *a, int64_t from, const float *b, float *c, int64_t to) {
    for (int64_t begin = 0, width; begin < to; begin += width) {
        width = least(to - begin, PANEL);
        product own = {a, b + begin * from, c + begin, from, 1, width, to, from, 0};
        multiply_panel(&own, p->count, width);
    }
}

CK_INLINE void multiply_piece(const piece *p, const float *numbers, float *products) {
    int64_t from = p->w->channels, to = p->w->filters;
    EACH_PRODUCT(p) {
        int64_t matrix = numbers_of(p, down, across) * rows_of(p);
        multiply_tiles(
            p, numbers + matrix * from, from, p->w->factors + factors_of(p, down, across),
            products + matrix * to, to);
    }
}

// From the gradients of products to those of numbers.
CK_INLINE void multiply_piece_by_turned(const piece *p, const float *products, float *numbers) {
    int64_t from = p->w->filters, to = p->w->channels;
    EACH_PRODUCT(p) multiply_tiles(
        p, products + gradients_of(p, down, across) * rows_of(p) * from, from,
        p->w->factors + factors_of(p, down, across),
        numbers + numbers_of(p, down, across) * rows_of(p) * to, to);
}

// The gradients of factors, added to `sums`, from numbers and the gradients of products.
CK_INLINE void multiply_piece_back(
    const piece *p, const float *numbers, const float *products, float *sums) {
    int64_t from = p->w->channels, to = p->w->filters;
    EACH_PRODUCT(p) {
        const float *a = numbers + numbers_of(p, down, across) * rows_of(p) * from;
        const float *b = products + gradients_of(p, down, across) * rows_of(p) * to;
        float *c = sums + factors_of(p, down, across);
        for (int64_t begin = 0, width; begin < to; begin += width) {
            width = least(to - begin, PANEL);
            product own = {a, b + begin, c + begin, 1, from, to, to, p->count, 1};
            multiply_panel(&own, from, width);
        }
    }
}

// ---- The three passes ------------------------------------------------------------------------

// A part of the batch, and its room.
typedef struct {
    piece piece;
    int64_t begin, end;
    float *numbers, *products, *sums;
} part;

CK_INLINE int64_t factor_count(const ck_winograd *w) {
    return CK_FACTORS * w->channels * w->filters;
}

// How many numbers of one channel the tiles of a piece have.
#define NUMBERS (MOST_NUMBERS * MOST_NUMBERS * (MOST_TILES | 1))

// A part has room for numbers, products and, for the kernel's gradient, sums of the factors' and the bias's.
CK_INLINE int64_t part_room(const ck_winograd *w) {
    return NUMBERS * (w->channels + w->filters)
        + (w->is_kernel_gradient ? factor_count(w) + w->filters : 0);
}

int64_t ck_winograd_room(const ck_winograd *w) { return w->parts * part_room(w); }

CK_INLINE float *sums_of(const ck_winograd *w, int64_t number) {
    return w->room + number * part_room(w) + NUMBERS * (w->channels + w->filters);
}

CK_INLINE part part_of(const ck_winograd *w, int64_t number) {
    float *room = w->room + number * part_room(w);
    return (part){
        .piece = {.w = w},
        .begin = w->images * number / w->parts,
        .end = w->images * (number + 1) / w->parts,
        .numbers = room,
        .products = room + NUMBERS * w->channels,
        .sums = sums_of(w, number)};
}

// Calls `work` for all tiles of a part: of some images those of one size, then those of the next, so that
// tiles come after those above and to the left of them.
CK_INLINE void each_piece(part *p, void (*work)(const part *)) {
    piece *own = &p->piece;
    const ck_winograd *w = own->w;
    own->image = strides_of(w->height, w->width, w->channels, w->image_block);
    own->result = strides_of(w->rows, w->columns, w->filters, w->result_block);
    tile_run rows[2] = {run_of(w->rows, 0), run_of(w->rows, 1)};
    tile_run columns[2] = {run_of(w->columns, 0), run_of(w->columns, 1)};
    int64_t images = p->end - p->begin, all = images * (rows[0].tiles + rows[1].tiles)
        * (columns[0].tiles + columns[1].tiles);
    int64_t groups = least(images, (all + MOST_TILES - 1) / MOST_TILES);
    for (int64_t group = 0; group < groups; group++) {
        int64_t first = p->begin + images * group / groups;
        int64_t last = p->begin + images * (group + 1) / groups;
        for (int size = 0; size < 4; size++) {
            own->rows = rows[size / 2];
            own->columns = columns[size % 2];
            int64_t tiles = own->rows.tiles * own->columns.tiles, count = (last - first) * tiles;
            int64_t pieces = (count + MOST_TILES - 1) / MOST_TILES;
            for (int64_t i = 0; i < pieces; i++) {
                int64_t begin = count * i / pieces, end = count * (i + 1) / pieces;
                find_tiles(own, first * tiles + begin, end - begin);
                work(p);
            }
        }
    }
}

static void forward_piece(const part *p) {
    spread_piece(&p->piece, p->numbers);
    multiply_piece(&p->piece, p->numbers, p->products);
    gather_piece(&p->piece, p->products);
}

static void backward_image_piece(const part *p) {
    gather_piece_back(&p->piece, p->products, NULL);
    multiply_piece_by_turned(&p->piece, p->products, p->numbers);
    spread_piece_back(&p->piece, p->numbers);
}

static void backward_kernel_piece(const part *p) {
    spread_piece(&p->piece, p->numbers);
    gather_piece_back(&p->piece, p->products, p->sums + factor_count(p->piece.w));
    multiply_piece_back(&p->piece, p->numbers, p->products, p->sums);
}

static void forward(void *context, int64_t begin, int64_t end) {
    for (int64_t number = begin; number < end; number++) {
        part p = part_of(context, number);
        each_piece(&p, forward_piece);
    }
}

// Places of an image that no window sees: below and to the right of the last.
CK_INLINE void clear_unseen(const ck_winograd *w, int64_t image) {
    image_strides s = strides_of(w->height, w->width, w->channels, w->image_block);
    int64_t bottom = 2 * w->rows + 1 - w->low[0], right = 2 * w->columns + 1 - w->low[1];
    for (int64_t c = 0; c < w->channels; c += CK_LANES) {
        float *to = w->image_gradient + image * s.image + channel(&s, c);
        for (int64_t y = 0; y < w->height; y++)
            for (int64_t x = y < bottom ? right : 0; x < w->width; x++)
                memset(to + y * s.row + x * s.column, 0, CK_LANES * sizeof(float));
    }
}

static void backward_image(void *context, int64_t begin, int64_t end) {
    for (int64_t number = begin; number < end; number++) {
        part p = part_of(context, number);
        for (int64_t image = p.begin; image < p.end; image++) clear_unseen(context, image);
        each_piece(&p, backward_image_piece);
    }
}

static void backward_kernel(void *context, int64_t begin, int64_t end) {
    const ck_winograd *w = context;
    for (int64_t number = begin; number < end; number++) {
        part p = part_of(w, number);
        memset(p.sums, 0, (size_t)(factor_count(w) + w->filters) * sizeof(float));
        each_piece(&p, backward_kernel_piece);
    }
}

int ck_run_winograd(const void *argument) {
    const ck_winograd *w = argument;
    ck_parallel(w->parts, 1, 1, forward, (void *)w);
    return 0;
}

int ck_run_winograd_image_gradient(const void *argument) {
    const ck_winograd *w = argument;
    ck_parallel(w->parts, 1, 1, backward_image, (void *)w);
    return 0;
}

CK_INLINE void add_parts(const ck_winograd *w, int64_t place, ck_lanes *sum) {
    ck_lanes total = {0};
    for (int64_t number = 0; number < w->parts; number++) {
        ck_lanes own;
        load_lanes(&own, sums_of(w, number), place, CK_LANES, 0);
        total += own;
    }
    *sum = total;
}

// The kernel's gradient of some vectors of [channels, filters], and the bias's.
WIDE static void add_rows(void *context, int64_t begin, int64_t end) {
    const ck_winograd *w = context;
    int64_t size = w->channels * w->filters;
    for (int64_t i = begin * CK_LANES; i < end * CK_LANES; i += CK_LANES) {
        if (i < w->filters && w->bias_gradient) {
            ck_lanes sum;
            add_parts(w, factor_count(w) + i, &sum);
            store_lanes(w->bias_gradient, i, CK_LANES, &sum, 0);
        }
        ck_lanes half[FACTORS][3], numbers[FACTORS];
        UNROLLED for (int k = 0; k < FACTORS; k++) {
            UNROLLED for (int j = 0; j < FACTORS; j++)
                add_parts(w, (k * FACTORS + j) * size + i, &numbers[j]);
            factorize_back(numbers, 1, half[k]);
        }
        UNROLLED for (int k = 0; k < 3; k++) {
            factorize_back(&half[0][k], 3, numbers);
            UNROLLED for (int j = 0; j < 3; j++)
                store_lanes(w->kernel_gradient, (j * 3 + k) * size + i, CK_LANES, &numbers[j], 0);
        }
    }
}

int ck_run_winograd_kernel_gradient(const void *argument) {
    const ck_winograd *w = argument;
    ck_parallel(w->parts, 1, 1, backward_kernel, (void *)w);
    ck_parallel(w->channels * w->filters / CK_LANES, 1, 64, add_rows, (void *)w);
    return 0;
}
