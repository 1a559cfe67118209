// Products of windows with weights: convolutions of a few images, without copies of what the windows see, and
// inner products.
#include "wide.h"

// The sums of some places in CK_FILTERS filters, and what is multiplied: 29 registers.
#define PLACES 6
#define VECTORS (CK_FILTERS / CK_LANES)
// So many numbers of the windows at a time that their weights (36 KiB) stay near.
#define NEAR_NUMBERS 144
#define LINE 64

static const float zeros[CK_LONGEST_RUN];

// Where a window begins, in its image and in memory, and its result.
typedef struct {
    int64_t y, x, begin;
    float *result;
} place;

// Which place it is, and of which image.
typedef struct {
    int64_t image, row, column;
} position;

CK_INLINE position position_of(const ck_windows *w, int64_t at) {
    int64_t row = at / w->columns;
    return (position){row / w->rows, row % w->rows, at % w->columns};
}

// Without divisions, which would take a tenth of the time.
CK_INLINE position next_position(const ck_windows *w, position p) {
    if (++p.column < w->columns) return p;
    p.column = 0;
    if (++p.row < w->rows) return p;
    p.row = 0;
    p.image++;
    return p;
}

CK_INLINE place place_of(const ck_windows *w, position p, float *result) {
    int64_t y = p.row * w->strides[0] - w->low[0], x = p.column * w->strides[1] - w->low[1];
    int64_t begin = p.image * w->steps[0] + y * w->steps[1] + x * w->steps[2];
    return (place){y, x, begin, result};
}

CK_INLINE const float *numbers_of(
    const ck_windows *w, const place *p, const ck_window_run *run, int has_edges) {
    if (!has_edges) return w->image + (p->begin + run->offset);
    // Compared without a sign: what lies before the image is far behind it.
    int is_outside = ((uint64_t)(p->y + run->down) >= (uint64_t)w->height)
        | ((uint64_t)(p->x + run->across) >= (uint64_t)w->width);
    return is_outside ? zeros : w->image + (p->begin + run->offset);
}

// Some runs with a block of filters, and the weights to fetch meanwhile.
typedef struct {
    int64_t begin, end;
    const float *weights, *bias;
    const char *ahead;
    int64_t ahead_step;
} panel;

// The products of a panel, added to the results; to the bias where they are the first.
CK_INLINE void multiply(
    const ck_windows *w, const panel *panel, const place *places, int count, int is_far) {
    ck_lanes sums[PLACES][VECTORS];
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++) {
            ck_lanes sum = {0}, before;
            if (panel->begin == 0 && panel->bias)
                load_lanes(&sum, panel->bias, v * CK_LANES, CK_LANES, 0);
            if (panel->begin > 0 || w->adds) {
                load_lanes(&before, places[i].result, v * CK_LANES, CK_LANES, 0);
                sum += before;
            }
            sums[i][v] = sum;
        }
    const float *weights = panel->weights;
    const char *ahead = panel->ahead;
    for (int64_t r = panel->begin; r < panel->end; r++) {
        const float *numbers[PLACES];
        int sees = 0;
        UNROLLED for (int i = 0; i < count; i++) {
            numbers[i] = numbers_of(w, &places[i], &w->windows[r], is_far);
            sees |= numbers[i] != zeros;
        }
        if (is_far && !sees) {
            weights += w->run * CK_FILTERS;
            ahead += w->run * panel->ahead_step;
            continue;
        }
        for (int64_t k = 0; k < w->run; k++, weights += CK_FILTERS, ahead += panel->ahead_step) {
            // The weights of one place alone come in a stream that the processor sees by itself.
            if (is_far && count > 1) __builtin_prefetch(ahead, 0, 2);
            ck_lanes row[VECTORS];
            UNROLLED for (int v = 0; v < VECTORS; v++)
                load_lanes(&row[v], weights, v * CK_LANES, CK_LANES, 0);
            UNROLLED for (int i = 0; i < count; i++) {
                float number = numbers[i][k];
                UNROLLED for (int v = 0; v < VECTORS; v++) sums[i][v] += row[v] * number;
            }
        }
    }
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++)
            store_lanes(places[i].result, v * CK_LANES, CK_LANES, &sums[i][v], 0);
}

// Places begin ..< end in a block of filters.
CK_INLINE void multiply_places(
    const ck_windows *w, int64_t block, int64_t begin, int64_t end, int is_far) {
    int64_t runs = most(NEAR_NUMBERS / w->run, 1), first_filter = block * CK_FILTERS;
    const float *weights = w->weights + first_filter * w->runs * w->run;
    panel p = {.bias = w->bias ? w->bias + first_filter : NULL};
    for (; p.begin < w->runs; p.begin = p.end) {
        p.end = least(p.begin + runs, w->runs);
        int64_t lines = (p.end - p.begin) * w->run, missing = lines * VECTORS;
        p.weights = weights + p.begin * w->run * CK_FILTERS;
        p.ahead = (const char *)(p.weights + lines * CK_FILTERS);
        position next = position_of(w, begin);
        for (int64_t at = begin, count; at < end; at += count) {
            count = least(end - at, PLACES);
            place places[PLACES];
            for (int64_t i = 0; i < count; i++, next = next_position(w, next))
                places[i] = place_of(w, next, w->result + (at + i) * w->filters + first_filter);
            p.ahead_step = missing > 0 ? LINE : 0;
            switch (count) {
            case 6: multiply(w, &p, places, 6, is_far); break;
            case 5: multiply(w, &p, places, 5, is_far); break;
            case 4: multiply(w, &p, places, 4, is_far); break;
            case 3: multiply(w, &p, places, 3, is_far); break;
            case 2: multiply(w, &p, places, 2, is_far); break;
            default: multiply(w, &p, places, 1, is_far); break;
            }
            p.ahead += lines * p.ahead_step;
            missing -= lines;
            if (p.end == w->runs && w->activation != ck_copy)
                for (int64_t i = 0; i < count; i++)
                    activate(w->activation, places[i].result, CK_FILTERS);
        }
    }
}

typedef struct {
    const ck_windows *windows;
    int64_t groups, places;
} division;

CK_INLINE void multiply_division(
    const ck_windows *w, const division *d, int64_t number, int is_far) {
    int64_t blocks = w->filters / CK_FILTERS, group = number / blocks;
    int64_t begin = d->places * group / d->groups, end = d->places * (group + 1) / d->groups;
    multiply_places(w, number % blocks, begin, end, is_far);
}

// Groups of places, in each of them all blocks of filters.
WIDE static void run_divisions(void *context, int64_t begin, int64_t end) {
    const division *d = context;
    const ck_windows *w = d->windows;
    int is_far = w->has_edges || w->runs * w->run * w->filters >= CK_MANY_WEIGHTS;
    for (int64_t i = begin; i < end; i++)
        if (is_far)
            multiply_division(w, d, i, 1);
        else
            multiply_division(w, d, i, 0);
}

int ck_run_windows(const void *argument) {
    const ck_windows *w = argument;
    int64_t places = w->images * w->rows * w->columns, threads = ck_threads();
    // Few places are divided among threads by their filters, whose weights each then reads alone.
    int64_t blocks = w->filters / CK_FILTERS;
    int64_t groups = blocks >= threads && places < 16 * PLACES * threads
        ? 1 : least(threads, most(places / PLACES, 1));
    division d = {w, groups, places};
    int64_t count = groups * blocks;
    int64_t work = places * w->filters * w->runs * w->run / count;
    ck_parallel(count, 1, 1 + 131072 / (work + 1), run_divisions, &d);
    return 0;
}
