"""Export of models to ONNX files, which the engine writes."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from collections.abc import Sequence
from typing import BinaryIO

from keras.src import tree
from keras.src.backend.common import standardize_dtype
from keras.src.backend.common.stateless_scope import StatelessScope
from keras.src.export.export_utils import get_input_signature
from keras.src.export.export_utils import make_input_spec
from keras.src.utils import io_utils

from keras_strata.src import dtypes
from keras_strata.src import tracing
from keras_strata.src.engine import graph
from keras_strata.src.engine import onnx
from keras_strata.src.ops.core import convert_to_tensor
from keras_strata.src.tensor import Tensor

__all__ = ["export_onnx"]

# Primes, so that a multiple of one is rarely one of the other by chance.
_COUNTS = (5, 7)
# Lengths of axes that are left open: multiples of 32, as networks halve images.
_SIZES = (320, 384, 448)
# Odd lengths distinguish more, but some models accept only even ones.
_OTHER_SIZES = ((449, 577, 385), (448, 576, 384))

# The types of outputs that are not those in which the engine computes.
_OUTPUT_TYPES = {"bool": "bool", "uint8": "uint8", "bfloat16": "float32"}


def export_onnx(
    model, filepath, verbose=None, input_signature=None, opset_version=None, **kwargs
) -> None:
    """Writes what a model computes for inference into an ONNX file.

    The file accepts any number of samples, and lengths that the signature leaves open, as
    far as ONNX can express the dependence. Layers are called with `training=False`, and
    variables have the values of now. Types of 64 bits become those of 32 bits in which the
    engine computes, and bfloat16 becomes float32.

    Args:
        model: a model that was built.
        filepath: the path of the file, which is replaced when the new one is complete.
        verbose: whether a message tells that the file was written; without it, it does.
        input_signature: the shapes and dtypes of the inputs, as a structure of
            `keras.InputSpec`, `KerasTensor` or tensors; without it, the model's own.
        opset_version: the version of ONNX's operators, 15 to 18; without it, 17.
        **kwargs: there are no other options.

    Raises:
        ValueError: if ONNX cannot express the model; the message names the operation.
    """
    if kwargs:
        raise ValueError(
            f"Export to ONNX by the Strata backend has no options {sorted(kwargs)}. Leave "
            "them out; there are `verbose`, `input_signature` and `opset_version`."
        )
    filepath = os.fspath(filepath)
    folder = os.path.dirname(os.path.abspath(filepath))
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"{filepath} cannot be written. Make the folder {folder} first.")
    if input_signature is None:
        input_signature = get_input_signature(model)
    network = _Network(model, input_signature)
    traces = network.traces()
    with _replacing(filepath) as file:
        onnx.write(
            file.write,
            model.name,
            traces,
            network.input_names,
            network.output_names,
            opset_version,
        )
    if verbose is None or verbose:
        io_utils.print_msg(f"Saved artifact at '{filepath}'.")


class _Network:
    """A model and the signature with which it is traced."""

    def __init__(self, model, input_signature) -> None:
        self._model = model
        if not isinstance(input_signature, (list, tuple)):
            input_signature = [input_signature]
        self._signature = input_signature
        self._specs = [make_input_spec(x) for x in tree.flatten(input_signature)]
        self.input_names = [spec.name or f"input_{index}" for index, spec in enumerate(self._specs)]
        self.output_names: list[str] = []

    def traces(self) -> list[onnx.Trace]:
        """Traces for two numbers of samples and, if lengths are left open, for others."""
        traces = [self._trace(count, _SIZES) for count in _COUNTS]
        if any(None in spec.shape[1:] for spec in self._specs):
            odd, even = _OTHER_SIZES
            try:
                traces.append(self._trace(_COUNTS[0], odd))
            except Exception:
                traces.append(self._trace(_COUNTS[0], even))
        return traces

    def _trace(self, count: int, sizes: Sequence[int]) -> onnx.Trace:
        inputs = [_input(spec, count, sizes) for spec in self._specs]
        # Variables that the call assigns and losses that it adds are left as they are.
        with StatelessScope(), tracing.scope(tracing.Trace()):
            results = self._model(*tree.pack_sequence_as(self._signature, inputs), training=False)
            outputs = [convert_to_tensor(x) for x in tree.flatten(results) if x is not None]
            symbols = [x.symbol(_OUTPUT_TYPES.get(x.dtype)) for x in outputs]
        self.output_names = _output_names(self._model, results, len(outputs))
        return onnx.Trace([x.symbol(x._symbol.dtype) for x in inputs], symbols)


def _input(spec, count: int, sizes: Sequence[int]) -> Tensor:
    shape = [
        (count if axis == 0 else sizes[(axis - 1) % len(sizes)]) if length is None else length
        for axis, length in enumerate(spec.shape)
    ]
    dtype = standardize_dtype(spec.dtype)
    return Tensor(symbol=graph.input_symbol(shape, dtypes.input_dtype(dtype)), dtype=dtype)


def _output_names(model, results, count: int) -> list[str]:
    """The keys of a dictionary, or the names of the layers that a functional model ends in."""
    if isinstance(results, dict):
        paths = [path for path, x in tree.flatten_with_path(results) if x is not None]
        return ["_".join(str(key) for key in path) for path in paths]
    functional = getattr(model, "_functional", None) or model
    names = getattr(functional, "output_names", ())
    return list(names) if len(names) == count else [f"output_{i}" for i in range(count)]


@contextlib.contextmanager
def _replacing(path: str) -> Iterator[BinaryIO]:
    """A new file that takes the place of another one when it is complete."""
    temporary = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(temporary, "xb") as file:
            yield file
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)
        raise
