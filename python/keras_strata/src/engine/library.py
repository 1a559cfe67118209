"""The engine's dynamic library and its functions."""

import ctypes
import functools
import os
import pathlib
from ctypes import POINTER
from ctypes import c_char_p
from ctypes import c_double
from ctypes import c_int32
from ctypes import c_int64
from ctypes import c_uint64
from ctypes import c_void_p

MAX_RANK = 12

Handle = c_uint64
Handles = POINTER(c_uint64)


class Type(ctypes.Structure):
    """`strata_type`: the type of a dense row-major tensor."""

    _fields_ = [
        ("dtype", c_int32),
        ("rank", c_int32),
        ("shape", c_int64 * MAX_RANK),
    ]


class SymbolRecord(ctypes.Structure):
    """`strata_symbol`: a value of a graph and its type."""

    _fields_ = [("handle", c_uint64), ("type", Type)]


class AttributeRecord(ctypes.Structure):
    """`strata_attribute`: an attribute of an operation."""

    _fields_ = [
        ("name", c_char_p),
        ("kind", c_int32),
        ("integer", c_int64),
        ("number", c_double),
        ("text", c_char_p),
        ("integers", POINTER(c_int64)),
        ("count", c_int64),
    ]


HostFunction = ctypes.CFUNCTYPE(c_int32, c_int64, POINTER(c_void_p), POINTER(c_void_p))
HostGradient = ctypes.CFUNCTYPE(
    c_int32, c_int64, Handles, c_int64, Handles, Handles, c_int64, Handles
)
HostRelease = ctypes.CFUNCTYPE(None, c_int64)

BytesReceiver = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_int64)


class TraceRecord(ctypes.Structure):
    """`strata_trace`: inputs and outputs of a network for known shapes."""

    _fields_ = [("inputs", Handles), ("outputs", Handles)]


_TEXT = [c_char_p, c_int64, POINTER(c_int64)]
_POINTERS = [POINTER(c_void_p), POINTER(c_int64), c_int64]

_ARGUMENTS = {
    "handle_count": [POINTER(c_int64)],
    "operation_names": _TEXT,
    "input": [c_char_p, POINTER(Type), Handles],
    "constant": [POINTER(Type), c_void_p, c_int64, Handles],
    "operation": [c_char_p, POINTER(AttributeRecord), c_int64, Handles],
    "apply": [
        Handle,
        Handles,
        c_int64,
        POINTER(SymbolRecord),
        c_int64,
        POINTER(c_int64),
    ],
    "symbol_type": [Handle, POINTER(Type)],
    "gradients": [Handle, Handles, c_int64, POINTER(SymbolRecord)],
    "host_operation": [
        c_char_p,
        c_int64,
        POINTER(Type),
        c_int64,
        POINTER(Type),
        c_int64,
        HostFunction,
        HostGradient,
        HostRelease,
        Handles,
    ],
    "gradient_operation": [c_char_p, c_int64, HostGradient, HostRelease, Handles],
    "variable": [c_char_p, POINTER(Type), c_void_p, c_int64, Handles],
    "variable_symbol": [Handle, Handles],
    "read_variable": [Handle, c_void_p, c_int64],
    "write_variable": [Handle, c_void_p, c_int64],
    "plan": [Handles, c_int64, Handles, c_int64, Handles, Handles, c_int64, Handles],
    "run": [Handle, *_POINTERS, *_POINTERS],
    "plan_text": [Handle, *_TEXT],
    "profile_text": [Handle, c_double, *_TEXT],
    "plan_size": [Handle, POINTER(c_int64)],
    "onnx": [
        c_char_p,
        POINTER(TraceRecord),
        c_int64,
        POINTER(c_char_p),
        c_int64,
        POINTER(c_char_p),
        c_int64,
        c_int64,
        BytesReceiver,
        c_void_p,
    ],
    "thread_count": [POINTER(c_int64)],
    "set_thread_count": [c_int64],
    "computes_bfloat16": [POINTER(c_int32)],
}


class EngineError(RuntimeError):
    """What the engine could not do: the reason, the shapes and what helps."""


class GraphError(EngineError, ValueError):
    """Arguments, shapes or attributes which do not fit an operation."""


class HostFunctionFailed(EngineError):
    """A function in Python failed while a plan ran."""


_ERRORS = {1: GraphError, 2: EngineError, 3: HostFunctionFailed}


def _path() -> str:
    folder = pathlib.Path(__file__).parent.parent.parent
    own = folder / "lib" / "libStrataKeras.so"
    return os.environ.get("STRATA_KERAS_LIBRARY") or str(own)


class Library:
    """The functions of the dynamic library; a failed call raises its error.

    The library is loaded when the first function is used.
    """

    @functools.cached_property
    def _library(self) -> ctypes.CDLL:
        path = _path()
        try:
            library = ctypes.CDLL(path)
        except OSError as error:
            raise ImportError(
                f"Strata's engine could not be loaded from {path}: {error}. Install the "
                "wheel of keras-strata for this platform, or build the library and set "
                "STRATA_KERAS_LIBRARY to its path."
            ) from error
        library.strata_keras_error.restype = c_char_p
        library.strata_keras_error.argtypes = []
        return library

    @functools.cached_property
    def release(self):
        """`strata_keras_release`, which cannot fail."""
        release = self._library.strata_keras_release
        release.restype = None
        release.argtypes = [Handles, c_int64]
        return release

    def __getattr__(self, name: str):
        if name not in _ARGUMENTS:
            raise AttributeError(name)
        function = getattr(self._library, f"strata_keras_{name}")
        function.restype = c_int32
        function.argtypes = _ARGUMENTS[name]
        checked = _checked(function, self._library.strata_keras_error)
        setattr(self, name, checked)
        return checked

    def text(self, function, *arguments) -> str:
        """The whole text of a function that writes one."""
        length = c_int64()
        function(*arguments, None, 0, length)
        # A profile may be longer the second time.
        capacity = length.value + 65_536
        buffer = ctypes.create_string_buffer(capacity)
        function(*arguments, buffer, capacity, length)
        return buffer.value.decode("utf8", "replace")


def _checked(function, explain):
    def call(*values) -> None:
        status = function(*values)
        if status:
            text = (explain() or b"").decode("utf8", "replace")
            raise _ERRORS.get(status, EngineError)(text)

    return call


library = Library()


class Process:
    """The process that plans are made for."""

    def __init__(self) -> None:
        # How often this process, or one that it comes from, was forked since the start.
        self.forks = 0

    def begin_in_child(self) -> None:
        """Lets the child of a fork compute with one thread, in plans of its own.

        A fork copies the calling thread alone: plans for several would wait for the others.
        """
        self.forks += 1
        if "_library" in library.__dict__:
            library.set_thread_count(1)


process = Process()
os.register_at_fork(after_in_child=process.begin_in_child)
