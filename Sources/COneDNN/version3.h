// oneDNN 3.x: Debian 13, Ubuntu 24.04.
#pragma once

typedef dnnl_memory_desc_t strata_md;

static inline void strata_md_free(strata_md md) { dnnl_memory_desc_destroy(md); }

static inline dnnl_status_t strata_md_strided(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
    return dnnl_memory_desc_create_with_strides(md, rank, dims, type, strides);
}

static inline dnnl_status_t strata_md_tagged(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(md, rank, dims, type, tag);
}

// Axis i becomes axis permutation[i].
static inline dnnl_status_t strata_md_permuted(
    strata_md *md, strata_md from, const int *permutation) {
    return dnnl_memory_desc_permute_axes(md, from, permutation);
}

// The first `dims` of it, where they lie.
static inline dnnl_status_t strata_md_part(strata_md *md, strata_md from, const int64_t *dims) {
    const dnnl_dims_t none = {0};
    return dnnl_memory_desc_create_submemory(md, from, dims, none);
}

static inline dnnl_status_t strata_pd_md(
    strata_md *md, const_dnnl_primitive_desc_t pd, dnnl_query_t what) {
    const_dnnl_memory_desc_t value = dnnl_primitive_desc_query_md(pd, what, 0);
    if (value) return dnnl_memory_desc_clone(md, value);
    return dnnl_memory_desc_create_with_tag(md, 0, NULL, dnnl_f32, dnnl_format_tag_undef);
}

static inline int strata_md_rank(strata_md md) {
    int rank = 0;
    dnnl_memory_desc_query(md, dnnl_query_ndims_s32, &rank);
    return rank;
}

static inline int64_t strata_md_number(strata_md md, dnnl_query_t what, int place) {
    const dnnl_dims_t *numbers = NULL;
    dnnl_memory_desc_query(md, what, (void *)&numbers);
    return numbers ? (*numbers)[place] : 0;
}
static inline int64_t strata_md_dim(strata_md md, int axis) {
    return strata_md_number(md, dnnl_query_dims, axis);
}
static inline int64_t strata_md_padded_dim(strata_md md, int axis) {
    return strata_md_number(md, dnnl_query_padded_dims, axis);
}
static inline int64_t strata_md_stride(strata_md md, int axis) {
    return strata_md_number(md, dnnl_query_strides, axis);
}
static inline int64_t strata_md_block(strata_md md, int i) {
    return strata_md_number(md, dnnl_query_inner_blks, i);
}
static inline int64_t strata_md_block_axis(strata_md md, int i) {
    return strata_md_number(md, dnnl_query_inner_idxs, i);
}

static inline dnnl_data_type_t strata_md_type(strata_md md) {
    dnnl_data_type_t type = dnnl_data_type_undef;
    dnnl_memory_desc_query(md, dnnl_query_data_type, &type);
    return type;
}

// -1 where only oneDNN knows where the elements lie.
static inline int strata_md_block_count(strata_md md) {
    dnnl_format_kind_t kind = dnnl_format_kind_undef;
    dnnl_memory_desc_query(md, dnnl_query_format_kind, &kind);
    int count = -1;
    if (kind == dnnl_blocked) dnnl_memory_desc_query(md, dnnl_query_inner_nblks_s32, &count);
    return count;
}

static inline int strata_md_has_same_blocks(strata_md a, strata_md b);

static inline int strata_md_is_ordered_as(strata_md a, strata_md b) {
    for (int i = 0; i < strata_md_rank(b); i++)
        if (strata_md_stride(a, i) != strata_md_stride(b, i)) return 0;
    return strata_md_has_same_blocks(a, b);
}

// The same order of elements of another type. Blocks can be asked for by the name of a layout only, so
// the names are tried.
static inline dnnl_status_t strata_md_retyped(
    strata_md *md, strata_md from, dnnl_data_type_t type) {
    int rank = strata_md_rank(from), blocks = strata_md_block_count(from);
    dnnl_dims_t dims, strides;
    for (int i = 0; i < rank; i++) {
        dims[i] = strata_md_dim(from, i);
        if (blocks >= 0) strides[i] = strata_md_stride(from, i);
    }
    if (blocks == 0) return dnnl_memory_desc_create_with_strides(md, rank, dims, type, strides);
    for (int tag = dnnl_format_tag_any + 1; blocks > 0 && tag < dnnl_format_tag_last; tag++) {
        strata_md candidate = NULL;
        if (dnnl_memory_desc_create_with_tag(&candidate, rank, dims, type, (dnnl_format_tag_t)tag)
            != dnnl_success)
            continue;
        if (strata_md_is_ordered_as(candidate, from)) {
            *md = candidate;
            return dnnl_success;
        }
        dnnl_memory_desc_destroy(candidate);
    }
    return dnnl_unimplemented;
}

static inline void strata_append_sum(dnnl_post_ops_t ops) {
    dnnl_post_ops_append_sum(ops, 1.0f, 0, dnnl_data_type_undef);
}
static inline void strata_append_function(dnnl_post_ops_t ops, dnnl_alg_kind_t function) {
    dnnl_post_ops_append_eltwise(ops, function, 0.0f, 0.0f);
}

static inline dnnl_status_t strata_convolution_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, int is_training, strata_md source, strata_md weights, strata_md bias,
    strata_md destination, const strata_window *w) {
    return dnnl_convolution_forward_primitive_desc_create(
        pd, engine, strata_forward(is_training), algorithm, source,
        weights, bias, destination, w->strides, w->dilations, w->low, w->high, attr);
}

static inline dnnl_status_t strata_convolution_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, strata_md diff_source,
    strata_md weights, strata_md diff_destination, const strata_window *w) {
    return dnnl_convolution_backward_data_primitive_desc_create(
        pd, engine, algorithm, diff_source, weights, diff_destination, w->strides, w->dilations,
        w->low, w->high, hint, attr);
}

static inline dnnl_status_t strata_convolution_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, strata_md source,
    strata_md diff_weights, strata_md diff_bias, strata_md diff_destination, const strata_window *w) {
    return dnnl_convolution_backward_weights_primitive_desc_create(
        pd, engine, algorithm, source, diff_weights, diff_bias, diff_destination, w->strides,
        w->dilations, w->low, w->high, hint, attr);
}

static inline dnnl_status_t strata_inner_product_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    strata_md source, strata_md weights, strata_md bias, strata_md destination) {
    return dnnl_inner_product_forward_primitive_desc_create(
        pd, engine, strata_forward(is_training), source, weights,
        bias, destination, attr);
}

static inline dnnl_status_t strata_inner_product_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, strata_md diff_source, strata_md weights,
    strata_md diff_destination) {
    return dnnl_inner_product_backward_data_primitive_desc_create(
        pd, engine, diff_source, weights, diff_destination, hint, attr);
}

static inline dnnl_status_t strata_inner_product_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, strata_md source, strata_md diff_weights, strata_md diff_bias,
    strata_md diff_destination) {
    return dnnl_inner_product_backward_weights_primitive_desc_create(
        pd, engine, source, diff_weights, diff_bias, diff_destination, hint, attr);
}

static inline dnnl_status_t strata_matmul(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, strata_md source,
    strata_md weights, strata_md bias, strata_md destination) {
    return dnnl_matmul_primitive_desc_create(
        pd, engine, source, weights, bias, destination, attr);
}

static inline dnnl_status_t strata_pooling_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    dnnl_alg_kind_t algorithm, strata_md source, strata_md destination, const strata_window *w) {
    const dnnl_dims_t none = {0};
    return dnnl_pooling_forward_primitive_desc_create(
        pd, engine, strata_forward(is_training), algorithm, source,
        destination, w->strides, w->size, none, w->low, w->high, attr);
}

static inline dnnl_status_t strata_pooling_backward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, dnnl_alg_kind_t algorithm, strata_md diff_source,
    strata_md diff_destination, const strata_window *w) {
    const dnnl_dims_t none = {0};
    return dnnl_pooling_backward_primitive_desc_create(
        pd, engine, algorithm, diff_source, diff_destination, w->strides, w->size, none, w->low,
        w->high, hint, attr);
}

static inline dnnl_status_t strata_batch_normalization_inference(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, unsigned flags,
    strata_md data, float epsilon) {
    return dnnl_batch_normalization_forward_primitive_desc_create(
        pd, engine, dnnl_forward_inference, data, data, epsilon, flags, attr);
}

static inline dnnl_status_t strata_concat(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int count, int axis,
    const strata_md *sources) {
    return dnnl_concat_primitive_desc_create(
        pd, engine, NULL, count, axis, (const const_dnnl_memory_desc_t *)sources, attr);
}
