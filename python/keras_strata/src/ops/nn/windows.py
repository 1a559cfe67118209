"""Windows that slide over the spatial axes of `[batch, spatial…, channels]`."""

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
from keras.src.backend.config import image_data_format

from keras_strata.src.ops import numpy as knp
from keras_strata.src.tensor import Tensor


@dataclasses.dataclass(frozen=True)
class Window:
    """Size, strides and dilations of a window, and the padding of each axis.

    Attributes:
        padding: "valid", "same", or pairs of numbers of positions before and after the axes.
    """

    size: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    padding: str | tuple[tuple[int, int], ...]

    @property
    def rank(self) -> int:
        return len(self.size)

    @property
    def attributes(self) -> dict:
        """The engine's attributes."""
        result = {"kernelSize": self.size, "strides": self.strides, "dilations": self.dilations}
        if isinstance(self.padding, str):
            return {**result, "padding": self.padding}
        before, after = zip(*self.padding, strict=True)
        return {**result, "paddingBefore": before, "paddingAfter": after}

    def reach(self, axis: int) -> int:
        """The extent of the window along an axis."""
        return self.dilations[axis] * (self.size[axis] - 1) + 1

    def edges(self, axis: int, length: int) -> tuple[int, int]:
        """The padding before and after an axis of a length."""
        if not isinstance(self.padding, str):
            return self.padding[axis]
        if self.padding == "valid":
            return (0, 0)
        # A stride of 1 keeps the length; an odd position is added at the end.
        stride = self.strides[axis]
        count = -(-length // stride)
        total = max((count - 1) * stride + self.reach(axis) - length, 0)
        return (total // 2, total - total // 2)

    def count(self, axis: int, length: int) -> int:
        """The number of positions of the window along an axis."""
        free = length + sum(self.edges(axis, length)) - self.reach(axis)
        return 0 if free < 0 else free // self.strides[axis] + 1

    def counts(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The spatial dimensions of the result for an image of a shape."""
        return tuple(self.count(axis, shape[axis + 1]) for axis in range(self.rank))

    def all_edges(self, shape: tuple[int, ...]) -> list[tuple[int, int]]:
        """The padding of all axes of an image of a shape."""
        spatial = [self.edges(axis, shape[axis + 1]) for axis in range(self.rank)]
        return [(0, 0), *spatial, (0, 0)]

    def elements(
        self, counts: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
        """The elements of the window, and for each where it lies at all positions."""
        for element in itertools.product(*(range(size) for size in self.size)):
            places = [slice(None)]
            for axis, index in enumerate(element):
                start = index * self.dilations[axis]
                stop = start + (counts[axis] - 1) * self.strides[axis] + 1
                places.append(slice(start, stop, self.strides[axis]))
            yield element, tuple(places)


def standard_padding(padding: str) -> str:
    """The name of a rule of padding.

    Raises:
        ValueError: if there is no such rule.
    """
    name = padding.lower() if isinstance(padding, str) else padding
    if name not in ("valid", "same"):
        raise ValueError(f"Invalid padding '{padding}', must be 'same' or 'valid'.")
    return name


def is_channels_first(data_format: str | None) -> bool:
    """Whether the channels are the axis after the batch's."""
    return (data_format or image_data_format()) == "channels_first"


def with_channels_last(x: Tensor) -> Tensor:
    """`[batch, channels, spatial…]` as `[batch, spatial…, channels]`."""
    return knp.transpose(x, (0, *range(2, x.ndim), 1))


def with_channels_first(x: Tensor) -> Tensor:
    """`[batch, spatial…, channels]` as `[batch, channels, spatial…]`."""
    return knp.transpose(x, (0, x.ndim - 1, *range(1, x.ndim - 1)))


def padded(array: np.ndarray, edges: list[tuple[int, int]], value: float = 0) -> np.ndarray:
    """An array with a value around it."""
    return np.pad(array, edges, constant_values=value) if any(map(any, edges)) else array
