"""Keras's dtypes: in NumPy on the host, and in the engine's graphs."""

import functools

import ml_dtypes
import numpy as np

_EXTENDED = {
    name: np.dtype(getattr(ml_dtypes, name))
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2", "int4", "uint4")
    if hasattr(ml_dtypes, name)
}

# The type in which the engine computes each dtype. Types that are not here exist on the
# host only.
_ENGINE = {
    "float16": "float32",
    "float32": "float32",
    "float64": "float32",
    "float8_e4m3fn": "float32",
    "float8_e5m2": "float32",
    "bfloat16": "bfloat16",
    "int8": "int32",
    "int16": "int32",
    "int32": "int32",
    "int64": "int32",
    "uint8": "int32",
    "uint16": "int32",
    "uint32": "int32",
    "uint64": "int32",
    "bool": "float32",
}

# The dtypes whose values the engine computes exactly as they are defined.
NATIVE = frozenset({"float32", "bfloat16", "int32", "bool"})


@functools.lru_cache(maxsize=256)
def name_of(dtype: np.dtype) -> str:
    """The name of a NumPy dtype, which NumPy makes anew each time."""
    return dtype.name


def numpy_dtype(dtype: str) -> np.dtype:
    """NumPy's dtype of a Keras dtype."""
    return _EXTENDED.get(dtype) or np.dtype(dtype)


def engine_dtype(dtype: str) -> str:
    """The engine's type for values of a Keras dtype.

    Truth values are float32 0 and 1, which the engine's comparisons give.

    Raises:
        TypeError: if the engine has no such values.
    """
    found = _ENGINE.get(dtype)
    if found is None:
        raise TypeError(
            f"Tensors of {dtype} exist outside of compiled functions only. Compute them "
            "eagerly (`run_eagerly=True`), or convert them to float32 before."
        )
    return found


def input_dtype(dtype: str) -> str:
    """The engine's type of an input of a graph: bytes and truth values enter as they are."""
    return dtype if dtype in ("uint8", "bool") else engine_dtype(dtype)


def is_floating(dtype: str) -> bool:
    """Whether a dtype is a floating-point type, and so has a gradient."""
    return "float" in dtype


def convert(array: np.ndarray, dtype: str) -> np.ndarray:
    """An array with the values in another dtype.

    Floating-point values become integers as in JAX on CPUs: rounded towards zero, clipped
    to the range of the type, and NaN becomes 0.
    """
    target = numpy_dtype(dtype)
    if array.dtype == target:
        return array
    source = array.dtype
    from_floating = source.kind == "f" or source.name in _EXTENDED
    if target.kind in "iu" and from_floating:
        limits = np.iinfo(target)
        values = array.astype(np.float64)
        values = np.nan_to_num(values, nan=0.0, posinf=np.inf, neginf=-np.inf)
        low, high = float(limits.min), float(limits.max)
        whole = np.clip(values, low, high)
        with np.errstate(invalid="ignore"):
            result = whole.astype(target)
        # The largest 64-bit integers are not exact in float64.
        return np.where(values >= high, limits.max, result).astype(target)
    with np.errstate(over="ignore", invalid="ignore"):
        return array.astype(target)
