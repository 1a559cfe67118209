"""Padding in all of NumPy's modes."""

from collections.abc import Callable

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.ops.numpy.joining import concatenate
from keras_strata.src.ops.numpy.joining import split
from keras_strata.src.ops.numpy.operands import by_numpy
from keras_strata.src.ops.numpy.primitives import gather
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.shapes import broadcast_to
from keras_strata.src.tensor import Tensor

# Modes in which each new element is a copy of one that is there.
_COPYING = ("edge", "reflect", "symmetric", "wrap")

# Modes in which new slices are reductions of those that are there.
_REDUCING = {"mean": "mean", "maximum": "max", "minimum": "min", "median": "median"}

# Dtypes that the engine pads with other values than 0.
_PADDED = ("float16", "float32", "float64", "bool")

_MODES = ("constant", "empty", "linear_ramp", *_COPYING, *_REDUCING)


def pad(x, pad_width, mode="constant", constant_values=None):
    x = convert_to_tensor(x)
    if constant_values is not None and mode != "constant":
        raise ValueError(
            "Argument `constant_values` can only be provided when `mode == 'constant'`. "
            f"Received: mode={mode}"
        )
    if mode not in _MODES:
        raise ValueError(f"Invalid padding mode: {mode!r}. Use one of {', '.join(_MODES)}.")
    amounts = _amounts(pad_width, x.ndim)
    if mode in ("constant", "empty"):
        return _pad_with_constant(x, amounts, 0 if constant_values is None else constant_values)
    if is_concrete(x):
        on_host = in_wide(lambda array: np.pad(array, amounts, mode=mode))
        return by_numpy(on_host, [x], x.dtype)
    if mode in _COPYING:
        return _pad_with_copies(x, amounts, mode)
    if mode == "linear_ramp":
        return _pad_each_axis(x, amounts, _ramps)
    return _pad_each_axis(x, amounts, _repeated(getattr(ops, _REDUCING[mode])))


def _amounts(pad_width, ndim: int) -> list[tuple[int, int]]:
    given = np.asarray(pad_width)
    try:
        pairs = np.broadcast_to(given, (ndim, 2))
    except ValueError:
        raise ValueError(
            "`pad_width` must be a number, a pair, or a pair for each axis. Received: "
            f"pad_width={pad_width} for a tensor of {ndim} axes"
        ) from None
    return [(int(before), int(after)) for before, after in pairs]


def _pad_with_constant(x: Tensor, amounts: list[tuple[int, int]], value) -> Tensor:
    if isinstance(value, (tuple, list, np.ndarray)) and np.ndim(value) > 0:
        values = np.broadcast_to(np.asarray(value), (x.ndim, 2))
        return _pad_each_axis(x, amounts, lambda part, axis, _: _constants(part, values[axis]))
    value = convert_to_tensor(value, x.dtype)
    is_zero = value._symbol is None and not value.array.any()
    if value._symbol is not None or not (is_zero or is_concrete(x) or x.dtype in _PADDED):
        # The engine pads these with 0 only.
        inside = np.pad(np.ones(x.shape, np.bool_), amounts)
        return ops.where(inside, _pad_with_constant(x, amounts, 0), value)
    scalar = value.array

    def on_host(array: np.ndarray) -> np.ndarray:
        return np.pad(array, amounts, constant_values=scalar)

    if is_concrete(x):
        return Tensor(on_host(x.array))
    return dispatch.apply(
        "pad",
        [x],
        x.dtype,
        numpy=on_host,
        paddingBefore=[before for before, _ in amounts],
        paddingAfter=[after for _, after in amounts],
        value=float(scalar),
    )


def _pad_with_copies(x: Tensor, amounts: list[tuple[int, int]], mode: str) -> Tensor:
    for axis, amount in enumerate(amounts):
        if amount != (0, 0):
            x = gather(x, np.pad(np.arange(x.shape[axis]), amount, mode=mode), axis)
    return x


# From a tensor, an axis and the amounts on both sides to slices, or to what is broadcast to them.
_Sides = Callable[[Tensor, int, tuple[int, int]], tuple[Tensor, Tensor]]


def _pad_each_axis(x: Tensor, amounts: list[tuple[int, int]], sides: _Sides) -> Tensor:
    """Pads one axis after the other: an axis is padded for the padding of those before, too."""
    dtype = x.dtype
    for axis, amount in enumerate(amounts):
        if amount == (0, 0):
            continue
        parts = [x]
        values = sides(x, axis, amount)
        for place, (size, value) in enumerate(zip(amount, values, strict=True)):
            shape = list(x.shape)
            shape[axis] = size
            parts.insert(place * 2, broadcast_to(cast(value, dtype), shape))
        x = concatenate(parts, axis)
    return x


def _constants(x: Tensor, values: np.ndarray) -> tuple[Tensor, Tensor]:
    return convert_to_tensor(values[0], x.dtype), convert_to_tensor(values[1], x.dtype)


def _repeated(reduction: Callable) -> _Sides:
    def sides(x: Tensor, axis: int, _: tuple[int, int]) -> tuple[Tensor, Tensor]:
        value = reduction(x, axis=axis, keepdims=True)
        value = ops.round(value) if "int" in x.dtype else value
        return value, value

    return sides


def _ramps(x: Tensor, axis: int, amount: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """From 0 at the ends to the first and the last slice."""
    before, after = amount
    first = split(x, [1], axis)[0]
    last = split(x, [x.shape[axis] - 1], axis)[1]
    sizes = [1] * x.ndim
    sizes[axis] = -1
    rising = np.arange(before, dtype=np.float32) / max(before, 1)
    falling = np.arange(after, dtype=np.float32)[::-1] / max(after, 1)
    ramps = (
        ops.multiply(first, rising.reshape(sizes)),
        ops.multiply(last, falling.reshape(sizes)),
    )
    return tuple(ops.floor(ramp) for ramp in ramps) if "int" in x.dtype else ramps
