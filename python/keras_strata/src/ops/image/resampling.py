"""Images of another size: separable products with matrices of weights."""

import functools
import math
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src.backend.common.dtypes import result_type

from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.image import layout
from keras_strata.src.tensor import Tensor


def _triangle(distance: Tensor) -> Tensor:
    return numpy.maximum(1.0 - distance, 0.0)


def _cubic(distance: Tensor) -> Tensor:
    """Keys's kernel with a = -0.5."""
    near = (distance * 1.5 - 2.5) * distance * distance + 1.0
    far = ((distance * -0.5 + 2.5) * distance - 4.0) * distance + 2.0
    return numpy.where(distance < 1.0, near, numpy.where(distance < 2.0, far, 0.0))


def _lanczos(radius: int) -> Callable[[Tensor], Tensor]:
    def kernel(distance: Tensor) -> Tensor:
        is_apart = distance > 1e-3
        angle = numpy.where(is_apart, distance, 1.0) * math.pi
        product = numpy.sin(angle) * numpy.sin(angle / radius) * radius
        window = numpy.where(is_apart, product / (angle * angle), 1.0)
        return numpy.where(distance > radius, 0.0, window)

    return kernel


_KERNELS = {
    "linear": _triangle,
    "bilinear": _triangle,
    "trilinear": _triangle,
    "triangle": _triangle,
    "cubic": _cubic,
    "bicubic": _cubic,
    "tricubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}

_RESIZE_INTERPOLATIONS = ("bilinear", "nearest", "lanczos3", "lanczos5", "bicubic")

# Sums of weights below this are those of samples that no pixel reaches.
_SMALLEST_SUM = 1000 * float(np.finfo(np.float32).eps)


def _weights(
    size: int, new_size: int, scale: Tensor, translation: Tensor, method: str, antialias: bool
) -> Tensor:
    """The weight of each pixel in each new pixel, `[size, new_size]`.

    Args:
        size: the number of pixels of an axis.
        new_size: that of the result.
        scale: how much longer the axis becomes.
        translation: how far it is moved, in new pixels.
        method: the name of the kernel.
        antialias: whether the kernel covers all pixels that become one.
    """
    new = core.convert_to_tensor(np.arange(new_size) + 0.5, scale.dtype)
    old = core.convert_to_tensor(np.arange(size).reshape(size, 1), scale.dtype)
    centers = (new - translation) / scale - 0.5
    distance = numpy.abs(centers - old)
    if antialias:
        distance = distance / numpy.maximum(1.0 / scale, 1.0)
    weights = _KERNELS[method](distance)
    total = numpy.sum(weights, axis=0, keepdims=True)
    is_inside = numpy.logical_and(centers >= -0.5, centers <= size - 0.5)
    is_valid = numpy.logical_and(is_inside, numpy.abs(total) > _SMALLEST_SUM)
    return numpy.where(is_valid, weights / numpy.where(total == 0, 1.0, total), 0.0)


@functools.lru_cache(maxsize=32)
def _resizing_weights(size: int, new_size: int, method: str, antialias: bool) -> Tensor:
    scale = core.convert_to_tensor(new_size / size, "float64")
    translation = core.convert_to_tensor(0.0, "float64")
    return core.cast(_weights(size, new_size, scale, translation, method, antialias), "float32")


def _contracted(images: Tensor, axis: int, weights: Tensor) -> Tensor:
    """The sums over an axis, weighted by each column of `[length, new_length]`."""
    weights = core.cast(weights, images.dtype)
    product = numpy.matmul(numpy.moveaxis(images, axis, -1), weights)
    return numpy.moveaxis(product, -1, axis)


def resize(
    images,
    size,
    interpolation="bilinear",
    antialias=False,
    crop_to_aspect_ratio=False,
    pad_to_aspect_ratio=False,
    fill_mode="constant",
    fill_value=0.0,
    data_format=None,
):
    """Images of another height and width.

    Integer images become floating-point ones unless only the nearest pixels are taken.
    """
    layout.check_choice("interpolation", interpolation, _RESIZE_INTERPOLATIONS)
    layout.check_choice("fill_mode", fill_mode, ("constant",))
    if pad_to_aspect_ratio and crop_to_aspect_ratio:
        raise ValueError(
            "Only one of `pad_to_aspect_ratio` and `crop_to_aspect_ratio` can be `True`."
        )
    if len(size) != 2:
        raise ValueError(
            "Argument `size` must be a tuple of two elements (height, width). "
            f"Received: size={size}"
        )
    images = core.convert_to_tensor(images)
    layout.check_images(images)
    size = tuple(int(length) for length in size)
    axes = [axis + images.ndim for axis in layout.spatial_axes(data_format)]
    if crop_to_aspect_ratio:
        images = _cropped(images, axes, size)
    elif pad_to_aspect_ratio:
        images = _padded(layout.floating(images), axes, size, fill_value)
    if interpolation == "nearest":
        return _nearest(images, axes, size)
    images = layout.floating(images)
    for axis, length in zip(axes, size, strict=True):
        if images.shape[axis] != length:
            weights = _resizing_weights(images.shape[axis], length, interpolation, bool(antialias))
            images = _contracted(images, axis, weights)
    return images


def _nearest(images: Tensor, axes: Sequence[int], size: Sequence[int]) -> Tensor:
    for axis, length in zip(axes, size, strict=True):
        if images.shape[axis] != length:
            # In float32, as other backends choose among pixels of the same distance.
            centers = np.arange(length, dtype=np.float32) + np.float32(0.5)
            positions = centers * np.float32(images.shape[axis]) / np.float32(length)
            indices = np.floor(positions).astype(np.int32)
            images = numpy.take(images, core.convert_to_tensor(indices), axis=axis)
    return images


def _aspect_sizes(
    images: Tensor, axes: Sequence[int], size: Sequence[int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Height and width, and those that have the new aspect ratio with the other one."""
    height, width = (images.shape[axis] for axis in axes)
    return (height, width), (int(width * size[0] / size[1]), int(height * size[1] / size[0]))


def _cropped(images: Tensor, axes: Sequence[int], size: Sequence[int]) -> Tensor:
    """The largest part in the middle with the aspect ratio of a size."""
    sizes, others = _aspect_sizes(images, axes, size)
    index = [slice(None)] * images.ndim
    for axis, length, other in zip(axes, sizes, others, strict=True):
        kept = max(min(length, other), 1)
        start = (length - kept) // 2
        index[axis] = slice(start, start + kept)
    return images[tuple(index)]


def _padded(images: Tensor, axes: Sequence[int], size: Sequence[int], value: float) -> Tensor:
    """The images in the middle of larger ones with the aspect ratio of a size."""
    sizes, others = _aspect_sizes(images, axes, size)
    widths = [(0, 0)] * images.ndim
    for axis, length, other in zip(axes, sizes, others, strict=True):
        margin = (max(length, other) - length) // 2
        widths[axis] = (margin, margin)
    if all(width == (0, 0) for width in widths):
        return images
    return numpy.pad(images, widths, constant_values=value)


def scale_and_translate(
    images, output_shape, scale, translation, spatial_dims, method, antialias=True
):
    """Images scaled and moved along some axes; what lies outside of them is zero.

    Args:
        images: a tensor of any rank.
        output_shape: the shape of the result.
        scale: a factor for each of the axes.
        translation: a distance for each, in pixels of the result.
        spatial_dims: the axes.
        method: "linear", "cubic", "lanczos3" or "lanczos5".
        antialias: whether a smaller image is averaged over all its pixels.
    """
    layout.check_choice("method", method, _KERNELS)
    images = layout.floating(core.convert_to_tensor(images))
    scale, translation = core.convert_to_tensor(scale), core.convert_to_tensor(translation)
    dtype = result_type(scale.dtype, translation.dtype, "float32")
    scale, translation = core.cast(scale, dtype), core.cast(translation, dtype)
    _check_axes(images, output_shape, scale, translation, spatial_dims)
    for number, axis in enumerate(spatial_dims):
        weights = _weights(
            images.shape[axis],
            int(output_shape[axis]),
            scale[number],
            translation[number],
            method,
            antialias,
        )
        images = _contracted(images, axis, weights)
    return images


def _check_axes(
    images: Tensor, shape: Sequence[int], scale: Tensor, translation: Tensor, axes: Sequence[int]
) -> None:
    count = len(axes)
    if scale.shape != (count,) or translation.shape != (count,):
        raise ValueError(
            "`scale` and `translation` must have one element for each of `spatial_dims`. "
            f"Received: scale.shape={scale.shape}, translation.shape={translation.shape}, "
            f"spatial_dims={tuple(axes)}"
        )
    others = [
        axis for axis in range(images.ndim) if axis not in axes and axis - images.ndim not in axes
    ]
    if len(shape) != images.ndim or any(shape[axis] != images.shape[axis] for axis in others):
        raise ValueError(
            "`output_shape` must be the shape of `images` except for the axes in "
            f"`spatial_dims`. Received: output_shape={tuple(shape)}, "
            f"images.shape={images.shape}, spatial_dims={tuple(axes)}"
        )
