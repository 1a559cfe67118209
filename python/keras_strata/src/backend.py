"""The backend as Keras 3.15 wants it: all names in one module, `keras.src.backend.strata`."""

import importlib
from types import ModuleType

from keras.src.backend.common.name_scope import name_scope  # noqa: F401

from keras_strata.src.ops import core  # noqa: F401
from keras_strata.src.ops.core import IS_THREAD_SAFE  # noqa: F401
from keras_strata.src.ops.core import SUPPORTS_COMPLEX_DTYPES  # noqa: F401
from keras_strata.src.ops.core import SUPPORTS_RAGGED_TENSORS  # noqa: F401
from keras_strata.src.ops.core import SUPPORTS_SPARSE_TENSORS  # noqa: F401
from keras_strata.src.ops.core import Variable  # noqa: F401
from keras_strata.src.ops.core import cast  # noqa: F401
from keras_strata.src.ops.core import compute_output_spec  # noqa: F401
from keras_strata.src.ops.core import cond  # noqa: F401
from keras_strata.src.ops.core import convert_to_numpy  # noqa: F401
from keras_strata.src.ops.core import convert_to_tensor  # noqa: F401
from keras_strata.src.ops.core import device_scope  # noqa: F401
from keras_strata.src.ops.core import is_tensor  # noqa: F401
from keras_strata.src.ops.core import random_seed_dtype  # noqa: F401
from keras_strata.src.ops.core import scatter  # noqa: F401
from keras_strata.src.ops.core import shape  # noqa: F401
from keras_strata.src.ops.core import stop_gradient  # noqa: F401
from keras_strata.src.ops.core import vectorized_map  # noqa: F401


def _module(name: str) -> ModuleType:
    # Until all modules are written, Keras can be imported without those that are missing.
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return ModuleType(name)


image = _module("keras_strata.src.ops.image")
linalg = _module("keras_strata.src.ops.linalg")
math = _module("keras_strata.src.ops.math")
nn = _module("keras_strata.src.ops.nn")
numpy = _module("keras_strata.src.ops.numpy")
random = _module("keras_strata.src.random")
_rnn = _module("keras_strata.src.rnn")
for _name in ("bidirectional_gru", "bidirectional_lstm", "cudnn_ok", "gru", "lstm", "rnn"):
    globals()[_name] = getattr(_rnn, _name, None)

# There is one device: nothing to distribute over.
distribution_lib = None

# Python imports `keras.src.backend.strata.core` only from a package.
__path__: list[str] = []
