// Products of windows with weights: convolutions whose rows are short, without copies of what the windows
// see, and inner products.
#include "wide.h"

// The sums of some places in CK_FILTERS filters, and what is multiplied: 29 registers.
#define PLACES 6
#define VECTORS (CK_FILTERS / CK_LANES)
// So many numbers of the windows at a time that their weights (36 KiB) stay near.
#define NEAR_NUMBERS 144

typedef struct {
    const float *images[PLACES];
    float *results[PLACES];
} places;

// The products of a few runs, added to the results; to the bias where they are the first.
CK_INLINE void multiply(
    const places *p, const ck_windows *w, int64_t begin, int64_t end, const float *weights,
    const float *bias, int count) {
    ck_lanes sums[PLACES][VECTORS];
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++) {
            ck_lanes sum = {0};
            if (begin > 0)
                load_lanes(&sum, p->results[i], v * CK_LANES, CK_LANES, 0);
            else if (bias)
                load_lanes(&sum, bias, v * CK_LANES, CK_LANES, 0);
            sums[i][v] = sum;
        }
    for (int64_t r = begin; r < end; r++) {
        int64_t offset = w->offsets[r];
        for (int64_t k = 0; k < w->run; k++, weights += CK_FILTERS) {
            ck_lanes row[VECTORS];
            UNROLLED for (int v = 0; v < VECTORS; v++)
                load_lanes(&row[v], weights, v * CK_LANES, CK_LANES, 0);
            UNROLLED for (int i = 0; i < count; i++) {
                float number = p->images[i][offset + k];
                UNROLLED for (int v = 0; v < VECTORS; v++) sums[i][v] += row[v] * number;
            }
        }
    }
    UNROLLED for (int i = 0; i < count; i++)
        UNROLLED for (int v = 0; v < VECTORS; v++)
            store_lanes(p->results[i], v * CK_LANES, CK_LANES, &sums[i][v], 0);
}

// Places begin ..< end in a block of filters.
CK_INLINE void multiply_places(const ck_windows *w, int64_t block, int64_t begin, int64_t end) {
    int64_t length = w->runs * w->run, runs = most(NEAR_NUMBERS / w->run, 1);
    const float *bias = w->bias ? w->bias + block * CK_FILTERS : NULL;
    for (int64_t r = 0; r < w->runs; r += runs) {
        const float *weights = w->weights + (block * length + r * w->run) * CK_FILTERS;
        int64_t last = least(r + runs, w->runs);
        for (int64_t place = begin, count; place < end; place += count) {
            count = least(end - place, PLACES);
            places p;
            for (int64_t i = 0; i < count; i++) {
                int64_t column = (place + i) % w->columns, row = (place + i) / w->columns;
                p.images[i] = w->image + row / w->rows * w->steps[0]
                    + row % w->rows * w->steps[1] + column * w->steps[2];
                p.results[i] = w->result + (place + i) * w->filters + block * CK_FILTERS;
            }
            switch (count) {
            case 6: multiply(&p, w, r, last, weights, bias, 6); break;
            case 5: multiply(&p, w, r, last, weights, bias, 5); break;
            case 4: multiply(&p, w, r, last, weights, bias, 4); break;
            case 3: multiply(&p, w, r, last, weights, bias, 3); break;
            case 2: multiply(&p, w, r, last, weights, bias, 2); break;
            default: multiply(&p, w, r, last, weights, bias, 1); break;
            }
            if (last == w->runs && w->activation != ck_copy)
                for (int64_t i = 0; i < count; i++)
                    activate(w->activation, p.results[i], CK_FILTERS);
        }
    }
}

typedef struct {
    const ck_windows *windows;
    int64_t groups, places;
} division;

// Groups of places, in each of them all blocks of filters.
WIDE static void run_divisions(void *context, int64_t begin, int64_t end) {
    const division *d = context;
    int64_t blocks = d->windows->filters / CK_FILTERS;
    for (int64_t i = begin; i < end; i++) {
        int64_t group = i / blocks;
        multiply_places(
            d->windows, i % blocks, d->places * group / d->groups,
            d->places * (group + 1) / d->groups);
    }
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
