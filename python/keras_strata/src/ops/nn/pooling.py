"""Pooling."""

from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn import windows
from keras_strata.src.ops.nn.common import per_axis
from keras_strata.src.ops.nn.common import widened
from keras_strata.src.ops.nn.windows import Window
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.tensor import Tensor


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The largest value of each window; padding is ignored."""
    return _pool("maximum", inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    """The mean of each window; padding is ignored."""
    return _pool("average", floating(inputs), pool_size, strides, padding, data_format)


def _pool(kind: str, inputs, pool_size, strides, padding, data_format) -> Tensor:
    inputs = core.convert_to_tensor(inputs)
    rank = inputs.ndim - 2
    size = per_axis(pool_size, rank, "pool_size")
    window = Window(
        size,
        size if strides is None else per_axis(strides, rank, "strides"),
        (1,) * rank,
        windows.standard_padding(padding),
    )
    return _with_channels_last(inputs, data_format, lambda x: _pooled(kind, x, window))


def _with_channels_last(
    inputs: Tensor, data_format: str | None, function: Callable[[Tensor], Tensor]
) -> Tensor:
    if not windows.is_channels_first(data_format):
        return function(inputs)
    return windows.with_channels_first(function(windows.with_channels_last(inputs)))


def _pooled(kind: str, image: Tensor, window: Window) -> Tensor:
    if not dtypes.is_floating(image.dtype):
        return core.cast(_pooled(kind, core.cast(image, "float32"), window), image.dtype)

    def function(array: np.ndarray) -> np.ndarray:
        counts = window.counts(array.shape)
        edges = window.all_edges(array.shape)
        fill = -np.inf if kind == "maximum" else 0
        whole = windows.padded(widened(array), edges, fill)
        parts = np.stack([whole[places] for _, places in window.elements(counts)])
        if kind == "maximum":
            return parts.max(0)
        inside = windows.padded(np.ones((1, *array.shape[1:-1], 1), whole.dtype), edges)
        return parts.sum(0) / sum(inside[places] for _, places in window.elements(counts))

    return dispatch.apply(
        "pooling", [image], image.dtype, numpy=function, kind=kind, **window.attributes
    )


def adaptive_average_pool(inputs, output_size, data_format=None):
    """The mean of each of a number of parts of the spatial axes."""
    return _adaptive_pool("average", floating(inputs), output_size, data_format)


def adaptive_max_pool(inputs, output_size, data_format=None):
    """The largest value of each of a number of parts of the spatial axes."""
    return _adaptive_pool("maximum", core.convert_to_tensor(inputs), output_size, data_format)


def _adaptive_pool(kind: str, inputs: Tensor, output_size, data_format) -> Tensor:
    rank = inputs.ndim - 2
    if rank not in (1, 2, 3):
        raise ValueError(
            "Adaptive pooling supports inputs with 1, 2 or 3 spatial axes. "
            f"Received: inputs.shape={inputs.shape}"
        )
    sizes = per_axis(output_size, rank, "output_size")
    return _with_channels_last(inputs, data_format, lambda x: _divided(kind, x, sizes))


def _divided(kind: str, image: Tensor, counts: tuple[int, ...]) -> Tensor:
    """Axis by axis, unless all parts of all axes are alike."""
    rank = len(counts)
    runs = [_runs(image.shape[axis + 1], counts[axis]) for axis in range(rank)]
    ones = (1,) * rank
    if all(len(run) == 1 and run[0].is_whole(image.shape[i + 1]) for i, run in enumerate(runs)):
        size = tuple(run[0].size for run in runs)
        strides = tuple(run[0].stride for run in runs)
        return _pooled(kind, image, Window(size, strides, ones, "valid"))
    for axis, run in enumerate(runs):
        parts = []
        for part in run:
            place = [slice(None)] * image.ndim
            place[axis + 1] = slice(part.start, part.stop)
            window = Window(
                tuple(part.size if i == axis else 1 for i in range(rank)),
                tuple(part.stride if i == axis else 1 for i in range(rank)),
                ones,
                "valid",
            )
            parts.append(_pooled(kind, image[tuple(place)], window))
        image = parts[0] if len(parts) == 1 else knp.concatenate(parts, axis=axis + 1)
    return image


class _Run:
    """Consecutive parts of an axis that are the positions of one window."""

    def __init__(self, start: int, size: int) -> None:
        self.start, self.size, self.stride, self.count = start, size, size, 1

    @property
    def stop(self) -> int:
        return self.start + (self.count - 1) * self.stride + self.size

    def is_whole(self, length: int) -> bool:
        return self.start == 0 and self.stop == length

    def takes(self, start: int, size: int) -> bool:
        """Adds a part, if it is the next position of the window."""
        step = start - (self.start + (self.count - 1) * self.stride)
        if size != self.size or step == 0 or (self.count > 1 and step != self.stride):
            return False
        self.stride = step
        self.count += 1
        return True


def _runs(length: int, count: int) -> list[_Run]:
    """The parts from ⌊i · length / count⌋ up to ⌈(i + 1) · length / count⌉, in few runs."""
    runs: list[_Run] = []
    for part in range(count):
        start = part * length // count
        size = -(-(part + 1) * length // count) - start
        if not runs or not runs[-1].takes(start, size):
            runs.append(_Run(start, size))
    return runs
