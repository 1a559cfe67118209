// All that knows oneDNN's version: 2.x describes an operation, then makes a primitive descriptor from it;
// 3.x joins both, and hides what a memory descriptor is made of. version2.h and version3.h have the same
// functions; what both versions share is here.
#pragma once

#include <dnnl.h>
#include <dnnl_version.h>
#include <stdlib.h>
#include <string.h>

// Of a convolution or a pooling; a dilation counts the places left out.
typedef struct {
    int64_t strides[3], dilations[3], low[3], high[3], size[3];
} strata_window;

static inline dnnl_prop_kind_t strata_forward(int is_training) {
    return is_training ? dnnl_forward_training : dnnl_forward_inference;
}

#if DNNL_VERSION_MAJOR == 2 && DNNL_VERSION_MINOR >= 6
#include "version2.h"
#elif DNNL_VERSION_MAJOR == 3
#include "version3.h"
#else
#error "Strata needs oneDNN 2.6, 2.7 or 3.x (Debian 12 and newer, Ubuntu 24.04 and newer: libdnnl-dev)"
#endif

// A function, so that Swift takes it for no constant.
static inline int strata_major_version(void) { return DNNL_VERSION_MAJOR; }

// Whether blocks reach over the ends of the axes, so that there are elements which are no data.
static inline int strata_md_is_padded(strata_md md) {
    for (int i = 0; i < strata_md_rank(md); i++)
        if (strata_md_padded_dim(md, i) != strata_md_dim(md, i)) return 1;
    return 0;
}

static inline int strata_md_has_same_blocks(strata_md a, strata_md b) {
    int count = strata_md_block_count(a);
    if (count != strata_md_block_count(b)) return 0;
    for (int i = 0; i < count; i++)
        if (strata_md_block(a, i) != strata_md_block(b, i)
            || strata_md_block_axis(a, i) != strata_md_block_axis(b, i))
            return 0;
    return 1;
}

// Whether two descriptors place the same elements at the same bytes: strides of axes of length 1
// do not matter, which oneDNN's own comparison does not know.
static inline int strata_md_same(strata_md a, strata_md b) {
    int rank = strata_md_rank(a);
    if (rank != strata_md_rank(b)) return 0;
    if (rank == 0 || strata_md_block_count(a) < 0 || strata_md_block_count(b) < 0)
        return dnnl_memory_desc_equal(a, b);
    if (strata_md_type(a) != strata_md_type(b) || !strata_md_has_same_blocks(a, b)) return 0;
    for (int i = 0; i < rank; i++) {
        if (strata_md_dim(a, i) != strata_md_dim(b, i)
            || strata_md_padded_dim(a, i) != strata_md_padded_dim(b, i))
            return 0;
        int64_t block = 1;
        for (int k = 0; k < strata_md_block_count(a); k++)
            if (strata_md_block_axis(a, k) == i) block *= strata_md_block(a, k);
        if (strata_md_padded_dim(a, i) / block > 1 && strata_md_stride(a, i) != strata_md_stride(b, i))
            return 0;
    }
    return 1;
}

static inline dnnl_status_t strata_reorder(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, strata_md source,
    strata_md destination) {
    return dnnl_reorder_primitive_desc_create(pd, source, engine, destination, engine, attr);
}

static inline const char *strata_pd_implementation(const_dnnl_primitive_desc_t pd) {
    const char *name = "";
    dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name);
    return name;
}

// Attributes: memory that a primitive works in comes from outside; afterwards perhaps what the result's
// memory held or another tensor is added, and a function applied.
static inline dnnl_status_t strata_attributes(
    dnnl_primitive_attr_t *attr, int accumulates, strata_md addition, int has_activation,
    dnnl_alg_kind_t activation) {
    dnnl_status_t status = dnnl_primitive_attr_create(attr);
    if (status != dnnl_success) return status;
    dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user);
    if (!accumulates && !addition && !has_activation) return dnnl_success;
    dnnl_post_ops_t ops;
    status = dnnl_post_ops_create(&ops);
    if (status != dnnl_success) return status;
    if (accumulates) strata_append_sum(ops);
    if (addition) dnnl_post_ops_append_binary(ops, dnnl_binary_add, addition);
    if (has_activation) strata_append_function(ops, activation);
    status = dnnl_primitive_attr_set_post_ops(*attr, ops);
    dnnl_post_ops_destroy(ops);
    return status;
}

// The number of the first post-op's tensor: the header's macro is one that Swift cannot read.
static const int strata_first_post_op = DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;

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
