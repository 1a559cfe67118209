"""Functions of neural networks: traced values are the eager ones, gradients are the slopes."""

import math
import re

import keras
import numpy as np
import pytest
from differences import assert_gradients
from keras import ops

import keras_strata

ACTIVATIONS = (
    "celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid "
    "log_softmax relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus "
    "sparse_sigmoid sparsemax squareplus tanh tanh_shrink"
).split()


def _random(*shape: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def _assert_traced(function, *arrays: np.ndarray, tolerance: float = 2e-5) -> None:
    """Compares a traced call with an eager one, in which NumPy computes in float64."""
    traced = keras_strata.function(function)(*(_narrow(x) for x in arrays))
    eager = function(*arrays)
    for found, expected in zip(_list(traced), _list(eager), strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(found),
            ops.convert_to_numpy(expected),
            rtol=tolerance,
            atol=tolerance,
        )


def _narrow(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32) if x.dtype == np.float64 else x


def _list(x) -> list:
    return list(x) if isinstance(x, (list, tuple)) else [x]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name):
    function = getattr(ops, name)
    _assert_traced(function, _random(5, 8) * 3)
    _assert_traced(function, _random(300, 40) * 3)
    assert_gradients(function, _random(3, 4) * 3)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), (1, 2), None])
def test_softmax_along_axes(name, axis):
    def function(x):
        return getattr(ops, name)(x, axis=axis)

    x = _random(2, 3, 4)
    _assert_traced(function, x)
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


# Spatial axes, strides, padding, dilation rate, groups.
CONVOLUTIONS = [
    (1, 1, "valid", 1, 1),
    (1, 2, "same", 1, 1),
    (1, 1, "same", 2, 2),
    (2, 1, "same", 1, 1),
    (2, 2, "same", 1, 2),
    (2, (2, 1), "valid", 1, 1),
    (2, 1, "valid", (2, 1), 1),
    (3, 1, "same", 1, 1),
    (3, 2, "valid", 1, 1),
]


def _image(rank: int, channels: int, data_format: str) -> np.ndarray:
    sizes = (7, 6, 5)[:rank]
    if data_format == "channels_first":
        return _random(2, channels, *sizes)
    return _random(2, *sizes, channels)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(("rank", "strides", "padding", "dilation", "groups"), CONVOLUTIONS)
def test_convolution(rank, strides, padding, dilation, groups, data_format):
    def function(x, kernel):
        return ops.conv(x, kernel, strides, padding, data_format, dilation)

    x = _image(rank, 2, data_format)
    kernel = _random(*(3, 2, 2)[:rank], 2 // groups, 4, seed=4)
    _assert_traced(function, x, kernel, tolerance=1e-4)
    assert_gradients(function, x, kernel)


@pytest.mark.parametrize("rank", [1, 2])
def test_convolutions_by_channel(rank):
    depthwise = _random(*(3,) * rank, 3, 2, seed=4)
    pointwise = _random(*(1,) * rank, 6, 4, seed=5)
    x = _image(rank, 3, "channels_last")

    def by_channel(x, kernel):
        return ops.depthwise_conv(x, kernel, 1, "same")

    def separable(x, depthwise, pointwise):
        return ops.separable_conv(x, depthwise, pointwise, 2, "valid")

    _assert_traced(by_channel, x, depthwise)
    _assert_traced(separable, x, depthwise, pointwise)
    assert_gradients(by_channel, x, depthwise)
    assert_gradients(separable, x, depthwise, pointwise)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("output_padding", [None, 0, 1, 3])
@pytest.mark.parametrize(
    ("strides", "padding", "dilation"),
    [(1, "same", 1), (2, "valid", 1), (2, "same", 1), (1, "valid", 2)],
)
def test_transposed_convolution(strides, padding, dilation, output_padding, data_format):
    def function(x, kernel):
        return ops.conv_transpose(
            x, kernel, strides, padding, output_padding, data_format, dilation
        )

    x = _image(2, 2, data_format)
    kernel = _random(3, 2, 3, 2, seed=4)
    _assert_traced(function, x, kernel)
    assert_gradients(function, x, kernel)


def test_a_convolution_without_positions_is_an_error():
    with pytest.raises(ValueError, match="empty output.*padding='same'"):
        ops.conv(np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1)))
    with pytest.raises(ValueError, match="evenly divisible"):
        ops.conv(np.ones((1, 4, 4, 3)), np.ones((3, 3, 2, 2)))


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [None, 1, 2])
@pytest.mark.parametrize("kind", ["max_pool", "average_pool"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_pooling(rank, kind, strides, padding, data_format):
    def function(x):
        return getattr(ops, kind)(x, 2, strides, padding, data_format)

    x = _image(rank, 2, data_format)
    _assert_traced(function, x)
    if rank < 3:
        assert_gradients(function, x)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 9])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_adaptive_pooling(kind, size):
    def function(x):
        return getattr(ops, f"adaptive_{kind}_pool")(x, (size, 2), data_format="channels_last")

    x = _random(2, 7, 6, 3)
    result = function(x)
    reduce = np.max if kind == "max" else np.mean
    for row in range(size):
        for column in range(2):
            rows = slice(row * 7 // size, -(-(row + 1) * 7 // size))
            part = x[:, rows, 3 * column : 3 * column + 3]
            np.testing.assert_allclose(
                result[:, row, column].numpy(), reduce(part, axis=(1, 2)), rtol=1e-6
            )
    _assert_traced(function, x)
    assert_gradients(function, x)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_mean_of_images_is_a_pooling(rank, keepdims):
    def function(x):
        return ops.mean(x, tuple(range(1, rank + 1)), keepdims)

    x = _image(rank, 3, "channels_last")
    _assert_traced(function, x)
    assert_gradients(function, x)
    traced = keras_strata.function(keras_strata.value_and_grad(lambda x: ops.sum(function(x**2))))
    traced(x.astype(np.float32))
    plan = str(traced.plans[-1])
    assert "averagePooling(" in plan and "averagePoolingBackward" not in plan


@pytest.mark.parametrize("axes", [[0], [0, 1, 2], [0, 2, 3], [1, 2]])
def test_moments(axes):
    def function(x):
        return ops.moments(x, axes)

    x = _random(3, 4, 2, 3)
    mean, variance = function(x)
    np.testing.assert_allclose(mean.numpy(), x.mean(tuple(axes)), atol=1e-12)
    np.testing.assert_allclose(variance.numpy(), x.var(tuple(axes)), atol=1e-12)
    _assert_traced(function, x)
    assert_gradients(function, x)


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize(("has_scale", "has_offset"), [(True, True), (False, True), (False, False)])
def test_batch_normalization_with_the_statistics_of_the_batch(axis, has_scale, has_offset):
    def function(x, scale, offset):
        axes = [i for i in range(3) if i != axis % 3]
        mean, variance = ops.moments(x, axes)
        return ops.batch_normalization(
            x, mean, variance, axis, offset if has_offset else None, scale if has_scale else None
        )

    x = _random(4, 3, 3)
    _assert_traced(function, x, _random(3), _random(3, seed=4))
    assert_gradients(function, x, _random(3), _random(3, seed=4))


def test_batch_normalization_with_other_statistics():
    def function(x, mean, deviation, scale, offset):
        return ops.batch_normalization(x, mean, ops.square(deviation), -1, offset, scale, 1e-2)

    arrays = (_random(4, 3, 2, 3), *(_random(3, seed=seed) for seed in range(4)))
    _assert_traced(function, *arrays)
    assert_gradients(function, *arrays)


def test_statistics_that_are_not_used_as_such_have_their_gradients():
    def function(x):
        mean, variance = ops.moments(x, [0, 1])
        other = ops.batch_normalization(x * 2, mean, variance, -1)
        return other, mean * ops.sqrt(variance)

    _assert_traced(function, _random(4, 3, 2))
    assert_gradients(function, _random(4, 3, 2))


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
    _assert_traced(function, x)


def test_multi_hot():
    x = np.array([[0, 3], [2, 2]], np.int32)
    np.testing.assert_array_equal(ops.multi_hot(x, 4).numpy(), [[1, 0, 0, 1], [0, 0, 1, 0]])
    _assert_traced(lambda x: ops.multi_hot(x, 4), x)


@pytest.mark.parametrize("from_logits", [True, False])
def test_crossentropies(from_logits):
    target = np.abs(_random(4, 3))
    classes = np.array([0, 2, 1, 1], np.int32)
    output = _random(4, 3, seed=4)
    if not from_logits:
        output = 1 / (1 + np.exp(-output))

    def categorical(output):
        return ops.categorical_crossentropy(target, output, from_logits)

    def sparse(output):
        return ops.sparse_categorical_crossentropy(classes, output, from_logits)

    def binary(output):
        return ops.binary_crossentropy(target, output, from_logits)

    for function in (categorical, sparse, binary):
        _assert_traced(function, output)
        assert_gradients(function, output)


@pytest.mark.parametrize("has_bias", [False, True])
@pytest.mark.parametrize("has_mask", [False, True])
@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("heads", [4, 2])
def test_attention(heads, is_causal, has_mask, has_bias):
    mask = _random(2, 1, 3, 3) > -0.5 if has_mask else None
    bias = _random(2, 4, 3, 3) if has_bias else None

    def function(query, key, value):
        return ops.dot_product_attention(query, key, value, bias, mask, is_causal=is_causal)

    arrays = (
        _random(2, 3, 4, 5),
        _random(2, 3, heads, 5, seed=4),
        _random(2, 3, heads, 5, seed=5),
    )
    _assert_traced(function, *arrays)
    if heads == 2:
        assert_gradients(function, *arrays)


@pytest.mark.parametrize("blank", [0, 3])
def test_ctc_loss_sums_over_all_alignments(blank):
    logits = _random(1, 4, 4)
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
    _assert_traced(function, logits)
    assert_gradients(function, logits)
    # Where all classes are alike, the gradient is divided evenly.
    assert_gradients(function, np.zeros((1, 4, 4)))


def test_ctc_loss_of_shorter_samples_does_not_see_the_rest():
    logits = _random(2, 6, 4)
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

    _assert_traced(function, _random(2, 5, 4) * 2)


def test_the_best_of_all_beams_is_the_most_probable_sequence():
    logits = _random(1, 3, 3)
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


@pytest.mark.parametrize(
    ("size", "dilation", "padding", "stride"), [(2, 1, 0, 1), (3, 1, 1, 2), ((2, 3), 2, (1, 2), 1)]
)
def test_fold_is_the_adjoint_of_unfold(size, dilation, padding, stride):
    arguments = (size, dilation, padding, stride)

    def unfold(x):
        return ops.unfold(x, *arguments)

    def fold(blocks):
        return ops.fold(blocks, (7, 6), *arguments)

    x = _random(2, 2, 7, 6)
    blocks = unfold(x)
    others = _random(*blocks.shape, seed=4)
    product = float(ops.sum(blocks * others))
    np.testing.assert_allclose(product, float(ops.sum(x * fold(others))), rtol=1e-6)
    _assert_traced(unfold, x)
    _assert_traced(fold, others)
    assert_gradients(unfold, x)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_space_and_depth_are_inverse(data_format):
    def function(x):
        deep = ops.space_to_depth(x, 2, data_format=data_format)
        return ops.depth_to_space(deep, 2, data_format=data_format)

    x = _random(2, 4, 4, 4)
    np.testing.assert_array_equal(function(x).numpy(), x)
    _assert_traced(function, x)


def _block(policy: str) -> str:
    """The plan of a training step of a convolution with normalization and ReLU."""
    layers = [
        keras.layers.Conv2D(16, 3, use_bias=False, dtype=policy),
        keras.layers.BatchNormalization(dtype=policy),
        keras.layers.ReLU(dtype=policy),
    ]
    model = keras.Sequential([keras.Input((8, 8, 3)), *layers])

    @keras_strata.function
    def step(x):
        return ops.mean(ops.square(model(x, training=True)))

    step(np.ones((4, 8, 8, 3), np.float32))
    return str(step.plans[-1])


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_normalization_and_relu_are_one_step(policy):
    plan = _block(policy)
    assert len(re.findall(r"batchNormalization\+relu", plan)) == 1, plan
    assert "cast+relu" not in plan


def test_inference_folds_a_normalization_into_its_convolution():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(16, 3, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        ]
    )
    function = keras_strata.function(lambda x: model(x, training=False))
    x = _random(4, 8, 8, 3).astype(np.float32)
    np.testing.assert_allclose(function(x).numpy(), model(x).numpy(), rtol=1e-4, atol=1e-5)
    plan = str(function.plans[-1])
    assert "convolution+relu" in plan, plan
    assert "batchNormalization" not in plan.split("every step:")[-1]
