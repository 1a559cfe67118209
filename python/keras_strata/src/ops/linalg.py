"""Linear algebra: by NumPy on the host, with gradients where they are simple."""

from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src import tree

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src import function
from keras_strata.src import tracing
from keras_strata.src.engine import graph
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.tensor import Tensor


def computed(array: np.ndarray) -> np.ndarray:
    """An array in a type for which LAPACK has functions."""
    return array.astype(np.float32) if array.dtype.itemsize < 4 else array


def _host(
    name: str,
    compute: Callable,
    inputs: Sequence[Tensor],
    outputs: Sequence[tuple],
    gradient: Callable | None = None,
) -> list[Tensor]:
    """A function of arrays on the host, with the shapes and dtypes of its results."""

    def run(*arrays: np.ndarray) -> list[np.ndarray]:
        found = compute(*(computed(array) for array in arrays))
        found = found if isinstance(found, tuple) else (found,)
        return [
            dtypes.convert(np.asarray(x), dtype)
            for x, (_, dtype) in zip(found, outputs, strict=True)
        ]

    return dispatch.host(name, run, inputs, outputs=outputs, gradient=gradient)


def _transposed(x: Tensor) -> Tensor:
    return numpy.swapaxes(x, -1, -2)


def cholesky(a, upper=False):
    """The triangular factor L of a = L Lᵀ, or Lᵀ."""
    a = floating(a)

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        # Murray, "Differentiation of the Cholesky decomposition", 2016, section 4.
        inverse = inv(outputs[0])
        size = a.shape[-1]
        half = np.tril(np.ones((size, size), np.float32)) - 0.5 * np.eye(size, dtype=np.float32)
        inner = numpy.matmul(_transposed(outputs[0]), gradients[0]) * half
        outer = numpy.matmul(numpy.matmul(_transposed(inverse), inner), inverse)
        return [0.5 * (outer + _transposed(outer))]

    lower = _host("cholesky", np.linalg.cholesky, [a], [(a.shape, a.dtype)], gradient)[0]
    return _transposed(lower) if upper else lower


def cholesky_inverse(a, upper=False):
    """The inverse of a matrix by its Cholesky factor."""
    a = floating(a)
    identity = np.eye(a.shape[-1], dtype=dtypes.numpy_dtype(a.dtype))
    inverse = solve_triangular(a, np.broadcast_to(identity, a.shape), lower=not upper)
    if upper:
        return numpy.matmul(inverse, _transposed(inverse))
    return numpy.matmul(_transposed(inverse), inverse)


def det(a):
    """The determinants of matrices."""
    a = floating(a)

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        scale = (gradients[0] * outputs[0])[..., None, None]
        return [scale * _transposed(inv(inputs[0]))]

    return _host("det", np.linalg.det, [a], [(a.shape[:-2], a.dtype)], gradient)[0]


def _complex(dtype: str) -> str:
    return "complex128" if dtype in ("float64", "complex128") else "complex64"


def eig(x):
    """Eigenvalues and eigenvectors of general matrices, complex; eager only."""
    x = floating(x)
    dtype = _complex(x.dtype)
    return tuple(_host("eig", np.linalg.eig, [x], [(x.shape[:-1], dtype), (x.shape, dtype)]))


def eigh(x):
    """Eigenvalues and eigenvectors of symmetric matrices, ascending."""
    x = floating(x)
    return tuple(_host("eigh", np.linalg.eigh, [x], [(x.shape[:-1], x.dtype), (x.shape, x.dtype)]))


def inv(a):
    """The inverses of matrices."""
    a = floating(a)

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        inverse = _transposed(outputs[0])
        return [-numpy.matmul(numpy.matmul(inverse, gradients[0]), inverse)]

    return _host("inv", np.linalg.inv, [a], [(a.shape, a.dtype)], gradient)[0]


def lu_factor(x):
    """The factors of a matrix by LU decomposition in one matrix, and the rows' exchanges.

    In step i, row i and row `pivots[i]` are exchanged.
    """
    x = floating(x)
    count = min(x.shape[-2:])
    pivots = ((*x.shape[:-2], count), "int32")
    return tuple(_host("lu_factor", _lu_factors, [x], [(x.shape, x.dtype), pivots]))


def _lu_factors(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    *batch, rows, columns = x.shape
    matrices = np.array(x).reshape(-1, rows, columns)
    every = np.arange(matrices.shape[0])
    pivots = np.zeros((matrices.shape[0], min(rows, columns)), np.int32)
    for step in range(pivots.shape[1]):
        chosen = step + np.abs(matrices[:, step:, step]).argmax(axis=-1)
        pivots[:, step] = chosen
        exchanged = matrices[every, chosen].copy()
        matrices[every, chosen] = matrices[:, step]
        matrices[:, step] = exchanged
        pivot = matrices[:, step, step, None]
        below = matrices[:, step + 1 :]
        # A column of zeros has nothing to eliminate.
        below[:, :, step] /= np.where(pivot == 0, 1, pivot)
        below[:, :, step + 1 :] -= below[:, :, step, None] * matrices[:, step, None, step + 1 :]
    return matrices.reshape(x.shape), pivots.reshape(*batch, -1)


def norm(x, ord=None, axis=None, keepdims=False):
    """The norms of vectors or matrices, as NumPy's."""
    x = floating(x)
    if axis is None:
        if ord is None:
            result = numpy.sqrt(numpy.sum(_squared(x)))
            return numpy.reshape(result, (1,) * x.ndim) if keepdims else result
        axis = tuple(range(x.ndim))
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    if any(not -x.ndim <= a < x.ndim for a in axes):
        raise ValueError(f"Axes {axes} are out of range for a tensor of shape {x.shape}.")
    axes = tuple(a % x.ndim for a in axes)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) == 2 and axes[0] != axes[1]:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ValueError(
        "Argument `axis` must be one axis or two different ones (or `None` for a tensor with "
        f"one or two axes). Received: axis={axes}, x.shape={x.shape}"
    )


def _squared(x: Tensor) -> Tensor:
    return numpy.square(numpy.absolute(x) if "complex" in x.dtype else x)


def _vector_norm(x: Tensor, ord, axis: int, keepdims: bool) -> Tensor:
    limits = {"axis": axis, "keepdims": keepdims}
    if ord is None or ord == 2:
        return numpy.sqrt(numpy.sum(_squared(x), **limits))
    if isinstance(ord, str):
        raise ValueError(
            f"Argument `ord` must be a number for the norm of vectors. Received: ord={ord}"
        )
    if ord == 0:
        return numpy.sum(core.cast(numpy.not_equal(x, 0), x.dtype), **limits)
    size = numpy.absolute(x)
    if ord == np.inf:
        return numpy.max(size, **limits)
    if ord == -np.inf:
        return numpy.min(size, **limits)
    if ord == 1:
        return numpy.sum(size, **limits)
    return numpy.power(numpy.sum(numpy.power(size, ord), **limits), 1.0 / ord)


def _matrix_norm(x: Tensor, ord, axes: tuple[int, int], keepdims: bool) -> Tensor:
    rows, columns = axes
    if ord is None or ord == "fro":
        return numpy.sqrt(numpy.sum(_squared(x), axis=axes, keepdims=keepdims))
    if ord in (1, -1, np.inf, -np.inf):
        summed, compared = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = numpy.sum(numpy.absolute(x), axis=summed, keepdims=True)
        reduce = numpy.max if ord > 0 else numpy.min
        result = reduce(sums, axis=compared, keepdims=True)
    elif ord in (2, -2, "nuc"):
        values = svd(numpy.moveaxis(x, axes, (-2, -1)), compute_uv=False)
        reduce = {2: numpy.max, -2: numpy.min, "nuc": numpy.sum}[ord]
        result = reduce(values, axis=-1)
        kept = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
        result = numpy.reshape(result, kept)
    else:
        raise ValueError(
            "Argument `ord` must be one of None, 'fro', 'nuc', 1, -1, 2, -2, inf, -inf for "
            f"the norm of matrices. Received: ord={ord}"
        )
    return result if keepdims else numpy.squeeze(result, axis=axes)


def qr(x, mode="reduced"):
    """An orthogonal matrix and an upper triangular one, whose product is a matrix."""
    if mode not in {"reduced", "complete"}:
        raise ValueError(
            "`mode` argument value not supported. "
            "Expected one of {'reduced', 'complete'}. "
            f"Received: mode={mode}"
        )
    x = floating(x)
    *batch, rows, columns = x.shape
    inner = rows if mode == "complete" else min(rows, columns)
    outputs = [((*batch, rows, inner), x.dtype), ((*batch, inner, columns), x.dtype)]
    return tuple(_host("qr", lambda a: tuple(np.linalg.qr(a, mode=mode)), [x], outputs))


def solve(a, b):
    """The solution x of a x = b, for vectors or matrices b."""
    (a, b), dtype = operands(a, b, floating=True)
    if b.ndim == a.ndim - 1:
        return numpy.squeeze(solve(a, numpy.expand_dims(b, -1)), axis=-1)
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = numpy.broadcast_to(a, (*batch, *a.shape[-2:]))
    b = numpy.broadcast_to(b, (*batch, *b.shape[-2:]))

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        found = solve(_transposed(inputs[0]), gradients[0])
        return [-numpy.matmul(found, _transposed(outputs[0])), found]

    return _host("solve", np.linalg.solve, [a, b], [(b.shape, dtype)], gradient)[0]


def solve_triangular(a, b, lower=False):
    """The solution x of a x = b, where only one triangle of a counts."""
    a = floating(a)
    triangle = np.ones(a.shape[-2:], np.bool_)
    triangle = np.tril(triangle) if lower else np.triu(triangle)
    return solve(numpy.where(triangle, a, numpy.zeros_like(a)), b)


def svd(x, full_matrices=True, compute_uv=True):
    """The singular value decomposition u, s, vᵀ, or s alone."""
    x = floating(x)
    if not compute_uv:
        return _singular_values(x)
    *batch, rows, columns = x.shape
    count = min(rows, columns)
    left, right = (rows, columns) if full_matrices else (count, count)
    outputs = [
        ((*batch, rows, left), x.dtype),
        ((*batch, count), x.dtype),
        ((*batch, right, columns), x.dtype),
    ]
    return tuple(_host("svd", lambda a: tuple(np.linalg.svd(a, full_matrices)), [x], outputs))


def _singular_values(x: Tensor) -> Tensor:
    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        u, _, v = svd(inputs[0], full_matrices=False)
        return [numpy.matmul(u * numpy.expand_dims(gradients[0], -2), v)]

    outputs = [((*x.shape[:-2], min(x.shape[-2:])), x.dtype)]
    return _host(
        "singular values", lambda a: np.linalg.svd(a, compute_uv=False), [x], outputs, gradient
    )[0]


def lstsq(a, b, rcond=None):
    """The solution of a x = b with the smallest error."""
    (a, b), dtype = operands(a, b, floating=True)
    return _host(
        "lstsq",
        lambda a, b: np.linalg.lstsq(a, b, rcond=rcond)[0],
        [a, b],
        [((a.shape[1], *b.shape[1:]), dtype)],
    )[0]


def _withfloating(x) -> Tensor:
    x = floating(x)
    if x.ndim < 2:
        raise ValueError(f"Expected input to have rank >= 2. Received input with shape {x.shape}.")
    return x


def matrix_rank(x, tol=None):
    """The numbers of singular values above a tolerance, int32."""
    x = _withfloating(x)
    return _host(
        "matrix_rank",
        lambda a: np.linalg.matrix_rank(a, tol=tol),
        [x],
        [(x.shape[:-2], "int32")],
    )[0]


def pinv(x, rcond=None):
    """The pseudo-inverses of matrices; by default as JAX's."""
    x = _withfloating(x)
    *batch, rows, columns = x.shape

    def invert(a: np.ndarray) -> np.ndarray:
        limit = 10 * max(rows, columns) * np.finfo(a.dtype).eps if rcond is None else rcond
        return np.linalg.pinv(a, rcond=limit)

    return _host("pinv", invert, [x], [((*batch, columns, rows), x.dtype)])[0]


def jvp(fun, primals, tangents, has_aux=False):
    """The product of a function's Jacobian with a vector, by differentiating twice.

    The gradient of a sum of outputs times weights is linear in the weights; its derivative
    by them is the product.

    Returns:
        The outputs and the products, and with `has_aux` what the function returns besides.
    """
    if tracing.current() is not None:
        return _jvp(fun, primals, tangents, has_aux)
    recording = tracing.Recording()
    with tracing.scope(recording):
        watched = tree.map_structure(
            lambda x: recording.watch(core.convert_to_tensor(x)), tuple(primals)
        )
        outputs, products, *aux = _jvp(fun, watched, tangents, has_aux)
        flat = function.evaluate(recording, tree.flatten(products))
    products = tree.pack_sequence_as(products, flat)
    plain = [tree.map_structure(_plain, x) for x in (outputs, *aux)]
    return (plain[0], products, *plain[1:])


def _plain(x):
    return Tensor(x.array) if isinstance(x, Tensor) and not x.is_traced else x


def _jvp(fun: Callable, primals, tangents, has_aux: bool) -> tuple:
    result = fun(*primals)
    outputs, aux = result if has_aux else (result, None)
    flat = [core.convert_to_tensor(x) for x in tree.flatten(outputs)]
    weights = [tracing.placeholder(x.shape, x.dtype) for x in flat]
    total = core.convert_to_tensor(0.0)
    for output, weight in zip(flat, weights, strict=True):
        total = total + numpy.sum(output * weight)
    sources = [core.convert_to_tensor(x) for x in tree.flatten(primals)]
    slope = core.convert_to_tensor(0.0)
    for found, tangent in zip(
        function.gradients(total, sources), tree.flatten(tangents), strict=True
    ):
        slope = slope + numpy.sum(found * core.convert_to_tensor(tangent, found.dtype))
    products = [
        Tensor(symbol=symbol, dtype=x.dtype)
        for symbol, x in zip(
            graph.gradients(slope.symbol("float32"), [x._symbol for x in weights]),
            weights,
            strict=True,
        )
    ]
    products = tree.pack_sequence_as(outputs, products)
    return (outputs, products, aux) if has_aux else (outputs, products)
