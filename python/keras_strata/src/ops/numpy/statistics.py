"""Quantiles, histograms and correlations."""

import functools

import numpy as np
from keras.src.backend.config import floatx

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy import reductions
from keras_strata.src.ops.numpy.operands import by_numpy
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.primitives import floating_dtype
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.primitives import normalized_axes
from keras_strata.src.ops.numpy.primitives import promote
from keras_strata.src.ops.numpy.products import matmul
from keras_strata.src.ops.numpy.reductions import Axis
from keras_strata.src.ops.numpy.shapes import flip
from keras_strata.src.ops.numpy.shapes import moveaxis
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.ops.numpy.shapes import transpose
from keras_strata.src.ops.numpy.sorting import sort
from keras_strata.src.tensor import Tensor

_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def quantile(x, q, axis=None, method="linear", keepdims=False):
    return _quantile(x, q, axis, method, keepdims, leaves_nan_out=False)


def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    return _quantile(x, q, axis, method, keepdims, leaves_nan_out=True)


def percentile(x, q, axis=None, method="linear", keepdims=False):
    return quantile(x, ops.divide(q, 100), axis, method, keepdims)


def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    return nanquantile(x, ops.divide(q, 100), axis, method, keepdims)


def median(x, axis=None, keepdims=False):
    return quantile(x, 0.5, axis, "midpoint", keepdims)


def nanmedian(x, axis=None, keepdims=False):
    return nanquantile(x, 0.5, axis, "midpoint", keepdims)


def _quantile(x, q, axis: Axis, method: str, keepdims: bool, leaves_nan_out: bool) -> Tensor:
    if method not in _METHODS:
        raise ValueError(f"Invalid method: {method!r}. Use one of {', '.join(_METHODS)}.")
    x = convert_to_tensor(x)
    x = cast(x, floating_dtype(x.dtype))
    q = convert_to_tensor(q)
    q = cast(q, "float32" if x.dtype != "float64" else "float64")
    axes = normalized_axes(axis, x.ndim)
    rest = [size for a, size in enumerate(x.shape) if a not in axes]
    rows = reshape(moveaxis(x, axes, range(len(axes))), (-1, *rest))
    ordered = sort(rows, 0)
    shares = reshape(q, (q.size, *[1] * len(rest)))
    is_nan = ops.isnan(rows)
    if leaves_nan_out:
        count = cast(reductions.sum(ops.logical_not(is_nan), 0), q.dtype)
        last = ops.maximum(ops.subtract(count, 1), 0)
        undefined = ops.equal(count, 0)
    else:
        last = convert_to_tensor(rows.shape[0] - 1, q.dtype)
        undefined = reductions.any(is_nan, 0)
    found = _at(ordered, ops.multiply(shares, last), method)
    found = ops.where(undefined, convert_to_tensor(np.nan, x.dtype), found)
    kept = [1 if a in axes else size for a, size in enumerate(x.shape)] if keepdims else rest
    return reshape(found, (*q.shape, *kept))


def _at(ordered: Tensor, positions: Tensor, method: str) -> Tensor:
    """Values between those at the whole positions along the first axis."""
    if method == "nearest":
        return _taken(ordered, ops.round(positions))
    low, high = ops.floor(positions), ops.ceil(positions)
    if method == "lower":
        return _taken(ordered, low)
    if method == "higher":
        return _taken(ordered, high)
    below, above = _taken(ordered, low), _taken(ordered, high)
    if method == "midpoint":
        return ops.multiply(ops.add(below, above), convert_to_tensor(0.5, ordered.dtype))
    share = cast(ops.subtract(positions, low), ordered.dtype)
    return ops.add(
        ops.multiply(below, ops.subtract(convert_to_tensor(1, ordered.dtype), share)),
        ops.multiply(above, share),
    )


def _taken(ordered: Tensor, positions: Tensor) -> Tensor:
    indices = cast(positions, "int32")
    if indices.size == indices.shape[0]:
        return ops.take(ordered, ravel(indices), axis=0)
    return ops.take_along_axis(ordered, indices, axis=0)


def histogram(x, bins=10, range=None):
    """The number of values in each of equal intervals, and the bounds of these."""
    x = convert_to_tensor(x)
    dtype = floating_dtype(x.dtype)

    def compute(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counts, bounds = in_wide(np.histogram)(array, bins=bins, range=range)
        return dtypes.convert(counts, dtype), dtypes.convert(bounds, dtype)

    kinds = [((bins,), dtype), ((bins + 1,), dtype)]
    return tuple(dispatch.host("histogram", compute, [x], outputs=kinds, gradient=no_gradient))


def corrcoef(x):
    x = convert_to_tensor(x)
    dtype = floating_dtype(x.dtype)
    if x.dtype == "int64":
        dtype = floatx()
    x = cast(x, dtype)
    rows = reshape(x, (1, -1)) if x.ndim == 1 else x
    centred = ops.subtract(rows, reductions.mean(rows, 1, keepdims=True))
    covariance = matmul(centred, transpose(centred))
    variance = reductions.sum(ops.square(centred), 1)
    deviation = ops.sqrt(variance)
    scaled = ops.divide(
        ops.divide(covariance, reshape(deviation, (-1, 1))), reshape(deviation, (1, -1))
    )
    scaled = ops.clip(scaled, -1.0, 1.0)
    return reshape(scaled, ()) if x.ndim == 1 else scaled


def correlate(x1, x2, mode="valid"):
    x1, x2 = promote(x1, x2)
    dtype = floating_dtype(x1.dtype)
    x1, x2 = cast(x1, dtype), cast(x2, dtype)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(
            f"`correlate` needs two vectors. Received: x1.shape={x1.shape}, x2.shape={x2.shape}"
        )
    if mode not in ("valid", "same", "full"):
        raise ValueError(f"Invalid mode: {mode!r}. Use 'valid', 'same' or 'full'.")
    if is_concrete(x1, x2):
        return by_numpy(in_wide(functools.partial(np.correlate, mode=mode)), [x1, x2], dtype)
    if x1.size < x2.size:
        return flip(correlate(x2, x1, mode), 0)
    before = {"valid": 0, "same": x2.size // 2, "full": x2.size - 1}[mode]
    after = {"valid": 0, "same": x2.size - x2.size // 2 - 1, "full": x2.size - 1}[mode]
    padded = ops.pad(x1, ((before, after),))
    count = padded.size - x2.size + 1
    places = np.arange(count)[:, None] + np.arange(x2.size)
    return matmul(gather(padded, places, 0), x2)
