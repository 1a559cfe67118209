"""Which elements are finite, NaN, close to others, or members of a set."""

from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import absolute
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import subtract
from keras_strata.src.ops.numpy.comparison import equal
from keras_strata.src.ops.numpy.comparison import greater
from keras_strata.src.ops.numpy.comparison import less
from keras_strata.src.ops.numpy.comparison import less_equal
from keras_strata.src.ops.numpy.comparison import maximum
from keras_strata.src.ops.numpy.comparison import minimum
from keras_strata.src.ops.numpy.comparison import not_equal
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.creation import full
from keras_strata.src.ops.numpy.logic import logical_and
from keras_strata.src.ops.numpy.logic import logical_or
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import is_integer
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.tensor import Tensor


def _classified(function: Callable, x, composition: Callable, of_integers: bool) -> Tensor:
    x = convert_to_tensor(x)
    if is_integer(x.dtype) or x.dtype == "bool":
        return full(x.shape, of_integers, "bool")
    return composed(function, [x], "bool", composition)


def isfinite(x):
    return _classified(np.isfinite, x, lambda x: less(absolute(x), np.inf), True)


def isinf(x):
    return _classified(np.isinf, x, lambda x: equal(absolute(x), np.inf), False)


def isnan(x):
    return _classified(np.isnan, x, lambda x: not_equal(x, x), False)


def isposinf(x):
    return _classified(np.isposinf, x, lambda x: equal(x, np.inf), False)


def isneginf(x):
    return _classified(np.isneginf, x, lambda x: equal(x, -np.inf), False)


def signbit(x):
    """Whether elements are negative; -0.0 is."""
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return full(x.shape, False, "bool")
    if is_integer(x.dtype):
        return less(x, 0)
    return dispatch.host(
        "signbit", np.signbit, [x], outputs=[(x.shape, "bool")], gradient=no_gradient
    )[0]


def isclose(x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |x1 - x2| <= atol + rtol · |x2|."""
    (x1, x2), _ = operands(x1, x2)

    def composition(a: Tensor, b: Tensor) -> Tensor:
        (a, b), _ = operands(a, b, floating=True)
        distance = absolute(subtract(a, b))
        is_near = less_equal(distance, add(multiply(absolute(b), rtol), atol))
        result = logical_or(equal(a, b), logical_and(is_near, isfinite(b)))
        return logical_or(result, logical_and(isnan(a), isnan(b))) if equal_nan else result

    def function(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.isclose(_widened(a), _widened(b), rtol, atol, equal_nan)

    return composed(function, [x1, x2], "bool", composition)


def _widened(array: np.ndarray) -> np.ndarray:
    return array if array.dtype.kind == "c" else array.astype(np.float64)


def allclose(x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False):
    from keras_strata.src.ops import numpy

    return numpy.all(isclose(x1, x2, rtol, atol, equal_nan))


def isin(x1, x2, assume_unique=False, invert=False):
    """Whether elements of `x1` are among those of `x2`."""
    (x1, x2), _ = operands(x1, x2)
    return dispatch.host(
        "isin",
        lambda elements, values: np.isin(elements, values, assume_unique, invert),
        [x1, x2],
        outputs=[(x1.shape, "bool")],
        gradient=no_gradient,
    )[0]


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    """The values with numbers instead of NaN and infinities."""
    x = convert_to_tensor(x)
    if is_integer(x.dtype) or x.dtype == "bool":
        return x
    return composed(
        lambda array: _numbers(array, nan, posinf, neginf),
        [x],
        x.dtype,
        lambda x: _nan_to_num(x, nan, posinf, neginf),
    )


def _limits(dtype: np.dtype) -> tuple[float, float]:
    import ml_dtypes

    found = np.finfo(dtype) if dtype.kind in "fc" else ml_dtypes.finfo(dtype)
    return float(found.min), float(found.max)


def _numbers(array: np.ndarray, nan, posinf, neginf) -> np.ndarray:
    if array.dtype.kind in "fc":
        return np.nan_to_num(array, nan=nan, posinf=posinf, neginf=neginf)
    low, high = _limits(array.dtype)
    values = array.astype(np.float32)
    return np.nan_to_num(
        values,
        nan=nan,
        posinf=high if posinf is None else posinf,
        neginf=low if neginf is None else neginf,
    )


def _nan_to_num(x: Tensor, nan, posinf, neginf) -> Tensor:
    result = where(not_equal(x, x), nan, x)
    low, high = _limits(np.dtype(x.array.dtype) if not x.is_traced else _engine_type(x))
    if posinf is None:
        result = minimum(result, high)
    else:
        result = where(equal(x, np.inf), posinf, result)
    if neginf is None:
        return maximum(result, low)
    return where(equal(x, -np.inf), neginf, result)


def _engine_type(x: Tensor) -> np.dtype:
    from keras_strata.src import dtypes

    return dtypes.numpy_dtype(dtypes.engine_dtype(x.dtype))


def heaviside(x1, x2):
    """0 below 0, 1 above, and `x2` at 0."""
    (x1, x2), dtype = operands(x1, x2, floating=True)
    return composed(
        np.heaviside,
        [x1, x2],
        dtype,
        lambda x, at_zero: where(
            less(x, 0), 0, where(greater(x, 0), 1, where(equal(x, 0), at_zero, x))
        ),
    )


def nextafter(x1, x2):
    """The next number after `x1` towards `x2`."""
    (x1, x2), dtype = operands(x1, x2, floating=True)
    shape = np.broadcast_shapes(x1.shape, x2.shape)
    return dispatch.host(
        "nextafter", np.nextafter, [x1, x2], outputs=[(shape, dtype)], gradient=no_gradient
    )[0]
