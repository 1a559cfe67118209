"""Sums, products and differences along an axis."""

from collections.abc import Callable

import numpy as np
from keras.src.backend.common import standardize_dtype

from keras_strata.src import dispatch
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.joining import split
from keras_strata.src.ops.numpy.operands import by_numpy
from keras_strata.src.ops.numpy.padding import pad
from keras_strata.src.ops.numpy.primitives import common_dtype
from keras_strata.src.ops.numpy.primitives import floating_dtype
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import integers_on_host
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.reductions import sum
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.tensor import Tensor


def cumsum(x, axis=None, dtype=None):
    x, axis = _operand(x, axis, dtype)
    function = _along(np.cumsum, axis)
    if "int" in x.dtype and not is_concrete(x):
        return integers_on_host("cumsum", function, x, x.shape, x.dtype)
    return dispatch.apply("cumulativeSum", [x], x.dtype, numpy=function, axis=axis)


def cumprod(x, axis=None, dtype=None):
    x, axis = _operand(x, axis, dtype)
    function = _along(np.cumprod, axis)
    if is_concrete(x):
        return by_numpy(function, [x], x.dtype)
    if "int" in x.dtype:
        return integers_on_host("cumprod", function, x, x.shape, x.dtype)
    # Each step doubles the number of factors.
    step = 1
    while step < x.shape[axis]:
        before = split(x, [x.shape[axis] - step], axis)[0]
        amounts = [(step if a == axis else 0, 0) for a in range(x.ndim)]
        x = ops.multiply(x, pad(before, amounts, constant_values=1))
        step *= 2
    return x


def _operand(x, axis: int | None, dtype: str | None) -> tuple[Tensor, int]:
    x = convert_to_tensor(x)
    if dtype is None:
        dtype = "int32" if x.dtype == "bool" else x.dtype
    x = cast(x, standardize_dtype(dtype))
    if axis is None:
        return ravel(x), 0
    return x, normalized_axis(axis, x.ndim)


def _along(function: Callable, axis: int) -> Callable:
    """NumPy's function along an axis, in the dtype of the array."""
    return in_wide(lambda array: function(array, axis=axis, dtype=array.dtype))


def nancumsum(x, axis=None, dtype=None):
    return cumsum(_replaced(x, 0), axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    return cumprod(_replaced(x, 1), axis, dtype)


def _replaced(x, value: int) -> Tensor:
    x = convert_to_tensor(x)
    return ops.where(ops.isnan(x), convert_to_tensor(value, x.dtype), x)


def diff(a, n=1, axis=-1):
    a = convert_to_tensor(a)
    if n < 0:
        raise ValueError(f"order must be non-negative but got n={n}")
    axis = normalized_axis(axis, a.ndim)
    for _ in range(n):
        before, after = _neighbours(a, axis)
        a = ops.not_equal(after, before) if a.dtype == "bool" else ops.subtract(after, before)
    return a


def _neighbours(x: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """All slices but the last, and all but the first."""
    size = x.shape[axis]
    return split(x, [max(size - 1, 0)], axis)[0], split(x, [min(size, 1)], axis)[1]


def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = convert_to_tensor(y)
    axis = normalized_axis(axis, y.ndim)
    if x is None:
        dtype = floating_dtype(y.dtype)
        widths = convert_to_tensor(dx, dtype)
    else:
        x = convert_to_tensor(x)
        dtype = floating_dtype(common_dtype(x.dtype, y.dtype))
        widths = diff(cast(x, dtype), axis=0 if x.ndim == 1 else axis)
        if x.ndim == 1:
            widths = reshape(widths, [-1 if a == axis else 1 for a in range(y.ndim)])
    before, after = _neighbours(cast(y, dtype), axis)
    areas = ops.multiply(ops.add(before, after), widths)
    return ops.multiply(sum(areas, axis), convert_to_tensor(0.5, dtype))
