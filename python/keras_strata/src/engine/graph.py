"""Symbols, operations, variables and plans of the engine."""

import ctypes
import functools
from collections.abc import Sequence

import ml_dtypes
import numpy as np

from keras_strata.src.engine.library import MAX_RANK
from keras_strata.src.engine.library import AttributeRecord
from keras_strata.src.engine.library import GraphError
from keras_strata.src.engine.library import SymbolRecord
from keras_strata.src.engine.library import Type
from keras_strata.src.engine.library import library

DTYPES = ("float32", "bfloat16", "int32", "uint8", "bool")
NUMPY_DTYPES = {
    "float32": np.dtype(np.float32),
    "bfloat16": np.dtype(ml_dtypes.bfloat16),
    "int32": np.dtype(np.int32),
    "uint8": np.dtype(np.uint8),
    "bool": np.dtype(np.bool_),
}
_NUMBERS = {name: number for number, name in enumerate(DTYPES)}
_MAX_RESULTS = 64

_uint64 = ctypes.c_uint64
_int64 = ctypes.c_int64
_byref = ctypes.byref


def type_record(dtype: str, shape: Sequence[int]) -> Type:
    """The type of a tensor as C has it."""
    if len(shape) > MAX_RANK:
        raise GraphError(
            f"A tensor of shape {tuple(shape)} has {len(shape)} axes, but the engine has "
            f"at most {MAX_RANK}. Merge axes by a reshape."
        )
    result = Type()
    result.dtype = _NUMBERS[dtype]
    result.rank = len(shape)
    result.shape[: len(shape)] = shape
    return result


class _Owner:
    """The owner of a handle, which is released with it."""

    __slots__ = ("__weakref__", "handle")

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def __del__(self, library=library, uint64=_uint64) -> None:
        if self.handle:
            library.release(uint64(self.handle), 1)


class Symbol(_Owner):
    """A value of a graph, with its type in the engine."""

    __slots__ = ("dtype", "shape")

    def __init__(self, handle: int, dtype: str, shape: tuple[int, ...]) -> None:
        super().__init__(handle)
        self.dtype = dtype
        self.shape = shape

    @staticmethod
    def _of(record: SymbolRecord) -> "Symbol":
        kind = record.type
        return Symbol(record.handle, DTYPES[kind.dtype], tuple(kind.shape[: kind.rank]))

    @staticmethod
    def borrowed(handle: int) -> "Symbol":
        """A symbol of the value of a handle that belongs to somebody else."""
        kind = Type()
        library.symbol_type(handle, kind)
        # A reshape to the same shape is the value itself, under a handle of its own.
        same = operation("reshape", (("shape", tuple(kind.shape[: kind.rank])),))
        record = SymbolRecord()
        library.apply(same.handle, _uint64(handle), 1, record, 1, _int64())
        return Symbol._of(record)

    def given_away(self) -> int:
        """A handle of the same value, which the receiver releases."""
        copy = Symbol.borrowed(self.handle)
        handle, copy.handle = copy.handle, 0
        return handle


def input_symbol(shape: Sequence[int], dtype: str, name: str = "input") -> Symbol:
    """An input of a graph, whose value is given when a plan is run."""
    handle = _uint64()
    library.input(name.encode(), type_record(dtype, shape), _byref(handle))
    return Symbol(handle.value, dtype, tuple(shape))


def constant_symbol(array: np.ndarray) -> Symbol:
    """A value that is fixed when a graph is made."""
    array = np.ascontiguousarray(array).reshape(array.shape)
    dtype = array.dtype.name
    handle = _uint64()
    library.constant(
        type_record(dtype, array.shape), array.ctypes.data, array.nbytes, _byref(handle)
    )
    return Symbol(handle.value, dtype, array.shape)


class Operation(_Owner):
    """An operation with its attributes."""

    __slots__ = ("name",)

    def __init__(self, name: str, handle: int) -> None:
        super().__init__(handle)
        self.name = name


def _attribute(name: str, value) -> AttributeRecord:
    record = AttributeRecord(name=name.encode())
    if isinstance(value, bool):
        record.kind, record.integer = 0, value
    elif isinstance(value, int):
        record.kind, record.integer = 1, value
    elif isinstance(value, float):
        record.kind, record.number = 2, value
    elif isinstance(value, str) and name == "dtype":
        record.kind, record.integer = 4, _NUMBERS[value]
    elif isinstance(value, str):
        record.kind, record.text = 3, value.encode()
    else:
        record.kind = 5
        record.count = len(value)
        record.integers = (_int64 * len(value))(*value)
    return record


@functools.lru_cache(maxsize=4096)
def operation(name: str, attributes: tuple = ()) -> Operation:
    """The operation of a name and of attributes, given as pairs."""
    records = (AttributeRecord * len(attributes))(
        *(_attribute(key, value) for key, value in attributes)
    )
    handle = _uint64()
    library.operation(name.encode(), records, len(attributes), _byref(handle))
    return Operation(name, handle.value)


def _handles(owners: Sequence[_Owner]):
    return (_uint64 * len(owners))(*(owner.handle for owner in owners))


def apply(operation: Operation, inputs: Sequence[Symbol]) -> list[Symbol]:
    """Applies an operation to symbols.

    Raises:
        GraphError: if the inputs do not fit.
    """
    records = (SymbolRecord * _MAX_RESULTS)()
    count = _int64()
    library.apply(
        operation.handle,
        _handles(inputs),
        len(inputs),
        records,
        _MAX_RESULTS,
        _byref(count),
    )
    return [Symbol._of(records[index]) for index in range(count.value)]


def gradients(scalar: Symbol, values: Sequence[Symbol]) -> list[Symbol]:
    """The gradients of a scalar with respect to values."""
    records = (SymbolRecord * len(values))()
    library.gradients(scalar.handle, _handles(values), len(values), records)
    return [Symbol._of(record) for record in records]


class EngineVariable(_Owner):
    """A variable that lives in the engine."""

    __slots__ = ("dtype", "shape", "symbol")

    def __init__(self, name: str, array: np.ndarray) -> None:
        array = np.ascontiguousarray(array).reshape(array.shape)
        self.dtype = array.dtype.name
        self.shape = array.shape
        handle = _uint64()
        library.variable(
            name.encode(),
            type_record(self.dtype, self.shape),
            array.ctypes.data,
            array.nbytes,
            _byref(handle),
        )
        super().__init__(handle.value)
        symbol = _uint64()
        library.variable_symbol(handle, _byref(symbol))
        self.symbol = Symbol(symbol.value, self.dtype, self.shape)

    def read(self) -> np.ndarray:
        """A copy of the value."""
        array = np.empty(self.shape, NUMPY_DTYPES[self.dtype])
        library.read_variable(self.handle, array.ctypes.data, array.nbytes)
        return array

    def write(self, array: np.ndarray) -> None:
        """Replaces the value."""
        array = np.ascontiguousarray(array, NUMPY_DTYPES[self.dtype])
        library.write_variable(self.handle, array.ctypes.data, array.nbytes)


class Plan(_Owner):
    """A graph that is planned, for repeated runs."""

    __slots__ = ("_input_count", "_outputs", "_pointers", "_sizes")

    def __init__(
        self,
        inputs: Sequence[Symbol],
        outputs: Sequence[Symbol],
        updates: Sequence[tuple[EngineVariable, Symbol]] = (),
    ) -> None:
        handle = _uint64()
        library.plan(
            _handles(inputs),
            len(inputs),
            _handles(outputs),
            len(outputs),
            _handles([variable for variable, _ in updates]),
            _handles([value for _, value in updates]),
            len(updates),
            _byref(handle),
        )
        super().__init__(handle.value)
        self._input_count = len(inputs)
        self._outputs = [(x.shape, NUMPY_DTYPES[x.dtype]) for x in outputs]
        self._pointers = ctypes.c_void_p * len(inputs), ctypes.c_void_p * len(outputs)
        self._sizes = _int64 * len(inputs), _int64 * len(outputs)

    def run(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Runs once with contiguous arrays of the inputs' types."""
        results = [np.empty(shape, dtype) for shape, dtype in self._outputs]
        library.run(
            self.handle,
            self._pointers[0](*(array.ctypes.data for array in arrays)),
            self._sizes[0](*(array.nbytes for array in arrays)),
            self._input_count,
            self._pointers[1](*(array.ctypes.data for array in results)),
            self._sizes[1](*(array.nbytes for array in results)),
            len(results),
        )
        return results

    @property
    def size(self) -> int:
        """The bytes that the plan holds."""
        count = _int64()
        library.plan_size(self.handle, _byref(count))
        return count.value

    def __str__(self) -> str:
        return library.text(library.plan_text, self.handle)

    def profile(self, seconds: float = 1.0) -> str:
        """A table of the time of each step."""
        return library.text(library.profile_text, self.handle, seconds)
