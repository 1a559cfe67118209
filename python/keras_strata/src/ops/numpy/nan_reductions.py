"""Reductions that leave NaN out."""

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy import reductions
from keras_strata.src.ops.numpy.primitives import floating_dtype
from keras_strata.src.ops.numpy.primitives import wide_dtype
from keras_strata.src.ops.numpy.reductions import Axis
from keras_strata.src.tensor import Tensor


def _replaced(x, value: float) -> tuple[Tensor, Tensor | None]:
    """Values with another one for NaN, and where NaN was; `None` if there cannot be any."""
    x = convert_to_tensor(x)
    if not dtypes.is_floating(x.dtype) and not x.dtype.startswith("complex"):
        return x, None
    is_nan = ops.isnan(x)
    return ops.where(is_nan, convert_to_tensor(value, x.dtype), x), is_nan


def nansum(x, axis=None, keepdims=False):
    return reductions.sum(_replaced(x, 0.0)[0], axis, keepdims)


def nanprod(x, axis=None, keepdims=False):
    return reductions.prod(_replaced(x, 1.0)[0], axis, keepdims)


def nanmax(x, axis=None, keepdims=False):
    return _nan_extreme(reductions.max, -np.inf, x, axis, keepdims)


def nanmin(x, axis=None, keepdims=False):
    return _nan_extreme(reductions.min, np.inf, x, axis, keepdims)


def _nan_extreme(reduction, neutral: float, x, axis: Axis, keepdims: bool) -> Tensor:
    x, is_nan = _replaced(x, neutral)
    result = reduction(x, axis, keepdims)
    if is_nan is None:
        return result
    return _nan_where(reductions.all(is_nan, axis, keepdims), result)


def _nan_where(condition: Tensor, x: Tensor) -> Tensor:
    return ops.where(condition, convert_to_tensor(np.nan, x.dtype), x)


def _count(x: Tensor, is_nan: Tensor | None, axis: Axis, keepdims: bool) -> Tensor:
    """The number of elements that are not NaN."""
    counted = ops.ones(x.shape, "bool") if is_nan is None else ops.logical_not(is_nan)
    return reductions.sum(counted, axis, keepdims)


def nanmean(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    dtype = floating_dtype(x.dtype)
    # Sums of narrow types overflow.
    x, is_nan = _replaced(cast(x, wide_dtype(dtype)), 0.0)
    count = cast(_count(x, is_nan, axis, keepdims), x.dtype)
    return cast(ops.divide(reductions.sum(x, axis, keepdims), count), dtype)


def nanvar(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    dtype = floating_dtype(x.dtype)
    x = cast(x, wide_dtype(dtype))
    difference = ops.subtract(x, nanmean(x, axis, keepdims=True))
    return cast(nanmean(ops.square(difference), axis, keepdims), dtype)


def nanstd(x, axis=None, keepdims=False):
    return ops.sqrt(nanvar(x, axis, keepdims))


def nanargmax(x, axis=None, keepdims=False):
    return _nan_index(reductions.argmax, -np.inf, x, axis, keepdims)


def nanargmin(x, axis=None, keepdims=False):
    return _nan_index(reductions.argmin, np.inf, x, axis, keepdims)


def _nan_index(function, neutral: float, x, axis: int | None, keepdims: bool) -> Tensor:
    """The index of an extreme, and -1 where all elements are NaN."""
    x, is_nan = _replaced(x, neutral)
    index = function(x, axis, keepdims)
    if is_nan is None:
        return index
    return ops.where(reductions.all(is_nan, axis, keepdims), convert_to_tensor(-1, "int32"), index)
