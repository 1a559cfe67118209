"""ONNX files of traced networks."""

import ctypes
from collections.abc import Callable
from collections.abc import Sequence
from typing import NamedTuple

from keras_strata.src.engine.graph import Symbol
from keras_strata.src.engine.graph import _handles
from keras_strata.src.engine.library import BytesReceiver
from keras_strata.src.engine.library import TraceRecord
from keras_strata.src.engine.library import library


class Trace(NamedTuple):
    """The inputs and outputs of a network for known shapes."""

    inputs: Sequence[Symbol]
    outputs: Sequence[Symbol]


def write(
    receive: Callable[[memoryview], object],
    name: str,
    traces: Sequence[Trace],
    input_names: Sequence[str],
    output_names: Sequence[str],
    operator_set: int | None = None,
) -> None:
    """Makes the file of a network.

    Args:
        receive: gets the bytes of the file, in order, which are valid during its call.
        name: the name of the network.
        traces: the network for two numbers of samples and, if more lengths are left open,
            for the first number and other lengths.
        input_names: a name for each input.
        output_names: a name for each output.
        operator_set: the version of ONNX's operators; without it, the engine's own.

    Raises:
        GraphError: if ONNX cannot express the network.
    """
    failures: list[BaseException] = []

    @BytesReceiver
    def receiver(_context, pointer, count):
        if failures:
            return
        try:
            receive(memoryview((ctypes.c_char * count).from_address(pointer)))
        except BaseException as error:
            failures.append(error)

    handles = [(_handles(trace.inputs), _handles(trace.outputs)) for trace in traces]
    library.onnx(
        name.encode(),
        (TraceRecord * len(traces))(*(TraceRecord(*pair) for pair in handles)),
        len(traces),
        _texts(input_names),
        len(input_names),
        _texts(output_names),
        len(output_names),
        operator_set or 0,
        receiver,
        None,
    )
    if failures:
        raise failures[0]


def _texts(names: Sequence[str]):
    return (ctypes.c_char_p * len(names))(*(name.encode() for name in names))
