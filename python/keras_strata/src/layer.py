"""The backend's part of Keras's layers."""

import functools
from collections.abc import Callable


class StrataLayer:
    """The backend's part of `keras.Layer`: an image that is too small names its layer."""

    def __init_subclass__(cls, **kwargs) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("compute_output_shape")
        if own is not None:
            cls.compute_output_shape = _naming_layer(own)


def _naming_layer(compute_output_shape: Callable) -> Callable:
    @functools.wraps(compute_output_shape)
    def wrapped(self, *args, **kwargs):
        try:
            return compute_output_shape(self, *args, **kwargs)
        except ValueError as error:
            # Keras's error of a window that does not fit into what is left of an image.
            if "zero or negative" not in str(error) or "Layer '" in str(error):
                raise
            raise ValueError(
                f"{error} Layer '{self.name}' gets an image that is smaller than its window. "
                "Use padding='same', fewer or smaller windows and strides before it, or a "
                "larger image."
            ) from None

    return wrapped
