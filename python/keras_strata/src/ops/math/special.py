"""Special functions."""

import math
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.tensor import Tensor


def rsqrt(x):
    """1 / √x."""
    x = floating(x)
    return numpy.divide(core.convert_to_tensor(1.0, x.dtype), numpy.sqrt(x))


_erf_of_array = np.vectorize(math.erf, otypes=[np.float64])
_erfc_of_array = np.vectorize(math.erfc, otypes=[np.float64])


def erf(x):
    """The error function."""
    x = floating(x)
    # The engine's is exact for float32 and faster than a loop in Python.
    exact = _erf_of_array if x.dtype == "float64" else None
    return dispatch.apply("erf", [x], x.dtype, numpy=exact)


# The complementary error function is t · exp(polynomial(t) − x²) with t = 1 / (1 + |x| / 2),
# with a relative error below 1.2e-7 (Press et al., "Numerical Recipes", section 6.2).
_ERFC = (
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277,
)


def erfc(x):
    """1 − erf(x), exact where it is small."""
    x = floating(x)
    if x.dtype == "float64" and not x.is_traced:
        return dispatch.host("erfc", _erfc_of_array, [x], gradient=_erfc_gradient)[0]
    positive = numpy.absolute(x)
    t = 1.0 / (1.0 + 0.5 * positive)
    tail = t * numpy.exp(_polynomial(t, _ERFC) - numpy.square(x))
    return numpy.where(x < 0.0, 2.0 - tail, tail)


def _erfc_gradient(inputs, outputs, gradients) -> list[Tensor]:
    slope = numpy.exp(-numpy.square(inputs[0])) * (-2.0 / math.sqrt(math.pi))
    return [gradients[0] * slope]


def _polynomial(x, coefficients: Sequence[float]):
    """A polynomial by its coefficients, the constant first."""
    result = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = coefficient + x * result
    return result


# The inverse error function divided by x, as polynomials of w − 2.5 where
# w = −log((1 − x)(1 + x)) is below 5, and of √w − 3 elsewhere (Giles, "Approximating the erfinv
# function", 2010).
_ERFINV_CENTER = (
    1.50140941,
    0.246640727,
    -0.00417768164,
    -0.00125372503,
    0.00021858087,
    -4.39150654e-06,
    -3.5233877e-06,
    3.43273939e-07,
    2.81022636e-08,
)
_ERFINV_TAIL = (
    2.83297682,
    1.00167406,
    0.00943887047,
    -0.0076224613,
    0.00573950773,
    -0.00367342844,
    0.00134934322,
    0.000100950558,
    -0.000200214257,
)


def erfinv(x):
    """The inverse of the error function."""
    return core.custom_gradient(_differentiable_erfinv)(floating(x))


def _differentiable_erfinv(x: Tensor):
    y = composed(inverse_erf, x)
    if x.dtype == "float64" and not x.is_traced:
        for _ in range(2):
            y = y - _erf_residual(y, x) * numpy.exp(numpy.square(y))
        y = numpy.where(numpy.absolute(x) == 1.0, x * math.inf, y)
    return y, lambda g: g * numpy.exp(numpy.square(y)) * (0.5 * math.sqrt(math.pi))


def composed(function: Callable, *inputs: Tensor) -> Tensor:
    """A function of a module and of values: NumPy and arrays, or the operations and tensors.

    Known values are computed by NumPy, without a plan for each operation. The result has
    the dtype of the first input.
    """
    if any(x._symbol is not None for x in inputs):
        return function(numpy, *inputs)
    with np.errstate(all="ignore"):
        array = np.asarray(function(np, *(x.array for x in inputs)))
    return Tensor(dtypes.convert(array, inputs[0].dtype))


def inverse_erf(np, x):
    """The inverse of the error function, to the digits of float32.

    Args:
        np: NumPy, or its operations on tensors.
        x: an array, or a tensor.
    """
    w = -np.log((1.0 - x) * (1.0 + x))
    tail = _polynomial(np.sqrt(np.maximum(w, 0.0)) - 3.0, _ERFINV_TAIL) * x
    y = np.where(w < 5.0, central_inverse_erf(np, x), tail)
    y = np.where(np.absolute(x) < 1.0, y, x * math.inf)
    return np.where(np.absolute(x) <= 1.0, y, x * math.nan)


def central_inverse_erf(np, x):
    """As `inverse_erf`, for values between −0.996 and 0.996."""
    w = -np.log((1.0 - x) * (1.0 + x))
    return _polynomial(w - 2.5, _ERFINV_CENTER) * x


def _erf_residual(y: Tensor, x: Tensor) -> Tensor:
    """The step of Newton's method towards erf(y) = x, without the factor exp(y²)."""
    tail = (1.0 - numpy.absolute(x)) - erfc(numpy.absolute(y))
    residual = numpy.where(numpy.absolute(x) < 0.5, erf(y) - x, numpy.sign(x) * tail)
    return residual * (0.5 * math.sqrt(math.pi))


def logsumexp(x, axis=None, keepdims=False):
    """log(Σ exp(x)) without overflow."""
    x = floating(x)
    largest = core.stop_gradient(numpy.max(x, axis=axis, keepdims=True))
    # Infinities must not be subtracted from themselves.
    largest = numpy.where(numpy.isfinite(largest), largest, numpy.zeros_like(largest))
    total = numpy.sum(numpy.exp(x - largest), axis=axis, keepdims=True)
    result = numpy.log(total) + largest
    return result if keepdims else numpy.squeeze(result, axis=_all_axes(axis, x.ndim))


def _all_axes(axis: int | Sequence[int] | None, rank: int) -> int | tuple[int, ...]:
    return tuple(range(rank)) if axis is None else axis


def logdet(x):
    """The logarithm of the absolute value of the determinant."""
    from keras_strata.src.ops import linalg

    x = floating(x)

    def gradient(inputs, outputs, gradients) -> list[Tensor]:
        inverse = numpy.swapaxes(linalg.inv(inputs[0]), -1, -2)
        return [gradients[0][..., None, None] * inverse]

    return dispatch.host(
        "logdet",
        lambda array: np.linalg.slogdet(linalg.computed(array))[1].astype(array.dtype),
        [x],
        outputs=[(x.shape[:-2], x.dtype)],
        gradient=gradient,
    )[0]


def cdist(x, y):
    """The Euclidean distances `[…, rows of x, rows of y]`."""
    x, y = core.convert_to_tensor(x), core.convert_to_tensor(y)
    if x.ndim < 2 or y.ndim < 2:
        raise ValueError(
            f"`cdist` inputs must have rank >= 2. Received: x.shape={x.shape}, y.shape={y.shape}"
        )
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            "Last dimension of inputs to `cdist` must match. "
            f"Received: x.shape={x.shape}, y.shape={y.shape}"
        )
    difference = numpy.expand_dims(x, -2) - numpy.expand_dims(y, -3)
    return numpy.sqrt(numpy.sum(numpy.square(difference), axis=-1))
