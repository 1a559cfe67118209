"""Reductions over axes."""

import functools
import math
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src.backend.common import standardize_dtype
from keras.src.backend.config import image_data_format

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.primitives import common_dtype
from keras_strata.src.ops.numpy.primitives import floating_dtype
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import integers_on_host
from keras_strata.src.ops.numpy.primitives import normalized_axes
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.primitives import wide_dtype
from keras_strata.src.ops.numpy.shapes import broadcast_to
from keras_strata.src.ops.numpy.shapes import expand_dims
from keras_strata.src.ops.numpy.shapes import moveaxis
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.tensor import Tensor

Axis = int | Sequence[int] | None

# Sums and products of narrow integers and truth values are of 32 bits, as in JAX.
_WIDENED = {
    "bool": "int32",
    "int8": "int32",
    "int16": "int32",
    "uint8": "uint32",
    "uint16": "uint32",
}


def _reduced(kind: str, function: Callable, x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    axes = normalized_axes(axis, x.ndim)
    if not axes:
        return x
    on_host = in_wide(functools.partial(function, axis=axes, keepdims=keepdims))
    if "int" in x.dtype and x._symbol is not None:
        return integers_on_host(kind, on_host, x, _reduced_shape(x.shape, axes, keepdims), x.dtype)
    return dispatch.apply(
        "reduction", [x], x.dtype, numpy=on_host, kind=kind, axes=axes, keepdims=keepdims
    )


def widened(dtype: str) -> str:
    """The dtype of a sum or a product of elements of a dtype."""
    return _WIDENED.get(dtype, dtype)


def sum(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return _count(x, axis, keepdims)
    return _reduced("sum", np.sum, cast(x, widened(x.dtype)), axis, keepdims)


def prod(x, axis=None, keepdims=False, dtype=None):
    x = convert_to_tensor(x)
    dtype = widened(x.dtype) if dtype is None else standardize_dtype(dtype)
    x = cast(x, dtype)
    if x._symbol is not None and dtypes.is_floating(dtype):
        return _product_in_pairs(x, normalized_axes(axis, x.ndim), keepdims)
    return _reduced("product", np.prod, x, axis, keepdims)


def _product_in_pairs(x: Tensor, axes: tuple[int, ...], keepdims: bool) -> Tensor:
    """A product of halves until one is left, whose gradient is right for factors of 0 too."""
    shape = _reduced_shape(x.shape, axes, keepdims)
    rest = [size for axis, size in enumerate(x.shape) if axis not in axes]
    count = math.prod(x.shape[axis] for axis in axes)
    factors = reshape(moveaxis(x, axes, range(len(axes))), (count, *rest))
    if count == 0:
        return ops.ones(shape, x.dtype)
    while (count := factors.shape[0]) > 1:
        one, other, left = ops.split(factors, [count // 2, count // 2 * 2])
        factors = ops.concatenate([ops.multiply(one, other), left])
    return reshape(factors, shape)


# Poolings add up one after the other: sums of more elements lose digits.
_LARGEST_IMAGE = 128 * 128


def mean(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    x = cast(x, floating_dtype(x.dtype))
    axes = normalized_axes(axis, x.ndim)
    count = math.prod(x.shape[axis] for axis in axes)
    if x._symbol is not None and 3 <= x.ndim <= 5 and 0 < count <= _LARGEST_IMAGE and x.size:
        if axes == tuple(range(1, x.ndim - 1)):
            return _mean_of_images(x, keepdims)
        if axes == tuple(range(2, x.ndim)) and image_data_format() == "channels_first":
            result = _mean_of_images(moveaxis(x, 1, -1), keepdims)
            return moveaxis(result, -1, 1) if keepdims else result
    return _reduced("mean", np.mean, x, axes, keepdims)


def _mean_of_images(x: Tensor, keepdims: bool) -> Tensor:
    """The mean over the spatial axes, by the engine's pooling: images may be in any layout."""
    axes = tuple(range(1, x.ndim - 1))
    on_host = in_wide(functools.partial(np.mean, axis=axes, keepdims=True))
    pooled = dispatch.apply("pooling", [x], x.dtype, numpy=on_host, kind="average")
    count = float(x.size // pooled.size)

    def gradient(g: Tensor) -> list[Tensor]:
        return [broadcast_to(g / count, x.shape)]

    # A broadcast is one step with what follows, the gradient of the pooling is not.
    pooled = dispatch.with_gradient("mean", pooled, [x], gradient)
    return pooled if keepdims else reshape(pooled, (x.shape[0], x.shape[-1]))


def max(x, axis=None, keepdims=False, initial=None):
    return _extreme("maximum", np.max, ops.maximum, x, axis, keepdims, initial)


def min(x, axis=None, keepdims=False, initial=None):
    return _extreme("minimum", np.min, ops.minimum, x, axis, keepdims, initial)


def _extreme(kind, function, binary, x, axis, keepdims, initial) -> Tensor:
    x = convert_to_tensor(x)
    axes = normalized_axes(axis, x.ndim)
    is_empty = 0 in [x.shape[a] for a in axes]
    if is_empty and initial is None:
        raise ValueError(
            f"The {kind} of no elements needs `initial`. Received: x.shape={x.shape}, axis={axis}"
        )
    if is_empty:
        shape = _reduced_shape(x.shape, axes, keepdims)
        return broadcast_to(convert_to_tensor(initial, x.dtype), shape)
    result = _reduced(kind, function, x, axes, keepdims)
    return result if initial is None else binary(result, convert_to_tensor(initial, x.dtype))


def _reduced_shape(shape: tuple[int, ...], axes: tuple[int, ...], keepdims: bool) -> list[int]:
    if keepdims:
        return [1 if axis in axes else size for axis, size in enumerate(shape)]
    return [size for axis, size in enumerate(shape) if axis not in axes]


def amax(x, axis=None, keepdims=False):
    return max(x, axis, keepdims)


def amin(x, axis=None, keepdims=False):
    return min(x, axis, keepdims)


def ptp(x, axis=None, keepdims=False):
    return ops.subtract(max(x, axis, keepdims), min(x, axis, keepdims))


def any(x, axis=None, keepdims=False):
    return _reduced("maximum", np.any, cast(convert_to_tensor(x), "bool"), axis, keepdims)


def all(x, axis=None, keepdims=False):
    return _reduced("minimum", np.all, cast(convert_to_tensor(x), "bool"), axis, keepdims)


def count_nonzero(x, axis=None):
    return _count(cast(convert_to_tensor(x), "bool"), axis, False)


def _count(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    """The number of true values: the engine has it exactly below 2^24."""
    if x._symbol is None:
        axes = normalized_axes(axis, x.ndim)
        return Tensor(np.asarray(np.sum(x.array, axes, np.int32, keepdims=keepdims)))
    return cast(_reduced("sum", np.sum, cast(x, "float32"), axis, keepdims), "int32")


def var(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    result = floating_dtype(x.dtype)
    # The squares of narrow types overflow.
    x = cast(x, wide_dtype(result))
    difference = ops.subtract(x, mean(x, axis, keepdims=True))
    if x.dtype.startswith("complex"):
        squares = ops.add(ops.square(ops.real(difference)), ops.square(ops.imag(difference)))
        return mean(squares, axis, keepdims)
    return cast(mean(ops.square(difference), axis, keepdims), result)


def std(x, axis=None, keepdims=False):
    return ops.sqrt(var(x, axis, keepdims))


def average(x, axis=None, weights=None):
    x = convert_to_tensor(x)
    if weights is None:
        return mean(x, axis)
    weights = convert_to_tensor(weights)
    dtype = floating_dtype(common_dtype(x.dtype, weights.dtype))
    x, weights = cast(x, dtype), cast(weights, dtype)
    axes = normalized_axes(axis, x.ndim)
    if weights.shape != x.shape:
        if weights.shape != tuple(x.shape[a] for a in axes):
            raise ValueError(
                "`weights` must have the shape of `x`, or its sizes along `axis`. Received: "
                f"x.shape={x.shape}, weights.shape={weights.shape}, axis={axis}"
            )
        sizes = [size if a in axes else 1 for a, size in enumerate(x.shape)]
        weights = broadcast_to(reshape(weights, sizes), x.shape)
    return ops.divide(sum(ops.multiply(x, weights), axes), sum(weights, axes))


def argmax(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    return _extreme_index(x, x, np.argmax, axis, keepdims)


def argmin(x, axis=None, keepdims=False):
    x = convert_to_tensor(x)
    # The least is the largest in the opposite order, which keeps NaN the first choice.
    opposite = x if x._symbol is None or "int" in x.dtype else ops.subtract(0.0, x)
    return _extreme_index(x, opposite, np.argmin, axis, keepdims)


def _extreme_index(
    x: Tensor, ordered: Tensor, function: Callable, axis: int | None, keepdims: bool
) -> Tensor:
    """The index of an extreme of `x`, which is the largest of `ordered` while traced."""
    if axis is None:
        ndim = x.ndim
        found = _extreme_index(ravel(x), ravel(ordered), function, 0, False)
        return reshape(found, (1,) * ndim) if keepdims else found
    axis = normalized_axis(axis, x.ndim)
    if "int" in x.dtype and x._symbol is not None:
        return integers_on_host(
            function.__name__,
            lambda array: function(array, axis=axis, keepdims=keepdims),
            x,
            _reduced_shape(x.shape, (axis,), keepdims),
            "int32",
        )
    if x._symbol is None:
        return Tensor(np.asarray(function(x.array, axis=axis, keepdims=keepdims), np.int32))
    found = dispatch.apply("argMax", [ordered], "int32", axis=axis)
    return expand_dims(found, axis) if keepdims else found
