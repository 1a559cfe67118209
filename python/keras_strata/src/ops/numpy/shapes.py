"""Shapes and the order of axes and elements."""

import math
from collections.abc import Sequence

import numpy as np

from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import move
from keras_strata.src.ops.numpy.primitives import normalized_axes
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.tensor import Tensor


def reshape(x, newshape):
    x = convert_to_tensor(x)
    shape = _complete_shape(x, newshape)
    return move("reshape", [x], lambda array: array.reshape(shape), shape=shape)


def _complete_shape(x: Tensor, newshape: int | Sequence[int]) -> tuple[int, ...]:
    sizes = [newshape] if isinstance(newshape, (int, np.integer)) else newshape
    shape = [int(size) for size in sizes]
    if shape.count(-1) == 1:
        others = math.prod(size for size in shape if size != -1)
        if others and x.size % others == 0:
            shape[shape.index(-1)] = x.size // others
    if math.prod(shape) != x.size or any(size < 0 for size in shape):
        raise ValueError(
            f"A tensor of shape {x.shape} has {x.size} elements and cannot be reshaped to "
            f"{newshape}. Give a shape of as many elements; one size may be -1."
        )
    return tuple(shape)


def ravel(x):
    return reshape(x, (-1,))


def transpose(x, axes=None):
    x = convert_to_tensor(x)
    if axes is None:
        order = tuple(reversed(range(x.ndim)))
    else:
        order = tuple(normalized_axis(axis, x.ndim) for axis in axes)
    if sorted(order) != list(range(x.ndim)):
        raise ValueError(
            f"`axes` must name each of the {x.ndim} axes of the tensor once. Received: axes={axes}"
        )
    return move("transpose", [x], lambda array: array.transpose(order), axes=order)


def moveaxis(x, source, destination):
    x = convert_to_tensor(x)
    sources = [source] if isinstance(source, (int, np.integer)) else source
    destinations = [destination] if isinstance(destination, (int, np.integer)) else destination
    sources = [normalized_axis(axis, x.ndim) for axis in sources]
    destinations = [normalized_axis(axis, x.ndim) for axis in destinations]
    if len(sources) != len(destinations):
        raise ValueError(
            "`source` and `destination` must name as many axes. "
            f"Received: source={source}, destination={destination}"
        )
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for place, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, axis)
    return transpose(x, order)


def swapaxes(x, axis1, axis2):
    x = convert_to_tensor(x)
    order = list(range(x.ndim))
    one, other = normalized_axis(axis1, x.ndim), normalized_axis(axis2, x.ndim)
    order[one], order[other] = other, one
    return transpose(x, order)


def expand_dims(x, axis):
    x = convert_to_tensor(x)
    count = len(axis) if isinstance(axis, (tuple, list)) else 1
    new = normalized_axes(axis, x.ndim + count)
    sizes = iter(x.shape)
    shape = [1 if place in new else next(sizes) for place in range(x.ndim + count)]
    return reshape(x, shape)


def squeeze(x, axis=None):
    x = convert_to_tensor(x)
    if axis is None:
        return reshape(x, [size for size in x.shape if size != 1])
    axes = normalized_axes(axis, x.ndim)
    if any(x.shape[a] != 1 for a in axes):
        raise ValueError(
            "cannot select an axis to squeeze out which has size not equal to one. "
            f"Received: x.shape={x.shape}, axis={axis}"
        )
    return reshape(x, [size for a, size in enumerate(x.shape) if a not in axes])


def broadcast_to(x, shape):
    x = convert_to_tensor(x)
    shape = tuple(int(size) for size in shape)
    if x.shape == shape:
        return x
    if np.broadcast_shapes(x.shape, shape) != shape:
        raise ValueError(f"A tensor of shape {x.shape} cannot be broadcast to {shape}.")
    return move("broadcast", [x], lambda array: np.broadcast_to(array, shape), shape=shape)


def flip(x, axis=None):
    x = convert_to_tensor(x)
    axes = normalized_axes(axis, x.ndim)
    if x._symbol is None:
        return Tensor(np.flip(x.array, axes))
    for a in axes:
        x = gather(x, np.arange(x.shape[a])[::-1], a)
    return x


def flipud(x):
    return flip(x, 0)


def fliplr(x):
    return flip(x, 1)


def rot90(array, k=1, axes=(0, 1)):
    array = convert_to_tensor(array)
    if array.ndim < 2:
        raise ValueError(
            f"Input array must have at least 2 dimensions. Received: array.ndim={array.ndim}"
        )
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ValueError(f"Invalid axes: {axes}. Axes must be a tuple of two different dimensions.")
    one, other = (normalized_axis(axis, array.ndim) for axis in axes)
    turns = k % 4
    if turns == 0:
        return array
    if turns == 2:
        return flip(array, (one, other))
    if turns == 1:
        return swapaxes(flip(array, other), one, other)
    return flip(swapaxes(array, one, other), other)


def roll(x, shift, axis=None):
    x = convert_to_tensor(x)
    if axis is None:
        return reshape(roll(ravel(x), shift, 0), x.shape)
    axes = list(axis) if isinstance(axis, (tuple, list)) else [axis]
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift]
    # One of several shifts or axes goes with all of the others, as in NumPy.
    count = max(len(axes), len(shifts))
    axes = axes * count if len(axes) == 1 else axes
    shifts = shifts * count if len(shifts) == 1 else shifts
    for amount, a in zip(shifts, axes, strict=True):
        x = _rolled(x, amount, normalized_axis(a, x.ndim))
    return x


def _rolled(x: Tensor, shift, axis: int) -> Tensor:
    size = x.shape[axis]
    shift = convert_to_tensor(shift, "int32")
    if size == 0:
        return x
    if shift.is_traced:
        positions = ops.mod(ops.subtract(np.arange(size, dtype=np.int32), shift), size)
        return ops.take(x, positions, axis=axis)
    amount = int(shift) % size
    if x._symbol is None:
        return Tensor(np.roll(x.array, amount, axis))
    if amount == 0:
        return x
    parts = ops.split(x, [size - amount], axis)
    return ops.concatenate([parts[1], parts[0]], axis)


def ndim(x):
    """The number of axes."""
    return convert_to_tensor(x).ndim


def size(x):
    """The number of elements."""
    return convert_to_tensor(x).size
