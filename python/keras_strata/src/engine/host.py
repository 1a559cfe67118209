"""Functions in Python as steps of a plan."""

import ctypes
import itertools
import threading
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

from keras_strata.src.engine.graph import NUMPY_DTYPES
from keras_strata.src.engine.graph import Operation
from keras_strata.src.engine.graph import Symbol
from keras_strata.src.engine.graph import type_record
from keras_strata.src.engine.library import HostFunction
from keras_strata.src.engine.library import HostGradient
from keras_strata.src.engine.library import HostRelease
from keras_strata.src.engine.library import Type
from keras_strata.src.engine.library import library

# A gradient rule: from the symbols of inputs and outputs, and the gradients of the
# outputs (None where nothing depends on one), to those of the inputs.
GradientRule = Callable[[list[Symbol], list[Symbol], list[Symbol | None]], list[Symbol | None]]

_numbers = itertools.count(1)
_functions: dict[int, "_Function"] = {}
_failure = threading.local()


class _Function:
    """A function and the types of its arrays."""

    def __init__(
        self,
        function: Callable | None,
        inputs: Sequence[tuple[str, tuple[int, ...]]],
        outputs: Sequence[tuple[str, tuple[int, ...]]],
        gradient: GradientRule | None,
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.outputs = outputs
        self.gradient = gradient


def take_failure() -> BaseException | None:
    """The exception of a function of Python that made a call of this thread fail."""
    failure = getattr(_failure, "exception", None)
    _failure.exception = None
    return failure


def _array(pointer: int | None, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    kind = NUMPY_DTYPES[dtype]
    size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if not pointer or size == 0:
        return np.zeros(shape, kind)
    memory = (ctypes.c_char * size).from_address(pointer)
    return np.frombuffer(memory, kind).reshape(shape)


@HostFunction
def _call(number, inputs, outputs):
    try:
        entry = _functions[number]
        arrays = [
            _array(inputs[index], dtype, shape) for index, (dtype, shape) in enumerate(entry.inputs)
        ]
        results = entry.function(*arrays)
        for index, (dtype, shape) in enumerate(entry.outputs):
            _array(outputs[index], dtype, shape)[...] = results[index]
    except BaseException as error:
        _failure.exception = error
        return 1
    return 0


@HostGradient
def _differentiate(
    number,
    inputs,
    input_count,
    outputs,
    gradients,
    output_count,
    results,
):
    try:
        entry = _functions[number]
        found = entry.gradient(
            [Symbol.borrowed(inputs[index]) for index in range(input_count)],
            [Symbol.borrowed(outputs[index]) for index in range(output_count)],
            [
                Symbol.borrowed(gradients[index]) if gradients[index] else None
                for index in range(output_count)
            ],
        )
        for index in range(input_count):
            results[index] = 0 if found[index] is None else found[index].given_away()
    except BaseException as error:
        _failure.exception = error
        return 1
    return 0


@HostRelease
def _release(number) -> None:
    _functions.pop(number, None)


_NO_GRADIENT = HostGradient()


def host_operation(
    name: str,
    function: Callable[..., Sequence[np.ndarray]],
    inputs: Sequence[tuple[str, tuple[int, ...]]],
    outputs: Sequence[tuple[str, tuple[int, ...]]],
    gradient: GradientRule | None = None,
) -> Operation:
    """An operation that calls a function of Python with arrays.

    Args:
        name: the name in messages and in printed plans.
        function: from arrays to a sequence of arrays. It must not keep its arguments.
        inputs: the dtype and shape of each input.
        outputs: the dtype and shape of each output.
        gradient: the gradient rule; without one, a gradient through it is an error.
    """
    number = next(_numbers)
    _functions[number] = _Function(function, inputs, outputs, gradient)
    handle = ctypes.c_uint64()
    library.host_operation(
        name.encode(),
        number,
        (Type * len(inputs))(*(type_record(*kind) for kind in inputs)),
        len(inputs),
        (Type * len(outputs))(*(type_record(*kind) for kind in outputs)),
        len(outputs),
        _call,
        _differentiate if gradient else _NO_GRADIENT,
        _release,
        ctypes.byref(handle),
    )
    return Operation(name, handle.value)


def gradient_operation(name: str, gradient: GradientRule) -> Operation:
    """An operation that is its first input, with a gradient rule of its own."""
    number = next(_numbers)
    _functions[number] = _Function(None, (), (), gradient)
    handle = ctypes.c_uint64()
    library.gradient_operation(
        name.encode(), number, _differentiate, _release, ctypes.byref(handle)
    )
    return Operation(name, handle.value)
