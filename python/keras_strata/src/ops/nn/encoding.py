"""Encodings of classes."""

import numpy as np
from keras.src.backend.common.backend_utils import canonicalize_axis
from keras.src.backend.config import floatx

from keras_strata.src import dispatch
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp


def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """Rows of zeros with a one for each class; those of no class have zeros alone."""
    _require_dense(sparse)
    x = core.cast(core.convert_to_tensor(x), "int32")
    axis = canonicalize_axis(axis, x.ndim + 1)

    def function(indices: np.ndarray) -> np.ndarray:
        return indices[..., None] == np.arange(num_classes, dtype=np.int32)

    # 0 and 1 are the engine's truth values.
    is_bool = dtype is not None and core.standardize_dtype(dtype) == "bool"
    result = dispatch.apply(
        "oneHot", [x], "bool" if is_bool else "float32", numpy=function, depth=int(num_classes)
    )
    return knp.moveaxis(core.cast(result, dtype or floatx()), -1, axis)


def multi_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    """Zeros with a one for each class of a sample."""
    _require_dense(sparse)
    x = core.convert_to_tensor(x)
    rows = one_hot(x, num_classes, axis, dtype)
    return knp.max(rows, axis=1 if x.ndim > 1 else 0)


def _require_dense(sparse: bool) -> None:
    if sparse:
        raise ValueError("`sparse=True` is not supported with strata backend")
