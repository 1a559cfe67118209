"""Elements at indices, and the indices of elements."""

import math

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import floor_divide
from keras_strata.src.ops.numpy.arithmetic import mod
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.comparison import greater_equal
from keras_strata.src.ops.numpy.comparison import less
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.logic import logical_or
from keras_strata.src.ops.numpy.operands import kind
from keras_strata.src.ops.numpy.operands import promoted
from keras_strata.src.ops.numpy.operands import tensors
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import transpose
from keras_strata.src.tensor import Tensor
from keras_strata.src.tensor import TracedValueError


def _indices(indices) -> Tensor:
    indices = convert_to_tensor(indices)
    return indices if "int" in indices.dtype else cast(indices, "int32")


def _missing(dtype: str):
    """What stands for an element that does not exist: NaN, as in JAX."""
    if "int" in dtype:
        limits = np.iinfo(dtypes.numpy_dtype(dtype))
        return limits.max if dtype.startswith("u") else limits.min
    return dtype == "bool" or np.nan


def _taken(array: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    size = array.shape[axis]
    is_outside = (indices < -size) | (indices >= size)
    if not is_outside.any():
        return np.take(array, indices, axis=axis)
    if size == 0:
        raise IndexError(f"Axis {axis} of a tensor of shape {array.shape} has no elements to take.")
    found = np.take(array, np.where(is_outside, 0, indices), axis=axis)
    where_outside = is_outside.reshape(*is_outside.shape, *[1] * (array.ndim - 1 - axis))
    return np.where(where_outside, np.asarray(_missing(array.dtype.name), array.dtype), found)


def take(x, indices, axis=None):
    """The slices at indices along an axis, which the indices' axes replace.

    Negative indices count from the end. Elements that do not exist are NaN, as in JAX.
    """
    x, indices = convert_to_tensor(x), _indices(indices)
    if axis is None:
        x, axis = ravel(x), 0
    axis = normalized_axis(axis, x.ndim)
    if x._symbol is None and indices._symbol is None:
        return Tensor(_taken(x.array, indices.array, axis))
    rest = [a for a in range(x.ndim) if a != axis]
    rows = transpose(x, [axis, *rest])
    found = rows_at(rows, indices)
    new = list(range(indices.ndim))
    others = list(range(indices.ndim, found.ndim))
    return transpose(found, [*others[:axis], *new, *others[axis:]])


def rows_at(table: Tensor, indices: Tensor) -> Tensor:
    """The slices of a table along its first axis, by the engine's gather."""
    return dispatch.apply(
        "gather",
        [table, indices],
        table.dtype,
        numpy=lambda array, positions: _taken(array, positions, 0),
        operands=(dtypes.engine_dtype(table.dtype), "int32"),
    )


def take_along_axis(x, indices, axis=None):
    """The elements at indices along an axis; other axes are those of the indices."""
    x, indices = convert_to_tensor(x), _indices(indices)
    if axis is None:
        x, indices, axis = ravel(x), ravel(indices), 0
    axis = normalized_axis(axis, x.ndim)
    if x.ndim != indices.ndim:
        raise ValueError(
            "`take_along_axis` needs indices with as many axes as the tensor. "
            f"Received: x.shape={x.shape}, indices.shape={indices.shape}"
        )
    if x._symbol is None and indices._symbol is None:
        return Tensor(_taken_along_axis(x.array, indices.array, axis))
    return rows_at(ravel(x), _positions(x.shape, indices, axis))


def _taken_along_axis(array: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    size = array.shape[axis]
    is_outside = (indices < -size) | (indices >= size)
    if not is_outside.any():
        return np.take_along_axis(array, indices, axis)
    found = np.take_along_axis(array, np.where(is_outside, 0, indices), axis)
    return np.where(is_outside, np.asarray(_missing(array.dtype.name), array.dtype), found)


def _positions(shape: tuple[int, ...], indices: Tensor, axis: int) -> Tensor:
    """The row-major numbers of elements at indices along one axis."""
    indices = cast(indices, "int32")
    strides = [math.prod(shape[a + 1 :]) for a in range(len(shape))]
    offsets = np.zeros([1] * len(shape), np.int32)
    for a, size in enumerate(shape):
        if a != axis:
            sizes = [size if b == a else 1 for b in range(len(shape))]
            offsets = offsets + (np.arange(size, dtype=np.int32) * strides[a]).reshape(sizes)
    size = shape[axis]
    index = where(less(indices, 0), add(indices, size), indices)
    result = add(multiply(index, strides[axis]), convert_to_tensor(offsets))
    # Beyond the last element of all there is NaN.
    is_outside = logical_or(less(index, 0), greater_equal(index, size))
    return where(is_outside, math.prod(shape), result)


def nonzero(x):
    """The indices of the elements that are not 0, an array for each axis.

    How many there are depends on the values: while a function is traced, single ones of them
    can be taken by number.
    """
    x = convert_to_tensor(x)
    if x.is_traced:
        return tuple(_Positions(x, axis) for axis in range(x.ndim))
    return tuple(Tensor(indices.astype(np.int32)) for indices in np.nonzero(x.array))


class _Positions:
    """The indices along an axis of the elements of a traced tensor that are not 0."""

    def __init__(self, x: Tensor, axis: int) -> None:
        self._x = x
        self._axis = axis

    def __getitem__(self, number: int) -> Tensor:
        if not isinstance(number, int):
            self._refuse()
        axis = self._axis

        def position(array: np.ndarray) -> np.ndarray:
            return np.nonzero(array)[axis][number].astype(np.int32)

        return dispatch.host(
            "nonzero", position, [self._x], outputs=[((), "int32")], gradient=lambda *_: [None]
        )[0]

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._refuse()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self._refuse()

    def __len__(self) -> int:
        return self._refuse()

    def _refuse(self):
        raise TracedValueError(
            f"How many elements of {self._x!r} are not 0 is not known while a function is "
            "traced. Take single positions, such as `ops.nonzero(x)[0][0]`, use `ops.where`, "
            "or compile the model with `run_eagerly=True`."
        )


def unravel_index(indices, shape):
    """The indices along each axis of elements with row-major numbers."""
    indices = convert_to_tensor(indices)
    dtype = indices.dtype
    if isinstance(shape, int):
        shape = (shape,)
    result = []
    for size in reversed(shape):
        result.append(cast(mod(indices, int(size)), dtype))
        indices = floor_divide(indices, int(size))
    return tuple(reversed(result))


def select(condlist, choicelist, default=0):
    """The elements of the choice whose condition is the first that holds."""
    if len(condlist) != len(choicelist):
        raise ValueError(
            "`select` needs a choice for each condition. "
            f"Received: {len(condlist)} conditions and {len(choicelist)} choices"
        )
    values = tensors(*choicelist, default)
    dtype = promoted(*(kind(value) for value in values))
    *choices, result = [convert_to_tensor(value, dtype) for value in values]
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        result = where(condition, choice, result)
    return result
