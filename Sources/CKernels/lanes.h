// Sixteen numbers at a time: one vector of AVX-512, two of AVX2. They go in and out through pointers
// because vectors as arguments would tie a function to one set of instructions.
#pragma once

#include <stdint.h>
#include <string.h>

#define CK_LANES 16
typedef float ck_lanes __attribute__((vector_size(64)));
typedef uint32_t ck_lane_bits __attribute__((vector_size(64)));
typedef uint16_t ck_half_lanes __attribute__((vector_size(32)));

#define CK_INLINE static inline __attribute__((always_inline))

// The first `count` lanes from element `first` of memory on, and 0 in the others.
CK_INLINE void load_lanes(
    ck_lanes *to, const void *memory, int64_t first, int64_t count, int is_bfloat16) {
    if (is_bfloat16) {
        ck_half_lanes halves = {0};
        memcpy(&halves, (const uint16_t *)memory + first, (size_t)count * sizeof(uint16_t));
        *to = (ck_lanes)(__builtin_convertvector(halves, ck_lane_bits) << 16);
    } else {
        ck_lanes whole = {0};
        memcpy(&whole, (const float *)memory + first, (size_t)count * sizeof(float));
        *to = whole;
    }
}

// To the nearest bfloat16, of two the even one; what is no number stays so.
CK_INLINE void store_lanes(
    void *memory, int64_t first, int64_t count, const ck_lanes *from, int is_bfloat16) {
    if (is_bfloat16) {
        ck_lane_bits bits = (ck_lane_bits)*from;
        ck_lane_bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
        ck_lane_bits is_number = (ck_lane_bits)(*from == *from);
        bits = (rounded & is_number) | (((bits >> 16) | 0x40u) & ~is_number);
        ck_half_lanes halves = __builtin_convertvector(bits, ck_half_lanes);
        memcpy((uint16_t *)memory + first, &halves, (size_t)count * sizeof(uint16_t));
    } else {
        memcpy((float *)memory + first, from, (size_t)count * sizeof(float));
    }
}

// 0 where `sign` is not above 0; what is no number stays so.
CK_INLINE void mask_lanes(ck_lanes *value, const ck_lanes *sign) {
    *value = (ck_lanes)((ck_lane_bits)*value & ~(ck_lane_bits)(*sign <= 0.0f));
}
