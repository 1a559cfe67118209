"""Sorting, and searching in what is sorted."""

import functools
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.operands import by_numpy
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.primitives import promote
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.tensor import Tensor
from keras_strata.src.tensor import TracedValueError


def sort(x, axis=-1):
    x = convert_to_tensor(x)
    if axis is None:
        return sort(ravel(x), 0)
    axis = normalized_axis(axis, x.ndim)
    if is_concrete(x):
        return by_numpy(in_wide(lambda array: np.sort(array, axis)), [x], x.dtype)

    def compute(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = _order(array, axis)
        return np.take_along_axis(array, order, axis), order

    def gradient(inputs, outputs, gradients) -> list[Tensor | None]:
        if gradients[0] is None:
            return [None]
        places = argsort(outputs[1], axis)
        return [ops.take_along_axis(gradients[0], places, axis)]

    kinds = [(x.shape, x.dtype), (x.shape, "int32")]
    return dispatch.host("sort", compute, [x], outputs=kinds, gradient=gradient)[0]


def argsort(x, axis=-1):
    x = convert_to_tensor(x)
    if axis is None or x.ndim == 0:
        return argsort(ravel(x), 0)
    axis = normalized_axis(axis, x.ndim)
    return indices_on_host("argsort", lambda array: _order(array, axis), [x], x.shape)


def _order(array: np.ndarray, axis: int) -> np.ndarray:
    """The indices that sort an array; equal elements stay in their order, NaN is last."""
    return in_wide(np.argsort)(array, axis=axis, kind="stable")


def indices_on_host(
    name: str, function: Callable, inputs: Sequence[Tensor], shape: Sequence[int]
) -> Tensor:
    """Indices by NumPy, which have no gradient."""
    compute = in_wide(function)
    return dispatch.host(
        name,
        lambda *arrays: np.asarray(compute(*arrays)).astype(np.int32),
        inputs,
        outputs=[(tuple(shape), "int32")],
        gradient=no_gradient,
    )[0]


def argpartition(x, kth, axis=-1):
    x = convert_to_tensor(x)
    if axis is None:
        return argpartition(ravel(x), kth, 0)
    compute = functools.partial(np.argpartition, kth=kth, axis=axis)
    return indices_on_host("argpartition", compute, [x], x.shape)


def searchsorted(sorted_sequence, values, side="left"):
    sequence, values = promote(sorted_sequence, values)
    if sequence.ndim != 1:
        raise ValueError(
            "`searchsorted` only supports 1-D sorted sequences. You can use "
            "`keras.ops.vectorized_map` to extend it to N-D sequences. Received: "
            f"sorted_sequence.shape={sequence.shape}"
        )
    compute = functools.partial(np.searchsorted, side=side)
    return indices_on_host("searchsorted", compute, [sequence, values], values.shape)


def digitize(x, bins):
    x, bins = promote(x, bins)
    if bins.ndim != 1:
        raise ValueError(f"`bins` must have one axis. Received: bins.shape={bins.shape}")
    if bins.size == 0:
        return ops.zeros(x.shape, "int32")
    return indices_on_host("digitize", np.digitize, [x, bins], x.shape)


def bincount(x, weights=None, minlength=0, sparse=False):
    """How often each whole number from 0 on is there, or the sums of its weights.

    The greatest number is the length of the result. While a function is traced it is
    `minlength`, and a greater number is an error when the function runs.
    """
    if sparse:
        raise ValueError("Unsupported value `sparse=True` with strata backend")
    x = convert_to_tensor(x)
    inputs, dtype = [x], "int32"
    if weights is not None:
        inputs.append(ops.broadcast_to(convert_to_tensor(weights), x.shape))
        dtype = inputs[1].dtype
    is_known = x._array is not None
    length = max(int(x.array.max()) + 1 if is_known and x.size else 0, int(minlength))
    if not is_known and not length:
        raise TracedValueError(
            "The length of `bincount` depends on the values, which are not known while a "
            "function is traced. Give it `minlength`."
        )

    def counts(numbers: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        return dtypes.convert(_counted(numbers, weights, length), dtype)

    def gradient(inputs, outputs, gradients) -> list:
        return [None, *(ops.take_along_axis(gradients[0], x, axis=-1) for _ in inputs[1:])]

    shape = (*x.shape[:-1], length)
    return dispatch.host("bincount", counts, inputs, outputs=[(shape, dtype)], gradient=gradient)[0]


def _counted(x: np.ndarray, weights: np.ndarray | None, length: int) -> np.ndarray:
    if x.size and x.max() >= length:
        raise ValueError(
            f"`bincount` with minlength={length} in a compiled function has found "
            f"{x.max()}. Give it a `minlength` above all numbers."
        )
    rows = x.reshape(-1, x.shape[-1])
    counts = np.zeros((len(rows), length))
    for number, row in enumerate(rows):
        own = None if weights is None else weights.reshape(rows.shape)[number].astype(np.float64)
        counts[number] = np.bincount(row, own, length)
    return counts.reshape(*x.shape[:-1], length)


def unique(
    x,
    sorted=True,
    return_index=False,
    return_inverse=False,
    return_counts=False,
    axis=None,
    size=None,
    fill_value=None,
):
    """The distinct values, or slices along an axis; NaN is distinct from NaN.

    With `size` there are so many, and a traced tensor may be given. Without it the number
    depends on the values, which must be known.
    """
    x = convert_to_tensor(x)
    wanted = [True, return_index, return_inverse, return_counts]

    def compute(array: np.ndarray) -> list[np.ndarray]:
        found = np.unique(
            array,
            return_index=True,
            return_inverse=True,
            return_counts=True,
            axis=axis,
            equal_nan=False,
        )
        parts = _sized(list(found), array, axis, size, fill_value)
        return [part for part, is_wanted in zip(parts, wanted, strict=True) if is_wanted]

    if size is None:
        results = [Tensor(part) for part in compute(x.array)]
    else:
        kinds = [(part.shape, part.dtype.name) for part in compute(_ones(x))]
        results = dispatch.host("unique", compute, [x], outputs=kinds)
    return results[0] if len(results) == 1 else tuple(results)


def _ones(x: Tensor) -> np.ndarray:
    return np.ones(x.shape, dtypes.numpy_dtype(x.dtype))


def _sized(
    found: list[np.ndarray], array: np.ndarray, axis: int | None, size: int | None, fill_value
) -> list[np.ndarray]:
    """Values, first indices, inverse and counts: of a given number of values."""
    values, index, inverse, counts = found
    shape = array.shape if axis is None else (array.shape[axis],)
    inverse = inverse.reshape(shape)
    place = 0 if axis is None else axis % array.ndim
    count = values.shape[place]
    if size is not None and count > size:
        values = np.take(values, np.arange(size), place)
        index, counts = index[:size], counts[:size]
    elif size is not None and count < size:
        missing = size - count
        fill = np.take(values, [0], place) if fill_value is None else np.asarray(fill_value)
        shape = [missing if a == place else length for a, length in enumerate(values.shape)]
        filling = np.broadcast_to(fill, shape).astype(values.dtype)
        values = np.concatenate([values, filling], place)
        index = np.concatenate([index, np.repeat(index[:1], missing)])
        counts = np.concatenate([counts, np.zeros(missing, counts.dtype)])
    return [values, *(part.astype(np.int32) for part in (index, inverse, counts))]
