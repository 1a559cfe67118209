"""Parts of tensors: traced values are NumPy's, and gradients go to the elements that were taken."""

import numpy as np
import pytest
from keras import ops

import keras_strata

INDICES = [
    np.s_[0],
    np.s_[-1, 2],
    np.s_[1:3],
    np.s_[:, 1:],
    np.s_[..., 0],
    np.s_[..., None],
    np.s_[None, :, 0, None, 1:4],
    np.s_[::2],
    np.s_[1::2, ::3, 2::2],
    np.s_[::-1],
    np.s_[:, 4:0:-2],
    np.s_[3:1],
    np.s_[2:100],
    np.s_[[0, 2, 2]],
    np.s_[:, [1, -1]],
    np.s_[[0, 1], [2, 3]],
    np.s_[[0, 1], :, [2, 3]],
    np.s_[0, :, [2, 3]],
    np.s_[:, 0, [2, 3]],
    np.s_[1:3, [[0, 1], [2, 3]], None],
    np.s_[None, :, [0, 1], None, [[1], [2]]],
    np.s_[[[0], [1]], [0, 1, 2], 5],
    np.s_[np.arange(4) % 2 == 0],
    np.s_[:, np.arange(5) > 2, 1],
    np.s_[0, [1, 2], ..., [2, 3]],
    np.s_[()],
    np.s_[...],
]

X = np.random.default_rng(0).normal(size=(4, 5, 6)).astype(np.float32)


def _weights(shape) -> np.ndarray:
    return np.cos(np.arange(np.prod(shape, dtype=int))).astype(np.float32).reshape(shape)


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_index(index):
    expected = X[index]
    np.testing.assert_array_equal(ops.convert_to_tensor(X)[index], expected)
    compiled = keras_strata.function(lambda x: x[index])
    np.testing.assert_array_equal(compiled(X), expected)


@pytest.mark.parametrize("dtype", ["int32", "bool", "bfloat16", "uint8"])
def test_index_of_other_dtypes(dtype):
    x = ops.cast(np.abs(X * 3), dtype)
    for index in (np.s_[1:, ::2], np.s_[[2, 0]], np.s_[::-1, 0]):
        compiled = keras_strata.function(lambda x, i=index: x[i])
        found = compiled(x)
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, x.numpy()[index])


@pytest.mark.parametrize("index", [i for i in INDICES if X[i].size], ids=str)
def test_gradient(index):
    weights = _weights(X[index].shape)
    expected = np.zeros_like(X)
    np.add.at(expected, index, weights)
    loss = keras_strata.value_and_grad(lambda x: ops.sum(x[index] * weights))
    tensor = ops.convert_to_tensor(X)
    np.testing.assert_allclose(keras_strata.function(loss)(tensor)[1], expected, 1e-6)
    # Eagerly, the values are recorded.
    np.testing.assert_allclose(loss(tensor)[1], expected, 1e-6)


def test_slices_are_no_gathers():
    compiled = keras_strata.function(lambda x: x[1:, ..., 2::2] + x[:3, :, 3:5])
    compiled(X)
    assert "gather" not in str(compiled.plans[0])


def test_traced_indices():
    compiled = keras_strata.function(lambda x, i, rows: (x[i], x[:, i], x[rows, 0], x[i, :, rows]))
    rows = np.array([[0, -1], [2, 1]], np.int32)
    found = compiled(X, np.array(-2, np.int32), rows)
    for result, expected in zip(found, (X[-2], X[:, -2], X[rows, 0], X[-2, :, rows]), strict=True):
        np.testing.assert_array_equal(result, expected)


def test_slices_from_traced_places():
    compiled = keras_strata.function(lambda x, i, j: (x[i : i + 2, ..., j - 3 : j], x[:, i:i]))
    found, empty = compiled(X, np.array(1, np.int32), np.array(4, np.int32))
    np.testing.assert_array_equal(found, X[1:3, :, 1:4])
    assert empty.shape == (4, 0, 6)
    with pytest.raises(IndexError, match="known length"):
        keras_strata.function(lambda x, i: x[i:])(X, np.array(1, np.int32))


def test_traced_masks_are_errors():
    with pytest.raises(IndexError, match="where"):
        keras_strata.function(lambda x: x[x > 0])(X)
    np.testing.assert_array_equal(ops.convert_to_tensor(X)[X > 0], X[X > 0])


def test_indices_out_of_range_are_errors():
    for index in (4, (0, -6), [0, 7], (0, 0, 0, 0), ([0, 1], [0, 1, 2])):
        with pytest.raises(IndexError):
            keras_strata.function(lambda x, i=index: x[i])(X)
        with pytest.raises(IndexError):
            ops.convert_to_tensor(X)[index]


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_take(axis):
    indices = np.array([[0, 1], [-1, 3]], np.int32)
    expected = np.take(X, indices, axis)
    np.testing.assert_array_equal(ops.take(X, indices, axis), expected)
    compiled = keras_strata.function(lambda x, i: ops.take(x, i, axis))
    np.testing.assert_array_equal(compiled(X, indices), expected)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_take_along_axis(axis):
    indices = np.argsort(X, axis)[:2, :2, :3].astype(np.int32) % 4 - 2
    shape = list(X.shape)
    shape[axis] = indices.shape[axis]
    indices = np.resize(indices, shape)
    expected = np.take_along_axis(X, indices, axis)
    np.testing.assert_array_equal(ops.take_along_axis(X, indices, axis), expected)
    compiled = keras_strata.function(lambda x, i: ops.take_along_axis(x, i, axis))
    np.testing.assert_array_equal(compiled(X, indices), expected)


def test_elements_that_do_not_exist_are_nan():
    x, indices = np.arange(3, dtype=np.float32), np.array([2, 3, -4], np.int32)
    for function in (ops.take, ops.take_along_axis):
        for result in (function(x, indices, 0), keras_strata.function(function)(x, indices, 0)):
            np.testing.assert_array_equal(result, [2, np.nan, np.nan])


def test_unravel_index():
    numbers = np.array([[0, 7], [23, 11]], np.int32)
    compiled = keras_strata.function(lambda i: ops.unravel_index(i, (2, 3, 4)))
    for result, expected in zip(
        compiled(numbers), np.unravel_index(numbers, (2, 3, 4)), strict=True
    ):
        np.testing.assert_array_equal(result, expected)


def test_select():
    compiled = keras_strata.function(
        lambda x: ops.select([x < -0.5, x < 0.5], [-1.0, x * 2], default=1)
    )
    np.testing.assert_allclose(compiled(X), np.select([X < -0.5, X < 0.5], [-1.0, X * 2], 1))


def test_nonzero():
    for found, expected in zip(ops.nonzero(X > 1), np.nonzero(X > 1), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_single_positions_of_traced_elements_that_are_not_0():
    compiled = keras_strata.function(lambda x: (ops.nonzero(x > 1)[0][0], ops.nonzero(x > 1)[2][3]))
    expected = np.nonzero(X > 1)
    np.testing.assert_array_equal(compiled(X), (expected[0][0], expected[2][3]))
    with pytest.raises(TypeError, match="single positions"):
        keras_strata.function(lambda x: ops.add(ops.nonzero(x > 1)[0], 1))(X)
    with pytest.raises(TypeError, match="single positions"):
        keras_strata.function(lambda x: ops.nonzero(x > 1)[0][1:])(X)


def test_counts_of_traced_numbers():
    x = np.array([[3, 0, 3], [1, 1, 1]], np.int32)
    weights = np.array([0.5, 1, 2], np.float32)
    expected = np.stack([np.bincount(row, weights, 5) for row in x])
    compiled = keras_strata.function(lambda x, w: ops.bincount(x, w, minlength=5))
    np.testing.assert_array_equal(compiled(x, weights), expected)
    np.testing.assert_array_equal(ops.bincount(x, weights, minlength=5), expected)
    factors = _weights((2, 5))
    loss = keras_strata.value_and_grad(lambda w: ops.sum(ops.bincount(x, w, minlength=5) * factors))
    slopes = np.take_along_axis(factors, x, 1).sum(0)
    np.testing.assert_allclose(loss(ops.convert_to_tensor(weights))[1], slopes, 1e-6)
    np.testing.assert_allclose(keras_strata.function(loss)(weights)[1], slopes, 1e-6)
    with pytest.raises(ValueError, match="above all numbers"):
        compiled(x * 2, weights)
    with pytest.raises(TypeError, match="minlength"):
        keras_strata.function(ops.bincount)(x)
