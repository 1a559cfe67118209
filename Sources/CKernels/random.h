// Random numbers for one block of a program's elements, the one that begins at `first`.
#pragma once

#include "parallel.h"

// Numbers from 0 ..< 1.
void ck_random_block(
    float *out, const ck_program *program, int64_t first, uint32_t step, uint64_t key);
// A dropout's draws, from 0 ..< 65536.
void ck_draw_block(
    uint16_t *out, const ck_program *program, int64_t first, uint32_t step, uint64_t key);
