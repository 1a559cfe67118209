"""Random tensors: the same traced and eagerly, with the right distributions."""

import keras_strata  # isort: skip

import math

import keras
import numpy as np
import pytest
from keras import ops
from keras import random
from keras.src import backend

from keras_strata.src.random import _GOLDEN
from keras_strata.src.random import _step
from keras_strata.src.tensor import Tensor

_LOGITS = np.log(np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]], np.float32))

_FUNCTIONS = {
    "normal": lambda seed: random.normal((40, 3), 1.0, 2.0, seed=seed),
    "uniform": lambda seed: random.uniform((40, 3), -1.0, 3.0, seed=seed),
    "uniform_float16": lambda seed: random.uniform((40, 3), dtype="float16", seed=seed),
    "truncated_normal": lambda seed: random.truncated_normal((40, 3), seed=seed),
    "categorical": lambda seed: random.categorical(_LOGITS, 50, seed=seed),
    "randint": lambda seed: random.randint((40, 3), -3, 5, seed=seed),
    "randint_wide": lambda seed: random.randint((40, 3), -100_000, 2_000_000_000, seed=seed),
    "randint_uint8": lambda seed: random.randint((40, 3), 0, 200, dtype="uint8", seed=seed),
    "dropout": lambda seed: random.dropout(np.ones((40, 3), np.float32), 0.3, seed=seed),
    "dropout_noise": lambda seed: random.dropout(
        np.ones((9, 4, 3), np.float32), 0.3, noise_shape=(None, 1, 3), seed=seed
    ),
    "shuffle": lambda seed: random.shuffle(np.arange(60).reshape(20, 3), seed=seed),
    "gamma": lambda seed: random.gamma((40, 3), 2.0, seed=seed),
    "beta": lambda seed: random.beta((40, 3), 2.0, 3.0, seed=seed),
    "binomial": lambda seed: random.binomial((40, 3), 20, 0.3, seed=seed),
}


def _drawn(name: str, seed) -> np.ndarray:
    return ops.convert_to_numpy(_FUNCTIONS[name](seed))


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_traced_values_are_the_eager_ones(name):
    eager = keras.random.SeedGenerator(2_147_483_659)
    traced = keras.random.SeedGenerator(2_147_483_659)
    function = keras_strata.function(lambda: _FUNCTIONS[name](traced))
    for _ in range(3):
        np.testing.assert_allclose(
            ops.convert_to_numpy(function()), _drawn(name, eager), rtol=1e-5, atol=1e-6
        )
    np.testing.assert_array_equal(traced.state.numpy(), eager.state.numpy())


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_a_seed_gives_the_same_values_and_another_seed_others(name):
    first, again, other = (_drawn(name, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    generator = keras.random.SeedGenerator(5)
    one, two = _drawn(name, generator), _drawn(name, generator)
    np.testing.assert_array_equal(one, first)
    assert (two != one).any()


def test_draws_of_nearby_seeds_do_not_meet():
    seeds = np.arange(300, dtype=np.int32)[:, None]
    counters = np.arange(5_000, dtype=np.int32)
    steps = seeds * np.int32(_GOLDEN) + counters
    assert np.unique(steps).size == steps.size
    for seed, counter in [(0, 0), (299, 17), (3, 4_999)]:
        pair = Tensor(np.array([seed, counter], np.uint32))
        assert int(_step(pair)) == steps[seed, counter]


def _quantiles(name: str) -> np.ndarray:
    draw = {
        "normal": lambda: random.normal((200_000,), seed=1),
        "uniform": lambda: random.uniform((200_000,), seed=1),
        "truncated_normal": lambda: random.truncated_normal((200_000,), seed=1),
    }[name]
    return np.sort(ops.convert_to_numpy(draw()).astype(np.float64))


_PHI = np.vectorize(lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)))
_DISTRIBUTIONS = {
    "normal": _PHI,
    "uniform": lambda x: x,
    "truncated_normal": lambda x: (_PHI(x) - _PHI(-2.0)) / (_PHI(2.0) - _PHI(-2.0)),
}


@pytest.mark.parametrize("name", _DISTRIBUTIONS)
def test_distribution(name):
    values = _quantiles(name)
    expected = (np.arange(values.size) + 0.5) / values.size
    # The 0.999 quantile of Kolmogorov's distribution is 1.95.
    distance = np.abs(_DISTRIBUTIONS[name](values) - expected).max()
    assert distance * math.sqrt(values.size) < 1.95


def test_truncated_values_are_within_two_deviations():
    values = ops.convert_to_numpy(random.truncated_normal((100_000,), 1.0, 0.5, seed=2))
    assert values.min() >= 0.0 and values.max() <= 2.0


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_uniform_values_are_below_one(dtype):
    values = ops.convert_to_numpy(random.uniform((100_000,), dtype=dtype, seed=3))
    assert values.astype(np.float64).max() < 1.0
    assert values.astype(np.float64).min() >= 0.0


def test_categories_have_their_probabilities():
    sample = ops.convert_to_numpy(random.categorical(_LOGITS + 1e5, 20_000, seed=1))
    found = [[(row == category).mean() for category in range(3)] for row in sample]
    np.testing.assert_allclose(found, np.exp(_LOGITS), atol=0.015)


def test_integers_are_uniform():
    sample = ops.convert_to_numpy(random.randint((60_000,), 2, 8, seed=1))
    np.testing.assert_allclose(np.bincount(sample, minlength=8)[2:] / 60_000, 1 / 6, atol=0.01)


def test_an_empty_range_of_integers_is_its_lower_end():
    np.testing.assert_array_equal(ops.convert_to_numpy(random.randint((4,), 3, 3, seed=1)), 3)


def test_draws_are_not_correlated():
    generator = keras.random.SeedGenerator(0)
    draws = [ops.convert_to_numpy(random.normal((10_000,), seed=generator)) for _ in range(20)]
    correlations = np.corrcoef(draws) - np.eye(20)
    assert np.abs(correlations).max() < 0.05


def test_shuffled_slices_are_those_of_the_tensor():
    x = np.arange(24).reshape(2, 4, 3)
    shuffled = ops.convert_to_numpy(random.shuffle(x, axis=1, seed=4))
    assert sorted(shuffled[0, :, 0]) == sorted(x[0, :, 0])
    np.testing.assert_array_equal(shuffled[1] - shuffled[0], 12)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16", "float64"])
def test_dropout(rate, dtype):
    x = np.full((300, 200), 3.0)
    result = random.dropout(ops.cast(x, dtype), rate, seed=9)
    assert backend.standardize_dtype(result.dtype) == dtype
    values = ops.convert_to_numpy(result).astype(np.float64)
    np.testing.assert_allclose((values == 0.0).mean(), rate, atol=0.01)
    np.testing.assert_allclose(values[values != 0.0], 3.0 / (1.0 - rate), rtol=1e-2)


def test_gradient_of_dropout_has_its_mask():
    x = np.random.default_rng(1).normal(size=(30, 20)).astype(np.float32)
    gradient = keras_strata.value_and_grad(
        lambda x: ops.sum(random.dropout(x, 0.4, seed=3)), variables=None
    )
    expected = ops.convert_to_numpy(random.dropout(np.ones_like(x), 0.4, seed=3))
    for function in (gradient, keras_strata.function(gradient)):
        np.testing.assert_allclose(ops.convert_to_numpy(function(x)[1]), expected, rtol=1e-6)


def test_dropout_is_one_operation_of_the_plan():
    seed = keras.random.SeedGenerator(1)
    function = keras_strata.function(lambda x: random.dropout(x, 0.4, seed=seed))
    function(np.ones((8, 4), np.float32))
    assert "dropout" in str(function.plans[0])


def test_host_draws_are_steps_of_the_plan():
    seed = keras.random.SeedGenerator(1)
    function = keras_strata.function(lambda: random.gamma((3,), 2.0, seed=seed))
    one, two = (ops.convert_to_numpy(function()) for _ in range(2))
    assert (one != two).all()


def test_shapes_of_no_elements():
    for shape in [(0,), (2, 0, 3)]:
        assert random.normal(shape).shape == shape
        assert random.randint(shape, 0, 5).shape == shape
        assert random.dropout(np.zeros(shape, np.float32), 0.5).shape == shape
