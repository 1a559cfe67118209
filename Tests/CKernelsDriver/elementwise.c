// Fused elementwise operations: each instruction, and the types and strides of the memory that they read and write.
#include "driver.h"

// The elements that an instruction works on.
typedef struct {
    float a, b, c;
} operands;

// What an instruction gives in double, and how far float32 may be off: so many roundings of the result, and an
// absolute part for what is smaller than normal numbers.
typedef struct {
    strata_opcode opcode;
    double (*value)(operands);
    double roundings, absolute;
} operation;

#define UNARY(name, expression)                                                                                        \
    static double name(operands x) {                                                                                   \
        double a = x.a;                                                                                                \
        return expression;                                                                                             \
    }
#define BINARY(name, expression)                                                                                       \
    static double name(operands x) {                                                                                   \
        double a = x.a, b = x.b;                                                                                       \
        return expression;                                                                                             \
    }

UNARY(copy_of, a)
UNARY(negative, -a)
UNARY(magnitude, fabs(a))
UNARY(sign, isnan(a) ? a : (double)((a > 0) - (a < 0)))
UNARY(reciprocal, (double)(float)(1 / a))
UNARY(square, (double)(float)(a * a))
UNARY(square_root, (double)(float)sqrt(a))
UNARY(sigmoid, 1 / (1 + exp(-a)))
UNARY(relu, a < 0 ? 0 : a)
UNARY(as_byte, isnan(a) ? 0 : a <= 0 ? 0 : a >= 255 ? 255 : floor(a))
UNARY(as_bool, a != 0)
BINARY(sum, (double)(float)(a + b))
BINARY(difference, (double)(float)(a - b))
BINARY(product, (double)(float)(a * b))
BINARY(quotient, (double)(float)(a / b))
BINARY(largest, isnan(a) || isnan(b) ? NAN : a > b ? a : b)
BINARY(smallest, isnan(a) || isnan(b) ? NAN : a < b ? a : b)
BINARY(power, pow(a, b))
BINARY(equal, a == b)
BINARY(not_equal, a != b)
BINARY(less, a < b)
BINARY(less_equal, a <= b)
BINARY(greater, a > b)
BINARY(greater_equal, a >= b)
UNARY(exponential, exp(a))
UNARY(exponential_minus_1, expm1(a))
UNARY(logarithm, log(a))
UNARY(logarithm_of_1_and, log1p(a))
UNARY(sine, sin(a))
UNARY(cosine, cos(a))
UNARY(hyperbolic_tangent, tanh(a))
UNARY(error_function, erf(a))
UNARY(rounded_down, floor(a))
UNARY(rounded, rint(a))
static double selected(operands x) { return x.a != 0 ? x.b : x.c; }

// Single operations of IEEE 754 are exact: double has more than twice the digits, so that rounding twice is rounding
// once. Our polynomials are within 2 ulp (4 roundings), as are glibc's functions; tanh is within 3e-7 (functions.h),
// and a sigmoid adds an addition and a division.
static const operation operations[] = {
    {strata_copy, copy_of, 0, 0}, {strata_negate, negative, 0, 0}, {strata_absolute, magnitude, 0, 0},
    {strata_sign, sign, 0, 0}, {strata_exp, exponential, 4, 0x1p-149}, {strata_expm1, exponential_minus_1, 4, 0x1p-149},
    {strata_log, logarithm, 4, 0}, {strata_log1p, logarithm_of_1_and, 4, 0x1p-149}, {strata_sqrt, square_root, 0, 0},
    {strata_reciprocal, reciprocal, 0, 0}, {strata_square, square, 0, 0}, {strata_sin, sine, 4, 0x1p-149},
    {strata_cos, cosine, 4, 0}, {strata_tanh, hyperbolic_tangent, 5.1, 0x1p-149},
    {strata_sigmoid, sigmoid, 8, SMALLEST_NORMAL}, {strata_relu, relu, 0, 0}, {strata_erf, error_function, 4, 0x1p-148},
    {strata_floor, rounded_down, 0, 0}, {strata_round, rounded, 0, 0}, {strata_add, sum, 0, 0},
    {strata_subtract, difference, 0, 0}, {strata_multiply, product, 0, 0}, {strata_divide, quotient, 0, 0},
    {strata_maximum, largest, 0, 0}, {strata_minimum, smallest, 0, 0}, {strata_power, power, 4, 0x1p-149},
    {strata_equal, equal, 0, 0}, {strata_not_equal, not_equal, 0, 0}, {strata_less, less, 0, 0},
    {strata_less_equal, less_equal, 0, 0}, {strata_greater, greater, 0, 0},
    {strata_greater_equal, greater_equal, 0, 0}, {strata_select, selected, 0, 0},
    {strata_float_to_byte, as_byte, 0, 0}, {strata_float_to_bool, as_bool, 0, 0},
};

static const float special[] = {
    0.0f, -0.0f, 1.0f, -1.0f, INFINITY, -INFINITY, NAN, 0x1p-149f, -0x1p-149f, 0x1p-126f, 3.4e38f, -3.4e38f, 0.5f, 1.5f,
    2.5f, -2.5f, 88.0f, 88.73f, 89.5f, -87.5f, -95.0f, -103.5f, -104.5f, 255.0f, 255.5f, 256.0f, 2147483520.0f,
    2147483648.0f, -2147483648.0f, 1e-8f, 9.5f, -9.5f, 16777216.0f, 0.99999994f, 1.0000001f,
};

// Each pair of special values first, then small and large random ones.
static void fill_operands(float *a, float *b, float *c, int64_t count) {
    int64_t n = COUNT_OF(special);
    for (int64_t i = 0; i < count; i++) {
        double range = i % 2 ? 4 : 100;
        a[i] = i < n * n ? special[i % n] : (float)random_between(-range, range);
        b[i] = i < n * n ? special[i / n] : (float)random_between(-range, range);
        c[i] = i < n * n ? special[(i + 7) % n] : (float)random_between(-range, range);
    }
}

static strata_slot slot_of(int32_t kind, int32_t type, void *memory, int32_t is_output) {
    return (strata_slot){.kind = kind, .type = type, .memory = memory, .is_output = is_output};
}

static void run_one(int32_t opcode, int64_t count, int32_t type, void *result, void *a, void *b, void *c) {
    strata_slot slots[] = {
        slot_of(strata_slot_full, type, result, 1), slot_of(strata_slot_full, type, a, 0),
        slot_of(strata_slot_full, type, b, 0), slot_of(strata_slot_full, type, c, 0)};
    strata_instruction instruction = {.opcode = opcode, .destination = 0, .a = 1, .b = 2, .c = 3};
    strata_fused_elementwise program = {
        .count = count, .instruction_count = 1, .slot_count = 4, .instructions = &instruction, .slots = slots};
    strata_run_fused_elementwise(&program);
}

static const int64_t counts[] = {0, 1, 7, 511, 513, 9001, 20483};

static void test_operations(void) {
    for (int64_t k = 0; k < COUNT_OF(counts); k++) {
        int64_t n = counts[k];
        float *a = new_floats(n), *b = new_floats(n), *c = new_floats(n), *result = new_floats(n);
        fill_operands(a, b, c, n);
        for (int64_t o = 0; o < COUNT_OF(operations); o++) {
            const operation *own = &operations[o];
            run_one(own->opcode, n, strata_float32, result, a, b, c);
            for (int64_t i = 0; i < n; i++) {
                double expected = own->value((operands){a[i], b[i], c[i]});
                // What rounds to an infinity in float32 is one.
                if (isinf((float)expected)) expected = (float)expected;
                double tolerance = own->roundings * ROUNDING * fabs(expected) + own->absolute;
                expect_near("opcode", own->opcode, result[i], expected, isnan(tolerance) ? 0 : tolerance);
            }
        }
    }
}

// ---- Integers ------------------------------------------------------------------------------------

static int64_t integer_value(strata_opcode opcode, int64_t a, int64_t b) {
    switch (opcode) {
    case strata_int_add: return (int32_t)(uint32_t)(a + b);
    case strata_int_subtract: return (int32_t)(uint32_t)(a - b);
    case strata_int_multiply: return (int32_t)(uint32_t)((uint64_t)a * (uint64_t)b);
    case strata_int_maximum: return a > b ? a : b;
    default: return a < b ? a : b;
    }
}

static void test_integers(void) {
    static const int32_t limits[] = {0, 1, -1, INT32_MAX, INT32_MIN, 65536, -65537};
    int64_t n = 9001;
    int32_t *a = new_integers(n), *b = new_integers(n), *result = new_integers(n);
    for (int64_t i = 0; i < n; i++) {
        a[i] = i < 49 ? limits[i % 7] : (int32_t)random_between(-2e9, 2e9);
        b[i] = i < 49 ? limits[i / 7] : (int32_t)random_between(-2e9, 2e9);
    }
    for (int32_t opcode = strata_int_add; opcode <= strata_int_minimum; opcode++) {
        run_one(opcode, n, strata_int32, result, a, b, b);
        for (int64_t i = 0; i < n; i++)
            expect_equal("integer opcode", opcode, result[i], integer_value((strata_opcode)opcode, a[i], b[i]));
    }
    float *floats = new_floats(n);
    strata_instruction instruction = {.opcode = strata_int_to_float, .destination = 0, .a = 1, .b = 1, .c = 1};
    strata_slot slots[] = {
        slot_of(strata_slot_full, strata_float32, floats, 1), slot_of(strata_slot_full, strata_int32, a, 0)};
    strata_fused_elementwise program = {
        .count = n, .instruction_count = 1, .slot_count = 2, .instructions = &instruction, .slots = slots};
    strata_run_fused_elementwise(&program);
    for (int64_t i = 0; i < n; i++) expect_near("int to float", i, floats[i], (float)a[i], 0);

    fill_operands(floats, new_floats(n), new_floats(n), n);
    instruction.opcode = strata_float_to_int;
    slots[0] = slot_of(strata_slot_full, strata_int32, result, 1);
    slots[1] = slot_of(strata_slot_full, strata_float32, floats, 0);
    strata_run_fused_elementwise(&program);
    for (int64_t i = 0; i < n; i++) {
        double x = floats[i];
        double inside = x >= INT32_MAX ? INT32_MAX : x <= INT32_MIN ? INT32_MIN : trunc(x);
        double expected = isnan(x) ? 0 : inside;
        expect_near("float to int", i, result[i], expected, 0);
    }
}

static void test_elementwise(void) {
    test_operations();
    test_integers();
}

const kernel_test elementwise_tests[] = {
    {"strata_run_fused_elementwise", test_elementwise},
    {NULL, NULL},
};
