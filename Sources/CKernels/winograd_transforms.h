// The transforms of Winograd's algorithm along one axis, for kernels of 3 with strides of 2 (after Lavin and Gray,
// 2015, arXiv:1509.09308, who have strides of 1).
//
// Result i is e[i] g0 + o[i] g1 + e[i + 1] g2, where e are the elements of even index and o those of odd index.
// (g0, g2) is a kernel of 2 with strides of 1 on e, for which F(3, 2) takes 4 products instead of 6 and F(2, 2)
// takes 3 instead of 4. With those of g1, tiles of three results take 7 products instead of 9, and tiles of two take 5
// instead of 6; along both axes 49 instead of 81, and 25 instead of 36.
#pragma once

#include "avx512.h"

// The transformed weights: g0, (g0 + g2) / 2, (g0 - g2) / 2, g2, g1.
#define TRANSFORMED_WEIGHTS 5
_Static_assert(TRANSFORMED_WEIGHTS * TRANSFORMED_WEIGHTS == STRATA_WINOGRAD_MATRICES, "one matrix for each pair");
#define MAX_RESULTS 3
#define MAX_PRODUCTS 7

// The transformed weight of each product of a tile.
static const int8_t weight_of[MAX_RESULTS + 1][MAX_PRODUCTS] = {
    {0}, {0}, {0, 1, 3, 4, 4}, {0, 1, 2, 3, 4, 4, 4}};

// Some products have the same gradient: the index of each product's, and how many there are.
static const int8_t gradient_of[MAX_RESULTS + 1][MAX_PRODUCTS] = {
    {0}, {0}, {0, 1, 2, 0, 2}, {0, 1, 2, 3, 0, 4, 3}};
static const int8_t gradient_count[MAX_RESULTS + 1] = {0, 0, 3, 5};

// Tiles of the same size along an axis.
typedef struct {
    int64_t first, tiles;
    int results;
} tile_run;

// The tiles of three results along an axis (run 0), and those of two (run 1): as many of three as possible.
STRATA_INLINE tile_run run_of(int64_t results, int run) {
    int64_t threes = results / 3 - (results % 3 == 1);
    if (run == 0) return (tile_run){0, threes, 3};
    return (tile_run){3 * threes, (results - 3 * threes) / 2, 2};
}

// The input transform: of 2 * results + 1 elements of the image, `step` vectors apart.
STRATA_INLINE void input_transform(int results, const strata_lanes *x, int step, strata_lanes *to) {
#define X(i) x[(i) * step]
    if (results == 3) {
        to[0] = X(0) - X(4);
        to[1] = X(4) + X(2);
        to[2] = X(4) - X(2);
        to[3] = X(6) - X(2);
        to[4] = X(1);
        to[5] = X(3);
        to[6] = X(5);
    } else {
        to[0] = X(0) - X(2);
        to[1] = X(2) + X(2);
        to[2] = X(4) - X(2);
        to[3] = X(1);
        to[4] = X(3);
    }
#undef X
}

// The transpose of the input transform, for gradients.
STRATA_INLINE void input_transform_transposed(int results, const strata_lanes *x, int step, strata_lanes *to) {
#define X(i) x[(i) * step]
    if (results == 3) {
        to[0] = X(0);
        to[1] = X(4);
        to[2] = X(1) - X(2) - X(3);
        to[3] = X(5);
        to[4] = X(1) + X(2) - X(0);
        to[5] = X(6);
        to[6] = X(3);
    } else {
        to[0] = X(0);
        to[1] = X(3);
        to[2] = X(1) + X(1) - X(0) - X(2);
        to[3] = X(4);
        to[4] = X(2);
    }
#undef X
}

// The output transform: from products to results.
STRATA_INLINE void output_transform(int results, const strata_lanes *x, int step, strata_lanes *to) {
#define X(i) x[(i) * step]
    if (results == 3) {
        strata_lanes sum = X(1) + X(2);
        to[0] = X(0) + sum + X(4);
        to[1] = X(1) - X(2) + X(5);
        to[2] = sum + X(3) + X(6);
    } else {
        to[0] = X(0) + X(1) + X(3);
        to[1] = X(1) + X(2) + X(4);
    }
#undef X
}

// The transpose of the output transform: from the gradients of results to the distinct ones of products.
STRATA_INLINE void output_transform_transposed(int results, const strata_lanes *x, int step, strata_lanes *to) {
#define X(i) x[(i) * step]
    to[0] = X(0);
    if (results == 3) {
        strata_lanes sum = X(0) + X(2);
        to[1] = sum + X(1);
        to[2] = sum - X(1);
        to[3] = X(2);
        to[4] = X(1);
    } else {
        to[1] = X(0) + X(1);
        to[2] = X(1);
    }
#undef X
}

// The weight transform, and its transpose for gradients.
STRATA_INLINE void weight_transform(const strata_lanes *g, int step, strata_lanes *to) {
    to[0] = g[0];
    to[1] = (g[0] + g[2 * step]) * 0.5f;
    to[2] = (g[0] - g[2 * step]) * 0.5f;
    to[3] = g[2 * step];
    to[4] = g[step];
}

STRATA_INLINE void weight_transform_transposed(const strata_lanes *x, int step, strata_lanes *to) {
    to[0] = x[0] + (x[step] + x[2 * step]) * 0.5f;
    to[1] = x[4 * step];
    to[2] = x[3 * step] + (x[step] - x[2 * step]) * 0.5f;
}
