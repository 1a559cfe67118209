"""Windows of signals."""

from collections.abc import Callable

import numpy as np
from keras.src.backend.config import floatx

from keras_strata.src import dtypes
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.tensor import Tensor


def _window(function: Callable, size, *arguments: float) -> Tensor:
    """A window of a size, which is a shape and so must be known."""
    return Tensor(dtypes.convert(function(int(convert_to_tensor(size)), *arguments), floatx()))


def bartlett(x):
    return _window(np.bartlett, x)


def blackman(x):
    return _window(np.blackman, x)


def hamming(x):
    return _window(np.hamming, x)


def hanning(x):
    return _window(np.hanning, x)


def kaiser(x, beta):
    return _window(np.kaiser, x, float(convert_to_tensor(beta)))
