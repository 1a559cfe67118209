"""Operations on images: traced they are what they are eagerly, and their gradients are right."""

import keras_strata  # isort: skip

import numpy as np
import pytest
from keras import ops
from keras.src import backend

_RANDOM = np.random.default_rng(7)


def _uniform(*shape: int) -> np.ndarray:
    return _RANDOM.uniform(size=shape).astype(np.float32)


_IMAGES = _uniform(2, 6, 7, 3)
_POINTS = np.array([[0, 0], [6, 0], [0, 5], [6, 5]], np.float32)
_MOVED = _POINTS + np.array([[0.4, 0.3], [-0.7, 0.2], [0.6, -0.4], [-0.3, -0.8]], np.float32)
# No position is near the middle between pixels, or near a pixel, where slopes change.
_TRANSFORM = np.array([1.034, 0.275, 0.741, 0.149, 1.13, 0.198, -0.014, 0.007], np.float32)
_FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")

# Functions of a batch of images.
_OF_IMAGES = {
    "grayscale": ops.image.rgb_to_grayscale,
    "rgb_to_hsv": ops.image.rgb_to_hsv,
    "hsv_to_rgb": ops.image.hsv_to_rgb,
    "resize_bilinear": lambda x: ops.image.resize(x, (9, 4)),
    "resize_antialias": lambda x: ops.image.resize(x, (3, 4), antialias=True),
    "resize_bicubic": lambda x: ops.image.resize(x, (9, 11), interpolation="bicubic"),
    "resize_lanczos": lambda x: ops.image.resize(x, (4, 11), interpolation="lanczos3"),
    "resize_nearest": lambda x: ops.image.resize(x, (9, 4), interpolation="nearest"),
    "resize_cropped": lambda x: ops.image.resize(x, (4, 8), crop_to_aspect_ratio=True),
    "resize_padded": lambda x: ops.image.resize(x, (9, 4), pad_to_aspect_ratio=True, fill_value=2),
    "resize_channels_first": lambda x: ops.image.resize(
        x, (9, 4), data_format="channels_first", interpolation="bicubic"
    ),
    "scale_and_translate": lambda x: ops.image.scale_and_translate(
        x, (2, 8, 5, 3), [1.3, 0.6], [0.4, 0.1], (1, 2), "cubic"
    ),
    "affine": lambda x: ops.image.affine_transform(x, np.stack([_TRANSFORM, _TRANSFORM / 2])),
    "affine_nearest": lambda x: ops.image.affine_transform(
        x, _TRANSFORM, interpolation="nearest", fill_mode="reflect"
    ),
    "perspective": lambda x: ops.image.perspective_transform(
        x, np.stack([_POINTS, _POINTS]), np.stack([_MOVED, _MOVED])
    ),
    "blur": lambda x: ops.image.gaussian_blur(x, (3, 5), (0.8, 1.4)),
    "sobel": ops.image.sobel_edges,
    "elastic": lambda x: ops.image.elastic_transform(x, alpha=3.0, sigma=0.9, seed=5),
    "coordinates": lambda x: ops.image.map_coordinates(x[0, :, :, 0], _POINTS.T * 0.77, 1),
}


@pytest.mark.parametrize("name", _OF_IMAGES)
def test_traced_is_eager(name):
    function = _OF_IMAGES[name]
    eager = ops.convert_to_numpy(function(_IMAGES))
    traced = ops.convert_to_numpy(keras_strata.function(function)(_IMAGES))
    np.testing.assert_allclose(traced, eager, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
@pytest.mark.parametrize("name", sorted(set(_OF_IMAGES) - {"elastic"}))
def test_other_floating_dtypes(name, dtype):
    function = _OF_IMAGES[name]
    expected = ops.convert_to_numpy(function(_IMAGES))
    # The smallest differences of channels are rounding in 16 bits, and so are their hues.
    tolerance = 1e-5 if dtype == "float64" else 0.15 if "hsv" in name or "sobel" in name else 0.04
    images = ops.cast(_IMAGES, dtype)
    for found in (function(images), keras_strata.function(function)(images)):
        assert found.dtype == dtype
        found = ops.convert_to_numpy(ops.cast(found, "float32"))
        np.testing.assert_allclose(found, expected, atol=tolerance)


def _check_gradient(function, values: np.ndarray, step: float) -> None:
    """Compares gradients, recorded and traced, with finite differences."""
    weights = _uniform(*function(values).shape)

    def loss(x):
        return ops.sum(function(x) * weights)

    (direct,) = [ops.convert_to_numpy(keras_strata.value_and_grad(loss)(values)[1])]
    compiled = keras_strata.function(lambda x: keras_strata.value_and_grad(loss)(x)[1])
    np.testing.assert_allclose(ops.convert_to_numpy(compiled(values)), direct, atol=1e-5)
    # Single elements of a few parameters, and some directions of many pixels.
    directions = np.eye(values.size) if values.size < 16 else _RANDOM.normal(size=(4, values.size))
    differences = []
    for direction in directions:
        change = (step * direction).astype(np.float32).reshape(values.shape)
        above = np.asarray(function(values + change), np.float64)
        below = np.asarray(function(values - change), np.float64)
        differences.append(np.sum((above - below) * weights) / (2 * step))
    # Differences of float32 sums are exact to a share of the largest.
    largest = max(1, np.max(np.abs(differences)))
    found = directions @ direct.reshape(-1)
    np.testing.assert_allclose(found, differences, rtol=2e-2, atol=2e-3 * largest)


@pytest.mark.parametrize("name", sorted(set(_OF_IMAGES) - {"rgb_to_hsv", "hsv_to_rgb"}))
def test_gradient_of_images(name):
    _check_gradient(_OF_IMAGES[name], _uniform(2, 6, 7, 3), 1e-2)


@pytest.mark.parametrize("function", [ops.image.rgb_to_hsv, ops.image.hsv_to_rgb])
def test_gradient_of_colors(function):
    # Channels so far apart, and hues so far from the corners of the circle of colors, that a
    # step changes no order.
    images = np.array([[[[0.2, 0.5, 0.9], [0.8, 0.1, 0.4], [0.3, 0.7, 0.5]]]], np.float32)
    _check_gradient(function, images, 1e-3)


@pytest.mark.parametrize("fill_mode", _FILL_MODES)
def test_gradient_of_an_affine_transform(fill_mode):
    def function(transform):
        return ops.image.affine_transform(_IMAGES[:1], transform, fill_mode=fill_mode)

    _check_gradient(function, _TRANSFORM[None], 1e-4)


@pytest.mark.parametrize("fill_mode", _FILL_MODES)
def test_gradient_of_coordinates(fill_mode):
    positions = _RANDOM.integers(-3, 9, (2, 5)) + _RANDOM.uniform(0.2, 0.8, (2, 5))

    def function(x):
        return ops.image.map_coordinates(_IMAGES[0, :, :, 0], x, 1, fill_mode=fill_mode)

    _check_gradient(function, positions.astype(np.float32), 1e-2)


def test_gradient_of_points():
    def function(points):
        return ops.image.perspective_transform(_IMAGES[0], points, _MOVED)

    _check_gradient(function, _POINTS, 1e-3)


def test_gradient_of_scale_and_translation():
    def function(values):
        return ops.image.scale_and_translate(
            _IMAGES[0], (8, 9, 3), values[:2], values[2:], (0, 1), "cubic"
        )

    _check_gradient(function, np.array([1.31, 1.17, 0.23, 0.41], np.float32), 1e-3)


@pytest.mark.parametrize("fill_mode", _FILL_MODES)
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_images_are_sampled_as_coordinates_are_mapped(interpolation, fill_mode):
    transform = np.array([1.41, 0.33, -3.27, -0.63, 1.73, -2.31, 0, 0], np.float32)
    found = ops.image.affine_transform(
        _IMAGES[0], transform, interpolation, fill_mode, fill_value=0.5
    )
    rows, columns = np.meshgrid(np.arange(6), np.arange(7), indexing="ij")
    grid = np.stack(
        [-0.63 * columns + 1.73 * rows - 2.31, 1.41 * columns + 0.33 * rows - 3.27]
    ).astype(np.float32)
    for channel in range(3):
        expected = ops.image.map_coordinates(
            _IMAGES[0, :, :, channel],
            grid,
            int(interpolation == "bilinear"),
            fill_mode,
            fill_value=0.5,
        )
        np.testing.assert_allclose(found[:, :, channel], expected, atol=1e-4)


@pytest.mark.parametrize("batch", [1, 3])
def test_homography_maps_points(batch):
    start = _uniform(batch, 4, 2) * 20
    end = _POINTS * 3 + _uniform(batch, 4, 2)
    found = np.asarray(backend.image.compute_homography_matrix(start, end))
    matrix = np.concatenate([found, np.ones((batch, 1))], axis=1).reshape(batch, 3, 3)
    points = np.concatenate([end, np.ones((batch, 4, 1))], axis=2)
    mapped = points @ matrix.transpose(0, 2, 1)
    np.testing.assert_allclose(mapped[..., :2] / mapped[..., 2:], start, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_positions_that_are_no_numbers_are_beyond_the_edges(value):
    transform = np.full((8,), value, np.float32)
    found = ops.image.affine_transform(_IMAGES, transform, fill_value=0.25)
    assert np.all(np.isfinite(np.asarray(found)))
    coordinates = np.full((2, 3), value, np.float32)
    ops.image.map_coordinates(_IMAGES[0, :, :, 0], coordinates, 0)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_whole_numbers_are_rounded(dtype):
    images = ops.cast(_IMAGES * 250, dtype)
    exact = ops.image.affine_transform(ops.cast(images, "float32"), _TRANSFORM)
    expected = np.floor(np.asarray(exact) + 0.5)

    def function(x):
        return ops.image.affine_transform(x, _TRANSFORM)

    for found in (function(images), keras_strata.function(function)(images)):
        assert found.dtype == dtype
        np.testing.assert_array_equal(np.asarray(found), expected)


@pytest.mark.parametrize("sigma", [0.4, 1.3, 5.0])
def test_elastic_deviation_may_be_traced(sigma):
    def function(x, deviation):
        return ops.image.elastic_transform(x, alpha=2.0, sigma=deviation, seed=3)

    eager = function(_IMAGES, sigma)
    traced = keras_strata.function(function)(_IMAGES, np.float32(sigma))
    np.testing.assert_allclose(np.asarray(traced), np.asarray(eager), atol=1e-4)


def test_errors_name_the_argument():
    with pytest.raises(ValueError, match="8 numbers for each image"):
        ops.image.affine_transform(_IMAGES, np.ones((6,), np.float32))
    with pytest.raises(ValueError, match="3 transformations for 2 images"):
        ops.image.affine_transform(_IMAGES, np.ones((3, 8), np.float32))
    with pytest.raises(ValueError, match="output_shape"):
        ops.image.scale_and_translate(_IMAGES, (2, 5, 5, 4), [1, 1], [0, 0], (1, 2), "linear")
    with pytest.raises(ValueError, match="spatial_dims"):
        ops.image.scale_and_translate(_IMAGES, (2, 5, 5, 3), [1], [0, 0], (1, 2), "linear")
    with pytest.raises(ValueError, match="interpolation"):
        ops.image.resize(_IMAGES, (5, 5), interpolation="area")
