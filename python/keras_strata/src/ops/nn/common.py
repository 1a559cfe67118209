"""What the functions of neural networks have in common."""

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.tensor import Tensor

HALF = ("float16", "bfloat16")


def widened(array: np.ndarray) -> np.ndarray:
    """An array of a 16-bit floating-point type as float32, others as they are."""
    return array.astype(np.float32) if array.dtype.itemsize <= 2 else array


def at_least_float32(x) -> Tensor:
    """A tensor of a floating-point dtype of 32 bits or more."""
    x = floating(x)
    return core.cast(x, "float32") if x.dtype in HALF else x


def filled(value: float, shape: tuple[int, ...], dtype: str) -> Tensor:
    """A known tensor of one value."""
    return Tensor(np.full(shape, value, dtypes.numpy_dtype(dtype)))


def per_axis(value, rank: int, name: str) -> tuple[int, ...]:
    """A number for each spatial axis, from one for all or a sequence."""
    values = tuple(value) if isinstance(value, (list, tuple)) else (value,) * rank
    if len(values) == 1:
        values *= rank
    if len(values) != rank:
        raise ValueError(
            f"`{name}` needs one number, or one for each of {rank} spatial axes. "
            f"Received: {name}={value}"
        )
    return tuple(int(x) for x in values)
