"""Exponentials and logarithms of elements."""

import math

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import negative
from keras_strata.src.ops.numpy.arithmetic import power
from keras_strata.src.ops.numpy.arithmetic import subtract
from keras_strata.src.ops.numpy.comparison import maximum
from keras_strata.src.ops.numpy.comparison import not_equal
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import is_integer
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.tensor import Tensor


def exp(x):
    x = floating(x)
    return dispatch.apply("exp", [x], x.dtype, numpy=np.exp)


def exp2(x):
    x = floating(x)
    return composed(np.exp2, [x], x.dtype, lambda x: exp(multiply(x, math.log(2))))


def expm1(x):
    x = floating(x)
    return dispatch.apply("expm1", [x], x.dtype, numpy=np.expm1)


def log(x):
    x = floating(x)
    return dispatch.apply("log", [x], x.dtype, numpy=np.log)


def log10(x):
    x = floating(x)
    return composed(np.log10, [x], x.dtype, lambda x: multiply(log(x), 1 / math.log(10)))


def log1p(x):
    x = floating(x)
    return dispatch.apply("log1p", [x], x.dtype, numpy=np.log1p)


def log2(x):
    x = floating(x)
    return composed(np.log2, [x], x.dtype, lambda x: multiply(log(x), 1 / math.log(2)))


def logaddexp(x1, x2):
    """log(exp(x1) + exp(x2)), which does not overflow."""
    (x1, x2), dtype = operands(x1, x2, floating=True)
    return composed(np.logaddexp, [x1, x2], dtype, _logaddexp)


def _logaddexp(a: Tensor, b: Tensor) -> Tensor:
    difference = subtract(a, b)
    # The maximum of both signs has a slope of 1 at 0, where the absolute value has none: both
    # operands then have half of the gradient where they are equal.
    distance = maximum(difference, negative(difference))
    result = add(maximum(a, b), log1p(exp(negative(distance))))
    # The difference of equal infinities is NaN.
    return where(not_equal(difference, difference), add(a, b), result)


def logaddexp2(x1, x2):
    """log2(2 ** x1 + 2 ** x2), which does not overflow."""
    (x1, x2), dtype = operands(x1, x2, floating=True)
    base = math.log(2)
    return composed(
        np.logaddexp2,
        [x1, x2],
        dtype,
        lambda a, b: multiply(_logaddexp(multiply(a, base), multiply(b, base)), 1 / base),
    )


def ldexp(x1, x2):
    """The first elements times 2 to the power of the second ones, which are integers."""
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if not is_integer(x2.dtype):
        raise TypeError(f"ldexp exponent must be an integer type. Received: x2 dtype={x2.dtype}")
    dtype = operands(x1, x2, floating=True)[1]
    return composed(
        lambda a, b: np.ldexp(a.astype(np.float64), b.astype(np.int64)),
        [x1, x2],
        dtype,
        lambda a, b: multiply(convert_to_tensor(a, dtype), power(2.0, convert_to_tensor(b, dtype))),
    )
