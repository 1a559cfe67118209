"""What the functions of this package are made of: arguments, promotion and movements."""

from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src.backend.common.dtypes import result_type

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.engine import graph
from keras_strata.src.ops import core
from keras_strata.src.ops.numpy.operands import no_gradient
from keras_strata.src.tensor import Tensor

_NARROW = ("bfloat16", "float16", "float8_e4m3fn", "float8_e5m2")


def promote(*values) -> list[Tensor]:
    """Tensors of values, in their common dtype.

    Equal dtypes stay: those of 64 bits too, which Keras's promotion makes 32.
    """
    tensors = [core.convert_to_tensor(x) for x in values]
    dtype = common_dtype(*(x.dtype for x in tensors))
    return [core.cast(x, dtype) for x in tensors]


def common_dtype(*kinds: str) -> str:
    """The dtype to which dtypes are promoted."""
    if len(set(kinds)) == 1:
        return kinds[0]
    return result_type(*kinds)


def floating_dtype(dtype: str) -> str:
    """The dtype of a floating-point result of a function of a dtype."""
    if dtypes.is_floating(dtype) or dtype.startswith("complex"):
        return dtype
    return result_type(dtype, float)


def wide_dtype(dtype: str) -> str:
    """The dtype in which values of a dtype are added: a narrow one would lose or overflow."""
    return "float32" if dtype in _NARROW else dtype


def in_wide(function: Callable) -> Callable:
    """A function of arrays that computes values of narrow dtypes in float32."""

    def wrapped(*arrays: np.ndarray, **arguments):
        wide = [x.astype(np.float32) if x.dtype.name in _NARROW else x for x in arrays]
        return function(*wide, **arguments)

    return wrapped


def normalized_axis(axis: int, ndim: int) -> int:
    """An axis counted from the front."""
    axis = int(axis)
    if not -ndim <= axis < ndim:
        raise ValueError(
            f"axis {axis} is out of bounds for a tensor of {ndim} axes. "
            f"Give an axis from {-ndim} to {ndim - 1}."
        )
    return axis % ndim


def normalized_axes(axis: int | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Axes counted from the front, in ascending order; all of them for `None`."""
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, (tuple, list)) else [axis]
    found = [normalized_axis(a, ndim) for a in axes]
    if len(set(found)) != len(found):
        raise ValueError(f"An axis is given twice. Received: axis={axis}")
    return tuple(sorted(found))


def is_concrete(*tensors: Tensor) -> bool:
    """Whether tensors have values and no gradient is wanted."""
    return all(x._symbol is None for x in tensors)


def move(
    name: str,
    inputs: Sequence[Tensor],
    function: Callable,
    **attributes: int | float | Sequence[int],
) -> Tensor:
    """An operation that moves elements: the engine's in a graph, always NumPy's on arrays.

    Most results of NumPy are views, and copies are bound by memory there as well.

    Args:
        name: the engine's name of the operation.
        inputs: tensors of one dtype.
        function: the same function of arrays.
        **attributes: the operation's attributes.
    """
    array = symbol = None
    if all(x._array is not None for x in inputs):
        array = function(*(x._array for x in inputs))
    if any(x._symbol is not None for x in inputs):
        operation = graph.operation(name, tuple(sorted(attributes.items())))
        symbol = graph.apply(operation, [x.symbol() for x in inputs])[0]
    return Tensor(array, symbol, inputs[0].dtype)


def gather(x: Tensor, indices: np.ndarray, axis: int) -> Tensor:
    """The slices of a tensor at fixed indices, which take the place of the axis."""
    indices = np.asarray(indices, np.int32)
    array = symbol = None
    if x._array is not None:
        array = np.take(x._array, indices, axis=axis)
    if x._symbol is not None:
        symbol = _gathered_symbol(x, indices, axis)
    return Tensor(array, symbol, x.dtype)


def _gathered_symbol(x: Tensor, indices: np.ndarray, axis: int) -> graph.Symbol:
    order = (axis, *(a for a in range(x.ndim) if a != axis))
    rows = _transposed_symbol(x.symbol(), order)
    found = graph.apply(graph.operation("gather"), [rows, graph.constant_symbol(indices)])[0]
    new = tuple(range(indices.ndim))
    rest = tuple(range(indices.ndim, len(found.shape)))
    return _transposed_symbol(found, rest[:axis] + new + rest[axis:])


def _transposed_symbol(symbol: graph.Symbol, order: tuple[int, ...]) -> graph.Symbol:
    if order == tuple(range(len(order))):
        return symbol
    operation = graph.operation("transpose", (("axes", order),))
    return graph.apply(operation, [symbol])[0]


def integers_on_host(
    name: str, function: Callable, x: Tensor, shape: Sequence[int], dtype: str
) -> Tensor:
    """A function of whole numbers by NumPy.

    The engine reduces in float32, which has not all of int32. There are no gradients.
    """
    return dispatch.host(
        name,
        lambda array: function(array).astype(dtype),
        [x],
        outputs=[(tuple(shape), dtype)],
        gradient=no_gradient,
    )[0]
