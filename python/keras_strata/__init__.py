"""Keras on Strata's engine.

`import keras_strata` before Keras chooses the backend, unless `KERAS_BACKEND` names one. Without
this import it is chosen as any other: by `KERAS_BACKEND=strata` or in `~/.keras/keras.json`.
"""

import importlib
import os
import sys

import _keras_strata_hook
from keras_strata.src.version import __version__


def _choose() -> None:
    """Makes "strata" the backend of the Keras that is imported next."""
    config = sys.modules.get("keras.src.backend.config")
    if config is None:
        # Keras writes keras.json by itself, so what stands there is nobody's choice.
        if not os.environ.get("KERAS_BACKEND"):
            os.environ["KERAS_BACKEND"] = "strata"
    elif config.backend() != "strata":
        raise ImportError(
            f"Keras has been imported with the backend {config.backend()!r}. "
            "Import keras_strata before keras, or set KERAS_BACKEND=strata."
        )


_keras_strata_hook.install()
_choose()

_HOMES = {
    "Tensor": "tensor",
    "function": "function",
    "plans": "trainer",
    "value_and_grad": "function",
}


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'keras_strata' has no attribute {name!r}")
    # Keras imports the backend in the order in which its modules need each other.
    importlib.import_module("keras")
    _choose()
    return getattr(importlib.import_module(f"keras_strata.src.{_HOMES[name]}"), name)


__all__ = ["Tensor", "__version__", "function", "plans", "value_and_grad"]
