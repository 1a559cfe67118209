"""Values between the elements of a tensor."""

import functools
import itertools
import operator

import numpy as np
from keras.src.backend.common.dtypes import result_type

from keras_strata.src import dispatch
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.image import layout
from keras_strata.src.tensor import Tensor

FILL_MODES = ("constant", "nearest", "wrap", "mirror", "reflect")


def map_coordinates(inputs, coordinates, order, fill_mode="constant", fill_value=0.0):
    """The values of a tensor at positions between its elements.

    Args:
        inputs: a tensor of any rank.
        coordinates: `[rank, …]`, a position along each axis for each result.
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: what lies beyond the edges: "constant", "nearest" (the element at the
            edge), "wrap" (the tensor again), "reflect" (reflected between elements) or
            "mirror" (reflected at the outermost elements).
        fill_value: the value for "constant".
    """
    inputs, coordinates = core.convert_to_tensor(inputs), core.convert_to_tensor(coordinates)
    if coordinates.shape[:1] != (inputs.ndim,):
        raise ValueError(
            "First dim of `coordinates` must be the same as the rank of `inputs`. "
            f"Received inputs with shape: {inputs.shape} and coordinates with shape: "
            f"{coordinates.shape}"
        )
    if coordinates.ndim < 2:
        raise ValueError(
            "Invalid coordinates rank: expected at least rank 2. "
            f"Received input with shape: {coordinates.shape}"
        )
    layout.check_choice("fill_mode", fill_mode, FILL_MODES)
    layout.check_choice("order", order, (0, 1))
    # Positions of 16 bits would be positions of whole elements.
    coordinates = core.cast(coordinates, result_type(coordinates.dtype, "float32"))
    elements = numpy.reshape(inputs, (-1,))
    if order == 1:
        elements = layout.floating(elements)
    taps = [
        _taps(coordinates[axis], size, order, fill_mode) for axis, size in enumerate(inputs.shape)
    ]
    terms = [
        _term(elements, inputs.shape, corner, fill_value) for corner in itertools.product(*taps)
    ]
    return layout.cast_back(functools.reduce(operator.add, terms), inputs.dtype)


def _taps(
    position: Tensor, size: int, order: int, fill_mode: str
) -> list[tuple[Tensor, Tensor | None, Tensor | None]]:
    """The elements of an axis from which a value is interpolated.

    Returns:
        For each its index, whether it is within the tensor (`None`: it always is), and its
        weight (`None`: 1).
    """
    if order == 0:
        found = [(layout.away_from_zero(position), None)]
    else:
        lower = numpy.floor(position)
        upper_weight = position - lower
        found = [(lower, 1.0 - upper_weight), (lower + 1.0, upper_weight)]
    result = []
    for index, weight in found:
        is_inside = None
        if fill_mode == "constant":
            is_inside = numpy.logical_and(index >= 0, index <= size - 1)
        result.append(
            (core.cast(_index_within(index, size, fill_mode), "int32"), is_inside, weight)
        )
    return result


def _index_within(index: Tensor, size: int, fill_mode: str) -> Tensor:
    """The index of the element that stands for one beyond the edges."""
    if fill_mode == "wrap":
        index = numpy.mod(index, size)
    elif fill_mode == "reflect":
        # Half elements of an axis of twice the size are mirrored.
        index = (_mirrored(index * 2 + 1, 2 * size + 1) - 1) / 2
    elif fill_mode == "mirror":
        index = _mirrored(index, size) if size > 1 else index
    # Positions that are not numbers, and those whose value is the constant.
    return numpy.clip(index, 0, size - 1)


def _mirrored(index: Tensor, size: int) -> Tensor:
    last = size - 1
    return numpy.abs(numpy.mod(index + last, 2 * last) - last)


def _term(elements: Tensor, shape: tuple[int, ...], corner: tuple, fill_value: float) -> Tensor:
    """The part of the results that comes from one element for each."""
    position = 0
    for (index, _, _), size in zip(corner, shape, strict=True):
        position = index + position * size
    value = numpy.take(elements, position, axis=0)
    inside = [is_inside for _, is_inside, _ in corner if is_inside is not None]
    if inside:
        constant = core.convert_to_tensor(fill_value, value.dtype)
        value = numpy.where(functools.reduce(numpy.logical_and, inside), value, constant)
    weights = [weight for _, _, weight in corner if weight is not None]
    return functools.reduce(operator.mul, [value, *weights])


def sample(images: Tensor, grid: Tensor, order: int, fill_mode: str, fill_value: float) -> Tensor:
    """Images sampled at a grid of positions.

    The engine does in one step what `map_coordinates` does for a tensor of any rank.

    Args:
        images: `[batch, height, width, channels]`.
        grid: the row and the column of each pixel, `[batch, new_height, new_width, 2]`.
        order: 0 for the nearest pixel, 1 for bilinear interpolation.
        fill_mode: what lies beyond the edges, as in `map_coordinates`.
        fill_value: the value for "constant".
    """
    values = core.cast(images, "float32")
    grid = core.cast(grid, "float32")
    if grid.shape[0] != values.shape[0]:
        grid = numpy.broadcast_to(grid, (values.shape[0], *grid.shape[1:]))
    if order == 0:
        result = _sampled(values, grid, 0, fill_mode, fill_value)
    else:
        result = _bilinear(values, grid, fill_mode, fill_value)
    return layout.cast_back(result, images.dtype)


def _sampled(images: Tensor, grid: Tensor, order: int, fill_mode: str, fill_value: float) -> Tensor:
    return dispatch.apply(
        "gridSample",
        [images, grid],
        "float32",
        **_attributes(order, fill_mode, fill_value),
    )


def _attributes(order: int, fill_mode: str, fill_value: float) -> dict:
    return {"isBilinear": order == 1, "fillMode": fill_mode, "fillValue": float(fill_value)}


def _bilinear(images: Tensor, grid: Tensor, fill_mode: str, fill_value: float) -> Tensor:
    """Bilinear samples; the engine's own gradient of them is that of the images alone."""

    @core.custom_gradient
    def sampled(images: Tensor, grid: Tensor):
        def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
            to_images = dispatch.apply(
                "gridSampleBackward",
                [upstream, grid],
                "float32",
                inputShape=images.shape,
                **_attributes(1, fill_mode, fill_value),
            )
            slopes = _slopes(images, grid, fill_mode, fill_value)
            to_grid = [numpy.sum(upstream * slope, axis=-1) for slope in slopes]
            return to_images, numpy.stack(to_grid, axis=-1)

        return _sampled(images, grid, 1, fill_mode, fill_value), gradient

    return sampled(images, grid)


def _slopes(
    images: Tensor, grid: Tensor, fill_mode: str, fill_value: float
) -> tuple[Tensor, Tensor]:
    """How bilinear samples change along the rows and along the columns of the grid."""
    corner = numpy.floor(grid)
    down, right = numpy.split(grid - corner, 2, axis=-1)

    def pixel(row: int, column: int) -> Tensor:
        offset = core.convert_to_tensor(np.array([row, column], np.float32))
        return _sampled(images, corner + offset, 0, fill_mode, fill_value)

    top = pixel(0, 1) - pixel(0, 0)
    bottom = pixel(1, 1) - pixel(1, 0)
    left = pixel(1, 0) - pixel(0, 0)
    along_columns = top + (bottom - top) * down
    along_rows = left + (bottom - top) * right
    return along_rows, along_columns
