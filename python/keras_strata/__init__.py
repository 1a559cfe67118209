"""Keras on Strata's engine: `KERAS_BACKEND=strata`, or this import before Keras's."""

from keras_strata import hook as _hook
from keras_strata.src.version import __version__

_hook.install()


def __getattr__(name: str):
    # These modules need Keras, which chooses its backend when it is imported.
    if name in ("function", "value_and_grad"):
        from keras_strata.src import function

        return getattr(function, name)
    if name == "Tensor":
        from keras_strata.src.tensor import Tensor

        return Tensor
    raise AttributeError(f"module 'keras_strata' has no attribute {name!r}")


__all__ = ["Tensor", "__version__", "function", "value_and_grad"]
