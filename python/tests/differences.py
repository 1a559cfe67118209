"""Gradients beside central differences."""

from collections.abc import Callable

import numpy as np
from keras import ops
from keras import tree

import keras_strata

_STEP = 1e-5


def _weighted(function: Callable, weights: list[np.ndarray] | None, arrays) -> tuple:
    results = [ops.convert_to_tensor(x) for x in tree.flatten(function(*arrays))]
    if weights is None:
        random = np.random.default_rng(11)
        weights = [random.uniform(0.5, 1.5, x.shape) for x in results]
    total = 0.0
    for result, weight in zip(results, weights, strict=True):
        total = total + ops.sum(result * ops.convert_to_tensor(weight, result.dtype))
    return total, weights


def assert_gradients(function: Callable, *arrays: np.ndarray, tolerance: float = 2e-3) -> None:
    """Compares the gradients with respect to all arrays with central differences.

    Those are of float64, which is computed eagerly; gradients are of float32, traced and
    recorded.
    """
    _, weights = _weighted(function, None, arrays)
    narrow = tuple(np.asarray(x, np.float32) for x in arrays)
    gradient = keras_strata.value_and_grad(lambda xs: _weighted(function, weights, xs)[0])
    recorded = gradient(narrow)[1]
    traced = keras_strata.function(gradient)(narrow)[1]
    for index, array in enumerate(arrays):
        expected = _differences(function, weights, arrays, index)
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        for found in (recorded, traced):
            np.testing.assert_allclose(
                ops.convert_to_numpy(found[index]),
                expected,
                rtol=tolerance,
                atol=tolerance * scale,
                err_msg=f"argument {index} of shape {array.shape}",
            )


def _differences(function: Callable, weights, arrays, index: int) -> np.ndarray:
    wide = [np.asarray(x, np.float64) for x in arrays]
    result = np.zeros(wide[index].shape)
    for position in np.ndindex(result.shape):
        values = []
        for sign in (1, -1):
            moved = list(wide)
            moved[index] = wide[index].copy()
            moved[index][position] += sign * _STEP
            values.append(float(_weighted(function, weights, moved)[0]))
        result[position] = (values[0] - values[1]) / (2 * _STEP)
    return result
