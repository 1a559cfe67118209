"""Blocks of images as columns or channels, and back."""

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn import convolution
from keras_strata.src.ops.nn import windows
from keras_strata.src.ops.nn.common import per_axis
from keras_strata.src.ops.nn.windows import Window
from keras_strata.src.tensor import Tensor


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """The blocks of `[batch, channels, height, width]` as `[batch, block, blocks]`."""
    x = core.convert_to_tensor(input)
    batch, channels = x.shape[:2]
    window = _window(kernel_size, dilation, padding, stride)
    kernel = _selection(window, channels, x.dtype)
    blocks = convolution.convolution(windows.with_channels_last(x), kernel, window, channels)
    return knp.reshape(windows.with_channels_first(blocks), (batch, kernel.shape[-1], -1))


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """The sums of blocks `[batch, block, blocks]` as `[batch, channels, height, width]`."""
    x = core.convert_to_tensor(x)
    batch, block, _ = x.shape
    window = _window(kernel_size, dilation, padding, stride)
    channels = block // int(np.prod(window.size))
    shape = (batch, *per_axis(output_size, 2, "output_size"), channels)
    x = knp.reshape(x, (batch, block, *window.counts(shape)))
    kernel = _selection(window, channels, x.dtype)
    image = convolution.transposed_convolution(
        windows.with_channels_last(x), kernel, window, channels, shape
    )
    return windows.with_channels_first(image)


def _window(kernel_size, dilation, padding, stride) -> Window:
    edges = per_axis(padding, 2, "padding")
    return Window(
        per_axis(kernel_size, 2, "kernel_size"),
        per_axis(stride, 2, "stride"),
        per_axis(dilation, 2, "dilation"),
        tuple((edge, edge) for edge in edges),
    )


def _selection(window: Window, channels: int, dtype: str) -> Tensor:
    """A kernel of which each filter is one element of a channel's window."""
    count = int(np.prod(window.size))
    one = np.eye(count, dtype=dtypes.numpy_dtype(dtype)).reshape(*window.size, 1, count)
    return Tensor(np.tile(one, (*(1 for _ in window.size), 1, channels)))


def depth_to_space(x, block_size, data_format="channels_last"):
    """Channels as blocks of pixels."""
    x = core.convert_to_tensor(x)
    size = block_size
    if windows.is_channels_first(data_format):
        batch, channels, height, width = x.shape
        depth = channels // size**2
        x = knp.reshape(x, (batch, depth, size, size, height, width))
        x = knp.transpose(x, (0, 1, 4, 2, 5, 3))
        return knp.reshape(x, (batch, depth, height * size, width * size))
    batch, height, width, channels = x.shape
    depth = channels // size**2
    x = knp.reshape(x, (batch, height, width, size, size, depth))
    x = knp.transpose(x, (0, 1, 3, 2, 4, 5))
    return knp.reshape(x, (batch, height * size, width * size, depth))


def space_to_depth(x, block_size, data_format="channels_last"):
    """Blocks of pixels as channels."""
    x = core.convert_to_tensor(x)
    size = block_size
    if windows.is_channels_first(data_format):
        batch, channels, height, width = x.shape
        rows, columns = height // size, width // size
        x = knp.reshape(x, (batch, channels, rows, size, columns, size))
        x = knp.transpose(x, (0, 1, 3, 5, 2, 4))
        return knp.reshape(x, (batch, channels * size**2, rows, columns))
    batch, height, width, channels = x.shape
    rows, columns = height // size, width // size
    x = knp.reshape(x, (batch, rows, size, columns, size, channels))
    x = knp.transpose(x, (0, 1, 3, 2, 4, 5))
    return knp.reshape(x, (batch, rows, columns, channels * size**2))
