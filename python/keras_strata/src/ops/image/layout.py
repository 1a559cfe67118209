"""Checks of arguments, and the layout of images."""

from collections.abc import Callable
from collections.abc import Collection

from keras.src.backend.common.dtypes import result_type
from keras.src.backend.config import standardize_data_format

from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.tensor import Tensor


def check_choice(name: str, value, choices: Collection) -> None:
    """Raises an error for an argument that is none of the choices."""
    if value not in choices:
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected one of {tuple(choices)}. "
            f"Received: {name}={value}"
        )


def check_images(images: Tensor) -> None:
    """Raises an error for a tensor that is neither an image nor a batch of them."""
    if images.ndim not in (3, 4):
        raise ValueError(
            "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of "
            f"images). Received input with shape: images.shape={images.shape}"
        )


def channels_axis(data_format: str | None) -> int:
    """The axis of channels, counted from the end."""
    return -1 if standardize_data_format(data_format) == "channels_last" else -3


def spatial_axes(data_format: str | None) -> tuple[int, int]:
    """The axes of height and width, counted from the end."""
    return (-3, -2) if channels_axis(data_format) == -1 else (-2, -1)


def channels_last_batch(
    images: Tensor, data_format: str | None
) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Images as `[batch, height, width, channels]`, and the way back."""
    check_images(images)
    is_single = images.ndim == 3
    is_last = channels_axis(data_format) == -1
    if is_single:
        images = numpy.expand_dims(images, 0)
    if not is_last:
        images = numpy.transpose(images, (0, 2, 3, 1))

    def restored(result: Tensor) -> Tensor:
        if not is_last:
            result = numpy.transpose(result, (0, 3, 1, 2))
        return numpy.squeeze(result, 0) if is_single else result

    return images, restored


def floating(x: Tensor) -> Tensor:
    """The same values in a floating-point dtype, as Keras promotes integers."""
    return x if dtypes.is_floating(x.dtype) else core.cast(x, result_type(x.dtype, float))


def away_from_zero(x: Tensor) -> Tensor:
    """The nearest integers; halves are rounded away from zero."""
    whole = numpy.trunc(x)
    return whole + numpy.trunc((x - whole) * 2)


def cast_back(x: Tensor, dtype: str) -> Tensor:
    """Computed values in the dtype of the images: rounded where that is an integer."""
    if x.dtype != dtype and not dtypes.is_floating(dtype):
        x = away_from_zero(x)
    return core.cast(x, dtype)
