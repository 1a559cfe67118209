// oneDNN 2.6 and 2.7: Debian 12.
#pragma once

// Memory descriptors are structures; here they are allocated, so that both versions own them alike.
typedef dnnl_memory_desc_t *strata_md;

static inline dnnl_status_t strata_md_keep(
    strata_md *md, dnnl_status_t status, const dnnl_memory_desc_t *value) {
    if (status != dnnl_success) return status;
    *md = (strata_md)malloc(sizeof **md);
    if (!*md) return dnnl_out_of_memory;
    **md = *value;
    return dnnl_success;
}

static inline void strata_md_free(strata_md md) { free(md); }

static inline dnnl_status_t strata_md_strided(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type, const int64_t *strides) {
    dnnl_memory_desc_t value;
    dnnl_status_t status = dnnl_memory_desc_init_by_strides(&value, rank, dims, type, strides);
    return strata_md_keep(md, status, &value);
}

static inline dnnl_status_t strata_md_tagged(
    strata_md *md, int rank, const int64_t *dims, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    dnnl_memory_desc_t value;
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&value, rank, dims, type, tag);
    return strata_md_keep(md, status, &value);
}

// Axis i becomes axis permutation[i].
static inline dnnl_status_t strata_md_permuted(
    strata_md *md, strata_md from, const int *permutation) {
    dnnl_memory_desc_t value;
    dnnl_status_t status = dnnl_memory_desc_permute_axes(&value, from, permutation);
    return strata_md_keep(md, status, &value);
}

// The first `dims` of it, where they lie.
static inline dnnl_status_t strata_md_part(strata_md *md, strata_md from, const int64_t *dims) {
    const dnnl_dims_t none = {0};
    dnnl_memory_desc_t value;
    dnnl_status_t status = dnnl_memory_desc_init_submemory(&value, from, dims, none);
    return strata_md_keep(md, status, &value);
}

// The same order of elements of another type.
static inline dnnl_status_t strata_md_retyped(
    strata_md *md, strata_md from, dnnl_data_type_t type) {
    dnnl_memory_desc_t value = *from;
    value.data_type = type;
    return strata_md_keep(md, dnnl_success, &value);
}

static inline dnnl_status_t strata_pd_md(
    strata_md *md, const_dnnl_primitive_desc_t pd, dnnl_query_t what) {
    dnnl_memory_desc_t none;
    memset(&none, 0, sizeof none);
    const dnnl_memory_desc_t *value = dnnl_primitive_desc_query_md(pd, what, 0);
    return strata_md_keep(md, dnnl_success, value ? value : &none);
}

static inline int strata_md_rank(strata_md md) { return md->ndims; }
static inline int64_t strata_md_dim(strata_md md, int axis) { return md->dims[axis]; }
static inline int64_t strata_md_padded_dim(strata_md md, int axis) { return md->padded_dims[axis]; }
static inline int64_t strata_md_stride(strata_md md, int axis) {
    return md->format_desc.blocking.strides[axis];
}
static inline dnnl_data_type_t strata_md_type(strata_md md) { return md->data_type; }
// -1 where only oneDNN knows where the elements lie.
static inline int strata_md_block_count(strata_md md) {
    return md->format_kind == dnnl_blocked ? md->format_desc.blocking.inner_nblks : -1;
}
static inline int64_t strata_md_block(strata_md md, int i) {
    return md->format_desc.blocking.inner_blks[i];
}
static inline int64_t strata_md_block_axis(strata_md md, int i) {
    return md->format_desc.blocking.inner_idxs[i];
}

static inline void strata_append_sum(dnnl_post_ops_t ops) { dnnl_post_ops_append_sum(ops, 1.0f); }
static inline void strata_append_function(dnnl_post_ops_t ops, dnnl_alg_kind_t function) {
    dnnl_post_ops_append_eltwise(ops, 1.0f, function, 0.0f, 0.0f);
}

// The second step, if the first, the description of an operation, went well.
static inline dnnl_status_t strata_pd_of(
    dnnl_primitive_desc_t *pd, dnnl_status_t status, const_dnnl_op_desc_t description,
    dnnl_engine_t engine, dnnl_primitive_attr_t attr, const_dnnl_primitive_desc_t hint) {
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(pd, description, attr, engine, hint);
}

static inline dnnl_status_t strata_convolution_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, int is_training, strata_md source, strata_md weights, strata_md bias,
    strata_md destination, const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
        &d, strata_forward(is_training), algorithm, source, weights,
        bias, destination, w->strides, w->dilations, w->low, w->high);
    return strata_pd_of(pd, status, &d, engine, attr, NULL);
}

static inline dnnl_status_t strata_convolution_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, strata_md diff_source,
    strata_md weights, strata_md diff_destination, const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
        &d, algorithm, diff_source, weights, diff_destination, w->strides, w->dilations, w->low,
        w->high);
    return strata_pd_of(pd, status, &d, engine, attr, hint);
}

static inline dnnl_status_t strata_convolution_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_desc_t hint, strata_md source,
    strata_md diff_weights, strata_md diff_bias, strata_md diff_destination, const strata_window *w) {
    dnnl_convolution_desc_t d;
    dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
        &d, algorithm, source, diff_weights, diff_bias, diff_destination, w->strides, w->dilations,
        w->low, w->high);
    return strata_pd_of(pd, status, &d, engine, attr, hint);
}

static inline dnnl_status_t strata_inner_product_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    strata_md source, strata_md weights, strata_md bias, strata_md destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_forward_desc_init(
        &d, strata_forward(is_training), source, weights, bias,
        destination);
    return strata_pd_of(pd, status, &d, engine, attr, NULL);
}

static inline dnnl_status_t strata_inner_product_backward_data(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, strata_md diff_source, strata_md weights,
    strata_md diff_destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_backward_data_desc_init(
        &d, diff_source, weights, diff_destination);
    return strata_pd_of(pd, status, &d, engine, attr, hint);
}

static inline dnnl_status_t strata_inner_product_backward_weights(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, strata_md source, strata_md diff_weights, strata_md diff_bias,
    strata_md diff_destination) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t status = dnnl_inner_product_backward_weights_desc_init(
        &d, source, diff_weights, diff_bias, diff_destination);
    return strata_pd_of(pd, status, &d, engine, attr, hint);
}

static inline dnnl_status_t strata_matmul(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, strata_md source,
    strata_md weights, strata_md bias, strata_md destination) {
    dnnl_matmul_desc_t d;
    dnnl_status_t status = dnnl_matmul_desc_init(&d, source, weights, bias, destination);
    return strata_pd_of(pd, status, &d, engine, attr, NULL);
}

static inline dnnl_status_t strata_pooling_forward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int is_training,
    dnnl_alg_kind_t algorithm, strata_md source, strata_md destination, const strata_window *w) {
    dnnl_pooling_desc_t d;
    dnnl_status_t status = dnnl_pooling_forward_desc_init(
        &d, strata_forward(is_training), algorithm, source,
        destination, w->strides, w->size, w->low, w->high);
    return strata_pd_of(pd, status, &d, engine, attr, NULL);
}

static inline dnnl_status_t strata_pooling_backward(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
    const_dnnl_primitive_desc_t hint, dnnl_alg_kind_t algorithm, strata_md diff_source,
    strata_md diff_destination, const strata_window *w) {
    dnnl_pooling_desc_t d;
    dnnl_status_t status = dnnl_pooling_backward_desc_init(
        &d, algorithm, diff_source, diff_destination, w->strides, w->size, w->low, w->high);
    return strata_pd_of(pd, status, &d, engine, attr, hint);
}

static inline dnnl_status_t strata_batch_normalization_inference(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, unsigned flags,
    strata_md data, float epsilon) {
    dnnl_batch_normalization_desc_t d;
    dnnl_status_t status = dnnl_batch_normalization_forward_desc_init(
        &d, dnnl_forward_inference, data, epsilon, flags);
    return strata_pd_of(pd, status, &d, engine, attr, NULL);
}

static inline dnnl_status_t strata_concat(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, int count, int axis,
    const strata_md *sources) {
    dnnl_memory_desc_t *row = (dnnl_memory_desc_t *)malloc(sizeof *row * (size_t)count);
    if (!row) return dnnl_out_of_memory;
    for (int i = 0; i < count; i++) row[i] = *sources[i];
    dnnl_status_t status =
        dnnl_concat_primitive_desc_create(pd, NULL, count, axis, row, attr, engine);
    free(row);
    return status;
}
