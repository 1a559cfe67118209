"""Parts of tensors by Python's index expressions."""

import math
from collections.abc import Sequence

import numpy as np

from keras_strata.src.ops import numpy
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import move
from keras_strata.src.ops.numpy.selection import rows_at
from keras_strata.src.tensor import Tensor
from keras_strata.src.variable import Variable


def get_item(tensor: Tensor, index) -> Tensor:
    """The part of a tensor at an index, as in NumPy.

    In graphs, slices and integers are slices of the engine; indices that are arrays or
    traced tensors are gathers.

    Args:
        tensor: the tensor.
        index: an integer, slice, `None`, `...`, array or tensor of integers, a mask whose
            value is known, or a tuple of these.
    """
    items = [_item(x) for x in (index if isinstance(index, tuple) else (index,))]
    if tensor._symbol is None and not any(isinstance(x, Tensor) or _is_moving(x) for x in items):
        return Tensor(np.asarray(tensor.array[tuple(items)]))
    items = _complete(items, tensor)
    tensor, items = _without_moving_slices(tensor, items)
    if any(isinstance(x, (np.ndarray, Tensor)) for x in items):
        return _advanced(tensor, items)
    return _basic(tensor, items)


def _item(x):
    """An index that is a number, a slice, an array, or a traced tensor."""
    if isinstance(x, Variable):
        x = x.value
    if isinstance(x, slice):
        return slice(*(None if v is None else _bound(v) for v in (x.start, x.stop, x.step)))
    if x is None or x is Ellipsis:
        return x
    if isinstance(x, (bool, np.bool_)):
        return np.asarray(x)
    if hasattr(x, "__index__") and not isinstance(x, (Tensor, np.ndarray)):
        return int(x)
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        if x.is_traced:
            raise IndexError(
                "A mask that is computed by a compiled function cannot be an index: the shape "
                "of the result would depend on its values. Use `ops.where`, or compile the "
                "model with `run_eagerly=True`."
            )
        return x.array
    if "int" not in x.dtype:
        if x.size == 0:
            return np.zeros(x.shape, np.int64)
        raise IndexError(f"An index must be an integer or a mask. Received: dtype={x.dtype}")
    if x._symbol is not None and x.is_traced:
        return x
    return int(x.array) if x.ndim == 0 else x.array


def _bound(x) -> int | Tensor:
    if isinstance(x, Variable):
        x = x.value
    return x if isinstance(x, Tensor) and x.is_traced else x.__index__()


def _is_moving(x) -> bool:
    """Whether an item is a slice from or to a place that is not known."""
    return isinstance(x, slice) and any(isinstance(v, Tensor) for v in (x.start, x.stop, x.step))


def _without_moving_slices(tensor: Tensor, items: list) -> tuple[Tensor, list]:
    """The tensor with its moving slices taken, and the other items."""
    result, axis = [], 0
    for x in items:
        if _is_moving(x):
            tensor = numpy.take(tensor, _positions(x), axis=axis)
            x = slice(None)
        result.append(x)
        axis += x is not None
    return tensor, result


def _positions(x: slice) -> Tensor:
    """The indices of a slice that begins at a traced place, and whose length is known."""
    if isinstance(x.start, Tensor) and isinstance(x.stop, Tensor) and x.step in (None, 1):
        (base, first), (other, last) = x.start.sum_of or (x.start, 0), x.stop.sum_of or (x.stop, 0)
        if base is other:
            return numpy.add(x.start, np.arange(last - first, dtype=np.int32))
    raise IndexError(
        "A slice within a compiled function must have a known length: write "
        "`x[start : start + 3]`, or use `ops.slice(x, start_indices, shape)`. "
        f"Received: {x}"
    )


def _complete(items: list, tensor: Tensor) -> list:
    """One item for each axis, beside `None` and an ellipsis of no axes."""
    found = []
    for x in items:
        if isinstance(x, np.ndarray) and x.dtype == bool:
            found.extend(np.nonzero(x) if x.ndim else [_refused(x)])
        else:
            found.append(x)
    used = sum(1 for x in found if x is not None and x is not Ellipsis)
    if used > tensor.ndim:
        raise IndexError(
            f"{used} indices are too many for a tensor of shape {tensor.shape}. "
            f"Give at most {tensor.ndim}."
        )
    rest = [slice(None)] * (tensor.ndim - used)
    places = [i for i, x in enumerate(found) if x is Ellipsis]
    if len(places) > 1:
        raise IndexError("An index can have one ellipsis (`...`) only.")
    if not places:
        return found + rest
    # An ellipsis of no axes stays: it separates arrays beside it all the same.
    return found[: places[0]] + (rest or [Ellipsis]) + found[places[0] + 1 :]


def _refused(x: np.ndarray):
    raise IndexError(f"The truth value {x} cannot be an index while a function is traced.")


def _integer(x: int, size: int, axis: int) -> int:
    if not -size <= x < size:
        raise IndexError(f"index {x} is out of bounds for axis {axis} with size {size}")
    return x % size


def _basic(tensor: Tensor, items: list) -> Tensor:
    """Integers, slices and new axes."""
    ranges, shape = [], []
    axis = 0
    for x in items:
        if x is Ellipsis:
            continue
        if x is None:
            shape.append(1)
            continue
        size = tensor.shape[axis]
        if isinstance(x, slice):
            ranges.append(range(size)[x])
            shape.append(len(ranges[-1]))
        else:
            first = _integer(x, size, axis)
            ranges.append(range(first, first + 1))
        axis += 1
    return _reshaped(_sliced(tensor, ranges), shape)


def _reshaped(x: Tensor, shape: Sequence[int]) -> Tensor:
    shape = tuple(shape)
    return x if x.shape == shape else numpy.reshape(x, shape)


def _sliced(x: Tensor, ranges: Sequence[range]) -> Tensor:
    """The elements at a range of indices along each axis."""
    starts, sizes = [], []
    for size, wanted in zip(x.shape, ranges, strict=True):
        if wanted.step == 1 or len(wanted) <= 1:
            starts.append(wanted.start if len(wanted) else 0)
            sizes.append(len(wanted))
        else:
            starts.append(0)
            sizes.append(size)
    x = _part(x, starts, sizes)
    for axis, wanted in enumerate(ranges):
        if len(wanted) > 1 and wanted.step > 1:
            x = _strided(x, axis, wanted)
        elif len(wanted) > 1 and wanted.step < 0:
            x = gather(x, np.asarray(wanted), axis)
    return x


def _part(x: Tensor, starts: Sequence[int], sizes: Sequence[int]) -> Tensor:
    if tuple(sizes) == x.shape:
        return x
    index = tuple(slice(a, a + n) for a, n in zip(starts, sizes, strict=True))
    return move("slice", [x], lambda array: array[index], start=tuple(starts), sizes=tuple(sizes))


def _strided(x: Tensor, axis: int, wanted: range) -> Tensor:
    """Every so many elements along an axis: the first ones of groups."""
    count, step = len(wanted), wanted.step
    stop = wanted.start + count * step
    missing = stop - x.shape[axis]
    if missing > 0:
        after = [missing if a == axis else 0 for a in range(x.ndim)]
        none = [0] * x.ndim
        x = move(
            "pad",
            [x],
            lambda array: np.pad(array, [(0, n) for n in after]),
            paddingBefore=tuple(none),
            paddingAfter=tuple(after),
        )
    starts = [wanted.start if a == axis else 0 for a in range(x.ndim)]
    sizes = [count * step if a == axis else n for a, n in enumerate(x.shape)]
    x = _part(x, starts, sizes)
    outer, inner = x.shape[:axis], x.shape[axis + 1 :]
    groups = numpy.reshape(x, (*outer, count, step, *inner))
    firsts = _part(groups, [0] * groups.ndim, (*outer, count, 1, *inner))
    return numpy.reshape(firsts, (*outer, count, *inner))


def _advanced(tensor: Tensor, items: list) -> Tensor:
    """Arrays or traced tensors among the indices: slices first, then one gather of rows."""
    ranges, indices, axes, shape = [], [], [], []
    places, axis, before, first = [], 0, 0, 0
    for place, x in enumerate(items):
        if x is Ellipsis:
            continue
        if x is None:
            shape.append(1)
            continue
        size = tensor.shape[axis]
        if isinstance(x, slice):
            ranges.append(range(size)[x])
            shape.append(len(ranges[-1]))
        else:
            if not axes:
                # Axes of the rest before the first index, without and with new ones.
                before, first = axis, len(shape)
            ranges.append(range(size))
            places.append(place)
            axes.append(axis)
            indices.append(_checked(x, size, axis))
        axis += 1
    # Indices that are not side by side put their axes in front, as in NumPy.
    if places[-1] - places[0] >= len(places):
        before = first = 0
    _check_shapes(indices)
    found = _gathered(_sliced(tensor, ranges), axes, indices)
    new = found.ndim - (tensor.ndim - len(axes))
    rest = list(range(new, found.ndim))
    found_shape = found.shape[:new]
    order = [*rest[:before], *range(new), *rest[before:]]
    return _reshaped(numpy.transpose(found, order), [*shape[:first], *found_shape, *shape[first:]])


def _checked(x, size: int, axis: int):
    """An index with known values counted from the front; a traced one as it is."""
    if isinstance(x, Tensor):
        return x
    x = np.asarray(x)
    is_outside = (x < -size) | (x >= size)
    if is_outside.any():
        raise IndexError(
            f"index {x[is_outside][0]} is out of bounds for axis {axis} with size {size}"
        )
    return np.where(x < 0, x + size, x).astype(np.int32)


def _check_shapes(indices: Sequence) -> None:
    shapes = [x.shape for x in indices]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise IndexError(
            f"Arrays of shapes {shapes} cannot be indices together. Give shapes that broadcast."
        ) from None


def _gathered(x: Tensor, axes: Sequence[int], indices: list) -> Tensor:
    """The slices at common positions along axes, which become the first ones."""
    rest = [a for a in range(x.ndim) if a not in axes]
    sizes = [x.shape[a] for a in axes]
    rows = numpy.transpose(x, [*axes, *rest])
    rows = numpy.reshape(rows, (math.prod(sizes), *(x.shape[a] for a in rest)))
    position = None
    for size, index in zip(sizes, indices, strict=True):
        number = cast(convert_to_tensor(index), "int32")
        if isinstance(index, Tensor) and len(axes) > 1:
            number = numpy.where(numpy.less(number, 0), numpy.add(number, size), number)
        if position is not None:
            number = numpy.add(numpy.multiply(position, size), number)
        position = number
    return rows_at(rows, position)
