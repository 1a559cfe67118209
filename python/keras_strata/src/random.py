"""Random tensors: functions of a seed and a shape, by the engine's Philox generator.

A seed is a pair of a number and a counter. Both are folded into the step of the engine's
random operations, so that a seed gives the same values eagerly and within a plan.
"""

import math
from collections.abc import Callable
from collections.abc import Sequence

import ml_dtypes
import numpy as np
from keras.src.backend.common import standardize_dtype
from keras.src.backend.config import floatx
from keras.src.random.seed_generator import SeedGenerator  # noqa: F401
from keras.src.random.seed_generator import draw_seed as _draw_seed
from keras.src.random.seed_generator import make_default_seed  # noqa: F401

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.math.special import central_inverse_erf
from keras_strata.src.ops.math.special import composed
from keras_strata.src.tensor import Tensor

# Keys of Philox: streams of different functions differ for equal seeds.
_UNIFORM, _RADIUS, _ANGLE, _TRUNCATED, _GUMBEL, _INTEGER, _DROPOUT = range(1, 8)

# 2³² divided by the golden ratio, as int32. Multiples of it are far apart (the three-gap
# theorem), so the counters of nearby seeds do not meet: for seeds that differ by less than n,
# before some 2³² / (2.3 n) draws.
_GOLDEN = 0x9E3779B9 - (1 << 32)

# The largest range of integers that are drawn from the 24 bits of a float32.
_MAX_ENGINE_RANGE = 1 << 12


def draw_seed(seed) -> Tensor:
    """The pair of number and counter of a seed, uint32."""
    if isinstance(seed, Tensor):
        return core.cast(seed, "uint32")
    return _draw_seed(seed)


def _step(seed) -> Tensor:
    """A scalar of a seed, int32: number · golden + counter."""
    pair = core.cast(draw_seed(seed), "int32")
    factors = Tensor(np.array([_GOLDEN, 1], np.int32))
    # Integers wrap around, in the engine as in NumPy.
    terms = dispatch.apply("multiply", [pair, factors], "int32", numpy=np.multiply)
    number, counter = (_element(terms, index) for index in range(2))
    return dispatch.apply("add", [number, counter], "int32", numpy=np.add)


def _element(x: Tensor, index: int) -> Tensor:
    piece = dispatch.apply(
        "slice",
        [x],
        x.dtype,
        numpy=lambda array: array[index : index + 1],
        start=(index,),
        sizes=(1,),
    )
    return dispatch.apply(
        "reshape", [piece], x.dtype, numpy=lambda array: array.reshape(()), shape=()
    )


def _uniform(shape: Sequence[int], step: Tensor, key: int) -> Tensor:
    """Uniform multiples of 2⁻²⁴ in 0 ..< 1, float32."""
    shape = tuple(int(size) for size in shape)
    if 0 in shape:
        return Tensor(np.zeros(shape, np.float32))
    return dispatch.apply("randomUniform", [step], "float32", shape=shape, key=key)


def _float32(x) -> Tensor:
    return core.convert_to_tensor(x, "float32")


def _dtype(dtype: str | None) -> str:
    return standardize_dtype(dtype or floatx())


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None) -> Tensor:
    """Normally distributed values, by Box and Muller's transform."""

    def scaled(np, radius, angle, mean, stddev):
        sample = np.sqrt(-2.0 * np.log1p(-radius)) * np.cos((2.0 * math.pi) * angle)
        return sample * stddev + mean

    step = _step(seed)
    draws = [_uniform(shape, step, key) for key in (_RADIUS, _ANGLE)]
    values = composed(scaled, *draws, _float32(mean), _float32(stddev))
    return core.cast(values, _dtype(dtype))


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None) -> Tensor:
    """Values uniform in `minval` ..< `maxval`."""
    dtype = _dtype(dtype)
    digits = ml_dtypes.finfo(dtypes.numpy_dtype(dtype)).nmant + 1

    def scaled(np, values, low, high):
        if digits < 24:
            # Otherwise values near 1 would be rounded to 1.
            values = np.floor(values * 2.0**digits) * 2.0**-digits
        return values * (high - low) + low

    values = _uniform(shape, _step(seed), _UNIFORM)
    return core.cast(composed(scaled, values, _float32(minval), _float32(maxval)), dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None) -> Tensor:
    """Normally distributed values within two standard deviations, by the inverse CDF."""
    limit = math.erf(math.sqrt(2.0))

    def scaled(np, values, mean, stddev):
        sample = math.sqrt(2.0) * central_inverse_erf(np, values * (2.0 * limit) - limit)
        return np.clip(sample, -2.0, 2.0) * stddev + mean

    values = _uniform(shape, _step(seed), _TRUNCATED)
    values = composed(scaled, values, _float32(mean), _float32(stddev))
    return core.cast(values, _dtype(dtype))


def categorical(logits, num_samples, dtype="int32", seed=None) -> Tensor:
    """Samples `[rows, num_samples]` of the categories of each row, by Gumbel's trick."""
    logits = _float32(logits)
    rows, categories = logits.shape
    # Large logits would leave no digits for the noise.
    logits = logits - numpy.max(logits, axis=-1, keepdims=True)
    values = _uniform((rows, int(num_samples), categories), _step(seed), _GUMBEL)
    # No logarithm is infinite.
    noise = -numpy.log(-numpy.log(numpy.maximum(values, 2.0**-25)))
    sample = numpy.argmax(numpy.expand_dims(logits, 1) + noise, axis=-1)
    return core.cast(sample, standardize_dtype(dtype))


def randint(shape, minval, maxval, dtype="int32", seed=None) -> Tensor:
    """Integers uniform in `minval` ..< `maxval`."""
    dtype = standardize_dtype(dtype)
    low, high = (core.convert_to_tensor(x) for x in (minval, maxval))
    if not (low.is_traced or high.is_traced) and low.ndim == high.ndim == 0:
        count = int(high) - int(low)
        if 0 < count <= _MAX_ENGINE_RANGE:
            values = _uniform(shape, _step(seed), _INTEGER) * float(count)
            return core.cast(core.cast(numpy.floor(values), "int32") + int(low), dtype)

    def draw(generator: np.random.Generator, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        low, high = (dtypes.convert(x, "int64") for x in (low, high))
        # An empty range gives its lower end.
        return generator.integers(low, np.maximum(high, low + 1), size=shape)

    return _drawn("randint", draw, seed, [low, high], shape, dtype)


def _drawn(
    name: str,
    function: Callable,
    seed,
    parameters: Sequence[Tensor],
    shape: Sequence[int],
    dtype: str,
) -> Tensor:
    """Values of NumPy's generator for a seed.

    Args:
        name: the name in messages and in printed plans.
        function: from a generator and the parameters' arrays to the values.
        seed: the seed.
        parameters: of the distribution.
        shape: the shape of the values.
        dtype: their dtype.
    """
    shape = tuple(int(size) for size in shape)

    def draw(pair: np.ndarray, *arrays: np.ndarray) -> np.ndarray:
        generator = np.random.default_rng([int(x) for x in pair])
        values = np.asarray(function(generator, *arrays))
        return dtypes.convert(np.broadcast_to(values, shape), dtype)

    return dispatch.host(name, draw, [draw_seed(seed), *parameters], outputs=[(shape, dtype)])[0]


def dropout(inputs, rate, noise_shape=None, seed=None) -> Tensor:
    """Sets elements to 0 at a rate and scales the others by 1 / (1 − rate).

    Args:
        inputs: a tensor.
        rate: the probability of 0, which the engine rounds to a multiple of 1 / 65,536.
        noise_shape: the shape of the mask, which broadcasts; `None` in it is the size of the
            inputs.
        seed: the seed.
    """
    x = core.convert_to_tensor(inputs)
    if not dtypes.is_floating(x.dtype):
        x = core.cast(x, floatx())
    rate = float(rate)
    if rate == 0.0:
        return x
    if rate == 1.0:
        return numpy.zeros_like(x)
    step = _step(seed)
    is_exact = x.is_traced or x.dtype != "float64"
    if noise_shape is None and is_exact and x.size > 0:
        return dispatch.apply("dropout", [x, step], x.dtype, rate=rate, key=_DROPOUT)
    ones = Tensor(np.ones(_noise_shape(x.shape, noise_shape), np.float32))
    if ones.size == 0:
        return x
    mask = dispatch.apply("dropout", [ones, step], "float32", rate=rate, key=_DROPOUT)
    return numpy.where(mask > 0.0, x / (1.0 - rate), numpy.zeros_like(x))


def _noise_shape(shape: Sequence[int], noise_shape: Sequence[int | None] | None) -> tuple:
    if noise_shape is None:
        return tuple(shape)
    return tuple(
        shape[axis] if size is None else int(size) for axis, size in enumerate(noise_shape)
    )


def shuffle(x, axis=0, seed=None) -> Tensor:
    """The slices along an axis in a random order."""
    x = core.convert_to_tensor(x)
    count = x.shape[axis]
    order = _drawn(
        "shuffle", lambda generator: generator.permutation(count), seed, [], (count,), "int32"
    )
    return numpy.take(x, order, axis=axis)


def gamma(shape, alpha, dtype=None, seed=None) -> Tensor:
    """Values of the gamma distribution with scale 1."""
    return _drawn(
        "gamma",
        lambda generator, alpha: generator.standard_gamma(alpha, size=shape),
        seed,
        [_float32(alpha)],
        shape,
        _dtype(dtype),
    )


def binomial(shape, counts, probabilities, dtype=None, seed=None) -> Tensor:
    """The numbers of successes among `counts` attempts."""
    return _drawn(
        "binomial",
        lambda generator, n, p: generator.binomial(n.astype(np.int64), p, size=shape),
        seed,
        [core.convert_to_tensor(counts), _float32(probabilities)],
        shape,
        _dtype(dtype),
    )


def beta(shape, alpha, beta, dtype=None, seed=None) -> Tensor:
    """Values of the beta distribution."""
    return _drawn(
        "beta",
        lambda generator, alpha, beta: generator.beta(alpha, beta, size=shape),
        seed,
        [_float32(alpha), _float32(beta)],
        shape,
        _dtype(dtype),
    )
