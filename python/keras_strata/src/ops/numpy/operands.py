"""Operands as tensors of one dtype, and results by NumPy or by a composition."""

import functools
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src.backend.common.dtypes import result_type
from keras.src.backend.config import floatx

from keras_strata.src import dtypes
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.tensor import Tensor

_WIDE_INTEGERS = ("int64", "uint64")


@functools.lru_cache(maxsize=4096)
def _promoted(precision: str, kinds: tuple) -> str:
    # Keras's rule depends on `floatx`, which is therefore part of the key.
    dtypes_given = {x for x in kinds if isinstance(x, str)}
    if len(dtypes_given) == 1:
        (dtype,) = dtypes_given
        # Keras's rule makes 32 bits of 64, which only other operands ask for.
        if dtype in ("float64", "complex128") or (dtype in _WIDE_INTEGERS and float not in kinds):
            return dtype
    return result_type(*kinds)


def promoted(*kinds: str | type) -> str:
    """Keras's dtype of a result; `int` and `float` are Python's numbers, which are weak."""
    return _promoted(floatx(), kinds)


def is_number(x) -> bool:
    """Whether a value is a number of Python, which takes the dtype of tensors beside it."""
    return isinstance(x, (bool, int, float)) and not isinstance(x, np.generic)


def kind(x) -> str | type:
    """What a value counts as in promotion."""
    if not is_number(x):
        return x.dtype
    if isinstance(x, bool):
        return "bool"
    return int if isinstance(x, int) else float


def tensors(*values) -> list:
    """Values as tensors, but for Python's numbers."""
    return [x if isinstance(x, Tensor) or is_number(x) else convert_to_tensor(x) for x in values]


def _converted(x, dtype: str) -> Tensor:
    # Most operands are tensors of the dtype already, and operations are called often.
    return x if isinstance(x, Tensor) and x.dtype == dtype else convert_to_tensor(x, dtype)


def operands(*values, floating: bool = False) -> tuple[list[Tensor], str]:
    """Values as tensors of their common dtype, and that dtype.

    Args:
        *values: tensors, arrays, numbers.
        floating: whether integers become floating-point numbers.
    """
    found = tensors(*values)
    kinds = [kind(x) for x in found]
    dtype = promoted(*kinds, float) if floating else promoted(*kinds)
    return [_converted(x, dtype) for x in found], dtype


def floating(x) -> Tensor:
    """A value as a tensor of a floating-point dtype."""
    x = convert_to_tensor(x)
    return cast(x, promoted(x.dtype, float))


def composed(
    numpy: Callable, inputs: Sequence[Tensor], dtype: str, composition: Callable
) -> Tensor:
    """A function that the engine has no operation of.

    Args:
        numpy: the function of arrays, where the values are known.
        inputs: the operands.
        dtype: Keras's dtype of the result.
        composition: the function of tensors, by operations of the engine, which is traced
            and has gradients.
    """
    if any(x._symbol is not None for x in inputs):
        return composition(*inputs)
    return by_numpy(numpy, inputs, dtype)


def by_numpy(numpy: Callable, inputs: Sequence[Tensor], dtype: str) -> Tensor:
    """A function of arrays whose values are known."""
    with np.errstate(all="ignore"):
        array = np.asarray(numpy(*(x.array for x in inputs)))
    return Tensor(dtypes.convert(array, dtype))


def is_integer(dtype: str) -> bool:
    """Whether values are whole numbers, but not truth values."""
    return "int" in dtype


def is_complex(dtype: str) -> bool:
    """Whether values are complex numbers."""
    return "complex" in dtype


def no_gradient(inputs: Sequence, outputs: Sequence, gradients: Sequence) -> list:
    """The gradient rule of functions that are constant almost everywhere."""
    return [None] * len(inputs)
