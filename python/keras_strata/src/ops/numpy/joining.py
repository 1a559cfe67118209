"""Tensors put together, taken apart and repeated."""

import numpy as np

from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import move
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.primitives import promote
from keras_strata.src.ops.numpy.shapes import broadcast_to
from keras_strata.src.ops.numpy.shapes import expand_dims
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.tensor import Tensor


def concatenate(xs, axis=0):
    tensors = promote(*xs)
    if axis is None:
        return concatenate([ravel(x) for x in tensors])
    axis = normalized_axis(axis, tensors[0].ndim)
    parts = [x for x in tensors if x.ndim <= axis or x.shape[axis] != 0] or tensors[:1]
    if len(parts) == 1:
        return parts[0]
    return move("concatenate", parts, lambda *arrays: np.concatenate(arrays, axis), axis=axis)


def append(x1, x2, axis=None):
    return concatenate([x1, x2], axis)


def stack(x, axis=0):
    tensors = promote(*x)
    if len({tensor.shape for tensor in tensors}) != 1:
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        raise ValueError(f"Tensors to stack must have one shape. Received: {shapes}")
    axis = normalized_axis(axis, tensors[0].ndim + 1)
    return concatenate([expand_dims(tensor, axis) for tensor in tensors], axis)


def hstack(xs):
    tensors = _with_axes(xs, 1)
    return concatenate(tensors, 0 if tensors[0].ndim == 1 else 1)


def vstack(xs):
    return concatenate(_with_axes(xs, 2), 0)


def dstack(xs):
    return concatenate(_with_axes(xs, 3), 2)


def _with_axes(xs, ndim: int) -> list[Tensor]:
    """Tensors with at least so many axes, as `numpy.atleast_1d` and its kin add them."""
    tensors = [convert_to_tensor(x) for x in xs]
    shapes = {
        1: lambda shape: shape or (1,),
        2: lambda shape: (1, *shape) if len(shape) == 1 else shape or (1, 1),
        3: lambda shape: {0: (1, 1, 1), 1: (1, *shape, 1), 2: (*shape, 1)}.get(len(shape), shape),
    }
    return [reshape(x, shapes[ndim](x.shape)) for x in tensors]


def split(x, indices_or_sections, axis=0):
    x = convert_to_tensor(x)
    axis = normalized_axis(axis, x.ndim)
    size = x.shape[axis]
    if _is_count(indices_or_sections):
        count = int(indices_or_sections)
        if count < 1 or size % count:
            raise ValueError(
                f"An axis of size {size} cannot be split into {count} equal parts. "
                f"Received: x.shape={x.shape}, axis={axis}"
            )
    return array_split(x, indices_or_sections, axis)


def array_split(x, indices_or_sections, axis=0):
    x = convert_to_tensor(x)
    axis = normalized_axis(axis, x.ndim)
    size = x.shape[axis]
    if _is_count(indices_or_sections):
        count = int(indices_or_sections)
        if count < 1:
            raise ValueError(f"There must be at least one part. Received: {count}")
        least, longer = divmod(size, count)
        bounds = [part * least + min(part, longer) for part in range(count + 1)]
    else:
        given = [int(index) for index in np.asarray(indices_or_sections)]
        inner = [min(index if index >= 0 else max(index + size, 0), size) for index in given]
        bounds = [0, *inner, size]
    return [
        _part(x, first, max(last - first, 0), axis)
        for first, last in zip(bounds[:-1], bounds[1:], strict=True)
    ]


def _is_count(indices_or_sections) -> bool:
    return np.ndim(indices_or_sections) == 0


def _part(x: Tensor, first: int, size: int, axis: int) -> Tensor:
    start = tuple(first if a == axis else 0 for a in range(x.ndim))
    sizes = tuple(size if a == axis else length for a, length in enumerate(x.shape))
    index = tuple(slice(a, a + b) for a, b in zip(start, sizes, strict=True))
    return move("slice", [x], lambda array: array[index], start=start, sizes=sizes)


def hsplit(x, indices_or_sections):
    x = convert_to_tensor(x)
    return split(x, indices_or_sections, 0 if x.ndim == 1 else 1)


def vsplit(x, indices_or_sections):
    return split(x, indices_or_sections, 0)


def dsplit(x, indices_or_sections):
    x = convert_to_tensor(x)
    if x.ndim < 3:
        raise ValueError(f"`dsplit` needs at least 3 axes. Received: x.shape={x.shape}")
    return split(x, indices_or_sections, 2)


def tile(x, repeats):
    x = convert_to_tensor(x)
    counts = [int(count) for count in np.atleast_1d(np.asarray(repeats))]
    ndim = max(len(counts), x.ndim)
    counts = [1] * (ndim - len(counts)) + counts
    shape = [1] * (ndim - x.ndim) + list(x.shape)
    if x._symbol is None:
        return Tensor(np.tile(x.array, counts))
    # An axis of its own for the repeats of each axis that has some.
    before, between = [], []
    for size, count in zip(shape, counts, strict=True):
        before += [size] if count == 1 else [1, size]
        between += [size] if count == 1 else [count, size]
    x = broadcast_to(reshape(x, before), between)
    return reshape(x, [size * count for size, count in zip(shape, counts, strict=True)])


def repeat(x, repeats, axis=None):
    x = convert_to_tensor(x)
    if axis is None:
        return repeat(ravel(x), repeats, 0)
    axis = normalized_axis(axis, x.ndim)
    counts = np.asarray(repeats)
    if counts.size != 1:
        return gather(x, np.repeat(np.arange(x.shape[axis]), counts), axis)
    count = int(counts.reshape(()))
    if x._symbol is None:
        return Tensor(np.repeat(x.array, count, axis))
    spread = list(x.shape)
    spread.insert(axis + 1, count)
    result = list(x.shape)
    result[axis] *= count
    return reshape(broadcast_to(expand_dims(x, axis + 1), spread), result)
