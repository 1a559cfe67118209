"""Truth values, and the bits of whole numbers."""

from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.comparison import equal
from keras_strata.src.ops.numpy.comparison import maximum
from keras_strata.src.ops.numpy.comparison import not_equal
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.tensor import Tensor


def _truth(x) -> Tensor:
    return cast(convert_to_tensor(x), "bool")


def logical_and(x1, x2):
    return multiply(_truth(x1), _truth(x2))


def logical_or(x1, x2):
    return maximum(_truth(x1), _truth(x2))


def logical_xor(x1, x2):
    return not_equal(_truth(x1), _truth(x2))


def logical_not(x):
    return equal(_truth(x), False)


def _of_bits(name: str, function: Callable, x1, x2) -> Tensor:
    """A function of the bits of whole numbers, which is computed on the host."""
    (x1, x2), dtype = operands(x1, x2)
    if "float" in dtype or "complex" in dtype:
        raise TypeError(f"`{name}` needs integers. Received: dtype={dtype}")
    return dispatch.host(
        name,
        function,
        [x1, x2],
        outputs=[(np.broadcast_shapes(x1.shape, x2.shape), dtype)],
        gradient=no_gradient,
    )[0]


def _are_truth_values(x1, x2) -> bool:
    return operands(x1, x2)[1] == "bool"


def bitwise_and(x, y):
    if _are_truth_values(x, y):
        return logical_and(x, y)
    return _of_bits("bitwise_and", np.bitwise_and, x, y)


def bitwise_or(x, y):
    if _are_truth_values(x, y):
        return logical_or(x, y)
    return _of_bits("bitwise_or", np.bitwise_or, x, y)


def bitwise_xor(x, y):
    if _are_truth_values(x, y):
        return logical_xor(x, y)
    return _of_bits("bitwise_xor", np.bitwise_xor, x, y)


def bitwise_invert(x):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return logical_not(x)
    return dispatch.host(
        "bitwise_invert", np.invert, [x], outputs=[(x.shape, x.dtype)], gradient=no_gradient
    )[0]


def bitwise_not(x):
    return bitwise_invert(x)


def bitwise_left_shift(x, y):
    return _of_bits("bitwise_left_shift", np.left_shift, x, y)


def left_shift(x, y):
    return bitwise_left_shift(x, y)


def bitwise_right_shift(x, y):
    return _of_bits("bitwise_right_shift", np.right_shift, x, y)


def right_shift(x, y):
    return bitwise_right_shift(x, y)


def gcd(x1, x2):
    """The greatest common divisor."""
    return _of_bits("gcd", np.gcd, x1, x2)


def lcm(x1, x2):
    """The least common multiple."""
    return _of_bits("lcm", np.lcm, x1, x2)
