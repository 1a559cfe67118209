"""Trigonometric and hyperbolic functions of elements."""

import math
from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops.numpy.arithmetic import absolute
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import divide
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import negative
from keras_strata.src.ops.numpy.arithmetic import reciprocal
from keras_strata.src.ops.numpy.arithmetic import sign
from keras_strata.src.ops.numpy.arithmetic import sqrt
from keras_strata.src.ops.numpy.arithmetic import square
from keras_strata.src.ops.numpy.arithmetic import subtract
from keras_strata.src.ops.numpy.comparison import equal
from keras_strata.src.ops.numpy.comparison import less
from keras_strata.src.ops.numpy.comparison import maximum
from keras_strata.src.ops.numpy.comparison import minimum
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.exponential import exp
from keras_strata.src.ops.numpy.exponential import expm1
from keras_strata.src.ops.numpy.exponential import log
from keras_strata.src.ops.numpy.exponential import log1p
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.ops.numpy.operands import operands
from keras_strata.src.tensor import Tensor

# From here on 1 + x² is x² in float32.
_LARGE = 1e5


def sin(x):
    x = floating(x)
    return dispatch.apply("sin", [x], x.dtype, numpy=np.sin)


def cos(x):
    x = floating(x)
    return dispatch.apply("cos", [x], x.dtype, numpy=np.cos)


def tan(x):
    x = floating(x)
    return composed(np.tan, [x], x.dtype, lambda x: divide(sin(x), cos(x)))


def tanh(x):
    x = floating(x)
    return dispatch.apply("tanh", [x], x.dtype, numpy=np.tanh)


def sinh(x):
    x = floating(x)
    return composed(
        np.sinh,
        [x],
        x.dtype,
        lambda x: multiply(subtract(expm1(x), expm1(negative(x))), 0.5),
    )


def cosh(x):
    x = floating(x)
    return composed(np.cosh, [x], x.dtype, lambda x: multiply(add(exp(x), exp(negative(x))), 0.5))


def sinc(x):
    """sin(πx) / πx, and 1 at 0."""
    x = floating(x)
    return composed(np.sinc, [x], x.dtype, _sinc)


def _sinc(x: Tensor) -> Tensor:
    is_zero = equal(x, 0)
    # The angle is replaced too, or the gradient would be NaN at 0.
    angle = where(is_zero, 1.0, multiply(x, math.pi))
    return where(is_zero, 1.0, divide(sin(angle), angle))


def _inverse(name: str, function: Callable, x, slope: Callable) -> Tensor:
    """An inverse function, which is computed on the host, with its slope."""
    x = floating(x)
    return dispatch.host(
        name,
        function,
        [x],
        outputs=[(x.shape, x.dtype)],
        gradient=lambda inputs, outputs, gradients: [multiply(gradients[0], slope(inputs[0]))],
    )[0]


def _cosine_of_arcsine(x: Tensor) -> Tensor:
    return sqrt(subtract(1.0, square(x)))


def arcsin(x):
    return _inverse("arcsin", np.arcsin, x, lambda x: reciprocal(_cosine_of_arcsine(x)))


def arccos(x):
    return _inverse("arccos", np.arccos, x, lambda x: divide(-1.0, _cosine_of_arcsine(x)))


def arctan(x):
    return _inverse("arctan", np.arctan, x, lambda x: reciprocal(add(square(x), 1.0)))


def arctan2(x1, x2):
    """The angle of the point (x2, x1)."""
    from keras_strata.src.ops import numpy

    (y, x), dtype = operands(x1, x2, floating=True)
    shape = np.broadcast_shapes(y.shape, x.shape)
    y, x = (numpy.broadcast_to(value, shape) for value in (y, x))

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        y, x = inputs
        scaled = divide(gradients[0], add(square(x), square(y)))
        return [multiply(scaled, x), negative(multiply(scaled, y))]

    return dispatch.host(
        "arctan2", np.arctan2, [y, x], outputs=[(shape, dtype)], gradient=gradient
    )[0]


def arcsinh(x):
    x = floating(x)
    return composed(np.arcsinh, [x], x.dtype, _arcsinh)


def _arcsinh(x: Tensor) -> Tensor:
    size = absolute(x)
    # asinh |x| = log(1 + |x| + x² / (1 + √(1 + x²))), which is exact near 0. From the bound on
    # it is log(2 |x|), and the square could be too large.
    bounded = minimum(size, _LARGE)
    root = sqrt(add(square(bounded), 1.0))
    near = log1p(add(bounded, divide(square(bounded), add(root, 1.0))))
    far = add(log(maximum(size, _LARGE)), math.log(2))
    return multiply(sign(x), where(less(size, _LARGE), near, far))


def arccosh(x):
    x = floating(x)
    return composed(np.arccosh, [x], x.dtype, _arccosh)


def _arccosh(x: Tensor) -> Tensor:
    above = subtract(x, 1.0)
    # Two roots, because the product could be too large.
    return log1p(add(above, multiply(sqrt(above), sqrt(add(x, 1.0)))))


def arctanh(x):
    x = floating(x)
    return composed(
        np.arctanh,
        [x],
        x.dtype,
        lambda x: multiply(subtract(log1p(x), log1p(negative(x))), 0.5),
    )


def deg2rad(x):
    x = floating(x)
    return composed(np.deg2rad, [x], x.dtype, lambda x: multiply(x, math.pi / 180))


def rad2deg(x):
    x = floating(x)
    return composed(np.rad2deg, [x], x.dtype, lambda x: multiply(x, 180 / math.pi))
