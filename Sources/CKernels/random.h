// Random numbers for one block of a result's elements, which begins at `first`. `offset` is added to the row-major
// indices: it is that of the result's first element in the whole batch.
#pragma once

#include "parallel.h"

// Numbers from 0 ..< 1.
void strata_random_block(
    float *out, const strata_fused_elementwise *fused, int64_t first, uint64_t offset, uint32_t step, uint64_t key);
// A dropout's draws, from 0 ..< 65536.
void strata_dropout_block(
    uint16_t *out, const strata_fused_elementwise *fused, int64_t first, uint64_t offset, uint32_t step, uint64_t key);
