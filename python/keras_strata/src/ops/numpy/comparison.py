"""Comparisons, selections, and bounds of elements."""

from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import is_integer
from keras_strata.src.ops.numpy.operands import is_number
from keras_strata.src.ops.numpy.operands import kind
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.ops.numpy.operands import promoted
from keras_strata.src.ops.numpy.operands import tensors
from keras_strata.src.tensor import Tensor

_FUNCTIONS = {
    "equal": np.equal,
    "greater": np.greater,
    "greaterEqual": np.greater_equal,
    "less": np.less,
    "lessEqual": np.less_equal,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "notEqual": np.not_equal,
    "subtract": np.subtract,
}


def _applied(name: str, x1: Tensor, x2: Tensor, dtype: str) -> Tensor:
    return dispatch.apply(name, [x1, x2], dtype, numpy=_FUNCTIONS[name])


def _compared(name: str, x1, x2) -> Tensor:
    found = tensors(x1, x2)
    kinds = {kind(x) for x in found}
    if len(kinds) == 1 and isinstance(next(iter(kinds)), str):
        # Values of one dtype are compared as they are, also those of 64 bits.
        x1, x2 = (convert_to_tensor(x) for x in found)
    else:
        (x1, x2), _ = operands(*found)
    if not is_integer(x1.dtype):
        return _applied(name, x1, x2, "bool")
    return composed(_FUNCTIONS[name], [x1, x2], "bool", lambda a, b: _whole_compared(name, a, b))


# An order of whole numbers: a bound of both, and whether it is the first or the second.
_ORDERS = {
    "less": ("maximum", "notEqual", 0),
    "lessEqual": ("maximum", "equal", 1),
    "greater": ("minimum", "notEqual", 0),
    "greaterEqual": ("minimum", "equal", 1),
}


def _whole_compared(name: str, a: Tensor, b: Tensor) -> Tensor:
    # The engine compares in float32, which has all signs of int32 but not all values: others
    # are compared by bounds and differences, which are exact.
    if b._symbol is None and b.size == 1 and not b.array.any():
        return _applied(name, a, b, "bool")
    if name in _ORDERS:
        bound, name, position = _ORDERS[name]
        a, b = _applied(bound, a, b, a.dtype), (a, b)[position]
    difference = _applied("subtract", a, b, a.dtype)
    return _applied(name, difference, convert_to_tensor(0, a.dtype), "bool")


def equal(x1, x2):
    return _compared("equal", x1, x2)


def not_equal(x1, x2):
    return _compared("notEqual", x1, x2)


def less(x1, x2):
    return _compared("less", x1, x2)


def less_equal(x1, x2):
    return _compared("lessEqual", x1, x2)


def greater(x1, x2):
    return _compared("greater", x1, x2)


def greater_equal(x1, x2):
    return _compared("greaterEqual", x1, x2)


def maximum(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    return dispatch.apply("maximum", [x1, x2], dtype, numpy=np.maximum)


def minimum(x1, x2):
    (x1, x2), dtype = operands(x1, x2)
    return dispatch.apply("minimum", [x1, x2], dtype, numpy=np.minimum)


def fmax(x1, x2):
    """The maximum, and the other one where one is NaN."""
    return _without_nan(np.fmax, maximum, x1, x2)


def fmin(x1, x2):
    """The minimum, and the other one where one is NaN."""
    return _without_nan(np.fmin, minimum, x1, x2)


def _without_nan(function: Callable, bound: Callable, x1, x2) -> Tensor:
    (x1, x2), dtype = operands(x1, x2)

    def composition(a: Tensor, b: Tensor) -> Tensor:
        a, b = where(not_equal(a, a), b, a), where(not_equal(b, b), a, b)
        return bound(a, b)

    return composed(function, [x1, x2], dtype, composition)


def clip(x, x_min, x_max):
    """The values within bounds; a bound of `None` is none."""
    x = convert_to_tensor(x)
    if x.dtype == "bool":
        x = cast(x, "int32")
    bounds = [b for b in (x_min, x_max) if b is not None]
    dtype = promoted(x.dtype, *(kind(b) for b in tensors(*bounds)))
    if is_integer(x.dtype) and all(is_number(b) for b in bounds):
        # Bounds of Python are weak: whole numbers remain whole numbers.
        dtype = x.dtype
    x = cast(x, dtype)
    if x_min is not None:
        x = maximum(x, convert_to_tensor(x_min, dtype))
    return x if x_max is None else minimum(x, convert_to_tensor(x_max, dtype))


def where(condition, x1=None, x2=None):
    """Elements of `x1` where a condition holds, else of `x2`; without them, where it holds."""
    if x1 is None or x2 is None:
        from keras_strata.src.ops.numpy import selection

        return selection.nonzero(condition)
    condition = convert_to_tensor(condition)
    if condition.dtype != "bool":
        condition = not_equal(condition, 0)
    (x1, x2), dtype = operands(x1, x2)
    return dispatch.apply("select", [condition, x1, x2], dtype, numpy=np.where)
