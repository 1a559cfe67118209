// Random numbers for the elements of a result. The number of an element depends on its row-major index alone, not on
// threads and layouts.
#include "random.h"

#include "instruction_sets.h"

#include <string.h>

// Eight counters. Only the lower half of each lane counts; the upper half holds what multiplications leave there, and
// is never cleared.
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

// `offset` and the row-major indices of `count` elements of memory, every stride-th from `first` on; the stride divides
// the innermost loop.
static inline __attribute__((always_inline)) void find_indices(
    uint64_t *indices, int count, const strata_fused_elementwise *fused, int64_t first, uint64_t offset,
    int64_t stride) {
    int last = fused->loop_count - 1;
    if (last < 0) {
        for (int j = 0; j < count; j++) indices[j] = offset + (uint64_t)(first + stride * j);
        return;
    }
    int64_t index[STRATA_MAX_LOOPS], rest = first, position = 0;
    for (int loop = last; loop >= 0; loop--) {
        index[loop] = rest % fused->loop_counts[loop];
        rest /= fused->loop_counts[loop];
        position += index[loop] * fused->loop_strides[loop];
    }
    int64_t step = stride * fused->loop_strides[last];
    for (int j = 0; j < count;) {
        int64_t length = (fused->loop_counts[last] - index[last]) / stride, rows = 1;
        // Whole rows of 2, 4, 8 … elements are processed together: most rows are short, a block of channels.
        int shift = 63;
        if (last > 0 && index[last] == 0 && (length & (length - 1)) == 0) {
            rows = fused->loop_counts[last - 1] - index[last - 1];
            shift = __builtin_ctzll((unsigned long long)length);
        }
        int64_t far = last > 0 ? fused->loop_strides[last - 1] : 0, near = (int64_t)(((uint64_t)1 << shift) - 1);
        int64_t n = rows * length < count - j ? rows * length : count - j;
        for (int64_t k = 0; k < n; k++)
            indices[j + k] = offset + (uint64_t)(position + (k >> shift) * far + (k & near) * step);
        j += (int)n;
        position -= index[last] * fused->loop_strides[last];
        index[last] = 0;
        for (int loop = last - 1; loop >= 0; loop--, rows = 1) {
            position += rows * fused->loop_strides[loop];
            index[loop] += rows;
            if (index[loop] < fused->loop_counts[loop]) break;
            position -= index[loop] * fused->loop_strides[loop];
            index[loop] = 0;
        }
    }
}

// Whether `run` elements that are adjacent in memory, from a multiple of `run` on, are adjacent in row-major order.
static int has_runs_of(int64_t run, const strata_fused_elementwise *fused) {
    int last = fused->loop_count - 1;
    if (last < 0) return 1;
    if (fused->loop_strides[last] != 1 || fused->loop_counts[last] % run != 0) return 0;
    for (int loop = 0; loop < last; loop++)
        if (fused->loop_strides[loop] % run != 0) return 0;
    return 1;
}

// The same with an offset. Where it is no multiple of `run`, a run has numbers of two counters: only in row-major order
// is the second one that of the next run.
static int shares_counters(int64_t run, const strata_fused_elementwise *fused, uint64_t offset) {
    return offset % (uint64_t)run == 0 ? has_runs_of(run, fused) : fused->loop_count == 0;
}

// Numbers in 0 ..< 1 for the elements of the block that begins at `first`: a word of ten rounds for each.
STRATA_MULTIVERSIONED(
    void, strata_random_block,
    (float *out, const strata_fused_elementwise *fused, int64_t first, uint64_t offset, uint32_t step, uint64_t key),
    (out, fused, first, offset, step, key)) {
    enum { count = STRATA_BLOCK / 4 };
    uint64_t counters[count + 8];
    uint32_t words[4 * (count + 8)];
    if (shares_counters(4, fused, offset)) {
        // The first of so many words belong to elements before the block.
        int skipped = (int)(offset % 4), used = skipped == 0 ? count : count + 8;
        find_indices(counters, used, fused, first, offset, 4);
        for (int j = 0; j < used; j++) counters[j] /= 4;
        philox(words, counters, used, 10, step, key);
        const uint32_t *own = words + skipped;
        for (int i = 0; i < STRATA_BLOCK; i++) out[i] = (float)(own[i] >> 8) * 0x1p-24f;
        return;
    }
    uint64_t indices[count];
    for (int part = 0; part < 4; part++) {
        find_indices(indices, count, fused, first + part * count, offset, 1);
        for (int j = 0; j < count; j++) counters[j] = indices[j] / 4;
        philox(words, counters, count, 10, step, key);
        for (int j = 0; j < count; j++)
            out[part * count + j] = (float)(words[4 * j + indices[j] % 4] >> 8) * 0x1p-24f;
    }
}

// Numbers in 0 ..< 65536 for dropout: half a word of seven rounds for each, the fewest that pass all tests of the
// paper. Rates are rounded to 1 in 65,536.
STRATA_MULTIVERSIONED(
    void, strata_dropout_block,
    (uint16_t *out, const strata_fused_elementwise *fused, int64_t first, uint64_t offset, uint32_t step,
     uint64_t key),
    (out, fused, first, offset, step, key)) {
    enum { count = STRATA_BLOCK / 8 };
    uint64_t counters[count + 8];
    uint32_t words[4 * (count + 8)];
    if (shares_counters(8, fused, offset)) {
        int skipped = (int)(offset % 8), used = skipped == 0 ? count : count + 8;
        find_indices(counters, used, fused, first, offset, 8);
        for (int j = 0; j < used; j++) counters[j] /= 8;
        philox(words, counters, used, 7, step, key);
        memcpy(out, (const char *)words + 2 * skipped, 2 * STRATA_BLOCK);
        return;
    }
    uint64_t indices[count];
    for (int part = 0; part < 8; part++) {
        find_indices(indices, count, fused, first + part * count, offset, 1);
        for (int j = 0; j < count; j++) counters[j] = indices[j] / 8;
        philox(words, counters, count, 7, step, key);
        for (int j = 0; j < count; j++)
            out[part * count + j] =
                (uint16_t)(words[4 * j + indices[j] % 8 / 2] >> (16 * (indices[j] % 2)));
    }
}
