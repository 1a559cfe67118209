"""Diagonals and triangles of matrices."""

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.joining import stack
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.padding import pad
from keras_strata.src.ops.numpy.primitives import floating_dtype
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.primitives import normalized_axis
from keras_strata.src.ops.numpy.shapes import broadcast_to
from keras_strata.src.ops.numpy.shapes import flip
from keras_strata.src.ops.numpy.shapes import moveaxis
from keras_strata.src.ops.numpy.shapes import ravel
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.tensor import Tensor


def diagonal(x, offset=0, axis1=0, axis2=1):
    x = convert_to_tensor(x)
    if x.ndim < 2:
        raise ValueError(f"A diagonal needs at least 2 axes. Received: x.shape={x.shape}")
    if is_concrete(x):
        return Tensor(np.diagonal(x.array, offset, axis1, axis2))
    axis1, axis2 = normalized_axis(axis1, x.ndim), normalized_axis(axis2, x.ndim)
    x = moveaxis(x, [axis1, axis2], [0, 1])
    height, width = x.shape[:2]
    numbers = np.arange(height * width, dtype=np.int32).reshape(height, width)
    rows = reshape(x, (height * width, *x.shape[2:]))
    return moveaxis(gather(rows, np.diagonal(numbers, offset), 0), 0, -1)


def diag(x, k=0):
    x = convert_to_tensor(x)
    if x.ndim == 2:
        return diagonal(x, k)
    if x.ndim != 1:
        raise ValueError(f"`diag` needs a vector or a matrix. Received: x.shape={x.shape}")
    size = x.shape[0]
    square = broadcast_to(reshape(x, (size, 1)), (size, size))
    matrix = _masked(square, np.eye(size, dtype=np.bool_))
    return pad(matrix, ((max(-k, 0), max(k, 0)), (max(k, 0), max(-k, 0)))) if k else matrix


def diagflat(x, k=0):
    return diag(ravel(x), k)


def tril(x, k=0):
    return _triangle(x, lambda rows, columns: columns <= rows + k)


def triu(x, k=0):
    return _triangle(x, lambda rows, columns: columns >= rows + k)


def _triangle(x, condition) -> Tensor:
    x = convert_to_tensor(x)
    if x.ndim == 1:
        x = broadcast_to(x, (x.shape[0], x.shape[0]))
    if x.ndim < 2:
        raise ValueError("A triangle needs at least 1 axis. Received a scalar.")
    height, width = x.shape[-2:]
    return _masked(x, condition(np.arange(height)[:, None], np.arange(width)))


def _masked(x: Tensor, mask: np.ndarray) -> Tensor:
    return ops.where(mask, x, convert_to_tensor(0, x.dtype))


def vander(x, N=None, increasing=False):
    x = convert_to_tensor(x)
    if x.ndim != 1:
        raise ValueError(f"Input tensor must be 1-dimensional. Received: input.shape={x.shape}")
    count = x.shape[0] if N is None else int(N)
    if count < 0:
        raise ValueError(f"N must be nonnegative. Received: N={N}")
    x = cast(x, "int32") if x.dtype == "bool" else x
    if count == 0:
        return ops.zeros((x.shape[0], 0), x.dtype)
    # Products have gradients at 0, where powers have none.
    columns = [ops.ones_like(x)]
    while len(columns) < count:
        columns.append(ops.multiply(columns[-1], x))
    matrix = stack(columns, axis=-1)
    return matrix if increasing else flip(matrix, -1)


def slogdet(x):
    """The sign of the determinant, and the logarithm of its absolute value."""
    x = convert_to_tensor(x)
    x = cast(x, floating_dtype(x.dtype))
    # These modules are made of this package.
    from keras_strata.src.ops.linalg import computed
    from keras_strata.src.ops.math import logdet

    sign = dispatch.host(
        "slogdet",
        lambda array: np.linalg.slogdet(computed(array))[0].astype(array.dtype),
        [x],
        outputs=[(x.shape[:-2], x.dtype)],
        gradient=no_gradient,
    )[0]
    return sign, logdet(x)
