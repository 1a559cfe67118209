"""Operations on tensors: by the engine, or by NumPy on the host.

A call of `apply` or `host` computes where all inputs are concrete, adds to the graph where
one is traced, and does both where one is recorded for gradients.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.engine import graph
from keras_strata.src.engine import host as engine_host
from keras_strata.src.engine.library import process
from keras_strata.src.tensor import Tensor

# Below this number of elements NumPy is done before the engine is called.
_SMALL = 4096


class _PlanCache:
    """The plans of eager operations, the least recently used of which are dropped."""

    def __init__(self, capacity: int, byte_count: int) -> None:
        self._capacity = capacity
        self._limit = byte_count
        self._size = 0
        self._plans: OrderedDict[tuple, tuple[graph.Plan, int]] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, operation: graph.Operation, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        key = (operation, process.forks, *((array.dtype, array.shape) for array in arrays))
        with self._lock:
            found = self._plans.get(key)
            if found is not None:
                self._plans.move_to_end(key)
        if found is None:
            inputs = [graph.input_symbol(x.shape, x.dtype.name) for x in arrays]
            plan = graph.Plan(inputs, graph.apply(operation, inputs))
            self._insert(key, plan)
        else:
            plan = found[0]
        return plan.run([np.ascontiguousarray(array) for array in arrays])

    def _insert(self, key: tuple, plan: graph.Plan) -> None:
        size = plan.size
        with self._lock:
            if key in self._plans:
                return
            self._plans[key] = (plan, size)
            self._size += size
            while len(self._plans) > 1 and (
                len(self._plans) > self._capacity or self._size > self._limit
            ):
                _, (_, freed) = self._plans.popitem(last=False)
                self._size -= freed

    def __len__(self) -> int:
        return len(self._plans)


_plans = _PlanCache(capacity=512, byte_count=256 << 20)


def apply(
    name: str,
    inputs: Sequence[Tensor],
    dtype: str | Sequence[str],
    *,
    numpy: Callable | None = None,
    operands: Sequence[str] | None = None,
    **attributes: bool | int | float | str | Sequence[int],
) -> Tensor | list[Tensor]:
    """Applies an operation of the engine.

    Args:
        name: the engine's name of the operation.
        inputs: the operands. Their dtypes are those that the operation computes in;
            promotion is the caller's.
        dtype: Keras's dtype of the result, or a sequence for several results.
        numpy: the same function of arrays, for dtypes that the engine does not compute
            exactly (int64, float64, …) and for a few elements. It returns an array, or
            one for each result.
        operands: the engine's types of the operands, where they are not those of
            `dtypes.engine_dtype`.
        **attributes: the operation's attributes.

    Returns:
        The result, or a list if `dtype` is a sequence.
    """
    single = isinstance(dtype, str)
    results = (dtype,) if single else tuple(dtype)
    arrays = symbols = None
    if all(x._array is not None for x in inputs):
        if numpy is not None and _is_for_numpy(inputs, results):
            try:
                arrays = _computed_by_numpy(numpy, inputs, results)
            except ValueError:
                types = _engine_dtypes(inputs, operands)
                _check(_operation(name, attributes), inputs, types)
                raise
        else:
            operation = _operation(name, attributes)
            types = _engine_dtypes(inputs, operands)
            arrays = _computed_by_engine(operation, inputs, types, results)
    if any(x._symbol is not None for x in inputs):
        types = _engine_dtypes(inputs, operands)
        symbols = graph.apply(
            _operation(name, attributes),
            [x.symbol(t) for x, t in zip(inputs, types, strict=True)],
        )
    tensors = _tensors(arrays, symbols, results)
    return tensors[0] if single else tensors


def _engine_dtypes(inputs: Sequence[Tensor], given: Sequence[str] | None) -> Sequence[str]:
    return given or [dtypes.engine_dtype(x.dtype) for x in inputs]


def _operation(name: str, attributes: dict) -> graph.Operation:
    items = tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(attributes.items())
    )
    return graph.operation(name, items)


def _is_for_numpy(inputs: Sequence[Tensor], results: Sequence[str]) -> bool:
    """Whether the engine does not compute these dtypes, or is not worth its call."""
    if sum(x.size for x in inputs) < _SMALL:
        return True
    return not all(dtype in dtypes.NATIVE for dtype in (*results, *(x.dtype for x in inputs)))


def _check(operation: graph.Operation, inputs: Sequence[Tensor], types: Sequence[str]) -> None:
    """Raises the engine's error for inputs that do not fit: it has the shapes and a cure."""
    graph.apply(
        operation,
        [graph.input_symbol(x.shape, kind) for x, kind in zip(inputs, types, strict=True)],
    )


def _computed_by_numpy(
    numpy: Callable, inputs: Sequence[Tensor], results: Sequence[str]
) -> list[np.ndarray]:
    values = _called(numpy, [x._array for x in inputs])
    return [dtypes.convert(value, dtype) for value, dtype in zip(values, results, strict=True)]


def _computed_by_engine(
    operation: graph.Operation,
    inputs: Sequence[Tensor],
    types: Sequence[str],
    results: Sequence[str],
) -> list[np.ndarray]:
    arrays = [dtypes.convert(x._array, kind) for x, kind in zip(inputs, types, strict=True)]
    return [
        dtypes.convert(array, dtype)
        for array, dtype in zip(_plans.run(operation, arrays), results, strict=True)
    ]


def _tensors(
    arrays: Sequence[np.ndarray] | None,
    symbols: Sequence[graph.Symbol] | None,
    results: Sequence[str],
) -> list[Tensor]:
    return [
        Tensor(
            arrays[index] if arrays is not None else None,
            symbols[index] if symbols is not None else None,
            dtype,
        )
        for index, dtype in enumerate(results)
    ]


def host(
    name: str,
    function: Callable,
    inputs: Sequence[Tensor],
    *,
    outputs: Sequence[tuple[tuple[int, ...], str]] | None = None,
    gradient: Callable | None = None,
) -> list[Tensor]:
    """Applies a function of NumPy arrays on the host.

    While a function is traced it is a step of the plan that calls back.

    Args:
        name: the name in messages and in printed plans.
        function: from arrays in the inputs' dtypes to an array or a sequence of arrays. It
            must be pure, and must not keep or change its arguments.
        inputs: the operands.
        outputs: shapes and dtypes of the results. Without them, they are found while
            tracing by calling the function with ones.
        gradient: from lists of inputs, outputs and gradients of outputs (tensors, or `None`
            where nothing depends on an output) to a list of gradients of the inputs, with
            `None` for those without one. Without it a gradient is an error that names the
            function.
    """
    arrays = symbols = None
    if all(x._array is not None for x in inputs):
        arrays = _called(function, [x._array for x in inputs])
        types = [(array.shape, array.dtype.name) for array in arrays]
    if any(x._symbol is not None for x in inputs):
        if arrays is None:
            types = outputs or _types_with_ones(function, inputs)
        symbols = _host_step(name, function, inputs, types, gradient)
    return _tensors(arrays, symbols, [dtype for _, dtype in types])


def _called(function: Callable, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    with np.errstate(all="ignore"):
        result = function(*arrays)
    results = result if isinstance(result, (tuple, list)) else [result]
    return [np.asarray(value) for value in results]


def _types_with_ones(
    function: Callable, inputs: Sequence[Tensor]
) -> list[tuple[tuple[int, ...], str]]:
    arrays = [
        np.ones(x.shape, dtypes.numpy_dtype(x.dtype)) if x._array is None else x._array
        for x in inputs
    ]
    return [(array.shape, array.dtype.name) for array in _called(function, arrays)]


def _host_step(
    name: str,
    function: Callable,
    inputs: Sequence[Tensor],
    outputs: Sequence[tuple[tuple[int, ...], str]],
    gradient: Callable | None,
) -> list[graph.Symbol]:
    own = [x.dtype for x in inputs]
    targets = [dtypes.engine_dtype(dtype) for _, dtype in outputs]

    def call(*arrays: np.ndarray) -> list[np.ndarray]:
        values = [dtypes.convert(a, dtype) for a, dtype in zip(arrays, own, strict=True)]
        return [
            dtypes.convert(value, target)
            for value, target in zip(_called(function, values), targets, strict=True)
        ]

    symbols = [x.symbol() for x in inputs]
    operation = engine_host.host_operation(
        name,
        call,
        [(x.dtype, x.shape) for x in symbols],
        [(target, shape) for target, (shape, _) in zip(targets, outputs, strict=True)],
        gradient_rule(gradient, own, [dtype for _, dtype in outputs]),
    )
    return graph.apply(operation, symbols)


def gradient_rule(
    gradient: Callable | None, inputs: Sequence[str], outputs: Sequence[str]
) -> engine_host.GradientRule | None:
    """A gradient rule of tensors as one of symbols.

    Args:
        gradient: from lists of inputs, outputs and gradients, which are traced tensors.
        inputs: Keras's dtypes of the inputs.
        outputs: those of the outputs.
    """
    if gradient is None:
        return None

    def traced(symbols: Sequence, kinds: Sequence[str]) -> list[Tensor | None]:
        return [
            None if symbol is None else Tensor(symbol=symbol, dtype=kind)
            for symbol, kind in zip(symbols, kinds, strict=True)
        ]

    def rule(sources, results, gradients):
        found = gradient(
            traced(sources, inputs),
            traced(results, outputs),
            traced(gradients, outputs),
        )
        return [None if x is None else x.symbol() for x in found]

    return rule


def with_gradient(name: str, value: Tensor, inputs: Sequence[Tensor], gradient: Callable) -> Tensor:
    """A value of a graph with a gradient rule instead of its own.

    Args:
        name: the name in messages.
        value: computed from the inputs.
        inputs: tensors with respect to which the rule is.
        gradient: from the gradient of the value to a list of gradients of the inputs, with
            `None` for those without one. It may use the inputs.
    """

    def rule(_inputs, _outputs, gradients) -> list[Tensor | None]:
        return [None, *gradient(gradients[0])]

    kinds = [value.dtype, *(x.dtype for x in inputs)]
    operation = engine_host.gradient_operation(name, gradient_rule(rule, kinds, [value.dtype]))
    symbol = graph.apply(operation, [value.symbol(), *(x.symbol() for x in inputs)])[0]
    return Tensor(value._array, symbol, value.dtype)
