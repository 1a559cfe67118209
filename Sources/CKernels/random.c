// Numbers drawn for the elements of a program: which one an element gets depends on its place in the
// row-major order alone, not on threads, not on layouts.
#include "random.h"

#include <string.h>

// Eight counters at work. Of each number only the lower half counts; what multiplications leave in the
// upper half is never looked at, so that no instruction goes into clearing it.
typedef uint64_t lanes __attribute__((vector_size(64)));

// Rounds of Philox 4×32 (Salmon et al., 2011) on many counters, a multiple of 8 of them; the words of
// counter j go to words[4 · j …].
static inline __attribute__((always_inline)) void philox(
    uint32_t *words, const uint64_t *counters, int count, int rounds, uint32_t step, uint64_t key) {
    const uint64_t low = 0xFFFFFFFFu;
    lanes keys[10][2];
    for (int round = 0; round < rounds; round++) {
        keys[round][0] = (lanes){0} + ((uint32_t)key + (uint32_t)round * 0x9E3779B9u);
        keys[round][1] = (lanes){0} + ((uint32_t)(key >> 32) + (uint32_t)round * 0xBB67AE85u);
    }
    for (int j = 0; j < count; j += 8) {
        lanes c0, c1, c2 = (lanes){0} + step, c3 = {0};
        memcpy(&c0, counters + j, sizeof c0);
        c1 = c0 >> 32;
#pragma clang loop unroll(full)
        for (int round = 0; round < rounds; round++) {
            lanes a = (c0 & low) * 0xD2511F53u, b = (c2 & low) * 0xCD9E8D57u;
            c0 = (b >> 32) ^ c1 ^ keys[round][0];
            c1 = b;
            c2 = (a >> 32) ^ c3 ^ keys[round][1];
            c3 = a;
        }
        lanes first = (c0 & low) | (c1 << 32), second = (c2 & low) | (c3 << 32);
        lanes half = __builtin_shufflevector(first, second, 0, 8, 1, 9, 2, 10, 3, 11);
        memcpy(words + 4 * j, &half, sizeof half);
        half = __builtin_shufflevector(first, second, 4, 12, 5, 13, 6, 14, 7, 15);
        memcpy(words + 4 * j + 16, &half, sizeof half);
    }
}

// The places in the row-major order of `count` elements of memory, every stride-th from `first` on; the
// stride divides the innermost loop.
static inline __attribute__((always_inline)) void find_places(
    uint64_t *places, int count, const ck_program *program, int64_t first, int64_t stride) {
    int last = program->loop_count - 1;
    if (last < 0) {
        for (int j = 0; j < count; j++) places[j] = (uint64_t)(first + stride * j);
        return;
    }
    int64_t index[CK_MAX_LOOPS], rest = first, place = 0;
    for (int loop = last; loop >= 0; loop--) {
        index[loop] = rest % program->loop_counts[loop];
        rest /= program->loop_counts[loop];
        place += index[loop] * program->loop_places[loop];
    }
    int64_t step = stride * program->loop_places[last];
    for (int j = 0; j < count;) {
        int64_t turns = (program->loop_counts[last] - index[last]) / stride, rows = 1;
        // Whole rows of 2, 4, 8 … turns are gone through together: most rows are short, a block of channels.
        int shift = 63;
        if (last > 0 && index[last] == 0 && (turns & (turns - 1)) == 0) {
            rows = program->loop_counts[last - 1] - index[last - 1];
            shift = __builtin_ctzll((unsigned long long)turns);
        }
        int64_t far = last > 0 ? program->loop_places[last - 1] : 0, near = (int64_t)(((uint64_t)1 << shift) - 1);
        int64_t n = rows * turns < count - j ? rows * turns : count - j;
        for (int64_t k = 0; k < n; k++)
            places[j + k] = (uint64_t)(place + (k >> shift) * far + (k & near) * step);
        j += (int)n;
        place -= index[last] * program->loop_places[last];
        index[last] = 0;
        for (int loop = last - 1; loop >= 0; loop--, rows = 1) {
            place += rows * program->loop_places[loop];
            index[loop] += rows;
            if (index[loop] < program->loop_counts[loop]) break;
            place -= index[loop] * program->loop_places[loop];
            index[loop] = 0;
        }
    }
}

// Whether as many elements that follow each other in memory do so in the row-major order as well, from
// a multiple of their number on.
static int goes_by(int64_t run, const ck_program *program) {
    int last = program->loop_count - 1;
    if (last < 0) return 1;
    if (program->loop_places[last] != 1 || program->loop_counts[last] % run != 0) return 0;
    for (int loop = 0; loop < last; loop++)
        if (program->loop_places[loop] % run != 0) return 0;
    return 1;
}

// Numbers from 0 ..< 1 for the elements of the block that begins at `first`, a word of ten rounds
// each. Which one an element takes depends on its place in the row-major order alone: not on
// threads, not on layouts.
CK_VECTORIZED
void ck_random_block(
    float *out, const ck_program *program, int64_t first, uint32_t step, uint64_t key) {
    enum { count = CK_BLOCK / 4 };
    uint64_t counters[count];
    uint32_t words[CK_BLOCK];
    if (goes_by(4, program)) {
        find_places(counters, count, program, first, 4);
        for (int j = 0; j < count; j++) counters[j] /= 4;
        philox(words, counters, count, 10, step, key);
        for (int i = 0; i < CK_BLOCK; i++) out[i] = (float)(words[i] >> 8) * 0x1p-24f;
        return;
    }
    uint64_t places[count];
    for (int part = 0; part < 4; part++) {
        find_places(places, count, program, first + part * count, 1);
        for (int j = 0; j < count; j++) counters[j] = places[j] / 4;
        philox(words, counters, count, 10, step, key);
        for (int j = 0; j < count; j++)
            out[part * count + j] = (float)(words[4 * j + places[j] % 4] >> 8) * 0x1p-24f;
    }
}

// A dropout's draws, from 0 ..< 65536, the same way: half a word of seven rounds each, the fewest that
// the paper found without a flaw. A chance is so rounded to 1 in 65,536, far below what a rate means.
CK_VECTORIZED
void ck_draw_block(
    uint16_t *out, const ck_program *program, int64_t first, uint32_t step, uint64_t key) {
    enum { count = CK_BLOCK / 8 };
    uint64_t counters[count];
    uint32_t words[4 * count];
    if (goes_by(8, program)) {
        find_places(counters, count, program, first, 8);
        for (int j = 0; j < count; j++) counters[j] /= 8;
        philox(words, counters, count, 7, step, key);
        memcpy(out, words, sizeof words);
        return;
    }
    uint64_t places[count];
    for (int part = 0; part < 8; part++) {
        find_places(places, count, program, first + part * count, 1);
        for (int j = 0; j < count; j++) counters[j] = places[j] / 8;
        philox(words, counters, count, 7, step, key);
        for (int j = 0; j < count; j++)
            out[part * count + j] =
                (uint16_t)(words[4 * j + places[j] % 8 / 2] >> (16 * (places[j] % 2)));
    }
}
