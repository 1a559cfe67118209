"""Keras's core operations: conversion, shapes, control flow and gradients."""

import contextlib
import functools
from collections.abc import Callable
from collections.abc import Iterator

import numpy as np
from keras.src import tree
from keras.src.backend.common import standardize_dtype
from keras.src.backend.common.dtypes import result_type
from keras.src.backend.common.keras_tensor import KerasTensor
from keras.src.backend.common.stateless_scope import StatelessScope
from keras.src.backend.common.symbolic_scope import SymbolicScope
from keras.src.backend.config import floatx

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src import ops
from keras_strata.src import tracing
from keras_strata.src.engine import graph
from keras_strata.src.ops.control_flow import associative_scan  # noqa: F401
from keras_strata.src.ops.control_flow import cond  # noqa: F401
from keras_strata.src.ops.control_flow import fori_loop  # noqa: F401
from keras_strata.src.ops.control_flow import map  # noqa: F401
from keras_strata.src.ops.control_flow import scan  # noqa: F401
from keras_strata.src.ops.control_flow import switch  # noqa: F401
from keras_strata.src.ops.control_flow import vectorized_map  # noqa: F401
from keras_strata.src.ops.control_flow import while_loop  # noqa: F401
from keras_strata.src.ops.scattering import scatter  # noqa: F401
from keras_strata.src.ops.scattering import scatter_update  # noqa: F401
from keras_strata.src.ops.scattering import slice  # noqa: F401
from keras_strata.src.ops.scattering import slice_update  # noqa: F401
from keras_strata.src.tensor import Tensor
from keras_strata.src.variable import Variable

SUPPORTS_SPARSE_TENSORS = False
SUPPORTS_RAGGED_TENSORS = False
SUPPORTS_COMPLEX_DTYPES = True
IS_THREAD_SAFE = True


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """A tensor of a value.

    Arrays keep their dtype and share their memory; Python's numbers become int32, `floatx`,
    bool or complex64.

    Args:
        x: a tensor, variable, array, number, or nested lists of these.
        dtype: the dtype of the result.
        sparse: not supported.
        ragged: not supported.
    """
    if sparse:
        raise ValueError("`sparse=True` is not supported with strata backend")
    if ragged:
        raise ValueError("`ragged=True` is not supported with strata backend")
    if dtype is not None:
        dtype = standardize_dtype(dtype)
    if isinstance(x, Variable):
        x = x.value
    if isinstance(x, Tensor):
        return x if dtype is None or dtype == x.dtype else cast(x, dtype)
    if x is None:
        raise ValueError(
            "`None` cannot become a tensor. Is an argument missing, such as the targets of a loss?"
        )
    if isinstance(x, KerasTensor):
        raise ValueError(f"A KerasTensor has no value and cannot become a tensor. Received: {x}")
    if isinstance(x, (bool, int, float, complex)):
        return _scalar(x, dtype)
    if isinstance(x, (list, tuple)):
        return _sequence(x, dtype)
    array = _as_array(x)
    # NumPy makes objects, `None` among them, numbers or NaN; they are mistakes.
    standardize_dtype(array.dtype)
    return Tensor(array if dtype is None else dtypes.convert(array, dtype))


def _as_array(x) -> np.ndarray:
    if isinstance(x, np.ndarray):
        return x
    if hasattr(x, "detach"):
        x = x.detach().cpu()
    return np.asarray(x)


def _scalar(x: bool | int | float | complex, dtype: str | None) -> Tensor:
    if dtype is None:
        if isinstance(x, bool):
            dtype = "bool"
        elif isinstance(x, int):
            dtype = "int32" if -(2**31) <= x < 2**31 else "int64"
        else:
            dtype = floatx() if isinstance(x, float) else "complex64"
    if isinstance(x, int) and not dtypes.is_floating(dtype):
        return Tensor(dtypes.convert(np.asarray(x), dtype))
    return Tensor(np.asarray(x).astype(dtypes.numpy_dtype(dtype)))


def _sequence(x: list | tuple, dtype: str | None) -> Tensor:
    flat = tree.flatten(x)
    if any(isinstance(item, (Tensor, Variable)) for item in flat):
        return ops.numpy.stack([convert_to_tensor(item, dtype) for item in x])
    if dtype is None:
        if not flat:
            dtype = floatx()
        else:
            dtype = result_type(*[getattr(item, "dtype", type(item)) for item in flat])
            if dtype == "int32" and any(abs(int(item)) >= 2**31 for item in flat):
                dtype = "int64"
    return Tensor(dtypes.convert(np.asarray(x), dtype))


def convert_to_numpy(x):
    """An array of a tensor's value, which is the caller's own."""
    if isinstance(x, (list, tuple)):
        return np.array([convert_to_numpy(item) for item in x])
    if isinstance(x, Variable):
        x = x.value
    return np.array(x.array if isinstance(x, Tensor) else x)


def is_tensor(x):
    """Whether a value is a tensor of this backend."""
    return isinstance(x, Tensor)


def shape(x):
    """The dimensions, all of which are known."""
    return tuple(x.shape)


def cast(x, dtype):
    """The values in another dtype; floating-point values are rounded towards zero."""
    dtype = standardize_dtype(dtype)
    if isinstance(x, Variable):
        x = x.value
    if not isinstance(x, Tensor):
        return convert_to_tensor(x, dtype)
    if x.dtype == dtype:
        return x
    if narrow_source(x).dtype == dtype:
        return narrow_source(x)
    array = None if x._array is None else dtypes.convert(x._array, dtype)
    symbol = None if x._symbol is None else _cast_symbol(x, dtype)
    result = Tensor(array, symbol, dtype)
    if symbol is not None and (x.dtype, dtype) == ("bfloat16", "float32"):
        result._narrow_source = x
    return result


def narrow_source(x: Tensor) -> Tensor:
    """The bfloat16 tensor of a graph that was cast to float32 to be this one, or itself."""
    return getattr(x, "_narrow_source", x)


def _cast_symbol(x: Tensor, dtype: str) -> graph.Symbol:
    if dtype.startswith("float8"):
        return _rounded(x, dtype)
    if dtype != "bool":
        if "int" in dtype and dtypes.is_floating(x.dtype):
            x = _within_limits(x, dtype)
        elif dtype in _SHORT_INTEGERS and not np.can_cast(x.dtype, dtype):
            return _wrapped(x, dtype)
        # From the value as it is: a uint8 image becomes float32 in one step.
        return Tensor(symbol=x._symbol, dtype=dtype).symbol()
    zero = Tensor(np.zeros((), dtypes.numpy_dtype(x.dtype))).symbol(x._symbol.dtype)
    return graph.apply(graph.operation("notEqual"), [x._symbol, zero])[0]


_SHORT_INTEGERS = ("int8", "uint8", "int16", "uint16")


def _rounded(x: Tensor, dtype: str) -> graph.Symbol:
    """Values of a graph rounded to a type of 8 bits, which the engine has not."""
    return dispatch.host(
        "cast",
        lambda array: dtypes.convert(array, dtype),
        [Tensor(symbol=x._symbol, dtype=x.dtype)],
        outputs=[(x.shape, dtype)],
        gradient=lambda inputs, _, gradients: [cast(gradients[0], inputs[0].dtype)],
    )[0].symbol()


def _wrapped(x: Tensor, dtype: str) -> graph.Symbol:
    """Integers of a graph modulo the size of a shorter type, as NumPy casts them."""
    limits = np.iinfo(dtype)
    whole = Tensor(symbol=x._symbol, dtype="int32")
    size = int(limits.max) - int(limits.min) + 1
    low = int(limits.min)
    return (
        (ops.numpy.mod(whole - low, size) + low).symbol()
        if low
        else ops.numpy.mod(whole, size).symbol()
    )


def _within_limits(x: Tensor, dtype: str) -> Tensor:
    """Values of a graph within the limits of a narrow integer, which the engine has not."""
    limits, whole = np.iinfo(dtypes.numpy_dtype(dtype)), np.iinfo(np.int32)
    x = Tensor(symbol=x._symbol, dtype=x.dtype)
    bounds = {
        "maximum": limits.min if limits.min > whole.min else None,
        "minimum": limits.max if limits.max < whole.max else None,
    }
    for name, bound in bounds.items():
        if bound is not None:
            x = dispatch.apply(name, [x, convert_to_tensor(bound, x.dtype)], x.dtype)
    return x


def compute_output_spec(fn: Callable, *args, **kwargs):
    """The shapes and dtypes of a function's results, without computing them.

    Dimensions that are unknown are traced with two different sizes: those of the results
    which differ are unknown too.
    """
    with StatelessScope(), SymbolicScope(), tracing.scope(tracing.ShapeTrace()):
        inputs = [x for x in tree.flatten((args, kwargs)) if _is_symbolic(x)]
        results = _traced(fn, args, kwargs, 83)
        if any(None in x.shape for x in inputs):
            others = _traced(fn, args, kwargs, 89)
            results = tree.map_structure(_common_spec, results, others)
        return tree.map_structure(_spec, results)


def _is_symbolic(x) -> bool:
    return isinstance(x, KerasTensor)


def _traced(fn: Callable, args: tuple, kwargs: dict, size: int):
    def placeholder(x):
        if not _is_symbolic(x):
            return x
        known = tuple(size if axis is None else axis for axis in x.shape)
        return tracing.placeholder(known, x.dtype)

    args, kwargs = tree.map_structure(placeholder, (args, kwargs))
    return fn(*args, **kwargs)


def _common_spec(one, other):
    if not is_tensor(one):
        return one
    known = [a if a == b else None for a, b in zip(one.shape, other.shape, strict=True)]
    return KerasTensor(known, one.dtype)


def _spec(x):
    return KerasTensor(x.shape, x.dtype) if is_tensor(x) else x


def stop_gradient(variable):
    """The same values without a gradient."""
    x = convert_to_tensor(variable)
    if x._symbol is None or not dtypes.is_floating(x.dtype):
        return x
    return dispatch.apply("stopGradient", [x], x.dtype, numpy=lambda value: value)


def unstack(x, num=None, axis=0):
    """The slices along an axis."""
    x = ops.numpy.moveaxis(convert_to_tensor(x), axis, 0)
    return [x[index] for index in range(x.shape[0])]


def random_seed_dtype() -> str:
    """The dtype of the seeds of random operations."""
    return "uint32"


class custom_gradient:
    """A function with a gradient of its own.

    The function returns its result and a function of the result's gradient.
    """

    def __init__(self, fun: Callable) -> None:
        functools.update_wrapper(self, fun)
        self.fun = fun

    def __call__(self, *args, **kwargs):
        outputs, gradient = self.fun(*args, **kwargs)
        inputs = [
            convert_to_tensor(x) for x in tree.flatten(args) if isinstance(x, (Tensor, Variable))
        ]
        if all(x._symbol is None for x in inputs):
            return outputs
        flat = tree.flatten(outputs)
        replaced = [_with_gradient(inputs, flat, index, gradient) for index in range(len(flat))]
        return tree.pack_sequence_as(outputs, replaced)


def _with_gradient(
    inputs: list[Tensor], outputs: list[Tensor], index: int, gradient: Callable
) -> Tensor:
    output = convert_to_tensor(outputs[index])

    def rule(arrived: Tensor) -> list[Tensor | None]:
        all_arrived = [arrived if i == index else _zeros(x) for i, x in enumerate(outputs)]
        found = tree.flatten(gradient(*all_arrived))
        found = [None if x is None else convert_to_tensor(x) for x in found]
        return [*found, *[None] * (len(inputs) - len(found))]

    return dispatch.with_gradient("custom_gradient", output, inputs, rule)


def _zeros(x: Tensor) -> Tensor:
    return Tensor(np.zeros(x.shape, dtypes.numpy_dtype(x.dtype)))


@contextlib.contextmanager
def device_scope(device_name: str) -> Iterator[None]:
    """Keras's scope of a device; there is one, the CPU."""
    if not isinstance(device_name, str):
        raise ValueError(
            "Invalid value for argument `device_name`. Expected a string like 'cpu:0'. "
            f"Received: device_name='{device_name}'"
        )
    yield


def remat(f: Callable) -> Callable:
    """The function itself: plans share memory among values, and compute nothing twice."""
    return f
