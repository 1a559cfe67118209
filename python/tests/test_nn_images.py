"""Convolutions, pooling and normalization: eager, traced, their gradients and plans."""

import re

import keras
import numpy as np
import pytest
from differences import assert_gradients
from keras import ops
from traced import assert_traced
from traced import random_array

import keras_strata

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
        return random_array(2, channels, *sizes)
    return random_array(2, *sizes, channels)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(("rank", "strides", "padding", "dilation", "groups"), CONVOLUTIONS)
def test_convolution(rank, strides, padding, dilation, groups, data_format):
    def function(x, kernel):
        return ops.conv(x, kernel, strides, padding, data_format, dilation)

    x = _image(rank, 2, data_format)
    kernel = random_array(*(3, 2, 2)[:rank], 2 // groups, 4, seed=4)
    assert_traced(function, x, kernel, tolerance=1e-4)
    assert_gradients(function, x, kernel)


@pytest.mark.parametrize("rank", [1, 2])
def test_convolutions_by_channel(rank):
    depthwise = random_array(*(3,) * rank, 3, 2, seed=4)
    pointwise = random_array(*(1,) * rank, 6, 4, seed=5)
    x = _image(rank, 3, "channels_last")

    def by_channel(x, kernel):
        return ops.depthwise_conv(x, kernel, 1, "same")

    def separable(x, depthwise, pointwise):
        return ops.separable_conv(x, depthwise, pointwise, 2, "valid")

    assert_traced(by_channel, x, depthwise)
    assert_traced(separable, x, depthwise, pointwise)
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
    kernel = random_array(3, 2, 3, 2, seed=4)
    assert_traced(function, x, kernel)
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
    assert_traced(function, x)
    if rank < 3:
        assert_gradients(function, x)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 9])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_adaptive_pooling(kind, size):
    def function(x):
        return getattr(ops, f"adaptive_{kind}_pool")(x, (size, 2), data_format="channels_last")

    x = random_array(2, 7, 6, 3)
    result = function(x)
    reduce = np.max if kind == "max" else np.mean
    for row in range(size):
        for column in range(2):
            rows = slice(row * 7 // size, -(-(row + 1) * 7 // size))
            part = x[:, rows, 3 * column : 3 * column + 3]
            np.testing.assert_allclose(
                result[:, row, column].numpy(), reduce(part, axis=(1, 2)), rtol=1e-6
            )
    assert_traced(function, x)
    assert_gradients(function, x)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_mean_of_images_is_a_pooling(rank, keepdims):
    def function(x):
        return ops.mean(x, tuple(range(1, rank + 1)), keepdims)

    x = _image(rank, 3, "channels_last")
    assert_traced(function, x)
    assert_gradients(function, x)
    traced = keras_strata.function(keras_strata.value_and_grad(lambda x: ops.sum(function(x**2))))
    traced(x.astype(np.float32))
    plan = str(traced.plans[-1])
    assert "averagePooling(" in plan and "averagePoolingBackward" not in plan


@pytest.mark.parametrize("axes", [[0], [0, 1, 2], [0, 2, 3], [1, 2]])
def test_moments(axes):
    def function(x):
        return ops.moments(x, axes)

    x = random_array(3, 4, 2, 3)
    mean, variance = function(x)
    np.testing.assert_allclose(mean.numpy(), x.mean(tuple(axes)), atol=1e-12)
    np.testing.assert_allclose(variance.numpy(), x.var(tuple(axes)), atol=1e-12)
    assert_traced(function, x)
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

    x = random_array(4, 3, 3)
    assert_traced(function, x, random_array(3), random_array(3, seed=4))
    assert_gradients(function, x, random_array(3), random_array(3, seed=4))


def test_batch_normalization_with_other_statistics():
    def function(x, mean, deviation, scale, offset):
        return ops.batch_normalization(x, mean, ops.square(deviation), -1, offset, scale, 1e-2)

    arrays = (random_array(4, 3, 2, 3), *(random_array(3, seed=seed) for seed in range(4)))
    assert_traced(function, *arrays)
    assert_gradients(function, *arrays)


def test_statistics_that_are_not_used_as_such_have_their_gradients():
    def function(x):
        mean, variance = ops.moments(x, [0, 1])
        other = ops.batch_normalization(x * 2, mean, variance, -1)
        return other, mean * ops.sqrt(variance)

    assert_traced(function, random_array(4, 3, 2))
    assert_gradients(function, random_array(4, 3, 2))


@pytest.mark.parametrize(
    ("size", "dilation", "padding", "stride"), [(2, 1, 0, 1), (3, 1, 1, 2), ((2, 3), 2, (1, 2), 1)]
)
def test_fold_is_the_adjoint_of_unfold(size, dilation, padding, stride):
    arguments = (size, dilation, padding, stride)

    def unfold(x):
        return ops.unfold(x, *arguments)

    def fold(blocks):
        return ops.fold(blocks, (7, 6), *arguments)

    x = random_array(2, 2, 7, 6)
    blocks = unfold(x)
    others = random_array(*blocks.shape, seed=4)
    product = float(ops.sum(blocks * others))
    np.testing.assert_allclose(product, float(ops.sum(x * fold(others))), rtol=1e-6)
    assert_traced(unfold, x)
    assert_traced(fold, others)
    assert_gradients(unfold, x)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_space_and_depth_are_inverse(data_format):
    def function(x):
        deep = ops.space_to_depth(x, 2, data_format=data_format)
        return ops.depth_to_space(deep, 2, data_format=data_format)

    x = random_array(2, 4, 4, 4)
    np.testing.assert_array_equal(function(x).numpy(), x)
    assert_traced(function, x)


@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_convolution_normalization_and_relu_are_two_steps(policy, use_bias):
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(16, 3, use_bias=use_bias, dtype=policy),
            keras.layers.BatchNormalization(dtype=policy),
            keras.layers.ReLU(dtype=policy),
        ]
    )

    @keras_strata.function
    def step(x):
        return ops.mean(ops.square(model(x, training=True)))

    step(np.ones((4, 8, 8, 3), np.float32))
    plan = str(step.plans[-1])
    # The moving averages use the statistics of the same step.
    assert re.findall(r"batchNormalization[+\w]*", plan) == ["batchNormalization+relu"], plan
    operands = re.search(r" convolution\((.*)\)  \[", plan).group(1)
    assert operands.count(",") == (2 if use_bias else 1), plan
    assert "cast+relu" not in plan and " add(" not in plan.split("batchNormalization")[0], plan


def test_dense_softmax_and_crossentropy_have_the_bias_in_the_product():
    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4, activation="softmax")])
    loss = keras.losses.SparseCategoricalCrossentropy()

    @keras_strata.function
    def step(x, y):
        return keras_strata.value_and_grad(
            lambda x, y: loss(y, model(x)), model.trainable_variables
        )(x, y)

    x, y = random_array(8, 12).astype(np.float32), np.arange(8, dtype=np.int32) % 4
    value, gradients = step(x, y)
    plan = str(step.plans[-1])
    assert re.search(r"innerProduct\(.*, .*, .*/bias\)", plan), plan
    probabilities = model(x).numpy()
    np.testing.assert_allclose(float(value), -np.log(probabilities[range(8), y]).mean(), rtol=1e-5)
    slope = (probabilities - np.eye(4)[y]) / 8
    np.testing.assert_allclose(gradients[0].numpy(), x.T @ slope, atol=1e-6)
    np.testing.assert_allclose(gradients[1].numpy(), slope.sum(0), atol=1e-6)


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
    x = random_array(4, 8, 8, 3).astype(np.float32)
    np.testing.assert_allclose(function(x).numpy(), model(x).numpy(), rtol=1e-4, atol=1e-5)
    plan = str(function.plans[-1])
    assert "convolution+relu" in plan, plan
    assert "batchNormalization" not in plan.split("every step:")[-1]
