"""Elements rounded to whole numbers or to decimals."""

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import absolute
from keras_strata.src.ops.numpy.arithmetic import divide
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import negative
from keras_strata.src.ops.numpy.arithmetic import sign
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import is_integer
from keras_strata.src.tensor import Tensor


def floor(x):
    x = floating(x)
    return dispatch.apply("floor", [x], x.dtype, numpy=np.floor)


def ceil(x):
    x = floating(x)
    return composed(np.ceil, [x], x.dtype, lambda x: negative(floor(negative(x))))


def trunc(x):
    """The values rounded towards zero."""
    x = convert_to_tensor(x)
    if is_integer(x.dtype) or x.dtype == "bool":
        return x
    return composed(np.trunc, [x], x.dtype, lambda x: multiply(sign(x), floor(absolute(x))))


def round(x, decimals=0):
    """The values rounded to decimals, halves to even."""
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        x = cast(x, "int32")
    if is_integer(x.dtype):
        if decimals >= 0:
            return x
        return cast(round(floating(x), decimals), x.dtype)
    if decimals == 0:
        return dispatch.apply("round", [x], x.dtype, numpy=np.round)
    return composed(
        lambda array: np.round(array, decimals),
        [x],
        x.dtype,
        lambda x: _round_to_decimals(x, decimals),
    )


def _round_to_decimals(x: Tensor, decimals: int) -> Tensor:
    factor = 10.0 ** abs(decimals)
    if decimals > 0:
        return divide(round(multiply(x, factor)), factor)
    return multiply(round(divide(x, factor)), factor)
