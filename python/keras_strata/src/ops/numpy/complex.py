"""Parts of complex numbers, and elements seen as another dtype.

Complex numbers exist on the host; of real ones the functions are the identity or constant.
"""

import numpy as np
from keras.src.backend import standardize_dtype

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.comparison import less
from keras_strata.src.ops.numpy.comparison import not_equal
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.creation import full
from keras_strata.src.ops.numpy.creation import zeros_like
from keras_strata.src.ops.numpy.operands import by_numpy
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import is_complex
from keras_strata.src.ops.numpy.operands import no_gradient

_PARTS = {"complex64": "float32", "complex128": "float64"}


def real(x):
    x = convert_to_tensor(x)
    return by_numpy(np.real, [x], _PARTS[x.dtype]) if is_complex(x.dtype) else x


def imag(x):
    x = convert_to_tensor(x)
    return by_numpy(np.imag, [x], _PARTS[x.dtype]) if is_complex(x.dtype) else zeros_like(x)


def conjugate(x):
    x = convert_to_tensor(x)
    return by_numpy(np.conjugate, [x], x.dtype) if is_complex(x.dtype) else x


def conj(x):
    return conjugate(x)


def angle(x):
    """The angle of complex numbers; of real ones 0, or π for negative ones."""
    x = convert_to_tensor(x)
    if is_complex(x.dtype):
        return by_numpy(np.angle, [x], _PARTS[x.dtype])
    x = floating(x)
    return composed(
        lambda array: np.angle(array.astype(np.float64)),
        [x],
        x.dtype,
        lambda x: where(less(x, 0), np.pi, where(not_equal(x, x), x, 0.0)),
    )


def isreal(x):
    x = convert_to_tensor(x)
    if is_complex(x.dtype):
        return by_numpy(np.isreal, [x], "bool")
    return full(x.shape, True, "bool")


def view(x, dtype=None):
    """The memory of the elements as elements of another dtype."""
    x = convert_to_tensor(x)
    dtype = standardize_dtype(dtype or x.dtype)
    kind = dtypes.numpy_dtype(dtype)
    source = dtypes.numpy_dtype(x.dtype)
    if kind == source:
        return x
    shape = _viewed_shape(x.shape, source.itemsize, kind.itemsize)
    return dispatch.host(
        "view",
        lambda array: np.ascontiguousarray(array).view(kind).reshape(shape),
        [x],
        outputs=[(shape, dtype)],
        gradient=no_gradient,
    )[0]


def _viewed_shape(shape: tuple[int, ...], old: int, new: int) -> tuple[int, ...]:
    if old == new:
        return shape
    if not shape or shape[-1] * old % new:
        raise ValueError(
            f"A tensor of shape {shape} with elements of {old} bytes cannot be seen as elements "
            f"of {new} bytes. The bytes of the last axis must be a multiple of {new}."
        )
    return (*shape[:-1], shape[-1] * old // new)
