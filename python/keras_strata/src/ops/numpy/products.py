"""Products of matrices and vectors."""

import math
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.primitives import promote
from keras_strata.src.ops.numpy.reductions import sum
from keras_strata.src.ops.numpy.shapes import broadcast_to
from keras_strata.src.ops.numpy.shapes import moveaxis
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.ops.numpy.shapes import squeeze
from keras_strata.src.ops.numpy.shapes import transpose
from keras_strata.src.tensor import Tensor

# Products that the engine computes; others are NumPy's.
ENGINE_TYPES = ("float32", "bfloat16", "float16", "float64", "float8_e4m3fn", "float8_e5m2")


def operands(*values) -> list[Tensor]:
    """The factors of a product in their common dtype; those of int8 become int32."""
    tensors = [convert_to_tensor(x) for x in values]
    if all(x.dtype == "int8" for x in tensors):
        return [cast(x, "int32") for x in tensors]
    return promote(*tensors)


def matmul(x1, x2):
    a, b = operands(x1, x2)
    if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        raise ValueError(
            "The last axis of the first factor of a matrix product must be as long as the axis "
            f"before the last of the second. Received: x1.shape={a.shape}, x2.shape={b.shape}"
        )
    if a.dtype not in ENGINE_TYPES:
        return host_product("matmul", np.matmul, [a, b])
    if b.ndim == 1:
        return squeeze(matmul(a, reshape(b, (-1, 1))), -1)
    if a.ndim == 1:
        return squeeze(matmul(reshape(a, (1, -1)), b), -2)
    if b.ndim == 2:
        return _rows_product(a, b)
    return _batched_product(a, b)


def host_product(name: str, function, factors: Sequence[Tensor]) -> Tensor:
    """A product of integers, truth values or complex numbers by NumPy."""
    return dispatch.host(name, function, factors, gradient=no_gradient)[0]


def _rows_product(a: Tensor, b: Tensor) -> Tensor:
    """The product of rows, which may have several axes, and a matrix."""
    rows = a if a.ndim == 2 else reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))
    product = dispatch.apply("innerProduct", [rows, b], a.dtype, numpy=in_wide(np.matmul))
    return product if a.ndim == 2 else reshape(product, (*a.shape[:-1], b.shape[-1]))


def _batched_product(a: Tensor, b: Tensor) -> Tensor:
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    count = math.prod(batch)
    if math.prod(b.shape[:-2]) == 1:
        product = _rows_product(a, reshape(b, b.shape[-2:]))
        return reshape(product, (*batch, a.shape[-2], b.shape[-1]))

    def stacked(x: Tensor) -> Tensor:
        x = broadcast_to(x, (*batch, *x.shape[-2:]))
        return reshape(x, (count, *x.shape[-2:]))

    product = dispatch.apply("matMul", [stacked(a), stacked(b)], a.dtype, numpy=in_wide(np.matmul))
    return reshape(product, (*batch, a.shape[-2], b.shape[-1]))


def tensordot(x1, x2, axes=2):
    a, b = promote(x1, x2)
    left, right = _contracted_axes(a, b, axes)
    if [a.shape[axis] for axis in left] != [b.shape[axis] for axis in right]:
        raise ValueError(
            "The axes over which two tensors are contracted must have one size in both. "
            f"Received: x1.shape={a.shape}, x2.shape={b.shape}, axes={axes}"
        )
    rows = [axis for axis in range(a.ndim) if axis not in left]
    columns = [axis for axis in range(b.ndim) if axis not in right]
    width = math.prod(a.shape[axis] for axis in left)
    row_sizes = [a.shape[axis] for axis in rows]
    column_sizes = [b.shape[axis] for axis in columns]
    matrix = reshape(transpose(a, rows + left), (math.prod(row_sizes), width))
    other = reshape(transpose(b, right + columns), (width, math.prod(column_sizes)))
    return reshape(_narrowed(matmul(matrix, other), a), row_sizes + column_sizes)


def _contracted_axes(a: Tensor, b: Tensor, axes) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        return list(range(a.ndim - axes, a.ndim)), list(range(axes))
    left, right = axes
    left = [left] if isinstance(left, int) else left
    right = [right] if isinstance(right, int) else right
    if len(left) != len(right):
        raise ValueError(f"`axes` must name as many axes of both tensors. Received: axes={axes}")
    return (
        [normalized_axis(axis, a.ndim) for axis in left],
        [normalized_axis(axis, b.ndim) for axis in right],
    )


def dot(x1, x2):
    x1, x2 = promote(x1, x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return ops.multiply(x1, x2)
    if x2.ndim <= 2:
        return _narrowed(matmul(x1, x2), x1)
    return tensordot(x1, x2, ([-1], [-2]))


def _narrowed(product: Tensor, factor: Tensor) -> Tensor:
    """A product in the dtype of its factors, which that of `matmul` is not for int8."""
    return cast(product, factor.dtype)


def inner(x1, x2):
    x1, x2 = promote(x1, x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return ops.multiply(x1, x2)
    return tensordot(x1, x2, ([-1], [-1]))


def vdot(x1, x2):
    x1, x2 = promote(x1, x2)
    if x1.dtype.startswith("complex"):
        x1 = ops.conjugate(x1)
    return dot(ravel(x1), ravel(x2))


def outer(x1, x2):
    x1, x2 = promote(x1, x2)
    return ops.multiply(reshape(x1, (-1, 1)), reshape(x2, (1, -1)))


def kron(x1, x2):
    x1, x2 = promote(x1, x2)
    ndim = max(x1.ndim, x2.ndim)
    one = (1,) * (ndim - x1.ndim) + x1.shape
    other = (1,) * (ndim - x2.ndim) + x2.shape
    left = reshape(x1, [size for n in one for size in (n, 1)])
    right = reshape(x2, [size for n in other for size in (1, n)])
    return reshape(ops.multiply(left, right), [m * n for m, n in zip(one, other, strict=True)])


def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    x1, x2 = promote(x1, x2)
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(x1, axisa, -1), moveaxis(x2, axisb, -1)
    sizes = a.shape[-1], b.shape[-1]
    if not set(sizes) <= {2, 3}:
        raise ValueError(
            "The vectors of a cross product must have 2 or 3 elements. Received: "
            f"x1.shape={x1.shape}, x2.shape={x2.shape}, axisa={axisa}, axisb={axisb}"
        )
    a, b = _elements(a), _elements(b)
    third = _minor(a, b, 0, 1)
    if sizes == (2, 2):
        return third
    parts = [_minor(a, b, 1, 2), _minor(a, b, 2, 0), third]
    shape = np.broadcast_shapes(*(part.shape for part in parts))
    result = ops.stack([broadcast_to(part, shape) for part in parts], axis=-1)
    return moveaxis(result, -1, axisc)


def _elements(x: Tensor) -> list[Tensor | None]:
    """The elements along the last axis; the third one of two is 0."""
    parts = ops.split(x, x.shape[-1], axis=-1)
    return [squeeze(part, -1) for part in parts] + [None] * (3 - len(parts))


def _minor(a: list, b: list, i: int, j: int) -> Tensor:
    """`a[i] * b[j] - a[j] * b[i]`, where `None` is 0."""
    first = None if a[i] is None or b[j] is None else ops.multiply(a[i], b[j])
    second = None if a[j] is None or b[i] is None else ops.multiply(a[j], b[i])
    if first is None:
        return ops.negative(second)
    return first if second is None else ops.subtract(first, second)


def trace(x, offset=0, axis1=0, axis2=1):
    return sum(ops.diagonal(x, offset, axis1, axis2), -1)
