"""Tensors of the backend."""

import math
from collections.abc import Sequence

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src import ops
from keras_strata.src.engine import graph


class TracedValueError(TypeError):
    """The value of a tensor that is computed only when a compiled function runs."""


class Tensor:
    """A dense tensor, or the value of a function that is being traced.

    A concrete tensor has a NumPy array. A traced one has a symbol of the engine's graph
    instead; a recorded one, of which a gradient may be wanted, has both.
    """

    __array_priority__ = 1000

    # The tensor and the number whose sum a traced integer is, if it is one: a slice from
    # `start` to `start + 3` has three elements, wherever it begins.
    sum_of: "tuple[Tensor, int] | None" = None

    def __init__(
        self,
        array: np.ndarray | None = None,
        symbol: graph.Symbol | None = None,
        dtype: str | None = None,
    ) -> None:
        self._array = array
        self._symbol = symbol
        self._dtype = dtype or dtypes.name_of(array.dtype)
        self._shape = symbol.shape if array is None else array.shape

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    @property
    def dtype(self) -> str:
        return self._dtype

    @property
    def ndim(self) -> int:
        return len(self._shape)

    @property
    def size(self) -> int:
        return math.prod(self._shape)

    @property
    def nbytes(self) -> int:
        return self.size * dtypes.numpy_dtype(self._dtype).itemsize

    @property
    def is_traced(self) -> bool:
        """Whether the value is not known before a compiled function runs."""
        return self._array is None

    @property
    def array(self) -> np.ndarray:
        """The value as an array that shares its memory.

        Raises:
            TracedValueError: if the tensor is traced.
        """
        if self._array is None:
            raise TracedValueError(
                f"{self!r} has no value while a function is traced. `fit`, `evaluate` "
                "and `predict` trace a step once and run it as one plan: use `keras.ops` "
                "instead of Python's `if`, `float()` or NumPy on such tensors, or compile "
                "the model with `run_eagerly=True`."
            )
        return self._array

    def numpy(self) -> np.ndarray:
        """The value as an array of its own."""
        return np.array(self.array)

    def symbol(self, dtype: str | None = None) -> graph.Symbol:
        """The symbol in the engine's type for the dtype, or in another type."""
        wanted = dtype or dtypes.engine_dtype(self._dtype)
        if self._symbol is None:
            return self._constant(wanted)
        if self._symbol.dtype == wanted:
            return self._symbol
        cast = graph.operation("cast", (("dtype", wanted),))
        return graph.apply(cast, [self._symbol])[0]

    def _constant(self, dtype: str) -> graph.Symbol:
        array = self._array
        if array.size > 1 and not any(array.strides):
            # Equal elements: a scalar, which kernels read without memory.
            first = array[(0,) * array.ndim]
            scalar = graph.constant_symbol(dtypes.convert(np.asarray(first), dtype))
            broadcast = graph.operation("broadcast", (("shape", array.shape),))
            return graph.apply(broadcast, [scalar])[0]
        return graph.constant_symbol(dtypes.convert(array, dtype))

    # The interfaces of NumPy and of other libraries.

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        array = self.array
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return np.array(array) if copy else array

    def __dlpack__(self, **kwargs):
        array = self.array
        if not array.flags.writeable:
            array = np.array(array)
        return array.__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)

    def __buffer__(self, flags: int) -> memoryview:
        return memoryview(self.array)

    def item(self, *indices: int) -> float | int | bool | complex:
        return self.array.item(*indices)

    def tolist(self) -> list | float | int | bool:
        return self.array.tolist()

    def __reduce__(self):
        return (Tensor, (self.array,))

    def __copy__(self) -> "Tensor":
        return Tensor(self._array, self._symbol, self._dtype)

    def __deepcopy__(self, memo: dict) -> "Tensor":
        if self._array is None:
            return self
        return Tensor(np.array(self._array))

    def __repr__(self) -> str:
        if self._array is None:
            return f"<Traced tensor of shape {self._shape}, {self._dtype}>"
        return f"<Tensor shape={self._shape}, dtype={self._dtype}, value={self._array}>"

    def __format__(self, specification: str) -> str:
        if self._array is not None and self._array.ndim == 0:
            return format(self._array.item(), specification)
        return format(repr(self), specification)

    def __len__(self) -> int:
        if not self._shape:
            raise TypeError("A scalar tensor has no length.")
        return self._shape[0]

    def __iter__(self):
        if not self._shape:
            raise TypeError("A scalar tensor cannot be iterated over.")
        return (self[index] for index in range(self._shape[0]))

    def __bool__(self) -> bool:
        return bool(self.array)

    def __int__(self) -> int:
        return int(self.array)

    def __float__(self) -> float:
        return float(self.array)

    def __complex__(self) -> complex:
        return complex(self.array)

    def __index__(self) -> int:
        return self.array.__index__()

    def __hash__(self) -> int:
        return id(self)

    # Methods as NumPy's arrays have them.

    def astype(self, dtype: str) -> "Tensor":
        return ops.core.cast(self, dtype)

    def reshape(self, *shape: int | Sequence[int]) -> "Tensor":
        if len(shape) == 1 and not isinstance(shape[0], int):
            shape = tuple(shape[0])
        return ops.numpy.reshape(self, shape)

    def transpose(self, *axes: int | Sequence[int]) -> "Tensor":
        if len(axes) == 1 and not isinstance(axes[0], int):
            axes = tuple(axes[0])
        return ops.numpy.transpose(self, axes or None)

    @property
    def T(self) -> "Tensor":
        return self.transpose()

    def flatten(self) -> "Tensor":
        return self.reshape(-1)


def _install_operators() -> None:
    """Gives tensors Python's operators, which are functions of `ops.numpy`."""
    binary = {
        "add": "add",
        "sub": "subtract",
        "mul": "multiply",
        "truediv": "divide",
        "floordiv": "floor_divide",
        "mod": "mod",
        "pow": "power",
        "matmul": "matmul",
        "and": "bitwise_and",
        "or": "bitwise_or",
        "xor": "bitwise_xor",
        "lshift": "left_shift",
        "rshift": "right_shift",
    }
    compared = {
        "eq": "equal",
        "ne": "not_equal",
        "lt": "less",
        "le": "less_equal",
        "gt": "greater",
        "ge": "greater_equal",
    }
    unary = {"neg": "negative", "abs": "absolute", "invert": "bitwise_not"}

    def forward(function: str):
        def operator(self, other):
            if other is None or isinstance(other, str):
                return NotImplemented
            return getattr(ops.numpy, function)(self, other)

        return operator

    def reflected(function: str):
        def operator(self, other):
            return getattr(ops.numpy, function)(other, self)

        return operator

    def single(function: str):
        return lambda self: getattr(ops.numpy, function)(self)

    for name, function in binary.items():
        setattr(Tensor, f"__{name}__", forward(function))
        setattr(Tensor, f"__r{name}__", reflected(function))
    for name, function in compared.items():
        setattr(Tensor, f"__{name}__", forward(function))
    for name, function in unary.items():
        setattr(Tensor, f"__{name}__", single(function))
    Tensor.__pos__ = lambda self: self
    Tensor.__divmod__ = lambda self, other: (self // other, self % other)
    Tensor.__getitem__ = lambda self, index: ops.indexing.get_item(self, index)


_install_operators()
