"""Activation functions."""

import math

import numpy as np
from keras.src.backend.common.backend_utils import canonicalize_axis

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn.common import widened
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.tensor import Tensor


def relu(x):
    """max(x, 0)."""
    x = core.convert_to_tensor(x)
    if not dtypes.is_floating(x.dtype):
        return knp.maximum(x, 0)
    return dispatch.apply("relu", [x], x.dtype, numpy=lambda a: np.maximum(a, a.dtype.type(0)))


def relu6(x):
    """min(max(x, 0), 6)."""
    return knp.minimum(relu(x), 6)


def sigmoid(x):
    """1 / (1 + e⁻ˣ)."""
    x = floating(x)

    def function(array: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-widened(array)))

    return dispatch.apply("sigmoid", [x], x.dtype, numpy=function)


def sparse_sigmoid(x):
    """0 up to −1, 1 from 1 on, and a straight line between."""
    x = floating(x)
    return knp.where(x <= -1.0, 0.0, knp.where(x >= 1.0, 1.0, (x + 1.0) * 0.5))


def tanh(x):
    """The hyperbolic tangent."""
    x = floating(x)
    return dispatch.apply("tanh", [x], x.dtype, numpy=lambda a: np.tanh(widened(a)))


def tanh_shrink(x):
    """The input without its hyperbolic tangent: x − tanh(x)."""
    x = floating(x)
    return x - tanh(x)


def softplus(x):
    """log(1 + eˣ)."""
    x = floating(x)
    # max(x, 0) from both sides: the slopes at 0 are 1 and 0, and that of the whole is ½.
    zero = core.convert_to_tensor(0.0, x.dtype)
    positive = (knp.maximum(x, zero) + knp.maximum(zero, x)) * 0.5
    return positive + knp.log1p(knp.exp(-knp.absolute(x)))


def softsign(x):
    """The softsign: x / (1 + |x|)."""
    x = floating(x)
    return x / (knp.absolute(x) + 1.0)


def soft_shrink(x, threshold=0.5):
    """Values moved towards 0 by the threshold, and 0 within it."""
    x = floating(x)
    below = knp.where(x < -threshold, x + threshold, 0.0)
    return knp.where(x > threshold, x - threshold, below)


def sparse_plus(x):
    """0 up to −1, x from 1 on, and a parabola between."""
    x = floating(x)
    return knp.where(x <= -1.0, 0.0, knp.where(x >= 1.0, x, knp.square(x + 1.0) * 0.25))


def silu(x):
    """The sigmoid linear unit: x · sigmoid(x)."""
    x = floating(x)
    return x * sigmoid(x)


def squareplus(x, b=4):
    """(x + √(x² + b)) / 2."""
    x = floating(x)
    return (x + knp.sqrt(knp.square(x) + b)) * 0.5


def log_sigmoid(x):
    """The logarithm of the sigmoid."""
    return -softplus(-floating(x))


def leaky_relu(x, negative_slope=0.2):
    """Values, below 0 times a slope."""
    x = floating(x)
    return knp.where(x >= 0.0, x, x * negative_slope)


def hard_sigmoid(x):
    """relu6(x + 3) / 6."""
    return relu6(floating(x) + 3.0) / 6.0


def hard_silu(x):
    """The hard form of `silu`: x · hard_sigmoid(x)."""
    x = floating(x)
    return x * hard_sigmoid(x)


def elu(x, alpha=1.0):
    """Values, below 0 alpha · (eˣ − 1)."""
    x = floating(x)
    return knp.where(x > 0.0, x, knp.expm1(knp.minimum(x, 0.0)) * alpha)


def selu(x):
    """The scaled exponential linear unit (Klambauer et al., 2017)."""
    return elu(x, 1.6732632423543772) * 1.0507009873554805


def gelu(x, approximate=True):
    """The Gaussian error linear unit: x · P(X ≤ x) for a normal X."""
    x = floating(x)
    if approximate:
        inner = (x + x * knp.square(x) * 0.044715) * math.sqrt(2 / math.pi)
        return x * 0.5 * (tanh(inner) + 1.0)
    from keras_strata.src.ops import math as kmath

    return x * 0.5 * (kmath.erf(x * math.sqrt(0.5)) + 1.0)


def celu(x, alpha=1.0):
    """max(x, 0) + alpha · (e^(min(x, 0) / alpha) − 1)."""
    x = floating(x)
    return knp.maximum(x, 0.0) + knp.expm1(knp.minimum(x, 0.0) / alpha) * alpha


def glu(x, axis=-1):
    """The first half of an axis, times the sigmoid of the second."""
    x = floating(x)
    axis = canonicalize_axis(axis, x.ndim)
    if x.shape[axis] % 2:
        raise ValueError(
            f"`glu` halves axis {axis}, which needs an even length. Received: x.shape={x.shape}"
        )
    values, gates = knp.split(x, 2, axis)
    return values * sigmoid(gates)


def hard_tanh(x):
    """Values clipped to −1 … 1."""
    return knp.clip(floating(x), -1.0, 1.0)


def hard_shrink(x, threshold=0.5):
    """Values, and 0 within the threshold."""
    x = floating(x)
    return knp.where(knp.absolute(x) > threshold, x, 0.0)


def threshold(x, threshold, default_value):
    """Values above the threshold, and another value elsewhere."""
    x = core.convert_to_tensor(x)
    return knp.where(x > threshold, x, default_value)


def softmax(x, axis=-1):
    """Exponentials that are scaled to a sum of 1 along one or more axes."""
    return _softmax("softmax", x, axis)


def log_softmax(x, axis=-1):
    """The logarithm of the softmax."""
    return _softmax("logSoftmax", x, axis)


def _softmax(name: str, x, axis: int | tuple[int, ...] | None) -> Tensor:
    x = floating(x)
    if not isinstance(axis, int):
        return _softmax_of_axes(name, x, axis)
    axis = canonicalize_axis(axis, x.ndim)

    def function(array: np.ndarray) -> np.ndarray:
        array = widened(array)
        shifted = array - array.max(axis, keepdims=True, initial=-np.inf)
        powers = np.exp(shifted)
        total = powers.sum(axis, keepdims=True)
        return powers / total if name == "softmax" else shifted - np.log(total)

    return dispatch.apply(name, [x], x.dtype, numpy=function, axis=axis)


def _softmax_of_axes(name: str, x: Tensor, axes) -> Tensor:
    """The axes are merged into one at the end."""
    chosen = range(x.ndim) if axes is None else axes
    chosen = [canonicalize_axis(axis, x.ndim) for axis in chosen]
    order = [axis for axis in range(x.ndim) if axis not in chosen] + chosen
    moved = knp.transpose(x, order)
    merged = knp.reshape(moved, (*moved.shape[: x.ndim - len(chosen)], -1))
    result = knp.reshape(_softmax(name, merged, merged.ndim - 1), moved.shape)
    return knp.transpose(result, [int(axis) for axis in np.argsort(order)])


def sparsemax(x, axis=-1):
    """A sparse distribution along an axis, after Martins and Astudillo, 2016."""
    x = floating(x)
    axis = canonicalize_axis(axis, x.ndim)
    if axis != x.ndim - 1:
        return knp.swapaxes(sparsemax(knp.swapaxes(x, axis, -1)), axis, -1)
    # All pairs are compared: that gives each element's rank and the sum up to it without
    # sorting.
    own, others = knp.expand_dims(x, -1), knp.expand_dims(x, -2)
    length = x.shape[-1]
    is_earlier = Tensor(np.tril(np.ones((length, length), dtypes.numpy_dtype(x.dtype))))
    equal = core.cast(knp.equal(others, own), x.dtype) * is_earlier
    is_before = core.cast(knp.greater(others, own), x.dtype) + equal
    rank = knp.sum(is_before, axis=-1)
    total = knp.sum(is_before * others, axis=-1)
    is_support = core.cast(x - (total - 1.0) / rank > 0.0, x.dtype)
    size = knp.sum(is_support, axis=-1, keepdims=True)
    # Keras adds up the sums of the support, where Martins and Astudillo have the last one.
    excess = knp.sum(is_support * total, axis=-1, keepdims=True) - 1.0
    return relu(x - excess / size)
