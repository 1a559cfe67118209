"""Filters of images: a small kernel for each channel."""

import numpy as np

from keras_strata.src.ops import core
from keras_strata.src.ops import nn
from keras_strata.src.ops import numpy
from keras_strata.src.ops.image import layout
from keras_strata.src.tensor import Tensor


def gaussian_blur(images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None):
    """Images blurred by a Gaussian bell.

    Args:
        images: an image or a batch of them.
        kernel_size: the number of columns and of rows of the kernel.
        sigma: the standard deviation along the columns and along the rows.
        data_format: "channels_last" or "channels_first".
    """
    images = core.convert_to_tensor(images)
    dtype = images.dtype
    images, restored = layout.channels_last_batch(layout.floating(images), data_format)
    sigma = core.convert_to_tensor(sigma, images.dtype)
    columns = _bell(int(kernel_size[0]), sigma[0])
    rows = _bell(int(kernel_size[1]), sigma[1])
    kernel = numpy.reshape(rows, (-1, 1)) * columns
    return layout.cast_back(restored(_each_channel(images, [kernel])), dtype)


def _bell(size: int, sigma: Tensor) -> Tensor:
    distance = core.convert_to_tensor(np.arange(size) - (size - 1) / 2, sigma.dtype)
    values = numpy.exp(numpy.square(distance / sigma) * -0.5)
    return values / numpy.sum(values)


def _each_channel(images: Tensor, kernels: list[Tensor]) -> Tensor:
    """Each channel with each kernel; zeros lie beyond the edges.

    Args:
        images: `[batch, height, width, channels]`.
        kernels: of the same rows and columns.

    Returns:
        `[batch, height, width, channels · kernels]`: all results of a channel together.
    """
    kernel = numpy.expand_dims(numpy.stack(kernels, axis=-1), 2)
    kernel = numpy.repeat(kernel, images.shape[-1], axis=2)
    return nn.depthwise_conv(images, kernel, strides=1, padding="same", data_format="channels_last")


_SOBEL_ROWS = ((-1, -2, -1), (0, 0, 0), (1, 2, 1))


def sobel_edges(images, data_format=None):
    """The slopes of images along their rows and columns.

    Returns:
        The shape of the images and an axis more: the slope from row to row, and that from
        column to column.
    """
    images = core.convert_to_tensor(images)
    if images.ndim != 4:
        raise ValueError(
            "Invalid images rank: expected rank 4 (batch of images). "
            f"Received input with shape: images.shape={images.shape}"
        )
    dtype = images.dtype
    is_last = layout.channels_axis(data_format) == -1
    images, _ = layout.channels_last_batch(layout.floating(images), data_format)
    kernel = np.array(_SOBEL_ROWS)
    kernels = [core.convert_to_tensor(each, images.dtype) for each in (kernel, kernel.T)]
    edges = numpy.reshape(_each_channel(images, kernels), (*images.shape, 2))
    if not is_last:
        edges = numpy.transpose(edges, (0, 3, 1, 2, 4))
    return layout.cast_back(edges, dtype)
