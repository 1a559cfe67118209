// Strided copies: exact.
#include "driver.h"

// A box, and its axes from the slowest on in the memory of the source; the destination is larger by `margin` in each
// axis, and row-major.
typedef struct {
    int32_t rank;
    int64_t dims[5];
    int order[5];
    int64_t margin;
} box;

static const box boxes[] = {
    {1, {1}, {0}, 0},
    {1, {1000}, {0}, 3},
    {2, {300, 200}, {1, 0}, 0},             // a transpose
    {2, {3, 4}, {0, 1}, 1},
    {3, {7, 90, 33}, {0, 2, 1}, 2},
    {4, {2, 40, 30, 8}, {0, 1, 2, 3}, 1},   // padding, with runs of 8 elements
    {3, {9, 30, 16}, {0, 1, 2}, 1},         // and of 16
    {4, {2, 40, 30, 16}, {0, 3, 1, 2}, 0},  // [images, channels, rows, columns] to channels last
    {5, {2, 3, 5, 4, 16}, {1, 4, 0, 3, 2}, 1},
    {3, {4, 0, 5}, {0, 1, 2}, 1},           // empty
};

static void test_copy_of(const box *b, int64_t size, int has_fill) {
    int64_t count = 1, padded = 1, product = 1;
    strata_strided_copy copy = {.rank = b->rank, .element_size = (int32_t)size, .has_fill = has_fill, .fill = 3.5f};
    for (int i = b->rank - 1; i >= 0; i--) {
        copy.dims[i] = b->dims[i];
        copy.source_strides[b->order[i]] = product;
        product *= b->dims[b->order[i]];
        copy.destination_strides[i] = padded;
        copy.destination_offset += padded * (b->margin / 2);
        padded *= b->dims[i] + b->margin;
        count *= b->dims[i];
    }
    // The source begins behind an element that does not belong to it.
    copy.source_offset = 1;
    char *source = allocate_elements(count + 1, (size_t)size), *result = allocate_elements(padded, (size_t)size);
    char *expected = allocate_elements(padded, (size_t)size);
    for (int64_t i = 0; i < (count + 1) * size; i++) source[i] = (char)random_below(256);
    copy.source = source;
    copy.destination = result;
    copy.fill_count = has_fill ? padded : 0;
    for (int64_t i = 0; i < copy.fill_count; i++) memcpy(expected + i * size, &copy.fill, sizeof copy.fill);
    for (int64_t i = 0; i < count; i++) {
        int64_t rest = i, from = copy.source_offset, to = copy.destination_offset;
        for (int axis = b->rank - 1; axis >= 0; axis--) {
            from += rest % b->dims[axis] * copy.source_strides[axis];
            to += rest % b->dims[axis] * copy.destination_strides[axis];
            rest /= b->dims[axis];
        }
        memcpy(expected + to * size, source + from * size, (size_t)size);
    }
    strata_run_strided_copy(&copy);
    for (int64_t i = 0; i < padded * size; i++) expect_equal("a copied byte", i, result[i], expected[i]);
}

// One element for a whole row: a stride of 0.
static void test_repetition(void) {
    int64_t rows = 50, columns = 700;
    float *source = random_floats(rows), *result = new_floats(rows * columns);
    strata_strided_copy copy = {
        .rank = 2, .element_size = 4, .dims = {rows, columns}, .source_strides = {1, 0},
        .destination_strides = {columns, 1}, .source = (const char *)source, .destination = (char *)result};
    strata_run_strided_copy(&copy);
    for (int64_t i = 0; i < rows * columns; i++)
        expect_near("a repeated element", i, result[i], source[i / columns], 0);
}

static void test_copies(void) {
    for (int64_t k = 0; k < COUNT_OF(boxes); k++) {
        for (int64_t size = 1; size <= 4; size *= 2) test_copy_of(&boxes[k], size, 0);
        test_copy_of(&boxes[k], 4, 1);
    }
    test_repetition();
}

const kernel_test copy_tests[] = {
    {"strata_run_strided_copy", test_copies},
    {NULL, NULL},
};
