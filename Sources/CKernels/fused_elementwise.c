// Fused elementwise operations: every instruction works on a block that stays in the first-level cache, so that a
// chain of operations reads and writes memory once.
#include "functions.h"
#include "instruction_sets.h"
#include "parallel.h"
#include "random.h"

#include <math.h>
#include <string.h>

#pragma clang fp contract(fast)

// A block holds float32 or int32: integers are read and written where floats are declared.
typedef int32_t __attribute__((may_alias)) int32_lane;

#define LOOP _Pragma("clang loop vectorize(assume_safety)") for (int i = 0; i < n; i++)

// Rounds towards 0 and saturates; NaN becomes 0.
static inline int32_t to_int(float x) {
    float low = x > -2147483648.0f ? x : -2147483648.0f;
    float inside = low < 2147483520.0f ? low : 2147483520.0f;
    int32_t y = (int32_t)(x == x ? inside : 0.0f);
    return x >= 2147483648.0f ? INT32_MAX : y;
}

// The same between 0 and 255, before the fraction is cut off.
static inline float to_byte(float x) {
    float low = x > 0.0f ? x : 0.0f;
    return low < 255.0f ? low : 255.0f;
}

// How far the result's first element is from that of the whole batch, for an instruction that draws.
static uint64_t offset_in_batch(const strata_instruction *instruction, const int32_lane *first_row) {
    return instruction->row_size == 0 ? 0 : (uint64_t)(int64_t)first_row[0] * instruction->row_size;
}

// One instruction on n elements.
STRATA_MULTIVERSIONED(
    static void, run_instruction,
    (const strata_fused_elementwise *fused, const strata_instruction *instruction, float *d, const float *a,
     const float *b, const float *c, int n, int64_t first),
    (fused, instruction, d, a, b, c, n, first)) {
    const int32_lane *ia = (const int32_lane *)a, *ib = (const int32_lane *)b, *ic = (const int32_lane *)c;
    int32_lane *id = (int32_lane *)d;
    switch ((strata_opcode)instruction->opcode) {
    case strata_copy: if (d != a) memcpy(d, a, sizeof(float) * (size_t)n); break;
    case strata_negate: LOOP d[i] = -a[i]; break;
    case strata_absolute: LOOP d[i] = fabsf(a[i]); break;
    case strata_sign: LOOP d[i] = a[i] != a[i] ? a[i] : (float)((a[i] > 0.0f) - (a[i] < 0.0f)); break;
    case strata_exp: LOOP d[i] = fast_exp(a[i]); break;
    case strata_expm1: for (int i = 0; i < n; i++) d[i] = expm1f(a[i]); break;
    case strata_log: LOOP d[i] = fast_log(a[i]); break;
    case strata_log1p: for (int i = 0; i < n; i++) d[i] = log1pf(a[i]); break;
    case strata_sqrt: LOOP d[i] = __builtin_elementwise_sqrt(a[i]); break;
    case strata_reciprocal: LOOP d[i] = 1.0f / a[i]; break;
    case strata_square: LOOP d[i] = a[i] * a[i]; break;
    case strata_sin: for (int i = 0; i < n; i++) d[i] = sinf(a[i]); break;
    case strata_cos: for (int i = 0; i < n; i++) d[i] = cosf(a[i]); break;
    case strata_tanh: LOOP d[i] = fast_tanh(a[i]); break;
    case strata_sigmoid: LOOP d[i] = fast_sigmoid(a[i]); break;
    case strata_relu: LOOP d[i] = a[i] < 0.0f ? 0.0f : a[i]; break;
    case strata_erf: for (int i = 0; i < n; i++) d[i] = erff(a[i]); break;
    case strata_floor: LOOP d[i] = __builtin_floorf(a[i]); break;
    case strata_round: LOOP d[i] = __builtin_rintf(a[i]); break;
    case strata_add: LOOP d[i] = a[i] + b[i]; break;
    case strata_subtract: LOOP d[i] = a[i] - b[i]; break;
    case strata_multiply: LOOP d[i] = a[i] * b[i]; break;
    case strata_divide: LOOP d[i] = a[i] / b[i]; break;
    case strata_maximum: LOOP d[i] = a[i] >= b[i] || a[i] != a[i] ? a[i] : b[i]; break;
    case strata_minimum: LOOP d[i] = a[i] <= b[i] || a[i] != a[i] ? a[i] : b[i]; break;
    case strata_power: for (int i = 0; i < n; i++) d[i] = powf(a[i], b[i]); break;
    case strata_equal: LOOP d[i] = a[i] == b[i] ? 1.0f : 0.0f; break;
    case strata_not_equal: LOOP d[i] = a[i] != b[i] ? 1.0f : 0.0f; break;
    case strata_less: LOOP d[i] = a[i] < b[i] ? 1.0f : 0.0f; break;
    case strata_less_equal: LOOP d[i] = a[i] <= b[i] ? 1.0f : 0.0f; break;
    case strata_greater: LOOP d[i] = a[i] > b[i] ? 1.0f : 0.0f; break;
    case strata_greater_equal: LOOP d[i] = a[i] >= b[i] ? 1.0f : 0.0f; break;
    case strata_select: LOOP d[i] = a[i] != 0.0f ? b[i] : c[i]; break;
    case strata_dropout: {
        uint16_t draws[STRATA_BLOCK];
        uint64_t offset = offset_in_batch(instruction, ic);
        strata_dropout_block(draws, fused, first, offset, (uint32_t)ib[0], instruction->key);
        float scale = 1.0f / (1.0f - instruction->rate);
        uint32_t dropped = (uint32_t)(instruction->rate * 65536.0f + 0.5f);
        LOOP d[i] = draws[i] >= dropped ? a[i] * scale : 0.0f;
        break;
    }
    case strata_random: {
        float values[STRATA_BLOCK];
        uint64_t offset = offset_in_batch(instruction, ib);
        strata_random_block(values, fused, first, offset, (uint32_t)ia[0], instruction->key);
        memcpy(d, values, sizeof(float) * (size_t)n);
        break;
    }
    case strata_int_add: LOOP id[i] = (int32_t)((uint32_t)ia[i] + (uint32_t)ib[i]); break;
    case strata_int_subtract: LOOP id[i] = (int32_t)((uint32_t)ia[i] - (uint32_t)ib[i]); break;
    case strata_int_multiply: LOOP id[i] = (int32_t)((uint32_t)ia[i] * (uint32_t)ib[i]); break;
    case strata_int_maximum: LOOP id[i] = ia[i] > ib[i] ? ia[i] : ib[i]; break;
    case strata_int_minimum: LOOP id[i] = ia[i] < ib[i] ? ia[i] : ib[i]; break;
    case strata_int_to_float: LOOP d[i] = (float)ia[i]; break;
    case strata_float_to_int: LOOP id[i] = to_int(a[i]); break;
    case strata_float_to_byte: LOOP d[i] = (float)(int32_t)to_byte(a[i]); break;
    case strata_float_to_bool: LOOP d[i] = a[i] != 0.0f ? 1.0f : 0.0f; break;
    }
}

// Elements of memory of any type as float32 (int32 stays as it is).
STRATA_MULTIVERSIONED(
    static void, load, (float *out, const strata_slot *slot, int64_t first, int n), (out, slot, first, n)) {
    switch ((strata_type)slot->type) {
    case strata_float32:
    case strata_int32:
        memcpy(out, (const float *)slot->memory + first, sizeof(float) * (size_t)n);
        break;
    case strata_bfloat16: {
        const uint16_t *in = (const uint16_t *)slot->memory + first;
        LOOP out[i] = bits_to_float((uint32_t)in[i] << 16);
        break;
    }
    case strata_uint8: {
        const uint8_t *in = (const uint8_t *)slot->memory + first;
        LOOP out[i] = (float)in[i];
        break;
    }
    }
}

STRATA_MULTIVERSIONED(
    static void, store, (const strata_slot *slot, const float *in, int64_t first, int n), (slot, in, first, n)) {
    switch ((strata_type)slot->type) {
    case strata_float32:
    case strata_int32:
        memcpy((float *)slot->memory + first, in, sizeof(float) * (size_t)n);
        break;
    case strata_bfloat16: {
        uint16_t *out = (uint16_t *)slot->memory + first;
        LOOP out[i] = float_to_bfloat16(in[i]);
        break;
    }
    case strata_uint8: {
        uint8_t *out = (uint8_t *)slot->memory + first;
        LOOP out[i] = (uint8_t)to_byte(in[i]);
        break;
    }
    }
}

// What the block of a broadcast tensor holds, so that it is not filled with the same elements again.
typedef struct {
    int64_t offset, phase;
    int count;
} repeated_block;

// Fills out[0 ..< n] with the elements of one row of `length`, repeated, from element `phase` on.
static void repeat_row(
    float *out, const strata_slot *slot, int64_t offset, int64_t stride, int64_t length, int64_t phase,
    int n) {
    if (stride == 0) {
        float value;
        load(&value, slot, offset, 1);
        LOOP out[i] = value;
        return;
    }
    // The row's end, its beginning, and then copies of both that double in length.
    int64_t head = length - phase < n ? length - phase : n, done = length < n ? length : n;
    if (stride == 1) {
        load(out, slot, offset + phase, (int)head);
        if (done > head) load(out + head, slot, offset, (int)(done - head));
    } else {
        for (int64_t i = 0; i < done; i++)
            load(out + i, slot, offset + (phase + i) % length * stride, 1);
    }
    for (int64_t run; done < n; done += run) {
        run = done < n - done ? done : n - done;
        memcpy(out + done, out, sizeof(float) * (size_t)run);
    }
}

// Elements first ..< first + n of a broadcast tensor.
static void load_broadcast(
    float *out, repeated_block *held, const strata_slot *slot, int64_t first, int n) {
    int last = slot->rank - 1;
    int64_t index[STRATA_MAX_AXES], rest = first, offset = 0;
    for (int axis = last; axis >= 0; axis--) {
        index[axis] = rest % slot->dims[axis];
        rest /= slot->dims[axis];
        if (axis < last) offset += index[axis] * slot->strides[axis];
    }
    int64_t length = slot->dims[last], stride = slot->strides[last];
    // A loop of stride 0 around the row repeats it.
    int outer = last > 0 && slot->strides[last - 1] == 0 ? last - 1 : last;
    int64_t group = outer < last ? slot->dims[outer] * length : length;
    int64_t position = outer < last ? index[outer] * length + index[last] : index[last];
    int done = 0;
    while (done < n) {
        int run = group - position < n - done ? (int)(group - position) : n - done;
        int64_t phase = stride == 0 ? 0 : position % length;
        int is_held = done == 0 && held->offset == offset && held->phase == phase && run <= held->count;
        if (!is_held) repeat_row(out + done, slot, offset, stride, length, phase, run);
        if (done == 0 && run == n && !is_held) *held = (repeated_block){offset, phase, n};
        if (run < n) held->count = 0;
        done += run;
        position += run;
        if (position < group || done == n) continue;
        position = 0;
        for (int axis = outer - 1; axis >= 0; axis--) {
            offset += slot->strides[axis];
            if (++index[axis] < slot->dims[axis]) break;
            offset -= index[axis] * slot->strides[axis];
            index[axis] = 0;
        }
    }
}

static int is_direct(const strata_slot *slot) {
    return slot->kind == strata_slot_full && (slot->type == strata_float32 || slot->type == strata_int32);
}

static void run_range(void *context, int64_t begin, int64_t end) {
    const strata_fused_elementwise *fused = context;
    // Blocks of slots that are not float32 or int32 memory themselves: 192 KiB of the thread's stack, of which the
    // slots in use are touched.
    _Alignas(64) float blocks[STRATA_MAX_SLOTS][STRATA_BLOCK];
    float *pointers[STRATA_MAX_SLOTS];
    repeated_block held[STRATA_MAX_SLOTS];
    for (int s = 0; s < fused->slot_count; s++) {
        const strata_slot *slot = &fused->slots[s];
        pointers[s] = blocks[s];
        held[s].count = 0;
        if (slot->kind == strata_slot_immediate) {
            for (int i = 0; i < STRATA_BLOCK; i++) blocks[s][i] = slot->immediate;
        } else if (slot->kind == strata_slot_scalar) {
            float value;
            load(&value, slot, 0, 1);
            for (int i = 0; i < STRATA_BLOCK; i++) blocks[s][i] = value;
        }
    }
    for (int64_t first = begin; first < end; first += STRATA_BLOCK) {
        int n = end - first < STRATA_BLOCK ? (int)(end - first) : STRATA_BLOCK;
        for (int s = 0; s < fused->slot_count; s++) {
            const strata_slot *slot = &fused->slots[s];
            if (is_direct(slot)) {
                pointers[s] = (float *)slot->memory + first;
            } else if (slot->kind == strata_slot_full && !slot->is_output) {
                load(blocks[s], slot, first, n);
            } else if (slot->kind == strata_slot_broadcast) {
                load_broadcast(blocks[s], &held[s], slot, first, n);
            }
        }
        for (int k = 0; k < fused->instruction_count; k++) {
            const strata_instruction *instruction = &fused->instructions[k];
            run_instruction(
                fused, instruction, pointers[instruction->destination], pointers[instruction->a],
                pointers[instruction->b], pointers[instruction->c], n, first);
        }
        for (int s = 0; s < fused->slot_count; s++) {
            const strata_slot *slot = &fused->slots[s];
            if (slot->is_output && !is_direct(slot)) store(slot, blocks[s], first, n);
        }
    }
}

int strata_run_fused_elementwise(const void *argument) {
    const strata_fused_elementwise *fused = argument;
    strata_parallel(fused->count, STRATA_BLOCK, 8 * STRATA_BLOCK, run_range, (void *)fused);
    return 0;
}
