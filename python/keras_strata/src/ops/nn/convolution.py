"""Convolutions."""

import math

import numpy as np
from keras.src.backend.common.backend_utils import check_conv_input_channels
from keras.src.backend.common.backend_utils import check_conv_transpose_input_channels
from keras.src.backend.common.backend_utils import compute_conv_transpose_padding_args_for_jax

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn import windows
from keras_strata.src.ops.nn.common import per_axis
from keras_strata.src.ops.nn.common import widened
from keras_strata.src.ops.nn.windows import Window
from keras_strata.src.tensor import Tensor


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """A convolution with a kernel `[spatial…, channels / groups, filters]`."""
    kernel = core.convert_to_tensor(kernel)
    inputs = core.convert_to_tensor(inputs, kernel.dtype)
    channels = inputs.shape[1 if windows.is_channels_first(data_format) else -1]
    width = kernel.shape[-2]
    if channels % width:
        raise ValueError(
            "The number of input channels must be evenly divisible by the kernel's input "
            f"channels. Received: input channels={channels}, kernel input channels={width}"
        )
    return _conv(inputs, kernel, strides, padding, data_format, dilation_rate, channels // width)


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """A convolution of each channel alone, with a kernel `[spatial…, channels, multiplier]`."""
    inputs, kernel = _checked(inputs, kernel, data_format)
    *size, channels, multiplier = kernel.shape
    kernel = knp.reshape(kernel, (*size, 1, channels * multiplier))
    return _conv(inputs, kernel, strides, padding, data_format, dilation_rate, channels)


def _checked(inputs, kernel, data_format: str | None) -> tuple[Tensor, Tensor]:
    kernel = core.convert_to_tensor(kernel)
    inputs = core.convert_to_tensor(inputs, kernel.dtype)
    is_first = windows.is_channels_first(data_format)
    check_conv_input_channels(inputs, kernel, "channels_first" if is_first else "channels_last")
    return inputs, kernel


def separable_conv(
    inputs,
    depthwise_kernel,
    pointwise_kernel,
    strides=1,
    padding="valid",
    data_format=None,
    dilation_rate=1,
):
    """A depthwise convolution, and one over channels."""
    inputs, depthwise_kernel = _checked(inputs, depthwise_kernel, data_format)
    by_channel = depthwise_conv(
        inputs, depthwise_kernel, strides, padding, data_format, dilation_rate
    )
    return conv(by_channel, pointwise_kernel, data_format=data_format)


def _conv(
    inputs: Tensor, kernel: Tensor, strides, padding, data_format, dilation_rate, groups: int
) -> Tensor:
    rank = inputs.ndim - 2
    window = Window(
        tuple(kernel.shape[:-2]),
        per_axis(strides, rank, "strides"),
        per_axis(dilation_rate, rank, "dilation_rate"),
        windows.standard_padding(padding),
    )
    is_first = windows.is_channels_first(data_format)
    if is_first:
        inputs = windows.with_channels_last(inputs)
    if inputs.size and 0 in window.counts(inputs.shape):
        raise ValueError(
            "The convolution operation resulted in an empty output: an input of "
            f"shape {inputs.shape} is smaller than a window of {window.size} with "
            f"dilation_rate={window.dilations} and padding='{window.padding}'. Use a smaller "
            "kernel or dilation rate, padding='same', or larger inputs."
        )
    result = convolution(inputs, kernel, window, groups)
    return windows.with_channels_first(result) if is_first else result


def convolution(image: Tensor, kernel: Tensor, window: Window, groups: int) -> Tensor:
    """The engine's convolution of `[batch, spatial…, channels]`."""
    if not dtypes.is_floating(image.dtype):
        return _computed_in_float32(convolution, image, kernel, window, groups)
    return dispatch.apply(
        "convolution",
        [image, kernel],
        image.dtype,
        numpy=lambda x, k: _convolved(x, k, window, groups),
        groups=groups,
        **window.attributes,
    )


def transposed_convolution(
    gradient: Tensor, kernel: Tensor, window: Window, groups: int, shape: tuple[int, ...]
) -> Tensor:
    """The gradient of a convolution with respect to its image, which has a shape."""
    if not dtypes.is_floating(gradient.dtype):
        return _computed_in_float32(transposed_convolution, gradient, kernel, window, groups, shape)
    return dispatch.apply(
        "convolutionBackwardData",
        [gradient, kernel],
        gradient.dtype,
        numpy=lambda x, k: _convolved_back(x, k, window, groups, shape),
        groups=groups,
        inputShape=shape,
        **window.attributes,
    )


def _computed_in_float32(function, image: Tensor, kernel: Tensor, *arguments) -> Tensor:
    images, kernels = core.cast(image, "float32"), core.cast(kernel, "float32")
    return core.cast(function(images, kernels, *arguments), image.dtype)


def _by_group(kernel: np.ndarray, groups: int) -> np.ndarray:
    """`[spatial…, channels / groups, filters]` as `[…, groups, channels, filters]`."""
    *size, channels, filters = kernel.shape
    split = kernel.reshape(*size, channels, groups, filters // groups)
    return np.moveaxis(split, -2, -3)


def _in_groups(array: np.ndarray, groups: int) -> np.ndarray:
    return array.reshape(*array.shape[:-1], groups, 1, array.shape[-1] // groups)


def _convolved(image: np.ndarray, kernel: np.ndarray, window: Window, groups: int) -> np.ndarray:
    counts = window.counts(image.shape)
    image = windows.padded(widened(image), window.all_edges(image.shape))
    filters = kernel.shape[-1]
    kernel = _by_group(widened(kernel), groups)
    result = np.zeros((image.shape[0], *counts, groups, 1, filters // groups), image.dtype)
    for element, places in window.elements(counts):
        result += _in_groups(image[places], groups) @ kernel[element]
    return result.reshape(image.shape[0], *counts, filters)


def _convolved_back(
    gradient: np.ndarray, kernel: np.ndarray, window: Window, groups: int, shape: tuple[int, ...]
) -> np.ndarray:
    gradient = _in_groups(widened(gradient), groups)
    kernel = np.swapaxes(_by_group(widened(kernel), groups), -1, -2)
    edges = window.all_edges(shape)
    whole = [length + sum(edge) for length, edge in zip(shape, edges, strict=True)]
    result = np.zeros(whole, gradient.dtype)
    counts = gradient.shape[1:-3]
    for element, places in window.elements(counts):
        part = gradient @ kernel[element]
        result[places] += part.reshape(*part.shape[:-3], shape[-1])
    inside = [
        slice(before, before + length) for length, (before, _) in zip(shape, edges, strict=True)
    ]
    return result[tuple(inside)]


def conv_transpose(
    inputs,
    kernel,
    strides=1,
    padding="valid",
    output_padding=None,
    data_format=None,
    dilation_rate=1,
):
    """A transposed convolution with a kernel `[spatial…, filters, channels]`."""
    kernel = core.convert_to_tensor(kernel)
    inputs = core.convert_to_tensor(inputs, kernel.dtype)
    is_first = windows.is_channels_first(data_format)
    name = "channels_first" if is_first else "channels_last"
    check_conv_transpose_input_channels(inputs, kernel, name)
    if is_first:
        inputs = windows.with_channels_last(inputs)
    rank = inputs.ndim - 2
    strides = per_axis(strides, rank, "strides")
    dilations = per_axis(dilation_rate, rank, "dilation_rate")
    # The padding of the input with zeros between its positions.
    around = compute_conv_transpose_padding_args_for_jax(
        inputs.shape, kernel.shape, strides, padding, output_padding, dilations
    )
    window, spatial, extra = _backward_window(
        inputs.shape[1:-1], Window(tuple(kernel.shape[:-2]), strides, dilations, "valid"), around
    )
    shape = (inputs.shape[0], *spatial, kernel.shape[-2])
    if math.prod(shape) == 0 and inputs.size:
        raise ValueError(
            f"The transposed convolution of {inputs.shape} leaves {shape}, which is nothing. "
            "Use a larger input or output padding."
        )
    result = transposed_convolution(inputs, kernel, window, 1, shape)
    if any(extra):
        result = knp.pad(result, ((0, 0), *((0, count) for count in extra), (0, 0)))
    return windows.with_channels_first(result) if is_first else result


def _backward_window(
    lengths: tuple[int, ...], window: Window, around: list[tuple[int, int]]
) -> tuple[Window, list[int], list[int]]:
    """The convolution back to the input.

    Returns:
        The window, the lengths of its image, and how many positions after the image no
        window reaches.
    """
    edges, spatial, extra = [], [], []
    for axis, (length, (before, after)) in enumerate(zip(lengths, around, strict=True)):
        stride, reach = window.strides[axis], window.reach(axis)
        whole = (length - 1) * stride + 1 + before + after - (reach - 1)
        # Positions after the last window that would make room for another one are left out.
        beyond = max(after - (reach - 1) - (stride - 1), 0)
        spatial.append(whole - beyond)
        extra.append(beyond)
        edges.append((reach - 1 - before, max(reach - 1 - after, 0)))
    return Window(window.size, window.strides, window.dilations, tuple(edges)), spatial, extra
