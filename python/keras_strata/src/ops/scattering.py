"""Slices at given starts, and values put at given indices."""

import builtins
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src import ops
from keras_strata.src.tensor import Tensor


def scatter(indices, values, shape):
    """Zeros of a shape to which values are added at indices.

    Args:
        indices: `[..., depth]`, positions along the first `depth` axes.
        values: `[..., *shape[depth:]]`.
        shape: the shape of the result.
    """
    indices, values = ops.core.convert_to_tensor(indices), ops.core.convert_to_tensor(values)
    shape = tuple(int(size) for size in shape)
    depth = indices.shape[-1]
    rows = int(np.prod(shape[:depth]))
    rest = shape[depth:]
    width = int(np.prod(rest))
    linear = _linear(indices, shape[:depth])
    count = linear.shape[0]

    def add(rows_given: np.ndarray, positions: np.ndarray) -> np.ndarray:
        table = np.zeros((rows, width), rows_given.dtype)
        np.add.at(table, positions, rows_given)
        return table

    table = dispatch.apply(
        "scatterAdd",
        [ops.numpy.reshape(values, (count, width)), linear],
        values.dtype,
        numpy=add,
        operands=("float32", "int32"),
        rows=rows,
    )
    return ops.numpy.reshape(table, shape)


def _linear(indices: Tensor, sizes: Sequence[int]) -> Tensor:
    """The row-major number of each position, `[count]`, int32."""
    depth = len(sizes)
    flat = ops.numpy.reshape(indices, (-1, depth))
    result = 0
    for axis, size in enumerate(sizes):
        result = result * size + ops.core.convert_to_tensor(flat[:, axis], "int32")
    return result


def scatter_update(inputs, indices, updates, reduction=None):
    """A tensor with other values at some indices.

    Args:
        inputs: the tensor.
        indices: `[count, depth]`, positions along the first `depth` axes.
        updates: `[count, *inputs.shape[depth:]]`.
        reduction: how values are combined with those before: "add", "max", "min", "mul", or
            `None` to replace them.
    """
    inputs, indices = ops.core.convert_to_tensor(inputs), ops.core.convert_to_tensor(indices)
    updates = ops.core.convert_to_tensor(updates, inputs.dtype)
    combined = {
        "add": np.add.at,
        "max": np.maximum.at,
        "min": np.minimum.at,
        "mul": np.multiply.at,
    }
    if reduction is not None and reduction not in combined:
        raise ValueError(f"Unsupported reduction: {reduction}")

    def update(x: np.ndarray, at: np.ndarray, values: np.ndarray) -> np.ndarray:
        result = np.array(x)
        position = tuple(np.moveaxis(at, -1, 0))
        if reduction is None:
            result[position] = values
        else:
            combined[reduction](result, position, values)
        return result

    gradient = {None: _replacement_gradient, "add": _addition_gradient}.get(reduction)
    return dispatch.host(
        "scatter_update",
        update,
        [inputs, indices, updates],
        outputs=[(inputs.shape, inputs.dtype)],
        gradient=gradient,
    )[0]


def _at(gradient: Tensor, indices: Tensor) -> Tensor:
    """The slices of a tensor at positions along its first axes."""
    return gradient[tuple(ops.core.unstack(indices, axis=-1))]


def _addition_gradient(inputs, outputs, gradients) -> list:
    return [gradients[0], None, _at(gradients[0], inputs[1])]


def _replacement_gradient(inputs, outputs, gradients) -> list:
    replaced = scatter_update(gradients[0], inputs[1], ops.numpy.zeros_like(inputs[2]), None)
    return [replaced, None, _at(gradients[0], inputs[1])]


def slice(inputs, start_indices, shape):
    """The part of a shape that begins at given indices."""
    if len(start_indices) != len(shape):
        raise ValueError(
            "Length of `start_indices` must match length of `shape`. "
            f"Received: start_indices={start_indices}, shape={shape}"
        )
    result = ops.core.convert_to_tensor(inputs)
    for axis, (start, size) in enumerate(zip(start_indices, shape, strict=True)):
        start = ops.core.convert_to_tensor(start, "int32")
        size = int(size)
        if start.is_traced:
            positions = start + ops.core.convert_to_tensor(np.arange(size, dtype=np.int32))
            result = ops.numpy.take(result, positions, axis=axis)
            continue
        first = int(start)
        index = [builtins.slice(None)] * axis
        index.append(builtins.slice(first, first + size if size >= 0 else None))
        result = result[tuple(index)]
    return result


def slice_update(inputs, start_indices, updates):
    """A tensor in which a part that begins at given indices has other values."""
    inputs = ops.core.convert_to_tensor(inputs)
    moved = ops.core.convert_to_tensor(updates, inputs.dtype)
    is_inside = ops.core.convert_to_tensor(True)
    for axis, start in enumerate(start_indices):
        positions = ops.core.convert_to_tensor(np.arange(inputs.shape[axis], dtype=np.int32))
        positions = positions - ops.core.convert_to_tensor(start, "int32")
        size = moved.shape[axis]
        inside = ops.numpy.logical_and(positions >= 0, positions < size)
        sizes = [1] * inputs.ndim
        sizes[axis] = inputs.shape[axis]
        is_inside = ops.numpy.logical_and(is_inside, ops.numpy.reshape(inside, sizes))
        clipped = ops.numpy.clip(positions, 0, size - 1)
        moved = ops.numpy.take(moved, clipped, axis=axis)
    return ops.numpy.where(is_inside, moved, inputs)
