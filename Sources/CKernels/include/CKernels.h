// Loops that oneDNN lacks. Each takes one pointer to its arguments and returns 0, so that a plan is
// a flat array of (function, arguments). All work on dense memory and allocate nothing.
#pragma once

#include <stddef.h>
#include <stdint.h>

// How many threads the loops may use; the same team that oneDNN runs on (OpenMP).
void ck_set_threads(int threads);
int ck_threads(void);
// Makes the calling thread start teams of that size; before it plans or runs.
void ck_prepare_threads(void);
// Makes the calling thread work alone from now on.
void ck_work_alone(void);
// Makes the calling thread start teams of another size, and tells that of those before.
int ck_exchange_team(int threads);

// Calls side by side, one a thread; a thread that is done takes what another has not begun.
typedef struct {
    int64_t count;
    int (*function)(const void *);
    const void *const *arguments;
    int *are_taken;  // room for `count`
} ck_calls;

int ck_run_calls(const void *calls);

// Around every run of a plan: whether waiting threads spin or sleep follows from what they get of the
// machine (waiting.c).
void ck_run_begins(void);
void ck_run_ends(void);

// Whether the processor multiplies bfloat16 numbers itself.
int ck_has_bfloat16(void);

// Zeroed memory for tensors, aligned to a cache line at least; NULL where there is none left. It is freed
// with the number of bytes that it was asked for with.
void *ck_allocate(size_t byte_count);
void ck_free(void *memory, size_t byte_count);

// ---- Elementwise programs --------------------------------------------------------------------

// One instruction works on a block of CK_BLOCK elements at a time; operands are slots.
#define CK_BLOCK 512
#define CK_MAX_SLOTS 96
#define CK_MAX_AXES 8
#define CK_MAX_LOOPS 20

typedef enum {
    ck_copy, ck_negate, ck_absolute, ck_sign, ck_exp, ck_expm1, ck_log, ck_log1p, ck_sqrt,
    ck_reciprocal, ck_square, ck_sin, ck_cos, ck_tanh, ck_sigmoid, ck_relu, ck_erf, ck_floor,
    ck_round,
    ck_add, ck_subtract, ck_multiply, ck_divide, ck_maximum, ck_minimum, ck_power,
    ck_equal, ck_not_equal, ck_less, ck_less_equal, ck_greater, ck_greater_equal,
    ck_select,
    ck_dropout, ck_random,
    ck_int_add, ck_int_subtract, ck_int_multiply, ck_int_maximum, ck_int_minimum,
    ck_int_to_float, ck_float_to_int,
    // Numbers that uint8 or bool can hold, still as float32.
    ck_float_to_byte, ck_float_to_bool,
} ck_opcode;

typedef struct {
    int32_t opcode, destination, a, b, c;
    float rate;      // dropout
    uint64_t key;    // dropout, random
} ck_instruction;

typedef enum { ck_float32, ck_bfloat16, ck_int32, ck_uint8 } ck_type;

// Where a slot's elements come from or go to.
typedef enum {
    ck_slot_temporary,  // a block of the thread's own
    ck_slot_full,       // memory with one element for each element of the result
    ck_slot_scalar,     // memory with one element
    ck_slot_immediate,  // a number in the program
    ck_slot_broadcast,  // memory whose elements repeat, by the loops below
} ck_slot_kind;

typedef struct {
    int32_t kind, type;
    int32_t is_output;
    float immediate;
    void *memory;
    // Broadcast: the loops that go through the result in its order in memory, from the outermost in:
    // how often each turns, and by how many elements of this memory it goes on. Of two loops in a row one
    // at least stands still or both could be one.
    int32_t rank;
    int64_t dims[CK_MAX_AXES], strides[CK_MAX_AXES];
} ck_slot;

typedef struct {
    int64_t count;  // elements of the result, those between the data in padded layouts included
    // The order of the elements in memory, from the outermost loop in: how often each turns, and by how
    // many places of the row-major order. None where memory is row-major itself, or no instruction asks.
    int32_t loop_count;
    int64_t loop_counts[CK_MAX_LOOPS], loop_places[CK_MAX_LOOPS];
    int32_t instruction_count, slot_count;
    const ck_instruction *instructions;
    const ck_slot *slots;
} ck_program;

int ck_run_program(const void *program);

// ---- Reductions: [outer, length, inner] → [outer, inner] -------------------------------------

typedef enum { ck_sum, ck_mean, ck_reduce_maximum, ck_reduce_minimum, ck_product } ck_reduction_kind;

typedef struct {
    int32_t kind;
    int64_t outer, length, inner;
    const float *source;
    float *destination;
} ck_reduction;

int ck_run_reduction(const void *reduction);

// The place of the largest element, the first of equals.
typedef struct {
    int64_t outer, length, inner;
    const float *source;
    int32_t *destination;
} ck_arg_max;

int ck_run_arg_max(const void *arg_max);

// softmax or its logarithm over `length`.
typedef struct {
    int64_t outer, length, inner;
    int32_t is_logarithm;
    const float *source;
    float *destination;
} ck_softmax;

int ck_run_softmax(const void *softmax);

// ---- Normalization ---------------------------------------------------------------------------

// The most parts that sums are gathered in. `room` is for two numbers of each place of a channel in every
// part, and three more.
#define CK_NORMALIZATION_PARTS 64

// Memory [batch, blocks, positions, block] in float32 or bfloat16, of whose places for channels the first
// `channels` are real and the others hold 0. Forward: (source - mean) / sqrt(variance + epsilon) * scale +
// shift with the batch's mean and variance, which are written too; rectified where `rectifies` says so.
// Backward: from the gradient of that to those of source, scale and shift; the source's is 0 where the source
// is not above 0 if `masks_by_source` says so.
typedef struct {
    int64_t batch, blocks, positions, block, channels;
    int32_t is_bfloat16, rectifies, masks_by_source;
    float epsilon;
    const void *source, *gradient;
    void *result;
    const float *scale, *shift;
    float *mean, *variance, *scale_gradient, *shift_gradient;
    double *room;
} ck_normalization;

int ck_run_normalization(const void *normalization);
int ck_run_normalization_backward(const void *normalization);

// ---- Classes ---------------------------------------------------------------------------------

typedef struct {
    int64_t count, depth;
    const int32_t *source;
    float *destination;
} ck_one_hot;

int ck_run_one_hot(const void *one_hot);

typedef struct {
    int64_t rows, classes, k;
    const float *predictions;
    const int32_t *targets;
    float *destination;
} ck_in_top_k;

int ck_run_in_top_k(const void *in_top_k);

// ---- Rows of a table -------------------------------------------------------------------------

// destination[i] = source[indices[i]], a row each; negative indices count from the end, and a row that
// is not there has all bits set, which is NaN in every floating-point type.
typedef struct {
    int64_t rows, count, row_size;  // row_size in bytes
    const char *source;
    const int32_t *indices;
    char *destination;
} ck_gather;

int ck_run_gather(const void *gather);

// Samples that a step reads next: rows of `from` by their numbers, or the first ones where those are not there.
// Each thread copies those that it is likely to work on.
typedef struct {
    int64_t count, row_size;  // row_size in bytes
    const char *from;
    const int64_t *rows;
    char *to;
} ck_feed;

void ck_feed_rows(const ck_feed *feed);

// destination[indices[i]] += source[i], from rows of 0, in the order of i; rows that are not there get
// nothing.
typedef struct {
    int64_t rows, count, width;
    const float *source;
    const int32_t *indices;
    float *destination;
} ck_scatter_add;

int ck_run_scatter_add(const void *scatter_add);

// ---- Movement --------------------------------------------------------------------------------

// A box copied between places given by strides (in elements); `fill` writes all of it before.
typedef struct {
    int32_t rank, element_size, has_fill;
    float fill;  // written as float32
    int64_t fill_count;
    int64_t dims[CK_MAX_AXES], source_strides[CK_MAX_AXES], destination_strides[CK_MAX_AXES];
    const char *source;
    char *destination;
    int64_t source_offset, destination_offset;
} ck_strided_copy;

int ck_run_strided_copy(const void *copy);

// ---- Images ----------------------------------------------------------------------------------

// What lies beyond the edges of abc: x, a and c, abc again, cba from between the edge's pixels, cb
// from the edge's pixel.
typedef enum {
    ck_fill_constant, ck_fill_nearest, ck_fill_wrap, ck_fill_reflect, ck_fill_mirror,
} ck_fill;

// Images [batch, height, width, channels] and the same seen at `places`, row and column of each new
// pixel: forward from `images` to `moved`, backward the gradient from `moved` to `images`.
typedef struct {
    int32_t is_linear, fill;
    float fill_value;
    int64_t batch, height, width, channels, new_height, new_width;
    float *images;
    const float *places;
    float *moved;
} ck_resampling;

int ck_run_resampling(const void *resampling);
int ck_run_resampling_backward(const void *resampling);

// The patches of images [batch, height, width, channels], channels in blocks, that a convolution sees:
// [batch, rows, columns, kernel, channels], zeros beyond the image's edges.
typedef struct {
    int64_t batch, height, width, channels, block, rows, columns;
    int64_t kernel[2], strides[2], dilations[2], low[2];
    int32_t element_size;
    const char *image;
    char *patches;
} ck_patches;

int ck_run_patches(const void *patches);

// Patches added up at their places. Pixel (y, x) of the image [batch, height, width, channels], channels in
// blocks, is the sum of what lies at row_taps[i] + column_taps[k] in the image's patches, for all i of
// row_starts[y] ..< row_starts[y + 1] and all k of the column's.
typedef struct {
    int64_t batch, height, width, channels, block, patches_size;
    int32_t is_bfloat16;  // the image; patches are float32
    const int64_t *row_starts, *row_taps, *column_starts, *column_taps;
    const float *patches;
    void *image;
} ck_patch_sums;

int ck_run_patch_sums(const void *patch_sums);

// The maximum over windows, or the average (of what lies in the image) over windows that do not overlap, of
// [images, depth, height, width, block]: [images, planes, rows, columns, block], float32 or bfloat16, and for
// maxima where they lay in their windows, if `places` is there: uint8, or uint32 for windows of more than 256
// pixels. If `scale` and `shift` are, a number of each for each channel of `blocks` blocks, it is
// that of image * scale + shift. Backward from the gradient in `pooled`, and `places`, to that in `image`;
// where `activated` is there, which was pooled and is a result of max(x, 0) or of tanh(x), to that of x.
typedef struct {
    int64_t images, blocks, depth, height, width, block, planes, rows, columns;
    int64_t window[3], strides[3], low[3];
    int32_t is_maximum, is_bfloat16, is_tanh;
    void *image, *pooled, *places;
    const float *scale, *shift;
    const void *activated;
} ck_pooling;

int ck_run_pooling(const void *pooling);
int ck_run_pooling_backward(const void *pooling);

// A convolution of images that lie sixteen by sixteen, number by number: [blocks, height, width, channels, 16]
// to [blocks, rows, columns, filters, 16], with weights [kernel, channels, filters]. Vectors are full whatever
// the number of channels. `activation` is an opcode of the programs, ck_copy for none.
// Backward: the gradients of weights and bias from the images and the gradient in `result`, summed in `parts`
// parts, for each of which `room` has sixteen numbers a weight and filter.
typedef struct {
    int64_t blocks, height, width, channels, rows, columns, filters;
    int64_t kernel[2], strides[2], low[2];
    int32_t activation;
    const float *image, *weights, *bias;
    float *result;
    int64_t parts;
    float *room, *weights_gradient, *bias_gradient;
} ck_interleaved;

// Whether the processor has vectors of sixteen numbers, for which these loops are made.
int ck_has_wide_vectors(void);
int ck_run_interleaved(const void *interleaved);
int ck_run_interleaved_gradient(const void *interleaved);

// Products of windows with weights, and bias and activation: result [places, filters], to which they are added
// if it `adds`. What a place sees are `runs` times `run` numbers. Windows begin `strides` apart, the first one
// `low` before the image; a run lies `down` rows and `across` columns further, and `offset` numbers. An image,
// a row and a column are `steps` numbers long. If windows have edges, zeros are outside of height and width.
// Weights are [filters / CK_FILTERS, runs * run, CK_FILTERS], and filters a multiple of that.
#define CK_FILTERS 64
#define CK_LONGEST_RUN 128
// So many weights are in far memory: the next ones are fetched while some are multiplied.
#define CK_MANY_WEIGHTS (1 << 18)
typedef struct {
    int64_t offset, down, across;
} ck_window_run;

typedef struct {
    int64_t images, height, width, rows, columns, strides[2], low[2], steps[3];
    int64_t runs, run, filters;
    int32_t activation;  // an opcode of the programs, ck_copy for none
    int32_t adds, has_edges;
    const ck_window_run *windows;
    const float *image, *weights, *bias;
    float *result;
} ck_windows;

int ck_run_windows(const void *windows);

// What a kernel [3, 3, rows, columns] in steps of 2 is multiplied by in Winograd's algorithm: CK_FACTORS
// matrices [rows, columns], the columns in panels (winograd.c).
#define CK_FACTORS 25
typedef struct {
    int64_t rows, columns;
    const float *kernel;
    float *factors;
} ck_winograd_factors;

int ck_run_winograd_factors(const void *factors);

// A convolution of 3 x 3 in steps of 2 by Winograd's algorithm: images [images, height, width, channels] to
// [images, rows, columns, filters], of whose channels `image_block` and `result_block` lie side by side, with
// the factors of a kernel [3, 3, channels, filters]; for the gradient of the image, from that in `result`, with
// those of [3, 3, filters, channels]. There are at least 2 rows and columns; channels, filters and blocks are
// multiples of 16; `activation` is ck_relu or ck_copy.
// The batch is worked on in `parts` parts, each in its own part of `room`.
typedef struct {
    int64_t images, height, width, channels, rows, columns, filters;
    int64_t low[2], image_block, result_block;
    int32_t activation, is_kernel_gradient;
    const float *image, *factors, *bias;
    float *result, *image_gradient, *kernel_gradient, *bias_gradient;
    int64_t parts;
    float *room;
} ck_winograd;

// How many numbers `room` has.
int64_t ck_winograd_room(const ck_winograd *winograd);
int ck_run_winograd(const void *winograd);
int ck_run_winograd_image_gradient(const void *winograd);
int ck_run_winograd_kernel_gradient(const void *winograd);

// Numbers of 0 … 255 in [count, channels] made equally frequent in each channel; `counts` is room for
// one number a bin.
typedef struct {
    int64_t count, channels, bins;
    const float *source;
    float *destination;
    int32_t *counts;
} ck_equalization;

int ck_run_equalization(const void *equalization);
