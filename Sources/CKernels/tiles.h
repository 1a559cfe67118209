// Winograd's algorithm for three numbers in steps of two (Lavin and Gray, 2015, arXiv:1509.09308).
//
// Along an axis, result i is e[i] g0 + o[i] g1 + e[i + 1] g2, with e the places of even numbers and o those
// of odd ones. g0 and g2 are two numbers in steps of one, of which three results take four products instead
// of six, and two take three. So three results take seven products instead of nine, two take five instead of
// six; over both axes 49 instead of 81, and 25 instead of 36.
#pragma once

#include "wide.h"

// What numbers of the image are multiplied with: g0, (g0 + g2) / 2, (g0 - g2) / 2, g2, g1.
#define FACTORS 5
_Static_assert(FACTORS * FACTORS == CK_FACTORS, "those of both axes");
#define MOST_RESULTS 3
#define MOST_NUMBERS 7

// The factor of each product of a tile.
static const int8_t factor_of[MOST_RESULTS + 1][MOST_NUMBERS] = {
    {0}, {0}, {0, 1, 3, 4, 4}, {0, 1, 2, 3, 4, 4, 4}};

// The gradients of products are the same for some of them: which each has, and how many there are.
static const int8_t gradient_of[MOST_RESULTS + 1][MOST_NUMBERS] = {
    {0}, {0}, {0, 1, 2, 0, 2}, {0, 1, 2, 3, 0, 4, 3}};
static const int8_t gradient_count[MOST_RESULTS + 1] = {0, 0, 3, 5};

// Tiles of the same size along an axis.
typedef struct {
    int64_t first, tiles;
    int results;
} tile_run;

// The tiles of three results of an axis (run 0), and those of two (run 1): as many of three as leave two's over
// or none.
CK_INLINE tile_run run_of(int64_t results, int run) {
    int64_t threes = results / 3 - (results % 3 == 1);
    if (run == 0) return (tile_run){0, threes, 3};
    return (tile_run){3 * threes, (results - 3 * threes) / 2, 2};
}

// From 2 results + 1 numbers of the image, `step` vectors from each other, to what is multiplied.
CK_INLINE void spread(int results, const ck_lanes *x, int step, ck_lanes *to) {
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

// From the gradients of what is multiplied to those of the image's numbers.
CK_INLINE void spread_back(int results, const ck_lanes *x, int step, ck_lanes *to) {
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

// From products to results.
CK_INLINE void gather_results(int results, const ck_lanes *x, int step, ck_lanes *to) {
#define X(i) x[(i) * step]
    if (results == 3) {
        ck_lanes sum = X(1) + X(2);
        to[0] = X(0) + sum + X(4);
        to[1] = X(1) - X(2) + X(5);
        to[2] = sum + X(3) + X(6);
    } else {
        to[0] = X(0) + X(1) + X(3);
        to[1] = X(1) + X(2) + X(4);
    }
#undef X
}

// From the gradients of results to the different ones of products.
CK_INLINE void gather_back(int results, const ck_lanes *x, int step, ck_lanes *to) {
#define X(i) x[(i) * step]
    to[0] = X(0);
    if (results == 3) {
        ck_lanes sum = X(0) + X(2);
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

// From three numbers of the kernel to the factors, and from the gradients of those to those of these.
CK_INLINE void factorize(const ck_lanes *g, int step, ck_lanes *to) {
    to[0] = g[0];
    to[1] = (g[0] + g[2 * step]) * 0.5f;
    to[2] = (g[0] - g[2 * step]) * 0.5f;
    to[3] = g[2 * step];
    to[4] = g[step];
}

CK_INLINE void factorize_back(const ck_lanes *x, int step, ck_lanes *to) {
    to[0] = x[0] + (x[step] + x[2 * step]) * 0.5f;
    to[1] = x[4 * step];
    to[2] = x[3 * step] + (x[step] - x[2 * step]) * 0.5f;
}
