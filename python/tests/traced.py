"""Traced calls beside eager ones."""

from collections.abc import Callable

import numpy as np
from keras import ops
from keras import tree

import keras_strata


def random_array(*shape: int, seed: int = 3) -> np.ndarray:
    """Normal values in float64."""
    return np.random.default_rng(seed).normal(size=shape)


def assert_traced(function: Callable, *arrays: np.ndarray, tolerance: float = 2e-5) -> None:
    """Compares a traced call in float32 with an eager one in float64."""
    narrow = (x.astype(np.float32) if x.dtype == np.float64 else x for x in arrays)
    traced = tree.flatten(keras_strata.function(function)(*narrow))
    eager = tree.flatten(function(*arrays))
    for found, expected in zip(traced, eager, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(found),
            ops.convert_to_numpy(expected),
            rtol=tolerance,
            atol=tolerance,
        )
