// Kernels that oneDNN lacks, or has slower. Each takes a pointer to its arguments and returns 0, so that a
// plan is a flat array of (function, arguments). They work on dense memory and allocate nothing.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The number of threads that kernels may use: the OpenMP team that oneDNN runs on, too.
void strata_set_threads(int threads);
int strata_threads(void);
void strata_prepare_threads(void);  // sets the calling thread's team size
void strata_use_threads(int threads);  // of the calling thread from now on; with 1, it works alone
int strata_exchange_team_size(int threads);  // of the calling thread unless 0; returns the one before
// Around what makes or runs a plan: its team size, whatever is set meanwhile, but no more than the thread uses.
int strata_enter_plan(int threads);  // returns what strata_leave_plan takes
void strata_leave_plan(int before);

// Calls that run in parallel, one per thread; a thread that is done takes one that has not begun.
typedef struct {
    int64_t count;
    int (*function)(const void *);
    const void *const *arguments;
    int *are_taken;  // `count` elements
} strata_calls;
int strata_run_calls(const void *calls);

// Around every run. Waiting threads spin, or sleep where another process needs their cores (waiting.c).
void strata_run_begins(void);
void strata_run_ends(void);

// Whether the processor has instructions that multiply bfloat16.
int strata_has_bfloat16(void);
// The level of x86-64 (1, 3 or 4: SSE2, AVX2, AVX-512) whose instructions kernels use; elsewhere it is 1.
int strata_instruction_level(void);
void strata_limit_instructions(int level);

// Zeroed memory for tensors, aligned to a cache line at least; NULL where none is left. It is freed with its byte count.
void *strata_allocate(size_t byte_count);
void strata_free(void *memory, size_t byte_count);
int strata_share_arenas(int count);  // all threads those of glibc's heap; whether they do
int strata_trim_heap(void);  // gives what that heap has free back to the system; whether there was any
int strata_same_bytes(const void *a, const void *b, size_t byte_count);

// ---- Fused elementwise operations ------------------------------------------------------------

// Instructions run one after the other on a block of STRATA_BLOCK elements. Their operands are slots.
#define STRATA_BLOCK 512
#define STRATA_MAX_SLOTS 96
#define STRATA_MAX_AXES 8
#define STRATA_MAX_LOOPS 20

typedef enum {
    strata_copy, strata_negate, strata_absolute, strata_sign, strata_exp, strata_expm1, strata_log, strata_log1p, strata_sqrt,
    strata_reciprocal, strata_square, strata_sin, strata_cos, strata_tanh, strata_sigmoid, strata_relu, strata_erf, strata_floor,
    strata_round,
    strata_add, strata_subtract, strata_multiply, strata_divide, strata_maximum, strata_minimum, strata_power,
    strata_equal, strata_not_equal, strata_less, strata_less_equal, strata_greater, strata_greater_equal,
    strata_select,
    strata_dropout, strata_random,
    strata_int_add, strata_int_subtract, strata_int_multiply, strata_int_maximum, strata_int_minimum,
    strata_int_to_float, strata_float_to_int,
    // Values that uint8 or bool can hold, still as float32.
    strata_float_to_byte, strata_float_to_bool,
} strata_opcode;

typedef struct {
    int32_t opcode, destination, a, b, c;
    float rate;  // dropout
    uint64_t key, row_size;  // dropout, random: if not 0, the last operand is the first row's index in the whole batch
} strata_instruction;

typedef enum { strata_float32, strata_bfloat16, strata_int32, strata_uint8 } strata_type;

// Where a slot's elements come from or go to.
typedef enum {
    strata_slot_temporary,  // a block of the thread
    strata_slot_full,       // memory with one element for each element of the result
    strata_slot_scalar,     // memory with one element
    strata_slot_immediate,  // a constant
    strata_slot_broadcast,  // memory whose elements repeat, by the loops below
} strata_slot_kind;

typedef struct {
    int32_t kind, type;
    int32_t is_output;
    float immediate;
    void *memory;
    // Broadcast: the loops over the result in its memory order, outermost first: their lengths, and their
    // strides in this memory. Adjacent loops that could be one loop are one.
    int32_t rank;
    int64_t dims[STRATA_MAX_AXES], strides[STRATA_MAX_AXES];
} strata_slot;

typedef struct {
    int64_t count;  // elements of the result, the padding of padded layouts included
    // The loops over the result in its memory order, outermost first: their lengths, and their strides in
    // the row-major order. None where memory is row-major, or no instruction needs them.
    int32_t loop_count;
    int64_t loop_counts[STRATA_MAX_LOOPS], loop_strides[STRATA_MAX_LOOPS];
    int32_t instruction_count, slot_count;
    const strata_instruction *instructions;
    const strata_slot *slots;
} strata_fused_elementwise;

int strata_run_fused_elementwise(const void *program);

// ---- Reductions: [outer, length, inner] → [outer, inner] -------------------------------------

typedef enum { strata_sum, strata_mean, strata_reduce_maximum, strata_reduce_minimum, strata_product } strata_reduction_kind;

typedef struct {
    int32_t kind;
    int64_t outer, length, inner;
    const float *source;
    float *destination;
} strata_reduction;

int strata_run_reduction(const void *reduction);

// The index of the largest element, the first of equals.
typedef struct {
    int64_t outer, length, inner;
    const float *source;
    int32_t *destination;
} strata_arg_max;
int strata_run_arg_max(const void *arg_max);

// Softmax, or its logarithm, over `length`.
typedef struct {
    int64_t outer, length, inner;
    int32_t is_logarithm;
    const float *source;
    float *destination;
} strata_softmax;
int strata_run_softmax(const void *softmax);

// Sums of the elements up to each one along `length`: without it if exclusive, from the end if reversed.
typedef struct {
    int64_t outer, length, inner;
    int32_t is_exclusive, is_reversed;
    const float *source;
    float *destination;
} strata_cumulative_sum;
int strata_run_cumulative_sum(const void *cumulative_sum);

// ---- Batch normalization ---------------------------------------------------------------------

// The most partitions that sums are made in. The scratchpad holds two values per channel for every partition,
// and three more per channel; channels include those that pad the last block.
#define STRATA_BATCH_NORMALIZATION_PARTITIONS 64

// Memory is [batch, blocks, positions, block] in float32 or bfloat16; channels beyond `channels` pad the last
// block with zeros. Forward: (source - mean) / sqrt(variance + epsilon) * scale + shift with the mean and the
// variance of the batch, which are written too, and a ReLU behind it if `has_relu`. Backward: the gradients of
// source, scale and shift; with `masks_by_source` the gradient of the source is 0 where the source is not
// positive (the ReLU before the normalization).
typedef struct {
    int64_t batch, blocks, positions, block, channels;
    int32_t is_bfloat16, has_relu, masks_by_source;
    float epsilon;
    const void *source, *gradient;
    void *result;
    const float *scale, *shift;
    float *mean, *variance, *scale_gradient, *shift_gradient;
    double *scratchpad;
} strata_batch_normalization;

int strata_run_batch_normalization(const void *normalization);
int strata_run_batch_normalization_backward(const void *normalization);

// ---- Class indices ---------------------------------------------------------------------------

typedef struct {
    int64_t count, depth;
    const int32_t *source;
    float *destination;
} strata_one_hot;

int strata_run_one_hot(const void *one_hot);

typedef struct {
    int64_t rows, classes, k;
    const float *predictions;
    const int32_t *targets;
    float *destination;
} strata_in_top_k;

int strata_run_in_top_k(const void *in_top_k);

// ---- Gather and scatter ----------------------------------------------------------------------

// destination[i] = source[indices[i]], row by row. Negative indices count from the end; an index out of range
// gives a row with all bits set, which is NaN in every floating-point type.
typedef struct {
    int64_t rows, count, row_size;  // row_size in bytes
    const char *source;
    const int32_t *indices;
    char *destination;
} strata_gather;

int strata_run_gather(const void *gather);

// The samples of a step: rows of `source` by index, or the first `count` rows if `indices` is NULL. Each thread
// copies the samples that it is likely to work on.
typedef struct {
    int64_t count, row_size;  // row_size in bytes
    const char *source;
    const int64_t *indices;
    char *destination;
} strata_feed;

void strata_feed_rows(const strata_feed *feed);

// destination[indices[i]] += source[i] in the order of i, into rows of zeros. Indices out of range are skipped.
typedef struct {
    int64_t rows, count, width;
    const float *source;
    const int32_t *indices;
    float *destination;
} strata_scatter_add;

int strata_run_scatter_add(const void *scatter_add);

// ---- Movement --------------------------------------------------------------------------------

// Copies a box between two strided arrays (strides in elements); with `has_fill` the destination is filled
// before.
typedef struct {
    int32_t rank, element_size, has_fill;
    float fill;  // written as float32
    int64_t fill_count;
    int64_t dims[STRATA_MAX_AXES], source_strides[STRATA_MAX_AXES], destination_strides[STRATA_MAX_AXES];
    const char *source;
    char *destination;
    int64_t source_offset, destination_offset;
} strata_strided_copy;

int strata_run_strided_copy(const void *copy);

// ---- Grid sample -----------------------------------------------------------------------------

// What a grid sees beyond the edges of abc: x, a and c, abc again, cba mirrored between pixels, cb mirrored
// about the edge's pixel.
typedef enum {
    strata_fill_constant, strata_fill_nearest, strata_fill_wrap, strata_fill_reflect,
    strata_fill_mirror,
} strata_fill;

// Images [batch, height, width, channels] sampled at `grid` [batch, new_height, new_width, 2], the row and the
// column of each new pixel. Backward: from the gradient in `samples` to that in `images`.
typedef struct {
    int32_t is_bilinear, fill;
    float fill_value;
    int64_t batch, height, width, channels, new_height, new_width;
    float *images;
    const float *grid;
    float *samples;
} strata_grid_sample;

int strata_run_grid_sample(const void *grid_sample);
int strata_run_grid_sample_backward(const void *grid_sample);

// ---- im2col and col2im -----------------------------------------------------------------------

// Images [batch, height, width, channels], channels in blocks, to the patches that a convolution multiplies:
// columns [batch, rows, columns, kernel, channels], with zeros for the padding.
typedef struct {
    int64_t batch, height, width, channels, block, output_height, output_width;
    int64_t kernel[2], strides[2], dilations[2], padding_before[2];
    int32_t element_size;
    const char *image;
    char *columns;
} strata_im2col;

int strata_run_im2col(const void *im2col);

// The transpose: pixel (y, x) of the image [batch, height, width, channels], channels in blocks, is the sum of
// the elements at row_taps[i] + column_taps[k] of its image's columns, for all i of
// row_starts[y] ..< row_starts[y + 1] and all k of column_starts[x] ..< column_starts[x + 1].
typedef struct {
    int64_t batch, height, width, channels, block, columns_per_image;
    int32_t is_bfloat16;  // the image; columns are float32
    const int64_t *row_starts, *row_taps, *column_starts, *column_taps;
    const float *columns;
    void *image;
} strata_col2im;

int strata_run_col2im(const void *col2im);

// ---- Pooling ---------------------------------------------------------------------------------

// Maximum pooling, or average pooling (without the padding) of windows that do not overlap, from
// [images, depth, height, width, block] to [images, planes, rows, columns, block] in float32 or bfloat16. If
// `argmax_indices` is not NULL, maximum pooling writes the indices of the maxima in their windows: uint8, or
// uint32 for windows of more than 256 pixels. If `scale` and `shift` are not NULL, each with a value for each
// channel of `blocks` blocks, image * scale + shift is pooled.
// Backward: from the gradient in `pooled`, and `argmax_indices`, to that in `image`; if `activated` is not NULL,
// it is what was pooled, a result of max(x, 0) or of tanh(x), and the gradient is that of x.
typedef struct {
    int64_t images, blocks, depth, height, width, block, planes, rows, columns;
    int64_t window[3], strides[3], padding_before[3];
    int32_t is_maximum, is_bfloat16, is_tanh;
    void *image, *pooled, *argmax_indices;
    const float *scale, *shift;
    const void *activated;
} strata_pooling;

int strata_run_pooling(const void *pooling);
int strata_run_pooling_backward(const void *pooling);

// ---- Convolutions ----------------------------------------------------------------------------

// Batch-blocked convolution, with a vector across 16 images instead of 16 channels, so that vectors are full
// for any number of channels: [blocks, height, width, channels, 16] to [blocks, rows, columns, filters, 16], with
// weights [kernel, channels, filters]. `activation` is an opcode, strata_copy for none.
// Weights gradient: from the images and the gradient in `result` to those of weights and bias, summed in
// `partitions`, each with 16 values per weight and filter in the scratchpad.
typedef struct {
    int64_t blocks, height, width, channels, rows, columns, filters;
    int64_t kernel[2], strides[2], padding_before[2];
    int32_t activation;
    const float *image, *weights, *bias;
    float *result;
    int64_t partitions;
    float *scratchpad, *weights_gradient, *bias_gradient;
} strata_batch_blocked;

int strata_run_batch_blocked(const void *convolution);
int strata_run_batch_blocked_weights_gradient(const void *convolution);

// Implicit GEMM: result [pixels, filters] = im2col(image) x weights, without the columns in memory, and with
// bias and activation. The K elements of a window are `run_count` runs of `run_length` contiguous elements; run i
// begins `offset` elements, `down` rows and `across` columns behind the window's first pixel. Windows are `strides`
// pixels apart. `image_strides` are the elements from an image, a row and a column to the next. With
// `has_padding`, pixels outside of the image are zeros. With `accumulates`, the product is added to the result.
// Weights are packed as [filters / STRATA_PACKED_FILTERS, K, STRATA_PACKED_FILTERS].
#define STRATA_PACKED_FILTERS 64
#define STRATA_MAX_RUN_LENGTH 128
// From so many weights on, the next ones are prefetched from memory while others are multiplied.
#define STRATA_PREFETCHED_WEIGHTS (1 << 18)
typedef struct {
    int64_t offset, down, across;
} strata_window_run;

typedef struct {
    int64_t images, height, width, rows, columns, strides[2], padding_before[2], image_strides[3];
    int64_t run_count, run_length, filters;
    int32_t activation;  // an opcode, strata_copy for none
    int32_t accumulates, has_padding;
    const strata_window_run *runs;
    const float *image, *weights, *bias;
    float *result;
} strata_implicit_gemm;

int strata_run_implicit_gemm(const void *convolution);

// The weight transform of Winograd's algorithm for a kernel [3, 3, rows, columns] with strides of 2:
// STRATA_WINOGRAD_MATRICES matrices [rows, columns], whose columns lie in panels (winograd.c).
#define STRATA_WINOGRAD_MATRICES 25
typedef struct {
    int64_t rows, columns;
    const float *kernel;
    float *transformed_weights;
} strata_winograd_weight_transform;

int strata_run_winograd_weight_transform(const void *transform);

// A 3 x 3 convolution with strides of 2 by Winograd's algorithm: images [images, height, width, channels] to
// [images, rows, columns, filters], channels in blocks of `image_block` and `result_block`, with the transformed
// weights of a kernel [3, 3, channels, filters]. The gradient of the image takes the gradient in `result` and the
// transformed weights of [3, 3, filters, channels]. Rows and columns are at least 2; channels, filters and blocks
// are multiples of 16; `activation` is strata_relu or strata_copy. The batch is divided into `partitions`, each
// with its part of the scratchpad.
typedef struct {
    int64_t images, height, width, channels, rows, columns, filters;
    int64_t padding_before[2], image_block, result_block;
    int32_t activation, is_weights_gradient;
    const float *image, *transformed_weights, *bias;
    float *result, *image_gradient, *kernel_gradient, *bias_gradient;
    int64_t partitions;
    float *scratchpad;
} strata_winograd;

// The number of elements of the scratchpad.
int64_t strata_winograd_scratchpad(const strata_winograd *winograd);
int strata_run_winograd(const void *winograd);
int strata_run_winograd_data_gradient(const void *winograd);
int strata_run_winograd_weights_gradient(const void *winograd);

// ---- Histogram equalization ------------------------------------------------------------------

// Values of 0 … 255 in [count, channels], equalized for each channel; `counts` has `bins` elements.
typedef struct {
    int64_t count, channels, bins;
    const float *source;
    float *destination;
    int32_t *counts;
} strata_histogram_equalization;

int strata_run_histogram_equalization(const void *equalization);
