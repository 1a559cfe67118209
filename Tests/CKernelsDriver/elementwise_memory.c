// Fused elementwise operations: random numbers by the row-major index of an element, and slots of all kinds and types.
#include "driver.h"

// ---- Random numbers ------------------------------------------------------------------------------

// Philox 4x32 (Salmon et al., 2011), one counter at a time.
static void philox(uint32_t words[4], uint64_t counter, uint32_t step, uint64_t key, int rounds) {
    uint32_t c[4] = {(uint32_t)counter, (uint32_t)(counter >> 32), step, 0};
    uint32_t k[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
    for (int round = 0; round < rounds; round++) {
        uint64_t a = (uint64_t)c[0] * 0xD2511F53u, b = (uint64_t)c[2] * 0xCD9E8D57u;
        uint32_t next[4] = {
            (uint32_t)(b >> 32) ^ c[1] ^ k[0], (uint32_t)b, (uint32_t)(a >> 32) ^ c[3] ^ k[1], (uint32_t)a};
        memcpy(c, next, sizeof c);
        k[0] += 0x9E3779B9u;
        k[1] += 0xBB67AE85u;
    }
    memcpy(words, c, sizeof c);
}

static double random_number(int64_t index, uint32_t step, uint64_t key) {
    uint32_t words[4];
    philox(words, (uint64_t)index / 4, step, key, 10);
    return (words[index % 4] >> 8) * 0x1p-24;
}

static uint32_t dropout_draw(int64_t index, uint32_t step, uint64_t key) {
    uint32_t words[4];
    philox(words, (uint64_t)index / 8, step, key, 7);
    return words[index % 8 / 2] >> (16 * (index % 2)) & 0xffffu;
}

// A memory order, as loops from the outermost on.
typedef struct {
    int32_t loops;
    int64_t counts[4], strides[4];
} order;

static int64_t row_major(const order *o, int64_t position) {
    if (o->loops == 0) return position;
    int64_t index = 0;
    for (int loop = o->loops - 1; loop >= 0; loop--) {
        index += position % o->counts[loop] * o->strides[loop];
        position /= o->counts[loop];
    }
    return index;
}

static const order orders[] = {
    {0},
    {4, {3, 2, 49, 16}, {32 * 49, 16 * 49, 1, 49}},    // [images, channels, pixels], channels in blocks
    {4, {5, 2, 200, 16}, {6400, 16, 32, 1}},           // [images, pixels, channels], channels in blocks
    {4, {2, 3, 100, 8}, {2400, 8, 24, 1}},             // blocks of 8
    {3, {7, 1500, 3}, {4500, 1, 1500}},                // [images, pixels, channels] of [images, channels, pixels]
    {2, {33, 4}, {1, 33}},                             // a transpose
};

// Rows of a larger batch: the first one, and the elements of each; none if these are 0.
typedef struct {
    int32_t first;
    uint64_t size;
} rows;

static const rows batches[] = {
    {5, 0}, {0, 784}, {1, 1}, {3, 5}, {2, 28 * 28}, {5, 4}, {6, 10}, {1000003, 4099},
    {INT32_MAX, 7}, {INT32_MAX, (uint64_t)1 << 31},
};

static void test_random_rows(rows batch) {
    const uint64_t key = 0x0123456789abcdefu;
    const float rate = 0.3f;
    int32_t step = 77;
    int64_t offset = batch.first * (int64_t)batch.size;
    for (int64_t k = 0; k < COUNT_OF(orders); k++) {
        const order *o = &orders[k];
        int64_t count = o->loops == 0 ? 10007 : 1;
        for (int loop = 0; loop < o->loops; loop++) count *= o->counts[loop];
        float *source = random_floats(count), *numbers = new_floats(count), *kept = new_floats(count);
        strata_slot slots[] = {
            {.kind = strata_slot_full, .memory = numbers, .is_output = 1},
            {.kind = strata_slot_full, .memory = kept, .is_output = 1},
            {.kind = strata_slot_full, .memory = source},
            {.kind = strata_slot_scalar, .type = strata_int32, .memory = &step},
            {.kind = strata_slot_scalar, .type = strata_int32, .memory = &batch.first}};
        strata_instruction instructions[] = {
            {.opcode = strata_random, .destination = 0, .a = 3, .b = 4, .key = key, .row_size = batch.size},
            {.opcode = strata_dropout, .destination = 1, .a = 2, .b = 3, .c = 4, .rate = rate, .key = key,
             .row_size = batch.size}};
        strata_fused_elementwise program = {
            .count = count, .loop_count = o->loops, .instruction_count = 2, .slot_count = COUNT_OF(slots),
            .instructions = instructions, .slots = slots};
        memcpy(program.loop_counts, o->counts, sizeof o->counts);
        memcpy(program.loop_strides, o->strides, sizeof o->strides);
        strata_run_fused_elementwise(&program);
        for (int64_t i = 0; i < count; i++) {
            int64_t index = offset + row_major(o, i);
            expect_near("random number", k, numbers[i], random_number(index, 77, key), 0);
            int is_kept = dropout_draw(index, 77, key) >= (uint32_t)lrint(rate * 65536.0);
            // The rate, the scale and the product are rounded.
            double expected = is_kept ? source[i] / (1 - (double)rate) : 0;
            expect_near("dropout", k, kept[i], expected, 4 * ROUNDING * fabs(expected));
        }
    }
}

static void test_random(void) {
    for (int64_t k = 0; k < COUNT_OF(batches); k++) test_random_rows(batches[k]);
}

// ---- Slots ---------------------------------------------------------------------------------------

// A tensor that is broadcast over a result of the same number of elements.
typedef struct {
    int32_t rank;
    int64_t dims[4], strides[4];
} broadcast;

static const broadcast broadcasts[] = {
    {2, {300, 37}, {0, 1}},                 // a row for all rows
    {2, {300, 37}, {1, 0}},                 // a column
    {2, {3, 5000}, {5000, 1}},              // itself
    {3, {4, 70, 33}, {33, 0, 1}},           // rows, each repeated
    {3, {4, 3, 700}, {1, 0, 3}},            // a transpose
    {4, {2, 5, 90, 16}, {80, 16, 0, 1}},    // one value for each channel, in blocks
    {4, {2, 5, 90, 16}, {0, 1, 0, 0}},
    {4, {3, 2, 2, 3}, {0, 2, 0, 7}},
};

static const strata_type types[] = {strata_float32, strata_bfloat16, strata_uint8};

static size_t size_of(strata_type type) { return type == strata_uint8 ? 1 : type == strata_bfloat16 ? 2 : 4; }

static double read(strata_type type, const void *memory, int64_t index) {
    if (type == strata_uint8) return ((const uint8_t *)memory)[index];
    return element(memory, index, type == strata_bfloat16);
}

static void *random_of(strata_type type, int64_t count) {
    if (type != strata_uint8) return as_type(random_floats(count), count, type == strata_bfloat16);
    uint8_t *memory = allocate_elements(count, 1);
    for (int64_t i = 0; i < count; i++) memory[i] = (uint8_t)random_below(256);
    return memory;
}

static int64_t offset_of(const broadcast *b, int64_t position, int64_t *last) {
    int64_t offset = 0;
    *last = 0;
    for (int axis = b->rank - 1; axis >= 0; axis--) {
        offset += position % b->dims[axis] * b->strides[axis];
        *last += (b->dims[axis] - 1) * b->strides[axis];
        position /= b->dims[axis];
    }
    return offset;
}

// result = (own + repeated) * 1.5 - scalar, with the sum in a temporary.
static void test_slots_of(const broadcast *b, strata_type type, strata_type result_type) {
    int64_t count = 1, last;
    for (int axis = 0; axis < b->rank; axis++) count *= b->dims[axis];
    offset_of(b, 0, &last);
    void *own = random_of(type, count), *repeated = random_of(type, last + 1), *scalar = random_of(type, 1);
    void *result = allocate_elements(count, size_of(result_type));
    strata_slot slots[] = {
        {.kind = strata_slot_full, .type = result_type, .memory = result, .is_output = 1},
        {.kind = strata_slot_full, .type = type, .memory = own},
        {.kind = strata_slot_broadcast, .type = type, .memory = repeated, .rank = b->rank},
        {.kind = strata_slot_scalar, .type = type, .memory = scalar},
        {.kind = strata_slot_immediate, .immediate = 1.5f}, {.kind = strata_slot_temporary}};
    memcpy(slots[2].dims, b->dims, sizeof b->dims);
    memcpy(slots[2].strides, b->strides, sizeof b->strides);
    strata_instruction instructions[] = {
        {.opcode = strata_add, .destination = 5, .a = 1, .b = 2, .c = 2},
        {.opcode = strata_multiply, .destination = 5, .a = 5, .b = 4, .c = 4},
        {.opcode = strata_subtract, .destination = 0, .a = 5, .b = 3, .c = 3}};
    strata_fused_elementwise program = {
        .count = count, .instruction_count = 3, .slot_count = 6, .instructions = instructions, .slots = slots};
    strata_run_fused_elementwise(&program);
    for (int64_t i = 0; i < count; i++) {
        // As float32 has them, so that the last rounding is the only one that may differ: there is none.
        float sum = (float)(read(type, own, i) + read(type, repeated, offset_of(b, i, &last)));
        float value = (float)((double)(float)(sum * 1.5) - read(type, scalar, 0)), expected = value;
        if (result_type == strata_uint8) expected = value <= 0 ? 0 : value >= 255 ? 255 : floorf(value);
        if (result_type == strata_bfloat16) round_to_bfloat16(&expected, 1);
        expect_near("a slot", i, read(result_type, result, i), expected, 0);
    }
}

static void test_slots(void) {
    for (int64_t k = 0; k < COUNT_OF(broadcasts); k++)
        for (int64_t i = 0; i < COUNT_OF(types); i++)
            for (int64_t j = 0; j < COUNT_OF(types); j++) test_slots_of(&broadcasts[k], types[i], types[j]);
    // What bfloat16 and uint8 make of values that are no numbers, or lie between two.
    static const float values[] = {NAN, INFINITY, -INFINITY, 1.00390625f, 1.01171875f, 3.4e38f, -0.5f, 255.9f, 300.0f};
    int64_t n = COUNT_OF(values);
    uint16_t *halves = allocate_elements(n, sizeof(uint16_t));
    uint8_t *bytes = allocate_elements(n, 1);
    strata_slot slots[] = {
        {.kind = strata_slot_full, .type = strata_bfloat16, .memory = halves, .is_output = 1},
        {.kind = strata_slot_full, .type = strata_uint8, .memory = bytes, .is_output = 1},
        {.kind = strata_slot_full, .type = strata_float32, .memory = (void *)(uintptr_t)values}};
    strata_instruction instructions[] = {
        {.opcode = strata_copy, .destination = 0, .a = 2, .b = 2, .c = 2},
        {.opcode = strata_copy, .destination = 1, .a = 2, .b = 2, .c = 2}};
    strata_fused_elementwise program = {
        .count = n, .instruction_count = 2, .slot_count = 3, .instructions = instructions, .slots = slots};
    strata_run_fused_elementwise(&program);
    static const double as_halves[] = {NAN, INFINITY, -INFINITY, 1, 1.015625, INFINITY, -0.5, 256, 300};
    static const int as_bytes[] = {0, 255, 0, 1, 1, 255, 0, 255, 255};
    for (int64_t i = 0; i < n; i++) {
        expect_near("bfloat16", i, element(halves, i, 1), as_halves[i], 0);
        expect_equal("uint8", i, bytes[i], as_bytes[i]);
    }
}

const kernel_test random_tests[] = {
    {"strata_run_fused_elementwise (random numbers)", test_random},
    {"strata_run_fused_elementwise (kinds of memory)", test_slots},
    {NULL, NULL},
};
