// Vectors of sixteen elements: one register of AVX-512, two of AVX2. Functions take pointers to them because vectors as
// arguments would bind a function to one instruction set.
#pragma once

#include <stdint.h>
#include <string.h>

#define STRATA_LANES 16
typedef float strata_lanes __attribute__((vector_size(64)));
typedef uint32_t strata_lane_bits __attribute__((vector_size(64)));
typedef uint16_t strata_half_lanes __attribute__((vector_size(32)));

#define STRATA_INLINE static inline __attribute__((always_inline))

// The first `count` lanes from element `first` of memory on, and 0 in the others.
STRATA_INLINE void load_lanes(
    strata_lanes *to, const void *memory, int64_t first, int64_t count, int is_bfloat16) {
    if (is_bfloat16) {
        strata_half_lanes halves = {0};
        memcpy(&halves, (const uint16_t *)memory + first, (size_t)count * sizeof(uint16_t));
        *to = (strata_lanes)(__builtin_convertvector(halves, strata_lane_bits) << 16);
    } else {
        strata_lanes whole = {0};
        memcpy(&whole, (const float *)memory + first, (size_t)count * sizeof(float));
        *to = whole;
    }
}

// Rounds to the nearest bfloat16, ties to even. NaN is propagated.
STRATA_INLINE void store_lanes(
    void *memory, int64_t first, int64_t count, const strata_lanes *from, int is_bfloat16) {
    if (is_bfloat16) {
        strata_lane_bits bits = (strata_lane_bits)*from;
        strata_lane_bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
        strata_lane_bits is_number = (strata_lane_bits)(*from == *from);
        bits = (rounded & is_number) | (((bits >> 16) | 0x40u) & ~is_number);
        strata_half_lanes halves = __builtin_convertvector(bits, strata_half_lanes);
        memcpy((uint16_t *)memory + first, &halves, (size_t)count * sizeof(uint16_t));
    } else {
        memcpy((float *)memory + first, from, (size_t)count * sizeof(float));
    }
}

// 0 where `sign` is at most 0. NaN is propagated.
STRATA_INLINE void mask_lanes(strata_lanes *value, const strata_lanes *sign) {
    *value = (strata_lanes)((strata_lane_bits)*value & ~(strata_lane_bits)(*sign <= 0.0f));
}
