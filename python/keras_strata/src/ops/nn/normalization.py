"""Moments and batch normalization."""

import numpy as np
from keras.src.backend.common.backend_utils import canonicalize_axes
from keras.src.backend.common.backend_utils import canonicalize_axis

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src import tracing
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn.common import HALF
from keras_strata.src.ops.nn.common import filled
from keras_strata.src.ops.nn.common import widened
from keras_strata.src.tensor import Tensor

# Mean and variance do not depend on it.
_EPSILON = 1e-3


def moments(x, axes, keepdims=False, synchronized=False):
    """The mean and the biased variance over axes."""
    if synchronized:
        raise NotImplementedError(
            "`synchronized=True` needs several devices, but the strata backend has one. Use "
            "`synchronized=False`."
        )
    x = core.convert_to_tensor(x)
    axes = tuple(range(x.ndim)) if axes is None else canonicalize_axes(axes, x.ndim)
    if x.dtype in HALF:
        # Squares of 16-bit values overflow or lose their digits.
        mean, variance = moments(core.cast(x, "float32"), axes, keepdims)
        limit = float(np.finfo(np.float16).max)
        return tuple(
            core.cast(knp.clip(value, -limit, limit), x.dtype) for value in (mean, variance)
        )
    if not keepdims and _is_of_channels(x, axes):
        return _statistics_of_channels(x, axes)
    mean = knp.mean(x, axes, keepdims=True)
    variance = knp.mean(knp.square(x - mean), axes, keepdims=True)
    if not keepdims:
        mean, variance = knp.squeeze(mean, axes), knp.squeeze(variance, axes)
    return mean, variance


def _is_of_channels(x: Tensor, axes: tuple[int, ...]) -> bool:
    """Whether a graph gets the statistics of all but one axis."""
    is_in_graph = x._symbol is not None and dtypes.is_floating(x.dtype)
    return is_in_graph and x.ndim > 1 and len(set(axes)) == x.ndim - 1


class _Statistics:
    """Of what a mean and a variance are; both have it as an attribute."""

    def __init__(self, x: Tensor, axis: int) -> None:
        self.x = x
        self.axis = axis

    def mark(self, *tensors: Tensor) -> None:
        for tensor in tensors:
            tensor._statistics = self

    @staticmethod
    def shared(mean: Tensor, variance: Tensor) -> "_Statistics | None":
        own = getattr(mean, "_statistics", None)
        return own if own is getattr(variance, "_statistics", None) else None

    def are_of(self, x: Tensor, axis: int) -> bool:
        return self.axis == axis and (x is self.x or x._symbol is self.x._symbol)


def _statistics_of_channels(x: Tensor, axes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """The statistics that a batch normalization computes.

    A batch normalization that follows has the same: the engine computes them once.
    """
    axis = next(axis for axis in range(x.ndim) if axis not in axes)
    _, mean, variance = _normalized(_source(x, axis), None, None, _EPSILON)
    _Statistics(x, axis).mark(mean, variance)
    return mean, variance


def _with_axis_last(x: Tensor, axis: int) -> Tensor:
    return x if axis == x.ndim - 1 else knp.moveaxis(x, axis, -1)


def _source(x: Tensor, axis: int) -> Tensor:
    """What the engine normalizes: Keras widens bfloat16 before, the engine while it reads."""
    return _with_axis_last(core.narrow_source(x), axis)


def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=0.001):
    """(x − mean) / √(variance + epsilon) · scale + offset along an axis."""
    x, mean, variance = (core.convert_to_tensor(value) for value in (x, mean, variance))
    offset, scale = (
        None if value is None else core.convert_to_tensor(value) for value in (offset, scale)
    )
    axis = canonicalize_axis(axis, x.ndim)
    vectors = [value for value in (mean, variance, offset, scale) if value is not None]
    if x._symbol is not None and _is_for_engine(x, axis, vectors):
        source = _source(x, axis)
        statistics = _Statistics.shared(mean, variance)
        result = None
        if statistics is not None and statistics.are_of(x, axis):
            result = _normalized(source, scale, offset, epsilon)[0]
        elif _has_no_gradient(mean) and _has_no_gradient(variance):
            result = _normalized_with(source, scale, offset, mean, variance, epsilon)
        if result is not None:
            if axis != x.ndim - 1:
                result = knp.moveaxis(result, -1, axis)
            return core.cast(result, x.dtype)
    return _composed(x, mean, variance, axis, offset, scale, epsilon)


def _is_for_engine(x: Tensor, axis: int, vectors: list[Tensor]) -> bool:
    """Whether shapes and types are those of the engine's operation."""
    return (
        x.ndim > 1
        and x.dtype in ("float32", "float64")
        and all(v.shape == (x.shape[axis],) and v.dtype == x.dtype for v in vectors)
    )


def _has_no_gradient(x: Tensor) -> bool:
    """Whether a value is known, or that of a variable which is not trained."""
    trace = tracing.current()
    return x._symbol is None or (trace is not None and trace.is_untrained(x))


def _composed(x, mean, variance, axis, offset, scale, epsilon) -> Tensor:
    shape = [1] * x.ndim
    shape[axis] = mean.shape[0]
    factor = knp.reciprocal(knp.sqrt(knp.reshape(variance, shape) + epsilon))
    if scale is not None:
        factor = factor * knp.reshape(scale, shape)
    constant = -knp.reshape(mean, shape) * factor
    if offset is not None:
        constant = constant + knp.reshape(offset, shape)
    return x * factor + constant


def _wide(dtype: str) -> str:
    """The dtype of the vectors beside images of a dtype."""
    return "float32" if dtype in HALF else dtype


def _scale_and_offset(x: Tensor, scale: Tensor | None, offset: Tensor | None) -> list[Tensor]:
    channels = (x.shape[-1],)
    return [
        filled(default, channels, _wide(x.dtype)) if value is None else value
        for value, default in ((scale, 1), (offset, 0))
    ]


def _normalized(
    x: Tensor, scale: Tensor | None, offset: Tensor | None, epsilon: float
) -> list[Tensor]:
    """The normalization with the batch's statistics, and these: mean and variance."""

    def function(x: np.ndarray, scale: np.ndarray, offset: np.ndarray) -> list[np.ndarray]:
        axes = tuple(range(x.ndim - 1))
        wide = widened(x)
        mean, variance = wide.mean(axes), wide.var(axes)
        return [(wide - mean) / np.sqrt(variance + epsilon) * scale + offset, mean, variance]

    return dispatch.apply(
        "batchNormalization",
        [x, *_scale_and_offset(x, scale, offset)],
        [x.dtype, _wide(x.dtype), _wide(x.dtype)],
        numpy=function,
        epsilon=float(epsilon),
    )


def _normalized_with(
    x: Tensor,
    scale: Tensor | None,
    offset: Tensor | None,
    mean: Tensor,
    variance: Tensor,
    epsilon: float,
) -> Tensor:
    """The normalization with given statistics, which get no gradient."""

    def function(x, scale, offset, mean, variance) -> np.ndarray:
        return (widened(x) - mean) / np.sqrt(variance + epsilon) * scale + offset

    return dispatch.apply(
        "batchNormalization",
        [x, *_scale_and_offset(x, scale, offset), mean, variance],
        x.dtype,
        numpy=function,
        epsilon=float(epsilon),
        usesGlobalStatistics=True,
    )
