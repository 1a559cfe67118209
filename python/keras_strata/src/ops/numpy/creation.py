"""Tensors that are made from shapes and numbers."""

from collections.abc import Sequence

import numpy as np
from keras.src.backend import standardize_dtype
from keras.src.backend.config import floatx

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src import tracing
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import power
from keras_strata.src.ops.numpy.arithmetic import subtract
from keras_strata.src.ops.numpy.operands import kind
from keras_strata.src.ops.numpy.operands import promoted
from keras_strata.src.ops.numpy.operands import tensors
from keras_strata.src.tensor import Tensor


def _shape(shape: int | Sequence[int]) -> tuple[int, ...]:
    if isinstance(shape, (Tensor, np.ndarray)):
        shape = np.asarray(shape).tolist()
    return tuple(int(size) for size in shape) if isinstance(shape, Sequence) else (int(shape),)


def _uniform(shape: int | Sequence[int], value, dtype: str) -> Tensor:
    shape = _shape(shape)
    element = dtypes.convert(np.asarray(value), dtype)
    if tracing.current() is not None:
        # A view of one element, which becomes a scalar of the graph.
        return Tensor(np.broadcast_to(element, shape))
    return Tensor(np.full(shape, element))


def _dtype(dtype: str | None) -> str:
    return standardize_dtype(dtype or floatx())


def zeros(shape, dtype=None):
    return _uniform(shape, 0, _dtype(dtype))


def ones(shape, dtype=None):
    return _uniform(shape, 1, _dtype(dtype))


def empty(shape, dtype=None):
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """A tensor of a value, which is broadcast."""
    dtype = _dtype(dtype)
    fill_value = convert_to_tensor(fill_value, dtype)
    shape = _shape(shape)
    if fill_value._symbol is None and fill_value.size == 1 and fill_value.ndim <= len(shape):
        return _uniform(shape, fill_value.array.reshape(()), dtype)
    return dispatch.apply(
        "broadcast",
        [fill_value],
        dtype,
        numpy=lambda array: np.array(np.broadcast_to(array, shape)),
        shape=shape,
    )


def _like(x, dtype: str | None) -> tuple[tuple[int, ...], str]:
    x = convert_to_tensor(x)
    return x.shape, standardize_dtype(dtype or x.dtype)


def zeros_like(x, dtype=None):
    return zeros(*_like(x, dtype))


def ones_like(x, dtype=None):
    return ones(*_like(x, dtype))


def empty_like(x, dtype=None):
    return empty(*_like(x, dtype))


def full_like(x, fill_value, dtype=None):
    shape, dtype = _like(x, dtype)
    return full(shape, fill_value, dtype)


def array(x, dtype=None):
    return copy(convert_to_tensor(x, dtype))


def copy(x):
    x = convert_to_tensor(x)
    return x if x._array is None else Tensor(np.array(x._array), x._symbol, x.dtype)


def eye(N, M=None, k=0, dtype=None):
    return Tensor(np.eye(int(N), None if M is None else int(M), int(k), _numpy(dtype)))


def identity(n, dtype=None):
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=None):
    """Ones at and below a diagonal."""
    return Tensor(np.tri(int(N), None if M is None else int(M), int(k), _numpy(dtype)))


def _numpy(dtype: str | None) -> np.dtype:
    return dtypes.numpy_dtype(_dtype(dtype))


def _number(x) -> int | float:
    """A number that Python must know, because a shape depends on it."""
    return x if not isinstance(x, (Tensor, np.ndarray)) else convert_to_tensor(x).array.item()


def arange(start, stop=None, step=None, dtype=None):
    """Numbers from `start` up to `stop`, which is not among them."""
    given = [x for x in (start, stop, step) if x is not None]
    if dtype is None:
        dtype = promoted(*(kind(x) for x in tensors(*given)))
    dtype = standardize_dtype(dtype)
    first, last = (0, start) if stop is None else (start, stop)
    values = np.arange(_number(first), _number(last), 1 if step is None else _number(step))
    return Tensor(dtypes.convert(values, dtype))


def _common_floating(dtype: str | None, *values) -> str:
    if dtype is not None:
        return standardize_dtype(dtype)
    return promoted(*(kind(x) for x in tensors(*values)), float)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Numbers at equal distances along a new axis."""
    found = _common_floating(dtype, start, stop)
    computed = promoted(found, float)
    start, stop = convert_to_tensor(start, computed), convert_to_tensor(stop, computed)
    if start._symbol is None and stop._symbol is None:
        values, step = np.linspace(
            start.array.astype(np.float64),
            stop.array.astype(np.float64),
            int(num),
            endpoint,
            retstep=True,
            axis=axis,
        )
        result = Tensor(_whole_or_same(values, found))
        step = Tensor(dtypes.convert(np.asarray(step), computed))
        return (result, step) if retstep else result
    return _traced_linspace(start, stop, int(num), endpoint, retstep, found, axis)


def _whole_or_same(values: np.ndarray, dtype: str) -> np.ndarray:
    # NumPy and JAX round down to integers.
    return dtypes.convert(np.floor(values) if "int" in dtype else values, dtype)


def _traced_linspace(
    start: Tensor, stop: Tensor, num: int, endpoint: bool, retstep: bool, dtype: str, axis: int
) -> Tensor | tuple[Tensor, Tensor]:
    from keras_strata.src.ops import numpy

    count = num - 1 if endpoint else num
    distance = subtract(stop, start)
    rank = distance.ndim + 1
    axis = axis + rank if axis < 0 else axis
    fractions = np.arange(num) / max(count, 1)
    fractions = fractions.reshape([num if i == axis else 1 for i in range(rank)])
    fractions = convert_to_tensor(fractions, start.dtype)
    start = numpy.expand_dims(numpy.broadcast_to(start, distance.shape), axis)
    values = add(start, multiply(fractions, numpy.expand_dims(distance, axis)))
    if "int" in dtype:
        values = numpy.floor(values)
    result = cast(values, dtype)
    return (result, multiply(distance, 1 / max(count, 1))) if retstep else result


def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    """Powers of a base, the exponents of which are at equal distances."""
    found = _common_floating(dtype, start, stop)
    computed = promoted(found, float)
    exponents = linspace(start, stop, num, endpoint, dtype=computed, axis=axis)
    return cast(power(convert_to_tensor(base, computed), exponents), found)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Numbers with equal ratios along a new axis."""
    found = _common_floating(dtype, start, stop)
    computed = promoted(found, float)
    start, stop = convert_to_tensor(start, computed), convert_to_tensor(stop, computed)
    values = np.geomspace(
        start.array.astype(np.float64), stop.array.astype(np.float64), int(num), endpoint, axis=axis
    )
    return Tensor(dtypes.convert(values, found))


def meshgrid(*x, indexing="xy"):
    """The coordinates of a grid, from those of each axis."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"`indexing` must be 'xy' or 'ij'. Received: indexing={indexing}")
    from keras_strata.src.ops import numpy

    axes = [numpy.ravel(convert_to_tensor(value)) for value in x]
    order = list(range(len(axes)))
    if indexing == "xy" and len(axes) > 1:
        order[:2] = [1, 0]
    sizes = [1] * len(axes)
    for position, values in zip(order, axes, strict=True):
        sizes[position] = values.shape[0]
    return [
        numpy.broadcast_to(
            numpy.reshape(values, [sizes[p] if p == position else 1 for p in range(len(axes))]),
            tuple(sizes),
        )
        for position, values in zip(order, axes, strict=True)
    ]
