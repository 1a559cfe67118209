"""Keras's variables, which live in the engine while plans update them."""

import threading

import numpy as np
from keras.src.backend.common import KerasVariable
from keras.src.backend.common.stateless_scope import get_stateless_scope
from keras.src.backend.common.stateless_scope import in_stateless_scope

from keras_strata.src import dtypes
from keras_strata.src import ops
from keras_strata.src import tracing
from keras_strata.src.engine import graph
from keras_strata.src.tensor import Tensor


class Variable(KerasVariable):
    """A variable of the backend.

    Its value is an array on the host until a compiled function uses it. From then on the
    engine has it, in the layout of its primitives, and the array is a copy that is made
    where the value is read.
    """

    def __init__(self, *args, **kwargs) -> None:
        self._value = None
        super().__init__(*args, **kwargs)

    # A NumPy scalar or array beside a variable leaves the operator to the variable.
    __array_priority__ = 1000

    @property
    def own_dtype(self) -> str:
        """The dtype without a scope of automatic casts."""
        return self._dtype

    # `KerasVariable` keeps its value under this name.
    @property
    def _value(self) -> Tensor | None:
        return self.host_value() if self._is_initialized else None

    @_value.setter
    def _value(self, value: Tensor | None) -> None:
        if value is None:
            self._lock = threading.RLock()
            self._array: np.ndarray | None = None
            self._engine: graph.EngineVariable | None = None
            self._is_initialized = False
        else:
            self.write(value)

    def host_value(self) -> Tensor:
        """The value on the host."""
        with self._lock:
            if self._array is None:
                self._array = dtypes.convert(self._engine.read(), self._dtype)
            return Tensor(self._array)

    def engine_variable(self) -> graph.EngineVariable:
        """The variable in the engine, which has the value from then on."""
        with self._lock:
            if self._engine is None:
                self._engine = graph.EngineVariable(self._path, self._engine_array(self._array))
                self._array = None
            return self._engine

    def _engine_array(self, array: np.ndarray) -> np.ndarray:
        return dtypes.convert(array, dtypes.engine_dtype(self._dtype))

    def write(self, value: Tensor) -> None:
        """Replaces the value, outside of compiled functions."""
        array = dtypes.convert(value.array, self._dtype)
        with self._lock:
            self._is_initialized = True
            if self._engine is None:
                # An array of its own: the caller may change the other one.
                self._array = np.array(array, order="C")
            else:
                self._engine.write(self._engine_array(array))
                self._array = None

    def forget_host_value(self) -> None:
        """Tells that a plan has changed the value in the engine."""
        self._array = None

    @property
    def value(self) -> Tensor:
        """The value; while a function is traced, that at this place of the function."""
        if in_stateless_scope():
            value = get_stateless_scope().get_current_value(self)
            if value is not None:
                return self._maybe_autocast(value)
        trace = tracing.current()
        if not self._is_initialized:
            if trace is not None:
                value = tracing.placeholder(self._shape, self._dtype)
            else:
                value = self._initializer(self._shape, dtype=self._dtype)
        elif trace is not None:
            value = trace.value(self)
        else:
            value = self.host_value()
        return self._maybe_autocast(value)

    def _initialize(self, value: Tensor) -> None:
        if self._shape is not None:
            self._validate_shape(value.shape)
        self._value = self._convert_to_tensor(value, dtype=self._dtype)

    def _initialize_with_initializer(self, initializer) -> None:
        # A layer that is built while a function is traced begins with real values.
        with tracing.scope(None):
            super()._initialize_with_initializer(initializer)

    def _direct_assign(self, value: Tensor) -> None:
        trace = tracing.current()
        if trace is None:
            self.write(value)
        else:
            trace.assign(self, value)

    def _convert_to_tensor(self, value, dtype=None) -> Tensor:
        return ops.core.convert_to_tensor(value, dtype=dtype)

    def numpy(self) -> np.ndarray:
        return self.value.numpy()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self.value.__array__(dtype, copy)

    def __deepcopy__(self, memo: dict) -> "Variable":
        copy = self.__class__.__new__(self.__class__)
        memo[id(self)] = copy
        copy.__setstate__(self.__getstate__())
        return copy

    def __getstate__(self) -> dict:
        hidden = ("_lock", "_engine", "_array")
        state = {k: v for k, v in self.__dict__.items() if k not in hidden}
        state["_array"] = np.array(self.host_value().array) if self._is_initialized else None
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()
        self._engine = None
