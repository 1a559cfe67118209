"""Tensors made from shapes and numbers, in graphs as outside of them."""

import numpy as np
import pytest
from keras import ops

import keras_strata


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("name", ["linspace", "logspace"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_spaces(name, endpoint, axis):
    start, stop = np.array([0.5, -1.0], np.float32), np.array([[2.0, 0.0]], np.float32)
    expected = getattr(np, name)(start, stop, 5, endpoint=endpoint, axis=axis)
    function = getattr(ops, name)
    found = function(start, stop, 5, endpoint=endpoint, axis=axis)
    np.testing.assert_allclose(found, expected, 1e-6)
    compiled = keras_strata.function(lambda a, b: function(a, b, 5, endpoint=endpoint, axis=axis))
    np.testing.assert_allclose(compiled(start, stop), expected, 1e-5, 1e-6)


def test_equal_elements_are_scalars_of_graphs():
    def compute(x):
        return x * ops.ones_like(x) + ops.full((100, 1000), 2.0)

    compiled = keras_strata.function(compute)
    x = np.ones((100, 1000), np.float32)
    np.testing.assert_array_equal(compiled(x), x + 2)
    # The input and the result, and no constant of their size.
    assert compiled.plans[0].size < 3 * x.nbytes


def test_full_of_a_traced_value():
    compiled = keras_strata.function(lambda x: (ops.full((2, 3), x), ops.full_like(x, 7)))
    found, other = compiled(np.array([1, 2, 3], np.float32))
    assert found.numpy().tolist() == [[1, 2, 3]] * 2
    assert other.numpy().tolist() == [7, 7, 7]


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_meshgrid(indexing):
    axes = [np.arange(n, dtype=np.float32) for n in (2, 3, 4)]
    expected = np.meshgrid(*axes, indexing=indexing)
    compiled = keras_strata.function(lambda *x: ops.meshgrid(*x, indexing=indexing))
    for result in (ops.meshgrid(*axes, indexing=indexing), compiled(*axes)):
        for found, wanted in zip(result, expected, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_created_arrays_are_the_callers():
    zeros = np.asarray(ops.zeros((2, 2)))
    zeros += 1
    assert ops.zeros((2, 2)).numpy().tolist() == [[0, 0], [0, 0]]


def test_arange():
    assert ops.arange(3).dtype == "int32"
    assert ops.arange(0, 1, 0.25).numpy().tolist() == [0, 0.25, 0.5, 0.75]
    assert ops.arange(ops.convert_to_tensor(3), dtype="float32").numpy().tolist() == [0, 1, 2]
    assert ops.arange(5, 0, -2).numpy().tolist() == [5, 3, 1]
