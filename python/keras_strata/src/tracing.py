"""Scopes in which operations are traced, and what variables are there."""

import contextlib
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.engine import graph
from keras_strata.src.tensor import Tensor

_local = threading.local()


class Trace:
    """What a traced function reads and assigns.

    Variables are values of the graph. An assignment changes what the function reads
    afterwards, and is an update of the plan at its end.
    """

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._versions: dict[int, list[Tensor]] = {}
        self.checks: list[Check] = []

    def value(self, variable) -> Tensor:
        """The value of a variable at this place of the function."""
        return self._entry(variable).current

    def initial(self, variable) -> Tensor:
        """The value of a variable at the start, with respect to which gradients are."""
        return self._entry(variable).initial

    def assign(self, variable, value: Tensor) -> None:
        versions = self._versions.get(id(variable))
        if versions is not None:
            value = _detached(value)
            versions.append(value)
        self._entry(variable).current = value

    @contextlib.contextmanager
    def versions(self, variables: Sequence) -> Iterator[list[list[Tensor]]]:
        """Collects all values of variables, of which the gradients of each are the sum.

        An assignment has no gradient, as in TensorFlow and PyTorch: what is read after it
        depends on the variable, not on what was assigned.
        """
        found = [[self.value(variable)] for variable in variables]
        before = self._versions
        self._versions = {id(v): values for v, values in zip(variables, found, strict=True)}
        try:
            yield found
        finally:
            self._versions = before

    def _entry(self, variable) -> "_Entry":
        entry = self._entries.get(id(variable))
        if entry is None:
            entry = _Entry(variable, self.first_value(variable))
            self._entries[id(variable)] = entry
        return entry

    def first_value(self, variable) -> Tensor:
        return Tensor(symbol=variable.engine_variable().symbol, dtype=variable.own_dtype)

    @property
    def updates(self) -> list[tuple]:
        """The variables that were assigned, with their last values."""
        return [
            (entry.variable, entry.current)
            for entry in self._entries.values()
            if entry.current is not entry.initial
        ]

    def is_untrained(self, value: Tensor) -> bool:
        """Whether a value is that of a variable at the start which is not trained."""
        return any(
            entry.initial is value and not entry.variable.trainable
            for entry in self._entries.values()
        )

    def branch(self, function) -> tuple:
        """Calls a function and takes its assignments back.

        Returns:
            The result, and what it assigned: pairs of variable and value.
        """
        before = {key: entry.current for key, entry in self._entries.items()}
        result = function()
        assigned = []
        for key, entry in self._entries.items():
            old = before.get(key, entry.initial)
            if entry.current is not old:
                assigned.append((entry.variable, entry.current))
                entry.current = old
        return result, assigned


class Check(NamedTuple):
    """What must hold of a traced value: the plan computes it, and Python looks at it."""

    value: Tensor
    # Raises an error unless the value is as it must be.
    require: Callable[[np.ndarray], None]


def check(value: Tensor, require: Callable[[np.ndarray], None]) -> None:
    """Checks a value now, or after each run of the compiled function in which it is traced.

    Args:
        value: what is looked at; small, because it is copied out of each run.
        require: a function of the array that raises an error unless it is as it must be.
    """
    trace = current()
    if not value.is_traced:
        require(value.array)
    elif trace is not None:
        trace.checks.append(Check(value, require))


def _detached(value: Tensor) -> Tensor:
    symbol = graph.apply(graph.operation("stopGradient"), [value.symbol()])[0]
    return Tensor(value._array, symbol, value.dtype)


class _Entry:
    __slots__ = ("current", "initial", "variable")

    def __init__(self, variable, value: Tensor) -> None:
        self.variable = variable
        self.initial = self.current = value


class ShapeTrace(Trace):
    """A trace for shapes alone: nothing is computed, and variables stay where they are."""

    def first_value(self, variable) -> Tensor:
        dtype = variable.own_dtype
        return placeholder(variable.shape, dtype)


class Recording(Trace):
    """A trace beside eager computation, so that gradients can be had afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[tuple[graph.Symbol, np.ndarray]] = []

    def watch(self, tensor: Tensor) -> Tensor:
        """The tensor as a source with respect to which gradients can be taken."""
        array = np.ascontiguousarray(
            dtypes.convert(tensor.array, dtypes.engine_dtype(tensor.dtype))
        ).reshape(tensor.shape)
        symbol = graph.input_symbol(array.shape, array.dtype.name)
        self.sources.append((symbol, array))
        return Tensor(tensor.array, symbol, tensor.dtype)

    def first_value(self, variable) -> Tensor:
        return self.watch(variable.host_value())

    def assign(self, variable, value: Tensor) -> None:
        super().assign(variable, value)
        variable.write(value)


def placeholder(shape: tuple[int, ...], dtype: str) -> Tensor:
    """A traced tensor of a type, which has no value at any time."""
    symbol = graph.input_symbol(shape, dtypes.engine_dtype(dtype))
    return Tensor(symbol=symbol, dtype=dtype)


def current() -> Trace | None:
    """The trace of this thread."""
    return getattr(_local, "trace", None)


@contextlib.contextmanager
def scope(trace: Trace | None) -> Iterator[Trace | None]:
    """Makes a trace the current one; `None` computes eagerly within a trace."""
    previous = current()
    _local.trace = trace
    try:
        yield trace
    finally:
        _local.trace = previous
