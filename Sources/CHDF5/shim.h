#pragma once

// The names of HDF5 1.10, which newer versions still offer under this setting.
#define H5_USE_110_API
#include <hdf5.h>

// Swift cannot call macros: each of these gives the value or the function behind one.

static inline hid_t strata_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t strata_h5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t strata_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t strata_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t strata_h5_little_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t strata_h5_little_int32(void) { return H5T_STD_I32LE; }
static inline hid_t strata_h5_c_string(void) { return H5T_C_S1; }
static inline size_t strata_h5_variable_length(void) { return H5T_VARIABLE; }
static inline hid_t strata_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t strata_h5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t strata_h5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t strata_h5_link_create(void) { return H5P_LINK_CREATE; }

static inline unsigned strata_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned strata_h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t strata_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t strata_h5_all(void) { return H5S_ALL; }
static inline hid_t strata_h5_error_stack(void) { return H5E_DEFAULT; }

// The version with the fewest parameters differs between releases.
static inline herr_t strata_h5_address(hid_t object, haddr_t *address) {
    H5O_info_t info;
    herr_t status = H5Oget_info(object, &info);
    *address = info.addr;
    return status;
}

static inline herr_t strata_h5_each_link(hid_t group, H5L_iterate_t visit, void *data) {
    hsize_t index = 0;
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, &index, visit, data);
}
