"""Keras's operations by module; those of `core` stand here too.

Their signatures are those of `keras.ops`, which have no annotations: Keras compares them.
"""

import importlib

_MODULES = ("core", "image", "indexing", "linalg", "math", "nn", "numpy")


def __getattr__(name: str):
    # Modules of operations use each other, so none is imported before it is used.
    if name in _MODULES:
        return importlib.import_module(f"keras_strata.src.ops.{name}")
    if name.startswith("_"):
        raise AttributeError(f"module 'keras_strata.src.ops' has no attribute {name!r}")
    return getattr(importlib.import_module("keras_strata.src.ops.core"), name)
