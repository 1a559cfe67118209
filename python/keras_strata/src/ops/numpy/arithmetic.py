"""Sums, products, quotients, remainders and powers of elements."""

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.core import stop_gradient
from keras_strata.src.ops.numpy import comparison
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import is_integer
from keras_strata.src.ops.numpy.operands import is_number
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.ops.numpy.operands import promoted
from keras_strata.src.tensor import Tensor


def add(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    # A sum of truth values is 1 where one of them is.
    name = "maximum" if dtype == "bool" else "add"
    result = dispatch.apply(name, [x1, x2], dtype, numpy=np.add)
    return _moved_position(result, x1, x2, 1)


def subtract(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    if dtype == "bool":
        raise TypeError(
            "`subtract` has no meaning for truth values. Use `logical_xor`, or cast them to "
            "numbers before."
        )
    result = dispatch.apply("subtract", [x1, x2], dtype, numpy=np.subtract)
    return _moved_position(result, x1, x2, -1)


def _moved_position(result: Tensor, x1: Tensor, x2: Tensor, sign: int) -> Tensor:
    """The result, which remembers of which traced integer it is a known number away."""
    if result.is_traced and result.ndim == 0 and is_integer(result.dtype):
        if sign == 1 and x2.is_traced:
            x1, x2 = x2, x1
        if x1.is_traced and not x2.is_traced:
            base, distance = x1.sum_of or (x1, 0)
            result.sum_of = (base, distance + sign * int(x2.array))
    return result


def multiply(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    return dispatch.apply("multiply", [x1, x2], dtype, numpy=np.multiply)


def divide(x1, x2):
    (x1, x2), dtype = operands(x1, x2, floating=True)
    return dispatch.apply("divide", [x1, x2], dtype, numpy=np.divide)


def true_divide(x1, x2):
    return divide(x1, x2)


def divide_no_nan(x1, x2):
    """The quotient, and 0 where the divisor is 0."""
    (x1, x2), dtype = operands(x1, x2, floating=True)
    is_zero = comparison.equal(x2, 0)
    # The divisor is replaced too, or the gradient would be NaN.
    quotient = divide(x1, comparison.where(is_zero, 1, x2))
    return comparison.where(is_zero, 0, quotient)


def negative(x):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        raise TypeError("`negative` has no meaning for truth values. Use `logical_not`.")
    if is_integer(x.dtype):
        return subtract(0, x)
    return dispatch.apply("negate", [x], x.dtype, numpy=np.negative)


def absolute(x):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return x
    if is_integer(x.dtype):
        return composed(np.absolute, [x], x.dtype, lambda x: comparison.maximum(x, negative(x)))
    dtype = {"complex64": "float32", "complex128": "float64"}.get(x.dtype, x.dtype)
    return dispatch.apply("absolute", [x], dtype, numpy=np.absolute)


def abs(x):
    return absolute(x)


def fabs(x):
    return absolute(floating(x))


def sign(x):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return x
    return dispatch.apply("sign", [x], x.dtype, numpy=np.sign)


def square(x):
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        return cast(x, "int32")
    if is_integer(x.dtype):
        return multiply(x, x)
    return dispatch.apply("square", [x], x.dtype, numpy=np.square)


def sqrt(x):
    x = floating(x)
    return dispatch.apply("sqrt", [x], x.dtype, numpy=np.sqrt)


def cbrt(x):
    x = floating(x)
    return composed(np.cbrt, [x], x.dtype, lambda x: multiply(sign(x), power(absolute(x), 1 / 3)))


def reciprocal(x):
    x = floating(x)
    return dispatch.apply("reciprocal", [x], x.dtype, numpy=lambda array: 1 / array)


def hypot(x1, x2):
    (x1, x2), dtype = operands(x1, x2, floating=True)
    return composed(np.hypot, [x1, x2], dtype, _hypot)


def _hypot(a: Tensor, b: Tensor) -> Tensor:
    # Squares of scaled values neither overflow nor vanish.
    size = comparison.maximum(absolute(a), absolute(b))
    scale = stop_gradient(comparison.clip(size, 1e-30, 1e38))
    a, b = divide(a, scale), divide(b, scale)
    return multiply(scale, sqrt(add(square(a), square(b))))


def power(x1, x2):
    special = _special_power(x1, x2) if is_number(x2) else None
    if special is not None:
        return special
    (x1, x2), dtype = operands(x1, x2)
    if dtype == "bool":
        (x1, x2), dtype = [cast(x1, "int32"), cast(x2, "int32")], "int32"
    return dispatch.apply("power", [x1, x2], dtype, numpy=_power)


def _power(base: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    if exponent.dtype.kind != "i" or not (exponent < 0).any():
        return np.power(base, exponent)
    # NumPy refuses negative powers of integers, which are 0 but for 1 and -1.
    whole = np.power(base, np.abs(exponent))
    return np.where((exponent >= 0) | (np.abs(base) == 1), whole, 0)


def _special_power(x, exponent: int | float) -> Tensor | None:
    """A power by a cheaper operation, which has also gradients at 0."""
    x = convert_to_tensor(x)
    if x.dtype == "bool" or promoted(x.dtype, type(exponent)) != x.dtype:
        return None
    if exponent == 0:
        from keras_strata.src.ops.numpy.creation import ones_like

        return ones_like(x)
    if exponent == 1:
        return x
    if exponent == 2:
        return square(x)
    if exponent == 3:
        return multiply(x, square(x))
    if exponent == 0.5:
        return sqrt(x)
    if exponent == -0.5:
        return reciprocal(sqrt(x))
    if is_integer(x.dtype):
        return _whole_power(x, exponent) if exponent > 0 else None
    return reciprocal(x) if exponent == -1 else None


def _whole_power(x: Tensor, exponent: int) -> Tensor:
    """A power of whole numbers, exactly, by as many products as the exponent has bits."""
    half = _whole_power(x, exponent // 2) if exponent > 1 else None
    if half is None:
        return x
    result = multiply(half, half)
    return multiply(result, x) if exponent % 2 else result


def floor_divide(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    if dtype == "bool":
        (x1, x2), dtype = [cast(x1, "int32"), cast(x2, "int32")], "int32"
    if is_integer(dtype):
        return composed(np.floor_divide, [x1, x2], dtype, lambda a, b: _integer_division(a, b)[0])
    return composed(np.floor_divide, [x1, x2], dtype, lambda a, b: _floor(divide(a, b)))


def mod(x1, x2):
    """The remainder of the quotient rounded down, with the sign of the divisor."""
    (x1, x2), dtype = operands(x1, x2)
    if dtype == "bool":
        (x1, x2), dtype = [cast(x1, "int32"), cast(x2, "int32")], "int32"
    if is_integer(dtype):
        return composed(np.mod, [x1, x2], dtype, lambda a, b: _integer_division(a, b)[1])
    return composed(
        np.mod, [x1, x2], dtype, lambda a, b: subtract(a, multiply(_floor(divide(a, b)), b))
    )


def fmod(x1, x2):
    """The remainder of the quotient rounded towards zero, with the sign of the dividend."""
    (x1, x2), dtype = operands(x1, x2)
    if dtype == "bool":
        (x1, x2), dtype = [cast(x1, "int32"), cast(x2, "int32")], "int32"
    return composed(
        np.fmod, [x1, x2], dtype, lambda a, b: multiply(sign(a), mod(absolute(a), absolute(b)))
    )


def _floor(x: Tensor) -> Tensor:
    return dispatch.apply("floor", [x], x.dtype, numpy=np.floor)


def _integer_division(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Quotient and remainder of whole numbers, exactly.

    The engine divides in float32. What its quotient misses is divided again, and the last
    unit is found from the signs of the remainder.
    """
    quotient = cast(_floor(divide(a, b)), a.dtype)
    rest = subtract(a, multiply(quotient, b))
    quotient = add(quotient, cast(_floor(divide(rest, b)), a.dtype))
    rest = subtract(a, multiply(quotient, b))
    direction = sign(b)
    # With a positive divisor the remainder is in [0, b), else in (b, 0].
    is_below = cast(comparison.less(multiply(rest, direction), 0), a.dtype)
    is_above = comparison.greater_equal(multiply(subtract(rest, b), direction), 0)
    step = subtract(cast(is_above, a.dtype), is_below)
    return add(quotient, step), subtract(rest, multiply(step, b))
