// All that knows oneDNN's version: 2.x describes an operation, then makes a primitive descriptor from
// it; 3.x joins both. The functions below take the descriptors of the tensors and hide the difference.
#pragma once

#include <dnnl.h>
#include <dnnl_version.h>
#include <string.h>

#if DNNL_VERSION_MAJOR != 2
#error "Strata needs oneDNN 2.x (Debian 12 and Ubuntu 22.04: libdnnl-dev)"
#endif

typedef struct {
    dnnl_memory_desc_t md;
} strata_md;

static inline dnnl_status_t strata_md_strided(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
    dnnl_dims_t d, s;
    memcpy(d, dims, sizeof(int64_t) * (size_t)rank);
    memcpy(s, strides, sizeof(int64_t) * (size_t)rank);
    return dnnl_memory_desc_init_by_strides(&md->md, rank, d, type, s);
}

// The layout is left to the primitive.
static inline dnnl_status_t strata_md_any(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type) {
    dnnl_dims_t d;
    memcpy(d, dims, sizeof(int64_t) * (size_t)rank);
    return dnnl_memory_desc_init_by_tag(&md->md, rank, d, type, dnnl_format_tag_any);
}

// Axis i becomes axis permutation[i].
static inline dnnl_status_t strata_md_permuted(
    strata_md *out, const strata_md *in, const int *permutation) {
    return dnnl_memory_desc_permute_axes(&out->md, &in->md, permutation);
}

static inline int strata_md_rank(const strata_md *md) { return md->md.ndims; }
static inline int64_t strata_md_dim(const strata_md *md, int axis) { return md->md.dims[axis]; }
static inline int64_t strata_md_padded_dim(const strata_md *md, int axis) {
    return md->md.padded_dims[axis];
}
static inline int64_t strata_md_stride(const strata_md *md, int axis) {
    return md->md.format_desc.blocking.strides[axis];
}
static inline dnnl_data_type_t strata_md_type(const strata_md *md) { return md->md.data_type; }
static inline size_t strata_md_size(const strata_md *md) { return dnnl_memory_desc_get_size(&md->md); }
static inline int strata_md_block_count(const strata_md *md) {
    return md->md.format_kind == dnnl_blocked ? md->md.format_desc.blocking.inner_nblks : -1;
}
static inline int64_t strata_md_block(const strata_md *md, int i) {
    return md->md.format_desc.blocking.inner_blks[i];
}
static inline int64_t strata_md_block_axis(const strata_md *md, int i) {
    return md->md.format_desc.blocking.inner_idxs[i];
}

static inline void strata_md_set_type(strata_md *md, dnnl_data_type_t type) {
    md->md.data_type = type;
}

// Whether blocks reach over the ends of the axes, so that there are elements which are no data.
static inline int strata_md_is_padded(const strata_md *md) {
    for (int i = 0; i < md->md.ndims; i++)
        if (md->md.padded_dims[i] != md->md.dims[i]) return 1;
    return 0;
}

// Whether two descriptors place the same elements at the same bytes: strides of axes of length 1
// do not matter, which oneDNN's own comparison does not know.
static inline int strata_md_same(const strata_md *a, const strata_md *b) {
    const dnnl_memory_desc_t *x = &a->md, *y = &b->md;
    if (x->ndims != y->ndims || x->data_type != y->data_type || x->format_kind != y->format_kind
        || x->offset0 != y->offset0)
        return 0;
    if (x->format_kind != dnnl_blocked || x->extra.flags != y->extra.flags)
        return dnnl_memory_desc_equal(x, y);
    const dnnl_blocking_desc_t *p = &x->format_desc.blocking, *q = &y->format_desc.blocking;
    if (p->inner_nblks != q->inner_nblks) return 0;
    for (int i = 0; i < p->inner_nblks; i++)
        if (p->inner_blks[i] != q->inner_blks[i] || p->inner_idxs[i] != q->inner_idxs[i]) return 0;
    for (int i = 0; i < x->ndims; i++) {
        if (x->dims[i] != y->dims[i] || x->padded_dims[i] != y->padded_dims[i]) return 0;
        int64_t block = 1;
        for (int k = 0; k < p->inner_nblks; k++)
            if (p->inner_idxs[k] == i) block *= p->inner_blks[k];
        if (x->padded_dims[i] / block > 1 && p->strides[i] != q->strides[i]) return 0;
    }
    return 1;
}

static inline strata_md strata_pd_md(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int index) {
    strata_md result;
    memset(&result, 0, sizeof result);
    const dnnl_memory_desc_t *md = dnnl_primitive_desc_query_md(pd, what, index);
    if (md) result.md = *md;
    return result;
}

static inline const char *strata_pd_implementation(const_dnnl_primitive_desc_t pd) {
    const char *name = "";
    dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name);
    return name;
}

// Attributes: memory that a primitive works in comes from outside; afterwards perhaps what the result's
// memory held or another tensor is added, and a function applied.
static inline dnnl_status_t strata_attributes(
    dnnl_primitive_attr_t *attr, int accumulates, const strata_md *addition, int has_activation,
    dnnl_alg_kind_t activation) {
    dnnl_status_t status = dnnl_primitive_attr_create(attr);
    if (status != dnnl_success) return status;
    dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user);
    if (!accumulates && !addition && !has_activation) return dnnl_success;
    dnnl_post_ops_t ops;
    status = dnnl_post_ops_create(&ops);
    if (status != dnnl_success) return status;
    if (accumulates) dnnl_post_ops_append_sum(ops, 1.0f);
    if (addition) dnnl_post_ops_append_binary(ops, dnnl_binary_add, &addition->md);
    if (has_activation) dnnl_post_ops_append_eltwise(ops, 1.0f, activation, 0.0f, 0.0f);
    status = dnnl_primitive_attr_set_post_ops(*attr, ops);
    dnnl_post_ops_destroy(ops);
    return status;
}

// The number of the first post-op's tensor: the header's macro is one that Swift cannot read.
static const int strata_first_post_op = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

typedef struct {
    int64_t strides[3], dilations[3], low[3], high[3], size[3];
} strata_window;

static inline dnnl_status_t strata_convolution_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, int is_training, const strata_md *source, const strata_md *weights,
    const strata_md *bias, const strata_md *destination, const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
        &d, is_training ? dnnl_forward_training : dnnl_forward_inference,
        algorithm, &source->md, &weights->md, bias ? &bias->md : NULL,
        &destination->md, w->strides, w->dilations, w->low, w->high);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, NULL);
}

static inline dnnl_status_t strata_convolution_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, const strata_md *diff_source,
    const strata_md *weights, const strata_md *diff_destination, const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
        &d, algorithm, &diff_source->md, &weights->md, &diff_destination->md,
        w->strides, w->dilations, w->low, w->high);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_convolution_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, const strata_md *source,
    const strata_md *diff_weights, const strata_md *diff_bias, const strata_md *diff_destination,
    const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
        &d, algorithm, &source->md, &diff_weights->md,
        diff_bias ? &diff_bias->md : NULL, &diff_destination->md, w->strides, w->dilations, w->low,
        w->high);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_inner_product_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    const strata_md *source, const strata_md *weights, const strata_md *bias,
    const strata_md *destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_forward_desc_init(
        &d, is_training ? dnnl_forward_training : dnnl_forward_inference, &source->md,
        &weights->md, bias ? &bias->md : NULL, &destination->md);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, NULL);
}

static inline dnnl_status_t strata_inner_product_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, const strata_md *diff_source, const strata_md *weights,
    const strata_md *diff_destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_backward_data_desc_init(
        &d, &diff_source->md, &weights->md, &diff_destination->md);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_inner_product_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, const strata_md *source, const strata_md *diff_weights,
    const strata_md *diff_bias, const strata_md *diff_destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_backward_weights_desc_init(
        &d, &source->md, &diff_weights->md, diff_bias ? &diff_bias->md : NULL,
        &diff_destination->md);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_matmul(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const strata_md *source, const strata_md *weights, const strata_md *bias,
    const strata_md *destination) {
    dnnl_matmul_desc_t d;
    dnnl_status_t status = dnnl_matmul_desc_init(
        &d, &source->md, &weights->md, bias ? &bias->md : NULL, &destination->md);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, NULL);
}

static inline dnnl_status_t strata_pooling_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    int is_maximum, const strata_md *source, const strata_md *destination, const strata_window *w) {
    dnnl_pooling_desc_t d;
    dnnl_status_t status = dnnl_pooling_forward_desc_init(
        &d, is_training ? dnnl_forward_training : dnnl_forward_inference,
        is_maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, &source->md,
        &destination->md, w->strides, w->size, w->low, w->high);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, NULL);
}

static inline dnnl_status_t strata_pooling_backward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, int is_maximum, const strata_md *diff_source,
    const strata_md *diff_destination, const strata_window *w) {
    dnnl_pooling_desc_t d;
    dnnl_status_t status = dnnl_pooling_backward_desc_init(
        &d, is_maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding, &diff_source->md,
        &diff_destination->md, w->strides, w->size, w->low, w->high);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_batch_normalization_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    int uses_given_statistics, const strata_md *data, float epsilon) {
    dnnl_batch_normalization_desc_t d;
    unsigned flags = dnnl_use_scaleshift | (uses_given_statistics ? dnnl_use_global_stats : 0);
    dnnl_status_t status = dnnl_batch_normalization_forward_desc_init(
        &d, is_training ? dnnl_forward_training : dnnl_forward_inference, &data->md, epsilon,
        flags);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, NULL);
}

static inline dnnl_status_t strata_batch_normalization_backward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, const strata_md *diff_data, const strata_md *data,
    float epsilon) {
    dnnl_batch_normalization_desc_t d;
    dnnl_status_t status = dnnl_batch_normalization_backward_desc_init(
        &d, dnnl_backward, &diff_data->md, &data->md, epsilon, dnnl_use_scaleshift);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, &d, attr, engine, hint);
}

static inline dnnl_status_t strata_reorder(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const strata_md *source, const strata_md *destination) {
    return dnnl_reorder_primitive_desc_create(
        pd, &source->md, engine, &destination->md, engine, attr);
}

static inline dnnl_status_t strata_concat(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int count,
    int axis, const strata_md *sources) {
    return dnnl_concat_primitive_desc_create(pd, NULL, count, axis, &sources->md, attr, engine);
}

static inline dnnl_status_t strata_memory(
    dnnl_memory_t *memory, const strata_md *md, dnnl_engine_t engine, void *data) {
    return dnnl_memory_create(memory, &md->md, engine, data);
}

// A primitive with everything that it is run with.
typedef struct {
    const_dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    int count;
    const dnnl_exec_arg_t *arguments;
} strata_call;

static inline int strata_execute(const void *argument) {
    const strata_call *call = (const strata_call *)argument;
    return dnnl_primitive_execute(call->primitive, call->stream, call->count, call->arguments);
}
