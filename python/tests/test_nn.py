"""Activations, losses, encodings and attention: eager, traced, and their gradients."""

import math

import numpy as np
import pytest
from differences import assert_gradients
from keras import ops
from traced import assert_traced
from traced import random_array

import keras_strata

ACTIVATIONS = (
    "celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid "
    "log_softmax relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus "
    "sparse_sigmoid sparsemax squareplus tanh tanh_shrink"
).split()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name):
    function = getattr(ops, name)
    assert_traced(function, random_array(5, 8) * 3)
    assert_traced(function, random_array(300, 40) * 3)
    assert_gradients(function, random_array(3, 4) * 3)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), (1, 2), None])
def test_softmax_along_axes(name, axis):
    def function(x):
        return getattr(ops, name)(x, axis=axis)

    x = random_array(2, 3, 4)
    assert_traced(function, x)
    total = ops.sum(ops.softmax(x, axis=axis), axis=axis)
    np.testing.assert_allclose(ops.convert_to_numpy(total), 1, rtol=1e-6)
    assert_gradients(function, x)


def test_the_slope_of_softplus_at_0_is_a_half():
    gradient = keras_strata.value_and_grad(lambda x: ops.sum(ops.softplus(x)))
    assert float(gradient(np.zeros(1, np.float32))[1][0]) == 0.5


def test_activations_of_large_values_are_finite():
    x = np.array([-1e4, -90, 90, 1e4], np.float32)
    for name in ("elu", "gelu", "log_sigmoid", "sigmoid", "silu", "softmax", "softplus"):
        gradient = keras_strata.function(
            keras_strata.value_and_grad(lambda x, name=name: ops.sum(getattr(ops, name)(x)))
        )
        value, slope = gradient(x)
        assert np.isfinite(float(value)) and np.isfinite(slope.numpy()).all(), name


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
def test_one_hot(axis, dtype):
    def function(x):
        return ops.one_hot(x, 4, axis, dtype)

    x = np.array([[0, 3], [-1, 4], [2, 1]], np.int32)
    result = function(x)
    assert result.dtype == dtype
    expected = np.moveaxis(x[..., None] == np.arange(4), -1, axis)
    np.testing.assert_array_equal(result.numpy(), expected)
    assert_traced(function, x)


def test_multi_hot():
    x = np.array([[0, 3], [2, 2]], np.int32)
    np.testing.assert_array_equal(ops.multi_hot(x, 4).numpy(), [[1, 0, 0, 1], [0, 0, 1, 0]])
    assert_traced(lambda x: ops.multi_hot(x, 4), x)


@pytest.mark.parametrize("from_logits", [True, False])
def test_crossentropies(from_logits):
    target = np.abs(random_array(4, 3))
    classes = np.array([0, 2, 1, 1], np.int32)
    output = random_array(4, 3, seed=4)
    if not from_logits:
        output = 1 / (1 + np.exp(-output))

    def categorical(output):
        return ops.categorical_crossentropy(target, output, from_logits)

    def sparse(output):
        return ops.sparse_categorical_crossentropy(classes, output, from_logits)

    def binary(output):
        return ops.binary_crossentropy(target, output, from_logits)

    for function in (categorical, sparse, binary):
        assert_traced(function, output)
        assert_gradients(function, output)


@pytest.mark.parametrize("has_bias", [False, True])
@pytest.mark.parametrize("has_mask", [False, True])
@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("heads", [4, 2])
def test_attention(heads, is_causal, has_mask, has_bias):
    mask = random_array(2, 1, 3, 3) > -0.5 if has_mask else None
    bias = random_array(2, 4, 3, 3) if has_bias else None

    def function(query, key, value):
        return ops.dot_product_attention(query, key, value, bias, mask, is_causal=is_causal)

    arrays = (
        random_array(2, 3, 4, 5),
        random_array(2, 3, heads, 5, seed=4),
        random_array(2, 3, heads, 5, seed=5),
    )
    assert_traced(function, *arrays)
    if heads == 2:
        assert_gradients(function, *arrays)


@pytest.mark.parametrize("blank", [0, 3])
def test_ctc_loss_sums_over_all_alignments(blank):
    logits = random_array(1, 4, 4)
    labels = [1, 2] if blank == 3 else [1, 1]
    logarithms = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    total = 0.0
    for path in np.ndindex(4, 4, 4, 4):
        merged = [c for i, c in enumerate(path) if i == 0 or c != path[i - 1]]
        if [c for c in merged if c != blank] == labels:
            total += math.exp(sum(logarithms[0, time, c] for time, c in enumerate(path)))

    def function(logits):
        return ops.ctc_loss(np.array([[*labels, 0]]), logits, [2], [4], mask_index=blank)

    np.testing.assert_allclose(function(logits).numpy(), [-math.log(total)], rtol=1e-6)
    assert_traced(function, logits)
    assert_gradients(function, logits)
    # Where all classes are alike, the gradient is divided evenly.
    assert_gradients(function, np.zeros((1, 4, 4)))


def test_ctc_loss_of_shorter_samples_does_not_see_the_rest():
    logits = random_array(2, 6, 4)
    target = np.array([[1, 2, 1], [3, 0, 0]])

    def function(logits):
        return ops.ctc_loss(target, logits, [3, 1], [6, 3])

    changed = logits.copy()
    changed[1, 3:] += 1
    np.testing.assert_allclose(function(logits).numpy(), function(changed).numpy())
    assert_gradients(function, logits)


@pytest.mark.parametrize("strategy", ["greedy", "beam_search"])
def test_ctc_decode_within_a_compiled_function(strategy):
    def function(logits):
        return ops.ctc_decode(logits, [5, 3], strategy=strategy, beam_width=4)

    assert_traced(function, random_array(2, 5, 4) * 2)


def test_the_best_of_all_beams_is_the_most_probable_sequence():
    logits = random_array(1, 3, 3)
    logarithms = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    found: dict[tuple, float] = {}
    for path in np.ndindex(3, 3, 3):
        merged = [c for i, c in enumerate(path) if i == 0 or c != path[i - 1]]
        key = tuple(c for c in merged if c != 0)
        chance = math.exp(sum(logarithms[0, time, c] for time, c in enumerate(path)))
        found[key] = found.get(key, 0.0) + chance
    best = max(found, key=found.get)
    labels, scores = ops.ctc_decode(logits, [3], strategy="beam_search", mask_index=0)
    assert tuple(c for c in labels.numpy()[0, 0] if c >= 0) == best
    np.testing.assert_allclose(scores.numpy(), [[math.log(found[best])]], rtol=1e-5)
