"""Makes the HDF5 files of this folder with h5py 3.

`kinds.h5` holds the kinds of data that must be read; all others must be refused.
"""

import os

import h5py
import ml_dtypes
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def file(name):
    return h5py.File(name + ".h5", "w")


with file("kinds") as f:
    f["float16"] = np.array([1.5, -2.0], "<f2")
    f["float32"] = np.array([[1, 2, 3], [4, 5, 6.5]], "<f4")
    f["float64"] = np.array([0.1], "<f8")
    f["big_endian"] = np.array([1.5, 2.5], ">f4")
    f["int8"] = np.array([-128, 127], "<i1")
    f["int32"] = np.int32(7)
    f["int64"] = np.array([[2**31 - 1], [-(2**31)]], "<i8")
    f["uint8"] = np.array([0, 255], "u1")
    f["uint16"] = np.array([65535], "<u2")
    f["bool"] = np.array([True, False])
    f["empty"] = np.zeros((0, 3), "<f4")
    f.create_dataset("bfloat16", data=np.array([1.0, -0.5, 3.140625], ml_dtypes.bfloat16)).attrs["dtype"] = "bfloat16"
    f.create_dataset("gzip", data=np.arange(1000, dtype="<f4"), compression="gzip", shuffle=True)
    f.create_dataset("chunked", data=np.arange(6, dtype="<i4").reshape(2, 3), chunks=(1, 2))
    group = f.create_group("group/inner")
    group.attrs["name"] = "gr\u00f6\u00dfe"
    group.attrs["fixed"] = np.bytes_(b"abc")
    group.attrs["number"] = 3
    group.attrs["list"] = ["a", "b"]
    for index in range(25):
        group[str(index)] = np.float32(index)

with file("soft_link") as f:
    f["a"] = np.float32(1)
    f.create_group("g")["b"] = h5py.SoftLink("/a")
with file("external_link") as f:
    f["b"] = h5py.ExternalLink("kinds.h5", "/float32")
with file("external_storage") as f:
    f.create_group("g").create_dataset("a", (2,), "<f4", external=[("values.bin", 0, 8)])
with file("virtual") as f:
    layout = h5py.VirtualLayout((2,), "<f4")
    layout[:] = h5py.VirtualSource("kinds.h5", "float16", (2,))
    f.create_virtual_dataset("a", layout)
with file("circle") as f:
    g = f.create_group("g").create_group("h")
    g["back"] = f["g"]
with file("large_shape") as f:
    f.create_dataset("a", (2**40,), "<f4", chunks=(1024,), compression="gzip")
with file("overflowing_shape") as f:
    f.create_dataset("a", (2**62, 4, 2**62), "<f4", chunks=(1, 1, 1))
with file("large_chunk") as f:
    f.create_dataset("a", (1,), "<f4", chunks=(2**29,), maxshape=(None,), compression="gzip")
with file("lzf") as f:
    f.create_dataset("a", data=np.zeros(10, "<f4"), compression="lzf")
with file("strings") as f:
    f["a"] = ["x", "y"]
with file("compound") as f:
    f["a"] = np.zeros(2, [("x", "<f4"), ("y", "<i4")])
with file("opaque") as f:
    f["a"] = np.array([b"ab"], "V2")
with file("wide_integer") as f:
    f["a"] = np.array([2**31], "<i8")
with file("widest_integer") as f:
    f["a"] = np.array([2**64 - 1], "<u8")
with file("null_space") as f:
    f["a"] = h5py.Empty("<f4")
with file("named_type") as f:
    f["a"] = np.dtype("<f4")
