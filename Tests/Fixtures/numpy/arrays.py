"""Writes NumPy's files into a folder, and checks those that are there already.

good.NAME.npy holds [[0, 1, 2], [3, 4, 100]] (truth values of it, for booleans) in some type and layout, bad.NAME.npy
what is no plain number or does not fit. ours.npz and ours.NAME.npy must be there: 0, 1, … in the shape and type that
their names say.
"""

import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
for path in folder.glob("ours.*.npy"):
    _, dtype, shape, _ = path.name.split(".")
    expected = np.arange(np.prod([int(n) for n in shape.split("x") if n], dtype=int))
    expected = expected.reshape([int(n) for n in shape.split("x") if n]).astype(dtype)
    for found in (np.load(path), np.load(folder / "ours.npz")[path.stem]):
        assert found.dtype == expected.dtype and found.shape == expected.shape, (path, found)
        assert found.flags.c_contiguous and (found == expected).all(), (path, found)

x = np.array([[0, 1, 2], [3, 4, 100]])
types = "bool i1 u1 f2 <f2 >f2".split() + [o + k for o in "<>" for k in "i2 u2 i4 u4 i8 u8 f4 f8".split()]
for dtype in types:
    for order in "CF":
        name = dtype.replace("<", "little").replace(">", "big")
        np.save(folder / f"good.{name}_{order}.npy", np.array(x, dtype, order=order))
for version in ((1, 0), (2, 0), (3, 0)):
    with open(folder / f"good.version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, x.astype("f4"), version=version)
np.savez(folder / "plain.npz", x=x, y=x.T.astype(">f4"))
np.savez_compressed(folder / "packed.npz", x=x, y=x.T.astype(">f4"))
bad = {
    "complex": x.astype("c8"), "objects": np.array([None, 1]), "texts": np.array(["a", "bc"]), "bytes": np.array([b"a"]),
    "times": np.array(["2020-01-01"], "M8[D]"), "fields": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "long_double": x.astype("longdouble"), "large_int64": np.array([1, -(2**31) - 1]),
    "large_uint64": np.array([2**64 - 1], "u8"), "large_uint32": np.array([2**31], "u4"), "large_float64": np.array([1e300]),
}
for name, value in bad.items():
    np.save(folder / f"bad.{name}.npy", value)
