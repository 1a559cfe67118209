"""Linear algebra: traced it is what it is eagerly, and gradients where there are rules."""

import keras_strata  # isort: skip

import numpy as np
import pytest
from differences import assert_gradients
from keras import ops
from keras import tree

_RANDOM = np.random.default_rng(5)


def _normal(*shape: int) -> np.ndarray:
    return _RANDOM.normal(size=shape)


_SQUARE = _normal(2, 3, 3) + 3.0 * np.eye(3)
_WIDE = _normal(2, 3, 5)


def _symmetric(x):
    return ops.matmul(x, ops.swapaxes(x, -1, -2)) + ops.cast(0.5 * np.eye(3), x.dtype)


_DIFFERENTIABLE = {
    "inv": (ops.inv, [_SQUARE]),
    "det": (ops.det, [_SQUARE]),
    "solve": (ops.solve, [_SQUARE, _normal(2, 3, 4)]),
    "solve_vector": (ops.solve, [_SQUARE[0], _normal(3)]),
    "solve_triangular": (ops.solve_triangular, [_SQUARE, _normal(2, 3, 4)]),
    "solve_lower": (lambda a, b: ops.solve_triangular(a, b, lower=True), [_SQUARE, _normal(2, 3)]),
    "cholesky": (lambda x: ops.cholesky(_symmetric(x)), [_SQUARE]),
    "cholesky_upper": (lambda x: ops.cholesky(_symmetric(x), upper=True), [_SQUARE]),
    "cholesky_inverse": (ops.cholesky_inverse, [_SQUARE]),
    "cholesky_inverse_upper": (lambda x: ops.cholesky_inverse(x, upper=True), [_SQUARE]),
    "singular_values": (lambda x: ops.svd(x, compute_uv=False), [_WIDE]),
    "norm": (ops.norm, [_WIDE]),
    "norm_1": (lambda x: ops.norm(x, ord=1, axis=(1, 2)), [_WIDE]),
    "norm_3": (lambda x: ops.norm(x, ord=3, axis=-1), [_WIDE]),
    "norm_nuclear": (lambda x: ops.norm(x, ord="nuc", axis=(2, 0)), [_WIDE]),
    "norm_2": (lambda x: ops.norm(x, ord=2, axis=(0, 2), keepdims=True), [_WIDE]),
}
_OTHER = {
    "eigh": (lambda x: ops.eigh(_symmetric(x))[0], [_SQUARE]),
    "lu_factor": (ops.lu_factor, [_normal(2, 4, 3)]),
    "qr": (ops.qr, [_normal(2, 4, 3)]),
    "qr_complete": (lambda x: ops.qr(x, mode="complete"), [_normal(4, 3)]),
    "svd": (lambda x: ops.svd(x, full_matrices=False), [_WIDE]),
    "lstsq": (ops.lstsq, [_normal(5, 3), _normal(5, 2)]),
    "pinv": (ops.pinv, [_WIDE]),
    "matrix_rank": (ops.matrix_rank, [_WIDE]),
    "norm_0": (lambda x: ops.norm(x, ord=0, axis=1), [_WIDE]),
    "norm_smallest": (lambda x: ops.norm(x, ord=-2, axis=(0, 1)), [_WIDE]),
}
_ALL = {**_DIFFERENTIABLE, **_OTHER}


@pytest.mark.parametrize("name", _ALL)
def test_traced_is_eager(name):
    function, arrays = _ALL[name]
    arrays = [x.astype(np.float32) for x in arrays]
    eager = tree.flatten(function(*arrays))
    traced = tree.flatten(keras_strata.function(function)(*arrays))
    for one, other in zip(eager, traced, strict=True):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        np.testing.assert_allclose(
            ops.convert_to_numpy(other), ops.convert_to_numpy(one), rtol=1e-4, atol=1e-5
        )


@pytest.mark.parametrize("name", _DIFFERENTIABLE)
def test_gradients(name):
    function, arrays = _DIFFERENTIABLE[name]
    assert_gradients(function, *arrays)


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5), (2, 4, 3), (3, 3)])
def test_lu_factors_are_those_of_the_matrix(shape):
    x = _normal(*shape)
    if shape == (3, 3):
        x[:, 1] = 0.0
    *_, rows, columns = shape
    factors, pivots = (ops.convert_to_numpy(y) for y in ops.lu_factor(x))
    count = min(rows, columns)
    lower = np.tril(factors[..., :count], -1) + np.eye(rows, count)
    product = lower @ np.triu(factors[..., :count, :])
    flat = product.reshape(-1, rows, columns)
    for matrix, exchanges in zip(flat, pivots.reshape(-1, count), strict=True):
        for step in reversed(range(count)):
            matrix[[step, exchanges[step]]] = matrix[[exchanges[step], step]]
    np.testing.assert_allclose(flat.reshape(shape), x, atol=1e-12)


def test_a_gradient_that_has_no_rule_names_the_function():
    gradient = keras_strata.value_and_grad(lambda x: ops.sum(ops.eigh(x)[0]))
    with pytest.raises(Exception, match="eigh"):
        gradient(np.eye(3, dtype=np.float32))


def test_a_matrix_that_is_not_positive_definite():
    with pytest.raises(ValueError, match="Cholesky decomposition failed"):
        ops.cholesky(-np.eye(3, dtype=np.float32))
    with pytest.raises(np.linalg.LinAlgError):
        keras_strata.function(ops.cholesky)(-np.eye(3, dtype=np.float32))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "int32"])
def test_other_dtypes(dtype):
    x = ops.cast(np.array([[2.0, 0.0], [1.0, 4.0]]), dtype)
    result = ops.det(x)
    assert result.dtype == ("float32" if dtype == "int32" else dtype)
    assert float(result) == 8.0


def _polynomial(x, y):
    return ops.sin(x) * ops.sum(y), {"product": ops.matmul(x, y)}


def test_jvp():
    x, y = (_normal(2, 3).astype(np.float32), _normal(3, 2).astype(np.float32))
    a, b = (_normal(2, 3).astype(np.float32), _normal(3, 2).astype(np.float32))
    expected = (
        np.cos(x) * a * y.sum() + np.sin(x) * b.sum(),
        {"product": a @ y + x @ b},
    )
    product = lambda x, y, a, b: ops.jvp(_polynomial, (x, y), (a, b))  # noqa: E731
    for function in (product, keras_strata.function(product)):
        outputs, tangents = function(x, y, a, b)
        tree.map_structure(
            lambda one, other: np.testing.assert_allclose(
                ops.convert_to_numpy(one), other, rtol=1e-4, atol=1e-5
            ),
            (outputs, tangents),
            ((np.sin(x) * y.sum(), {"product": x @ y}), expected),
        )
