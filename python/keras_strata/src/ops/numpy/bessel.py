"""The modified Bessel function of order 0."""

from collections.abc import Sequence

import numpy as np
from keras.src.backend.config import floatx

from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.arithmetic import absolute
from keras_strata.src.ops.numpy.arithmetic import add
from keras_strata.src.ops.numpy.arithmetic import divide
from keras_strata.src.ops.numpy.arithmetic import multiply
from keras_strata.src.ops.numpy.arithmetic import sqrt
from keras_strata.src.ops.numpy.arithmetic import square
from keras_strata.src.ops.numpy.comparison import less
from keras_strata.src.ops.numpy.comparison import maximum
from keras_strata.src.ops.numpy.comparison import minimum
from keras_strata.src.ops.numpy.comparison import where
from keras_strata.src.ops.numpy.exponential import exp
from keras_strata.src.ops.numpy.operands import composed
from keras_strata.src.tensor import Tensor

# Abramowitz and Stegun, "Handbook of Mathematical Functions", 9.8.1 and 9.8.2: relative errors
# below 2e-7.
_BOUND = 3.75
_NEAR = (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813)
_FAR = (
    0.39894228,
    0.01328592,
    0.00225319,
    -0.00157565,
    0.00916281,
    -0.02057706,
    0.02635537,
    -0.01647633,
    0.00392377,
)


def i0(x):
    x = convert_to_tensor(x)
    if x.dtype in ("int64", "float64"):
        x = cast(x, "float64")
    elif x.dtype not in ("bfloat16", "float16"):
        x = cast(x, floatx())
    return composed(lambda array: np.i0(array.astype(np.float64)), [x], x.dtype, _i0)


def _i0(x: Tensor) -> Tensor:
    size = absolute(x)
    # Each branch stays in its interval, so that the other one's gradient is finite.
    near = _polynomial(_NEAR, square(multiply(minimum(size, _BOUND), 1 / _BOUND)))
    large = maximum(size, _BOUND)
    far = divide(multiply(exp(large), _polynomial(_FAR, divide(_BOUND, large))), sqrt(large))
    return where(less(size, _BOUND), near, far)


def _polynomial(coefficients: Sequence[float], x: Tensor) -> Tensor:
    result = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = add(multiply(x, result), coefficient)
    return result
