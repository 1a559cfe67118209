"""The backend: Keras's backend interface over the engine.

The names are those that Keras from 3.16 on takes from a backend. They are looked up when they are
used, because the modules behind them need Keras, which is imported with its backend.
"""

import importlib

SUPPORTS_SPARSE_TENSORS = False
SUPPORTS_RAGGED_TENSORS = False
SUPPORTS_COMPLEX_DTYPES = True
SUPPORTS_GRADIENT = True
IS_THREAD_SAFE = True

# There is one device: nothing to distribute over.
distribution_lib = None

_MODULES = ("ops", "random", "rnn")
_HOMES = {
    "Variable": "keras_strata.src.variable",
    "compute_output_spec": "keras_strata.src.ops.core",
    "device_scope": "keras_strata.src.ops.core",
    "name_scope": "keras.src.backend.common.name_scope",
}


def __getattr__(name: str):
    if name in _MODULES:
        return importlib.import_module(f"keras_strata.src.{name}")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'keras_strata.src' has no attribute {name!r}")


__all__ = [
    "IS_THREAD_SAFE",
    "SUPPORTS_COMPLEX_DTYPES",
    "SUPPORTS_GRADIENT",
    "SUPPORTS_RAGGED_TENSORS",
    "SUPPORTS_SPARSE_TENSORS",
    "distribution_lib",
    *_MODULES,
    *_HOMES,
]
