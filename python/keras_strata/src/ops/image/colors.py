"""Conversions of colors."""

import ml_dtypes
import numpy as np
from keras.src.backend.common.variables import is_float_dtype

from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.image import layout
from keras_strata.src.tensor import Tensor

# The weights of red, green and blue in ITU-R BT.601.
_LUMA = (0.2989, 0.5870, 0.1140)


def rgb_to_grayscale(images, data_format=None):
    """The brightness of each pixel, with one channel."""
    images = core.convert_to_tensor(images)
    axis = layout.channels_axis(data_format)
    layout.check_images(images)
    if images.shape[axis] not in (1, 3):
        raise ValueError(
            "Invalid channel size: expected 3 (RGB) or 1 (Grayscale). "
            f"Received input with shape: images.shape={images.shape}"
        )
    if images.shape[axis] == 1:
        return images
    values = layout.floating(images)
    weights = np.array(_LUMA).reshape((3,) + (1,) * (-1 - axis))
    weights = core.convert_to_tensor(weights, values.dtype)
    gray = numpy.sum(values * weights, axis=axis, keepdims=True)
    return core.cast(gray, images.dtype)


def _planes(images, data_format: str | None) -> tuple[list[Tensor], int]:
    """The three channels of images, each with an axis of one channel, and that axis."""
    images = core.convert_to_tensor(images)
    axis = layout.channels_axis(data_format)
    layout.check_images(images)
    if not is_float_dtype(images.dtype):
        raise ValueError(
            "Invalid images dtype: expected float dtype. Convert the images to float32 "
            f"and scale them to values from 0 to 1. Received: images.dtype={images.dtype}"
        )
    if images.shape[axis] != 3:
        raise ValueError(
            "Input images must have 3 channels, but received images with "
            f"{images.shape[axis]} channels. Received: images.shape={images.shape}"
        )
    return numpy.split(images, 3, axis), axis


def rgb_to_hsv(images, data_format=None):
    """Hue, saturation and value of colors with components from 0 to 1."""
    planes, axis = _planes(images, data_format)
    # Components that differ from zero by rounding alone have no hue.
    epsilon = float(ml_dtypes.finfo(planes[0].dtype).eps)
    planes = [numpy.where(numpy.abs(x) < epsilon, 0.0, x) for x in planes]
    red, green, blue = planes
    value = numpy.maximum(numpy.maximum(red, green), blue)
    extent = value - numpy.minimum(numpy.minimum(red, green), blue)
    # Divisors that are never zero, so that gradients are numbers, too.
    has_extent, has_value = extent > 0, value > 0
    saturation = numpy.where(has_value, extent / numpy.where(has_value, value, 1.0), 0.0)
    sixth = 1.0 / (numpy.where(has_extent, extent, 1.0) * 6.0)
    hue = numpy.where(
        value == green,
        (blue - red) * sixth + 2.0 / 6.0,
        (red - green) * sixth + 4.0 / 6.0,
    )
    hue = numpy.where(value == red, (green - blue) * sixth, hue)
    # Reds between magenta and red come out negative: hues are a circle of length 1.
    hue = numpy.where(has_extent, hue, 0.0) + core.cast(hue < 0, hue.dtype)
    return numpy.concatenate([hue, saturation, value], axis)


def hsv_to_rgb(images, data_format=None):
    """Red, green and blue of colors given by hue, saturation and value."""
    (hue, saturation, value), axis = _planes(images, data_format)
    position = numpy.mod(hue, 1.0) * 6.0

    def component(strength: Tensor) -> Tensor:
        strength = numpy.clip(strength, 0.0, 1.0)
        return value * (1.0 - saturation + saturation * strength)

    red = component(numpy.abs(position - 3.0) - 1.0)
    green = component(2.0 - numpy.abs(position - 2.0))
    blue = component(2.0 - numpy.abs(position - 4.0))
    return numpy.concatenate([red, green, blue], axis)
