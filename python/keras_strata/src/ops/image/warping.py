"""Geometric transformations of images."""

import numpy as np

from keras_strata.src import random
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.image import coordinates
from keras_strata.src.ops.image import layout
from keras_strata.src.tensor import Tensor

_ORDERS = {"nearest": 0, "bilinear": 1}


def affine_transform(
    images,
    transform,
    interpolation="bilinear",
    fill_mode="constant",
    fill_value=0,
    data_format=None,
):
    """Images moved by a projective transformation each.

    Args:
        images: an image or a batch of them.
        transform: `a0, a1, a2, b0, b1, b2, c0, c1` for each image: the result at column x
            and row y is the image at `(a0 x + a1 y + a2) / k`, `(b0 x + b1 y + b2) / k`
            with `k = c0 x + c1 y + 1`.
        interpolation: "nearest" or "bilinear".
        fill_mode: what lies beyond the edges, as in `map_coordinates`.
        fill_value: the value for the mode "constant".
        data_format: "channels_last" or "channels_first".
    """
    layout.check_choice("interpolation", interpolation, _ORDERS)
    layout.check_choice("fill_mode", fill_mode, coordinates.FILL_MODES)
    images, transform = core.convert_to_tensor(images), core.convert_to_tensor(transform)
    layout.check_images(images)
    if transform.ndim not in (1, 2):
        raise ValueError(
            "Invalid transform rank: expected rank 1 (single transform) or rank 2 (batch "
            f"of transforms). Received input with shape: transform.shape={transform.shape}"
        )
    if transform.shape[-1] != 8:
        raise ValueError(
            "Invalid transform shape: expected 8 numbers for each image. "
            f"Received input with shape: transform.shape={transform.shape}"
        )
    return _projected(images, transform, interpolation, fill_mode, fill_value, data_format)


def _projected(
    images: Tensor,
    transform: Tensor,
    interpolation: str,
    fill_mode: str,
    fill_value: float,
    data_format: str | None,
) -> Tensor:
    images, restored = layout.channels_last_batch(images, data_format)
    transform = numpy.reshape(core.cast(transform, "float32"), (-1, 8))
    count = transform.shape[0]
    if count not in (1, images.shape[0]):
        raise ValueError(
            f"There are {count} transformations for {images.shape[0]} images. Give one for "
            "each image, or one for all."
        )
    rows, columns = _pixels(images)
    a0, a1, a2, b0, b1, b2, c0, c1 = (
        numpy.reshape(transform[:, index], (count, 1, 1)) for index in range(8)
    )
    scale = columns * c0 + rows * c1 + 1.0
    row = (columns * b0 + rows * b1 + b2) / scale
    column = (columns * a0 + rows * a1 + a2) / scale
    grid = numpy.stack([row, column], axis=-1)
    order = _ORDERS[interpolation]
    return restored(coordinates.sample(images, grid, order, fill_mode, fill_value))


def _pixels(images: Tensor) -> tuple[Tensor, Tensor]:
    """The row of each pixel, `[1, height, 1]`, and its column, `[1, 1, width]`."""
    _, height, width, _ = images.shape
    rows = np.arange(height, dtype=np.float32).reshape(1, height, 1)
    columns = np.arange(width, dtype=np.float32).reshape(1, 1, width)
    return core.convert_to_tensor(rows), core.convert_to_tensor(columns)


def perspective_transform(
    images, start_points, end_points, interpolation="bilinear", fill_value=0, data_format=None
):
    """Images moved so that four points of each come to other places.

    Args:
        images: an image or a batch of them.
        start_points: columns and rows of the points, `[4, 2]` or `[batch, 4, 2]`.
        end_points: those to which they are moved.
        interpolation: "nearest" or "bilinear".
        fill_value: the value beyond the edges.
        data_format: "channels_last" or "channels_first".
    """
    layout.check_choice("interpolation", interpolation, _ORDERS)
    images = core.convert_to_tensor(images)
    layout.check_images(images)
    start, end = core.convert_to_tensor(start_points), core.convert_to_tensor(end_points)
    for name, points in (("start_points", start), ("end_points", end)):
        if points.ndim not in (2, 3) or points.shape[-2:] != (4, 2):
            raise ValueError(
                f"Invalid {name} shape: expected (4,2) for a single image or (N,4,2) for a "
                f"batch. Received shape: {points.shape}"
            )
    if start.shape != end.shape:
        raise ValueError(
            "start_points and end_points must have the same shape. Received "
            f"start_points.shape={start.shape}, end_points.shape={end.shape}"
        )
    transform = compute_homography_matrix(core.cast(start, "float32"), core.cast(end, "float32"))
    return _projected(images, transform, interpolation, "constant", fill_value, data_format)


def compute_homography_matrix(start_points, end_points) -> Tensor:
    """The projective transformations that map four points to four others.

    A projective transformation takes the first three points as a basis to multiples of
    their images; the fourth point determines the factors. No system of equations needs to
    be solved, and there is a gradient.

    Args:
        start_points: columns and rows, `[…, 4, 2]`.
        end_points: the points that are mapped to them.

    Returns:
        The first eight elements of each matrix, row by row, `[…, 8]`; the ninth is 1.
    """
    start, end = core.convert_to_tensor(start_points), core.convert_to_tensor(end_points)
    start, end = layout.floating(start), layout.floating(end)
    _, start_factors = _opposite_lines(start)
    end_lines, end_factors = _opposite_lines(end)
    factors = start_factors / end_factors
    x, y = start[..., :3, 0], start[..., :3, 1]
    images = numpy.stack([x * factors, y * factors, factors], axis=-2)
    matrix = numpy.matmul(images, numpy.stack(end_lines, axis=-1))
    elements = numpy.reshape(matrix, (*matrix.shape[:-2], 9))
    return elements[..., :8] / elements[..., 8:]


def _opposite_lines(points: Tensor) -> tuple[list[Tensor], Tensor]:
    """The lines through two of the first three points, opposite to each of these.

    Returns:
        The coefficients of x, of y and the constant, `[…, 3]` each; and the equations'
        values at the fourth point.
    """
    x, y = points[..., 0], points[..., 1]
    x0, x1 = (numpy.roll(x[..., :3], shift, axis=-1) for shift in (-1, -2))
    y0, y1 = (numpy.roll(y[..., :3], shift, axis=-1) for shift in (-1, -2))
    lines = [y0 - y1, x1 - x0, x0 * y1 - x1 * y0]
    value = lines[0] * x[..., 3:] + lines[1] * y[..., 3:] + lines[2]
    return lines, value


def elastic_transform(
    images,
    alpha=20.0,
    sigma=5.0,
    interpolation="bilinear",
    fill_mode="reflect",
    fill_value=0.0,
    seed=None,
    data_format=None,
):
    """Images with each pixel moved at random, and near ones moved alike.

    Args:
        images: an image or a batch of them.
        alpha: the strength.
        sigma: the standard deviation of the displacements and of the blur that smooths
            them.
        interpolation: "nearest" or "bilinear".
        fill_mode: what lies beyond the edges, as in `map_coordinates`.
        fill_value: the value for the mode "constant".
        seed: an integer or a `SeedGenerator`.
        data_format: "channels_last" or "channels_first".
    """
    layout.check_choice("interpolation", interpolation, _ORDERS)
    layout.check_choice("fill_mode", fill_mode, coordinates.FILL_MODES)
    images, restored = layout.channels_last_batch(core.convert_to_tensor(images), data_format)
    alpha = core.convert_to_tensor(alpha, "float32")
    sigma = core.convert_to_tensor(sigma, "float32")
    count, height, width, _ = images.shape
    moves = random.normal((2, count, height, width), dtype="float32", seed=seed) * sigma
    moves = numpy.matmul(moves, _blur_matrix(width, sigma))
    moves = numpy.matmul(_blur_matrix(height, sigma), moves)
    rows, columns = _pixels(images)
    grid = numpy.stack([rows + alpha * moves[1], columns + alpha * moves[0]], axis=-1)
    order = _ORDERS[interpolation]
    return restored(coordinates.sample(images, grid, order, fill_mode, fill_value))


def _blur_matrix(size: int, sigma: Tensor) -> Tensor:
    """A Gaussian blur along an axis as a symmetric matrix; the deviation may be traced.

    The bell ends at three standard deviations, and pixels beyond the edges are zero.
    """
    sigma = numpy.maximum(sigma, 1e-6)

    def bell(distances: np.ndarray) -> Tensor:
        distance = core.convert_to_tensor(distances.astype(np.float32))
        value = numpy.exp(numpy.square(distance / sigma) * -0.5)
        return numpy.where(distance <= numpy.floor(sigma * 3.0), value, 0.0)

    positions = np.arange(size)
    total = numpy.sum(bell(np.abs(np.arange(-size, size + 1))))
    return bell(np.abs(positions[:, None] - positions)) / total
