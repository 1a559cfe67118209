"""Functions that are traced once for each structure and shapes, and run as one plan."""

import contextlib
import functools
import operator
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Sequence

import numpy as np
from keras.src import tree

from keras_strata.src import dtypes
from keras_strata.src import ops
from keras_strata.src import tracing
from keras_strata.src.engine import graph
from keras_strata.src.engine import host as engine_host
from keras_strata.src.engine.library import HostFunctionFailed
from keras_strata.src.engine.library import process
from keras_strata.src.tensor import Tensor
from keras_strata.src.variable import Variable


class Function:
    """A compiled function of tensors.

    The first call with arguments of some shapes, dtypes and structure traces the function:
    Python runs once, with tensors that have no values. Variables that it assigns are
    updated by the plan. Later calls of the kind run the plan alone.
    """

    def __init__(self, function: Callable, capacity: int = 64) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._capacity = capacity
        self._plans: OrderedDict[tuple, _CompiledCall] = OrderedDict()

    def __call__(self, *args, **kwargs):
        if tracing.current() is not None:
            return self._function(*args, **kwargs)
        structure = (args, kwargs)
        flat: list = []
        form = _flatten(structure, flat)
        arrays, key = _signature(flat)
        key = (process.forks, key, form)
        call = self._plans.get(key)
        if call is None:
            call = _CompiledCall(self._function, structure, flat)
            self._plans[key] = call
            if len(self._plans) > self._capacity:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        return call(arrays)

    @property
    def plans(self) -> list[graph.Plan]:
        """The plans, the most recently used last."""
        return [call.plan for call in self._plans.values() if call.plan is not None]


def _signature(flat: Sequence) -> tuple[list[np.ndarray], tuple]:
    """The arrays among arguments, and what the trace depends on."""
    arrays, key = [], []
    for value in flat:
        array = _argument_array(value)
        if array is None:
            is_hashable = isinstance(value, Hashable)
            key.append((type(value), value if is_hashable else id(value)))
        else:
            arrays.append(array)
            key.append((dtypes.name_of(array.dtype), array.shape))
    return arrays, tuple(key)


def _argument_array(value) -> np.ndarray | None:
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, Variable) or not hasattr(value, "__array__"):
        return None
    return ops.core.convert_to_tensor(value).array


def _flatten(value, flat: list):
    """Appends the leaves in the order of `keras.tree`, and returns what the nesting is."""
    kind = type(value)
    if kind in (tuple, list):
        return (kind, *(_flatten(item, flat) for item in value))
    if kind is dict:
        return (kind, *((key, _flatten(value[key], flat)) for key in sorted(value)))
    if value is None or not tree.is_nested(value):
        flat.append(value)
        return None
    leaves = tree.flatten(value)
    flat.extend(leaves)
    return (kind, str(tree.map_structure(lambda _: 0, value)))


class _CompiledCall:
    """A traced call: its plan, and how results are made from what the plan computes."""

    def __init__(self, function: Callable, structure, flat: Sequence) -> None:
        trace = tracing.Trace()
        self._kinds: list[np.dtype] = []
        inputs: list[graph.Symbol] = []
        traced = [self._input(value, inputs) for value in flat]
        with tracing.scope(trace):
            args, kwargs = tree.pack_sequence_as(structure, traced)
            self._result = function(*args, **kwargs)
        flat_result = tree.flatten(self._result)
        outputs = [x.symbol() for x in flat_result if isinstance(x, Tensor) and x.is_traced]
        self._requirements = [check.require for check in trace.checks]
        outputs += [check.value.symbol() for check in trace.checks]
        self._flat_result = flat_result
        self._updated = [variable for variable, _ in trace.updates]
        updates = [
            (variable.engine_variable(), value.symbol(dtypes.engine_dtype(variable.own_dtype)))
            for variable, value in trace.updates
        ]
        self.plan = None
        if outputs or updates:
            self.plan = graph.Plan(inputs, outputs, updates)

    def _input(self, value, inputs: list[graph.Symbol]):
        array = _argument_array(value)
        if array is None:
            return value
        name = array.dtype.name
        kind = dtypes.input_dtype(name)
        self._kinds.append(graph.NUMPY_DTYPES[kind])
        symbol = graph.input_symbol(array.shape, kind)
        inputs.append(symbol)
        return Tensor(symbol=symbol, dtype=name)

    def __call__(self, arrays: Sequence[np.ndarray]):
        if self.plan is None:
            return self._result
        given = [
            np.ascontiguousarray(dtypes.convert(array, kind.name))
            for array, kind in zip(arrays, self._kinds, strict=True)
        ]
        found = iter(run(self.plan, given))
        for variable in self._updated:
            variable.forget_host_value()
        flat = [
            Tensor(dtypes.convert(next(found), x.dtype))
            if isinstance(x, Tensor) and x.is_traced
            else x
            for x in self._flat_result
        ]
        for require in self._requirements:
            require(next(found))
        return tree.pack_sequence_as(self._result, flat)


def run(plan: graph.Plan, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Runs a plan; the exception of a Python function in it is raised as it is."""
    try:
        return plan.run(arrays)
    except HostFunctionFailed as error:
        raise engine_host.take_failure() or error from None


def function(fn: Callable) -> Function:
    """Compiles a function of tensors: it is traced once for each kind of arguments.

    Args:
        fn: a function of tensors, arrays, nested structures of these, and other values,
            for each of which it is traced again. It may read and assign variables.
    """
    return Function(fn)


def gradients(loss: Tensor, sources: Sequence[Tensor]) -> list[Tensor]:
    """The gradients of a traced or recorded scalar with respect to traced tensors."""
    symbol = loss.symbol("float32")
    if symbol.shape:
        raise ValueError(
            f"A gradient needs a scalar, but the loss has shape {symbol.shape}. Reduce it "
            "by `ops.sum` or `ops.mean`."
        )
    found = graph.gradients(symbol, [x._symbol for x in sources])
    return [Tensor(symbol=x, dtype=source.dtype) for x, source in zip(found, sources, strict=True)]


def value_and_grad(
    fn: Callable, variables: Sequence[Variable] | None = None, has_aux: bool = False
) -> Callable:
    """A function that returns a loss and its gradients.

    Within a compiled function the gradients are part of its plan. Elsewhere the function
    runs eagerly and is recorded.

    Args:
        fn: from any arguments to a scalar loss, or to a pair of it and anything else.
        variables: the gradients are with respect to these; without them, to the first
            argument, which may be a structure of tensors.
        has_aux: whether `fn` returns a pair.

    Returns:
        A function of the same arguments that returns `(loss, gradients)`, or
        `((loss, aux), gradients)`.
    """

    def differentiated(trace: tracing.Trace, args: tuple, kwargs: dict) -> tuple:
        with _versions(trace, variables, args) as versions:
            result = fn(*args, **kwargs)
        return result, _summed_gradients(result[0] if has_aux else result, versions)

    @functools.wraps(fn)
    def wrapped(*args, **kwargs):
        trace = tracing.current()
        if trace is not None and not isinstance(trace, tracing.Recording):
            result, found = differentiated(trace, args, kwargs)
            return result, _packed(found, variables, args)
        recording = trace or tracing.Recording()
        with tracing.scope(recording):
            args = _watched(recording, variables, args)
            result, found = differentiated(recording, args, kwargs)
            values = evaluate(recording, found)
        if trace is not None:
            # The gradients can be differentiated in turn.
            values = [
                Tensor(value._array, x._symbol, x.dtype)
                for value, x in zip(values, found, strict=True)
            ]
        else:
            result = tree.map_structure(_without_symbol, result)
        return result, _packed(values, variables, args)

    return wrapped


def _watched(recording: tracing.Recording, variables, args: tuple) -> tuple:
    if variables is not None:
        return args

    def watch(x) -> Tensor:
        x = ops.core.convert_to_tensor(x)
        return x if x._symbol is not None else recording.watch(x)

    return (tree.map_structure(watch, args[0]), *args[1:])


def _versions(trace: tracing.Trace, variables, args: tuple):
    if variables is None:
        return contextlib.nullcontext([[x] for x in tree.flatten(args[0])])
    return trace.versions(variables)


def _summed_gradients(loss: Tensor, versions: Sequence[Sequence[Tensor]]) -> list[Tensor]:
    found = iter(gradients(loss, [x for values in versions for x in values]))
    parts = [[next(found) for _ in values] for values in versions]
    return [functools.reduce(operator.add, values) for values in parts]


def _packed(found: list[Tensor], variables, args: tuple):
    return found if variables is not None else tree.pack_sequence_as(args[0], found)


def evaluate(recording: tracing.Recording, values: Sequence[Tensor]) -> list[Tensor]:
    """The values of traced tensors that depend on a recording's sources."""
    symbols = [symbol for symbol, _ in recording.sources]
    plan = graph.Plan(symbols, [x.symbol() for x in values])
    found = run(plan, [array for _, array in recording.sources])
    return [Tensor(dtypes.convert(array, x.dtype)) for array, x in zip(found, values, strict=True)]


def _without_symbol(x):
    return Tensor(x._array) if isinstance(x, Tensor) and x._array is not None else x
