"""Makes Keras accept the backend "strata".

Keras 3.15 chooses its backend by `if backend() == "tensorflow": … elif …` in a few modules, and
has no place for a backend of another package. A finder on `sys.meta_path` adds the missing
branch when Python imports these modules. Nothing is changed where another backend is chosen,
and nothing is written into Keras.

Python imports this package whenever it starts, through `keras_strata.pth`. So it imports nothing,
stands apart from `keras_strata`, whose import is the choice of the backend, and leaves the work
to `loader`, which is imported with Keras.
"""

import sys

BACKEND = "keras.src.backend"
ALIAS = f"{BACKEND}.strata"

# The modules of Keras that choose the backend's own classes and functions.
CHOOSING = frozenset(
    {
        BACKEND,
        "keras.src.export.saved_model",
        "keras.src.layers.layer",
        "keras.src.models.model",
        "keras.src.trainers.trainer_test",
        "keras.src.utils.backend_utils",
    }
)

# The modules of Keras with functions that have their own form in this backend, with its modules.
REPLACED = {"keras.src.export.onnx": "onnx"}


class _Finder:
    """Finds the modules that depend on the backend, and the backend under Keras's name for it."""

    adds_strata = True

    def find_spec(self, name: str, path=None, target=None):
        if name not in CHOOSING and name not in REPLACED and not name.startswith(ALIAS):
            return None
        from _keras_strata_hook import loader

        return loader.find_spec(name, path, target)


def install() -> None:
    """Puts the finder in front of Python's own, once."""
    # `keras.config.set_backend` imports this package anew where the finder is already.
    if not any(getattr(finder, "adds_strata", False) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
