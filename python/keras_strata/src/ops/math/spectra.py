"""Fourier transforms of sequences and of overlapping parts of them.

Transforms run on the host. They are linear, so the gradient of each is its adjoint.
"""

import math
from collections.abc import Callable
from collections.abc import Sequence

import numpy as np
from keras.src.backend.common import standardize_dtype

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.ops.math.segments import segment_sum
from keras_strata.src.ops.numpy.operands import floating
from keras_strata.src.tensor import Tensor


def _parts(x) -> tuple[Tensor, Tensor]:
    """The real and the imaginary part of a complex tensor, which is a pair."""
    if not isinstance(x, (tuple, list)) or len(x) != 2:
        raise ValueError(
            f"Input `x` should be a tuple of two tensors - real and imaginary. Received: x={x}"
        )
    real, imaginary = (core.convert_to_tensor(part) for part in x)
    if real.shape != imaginary.shape:
        raise ValueError(
            "Input `x` should be a tuple of two tensors - real and imaginary. "
            "Both the real and imaginary parts should have the same shape. "
            f"Received: x[0].shape = {real.shape}, x[1].shape = {imaginary.shape}"
        )
    if not all(dtypes.is_floating(part.dtype) for part in (real, imaginary)):
        raise ValueError(
            "At least one tensor in input `x` is not of type float. "
            f"Received: x[0].dtype = {real.dtype}, x[1].dtype = {imaginary.dtype}"
        )
    return real, imaginary


def _get_complex_tensor_from_tuple(x) -> Tensor:
    """A complex tensor of a pair, by the name that Keras's `polar` calls."""

    def joined(real: np.ndarray, imaginary: np.ndarray) -> np.ndarray:
        return real + 1j * imaginary

    return dispatch.host("complex", joined, list(_parts(x)))[0]


def _linear(
    name: str, forward: Callable, adjoint: Callable, inputs: Sequence[Tensor]
) -> list[Tensor]:
    """A linear function on the host, whose gradient is its adjoint."""
    dtype = inputs[0].dtype

    def compute(*arrays: np.ndarray) -> list[np.ndarray]:
        # NumPy has no transforms of 16-bit numbers.
        wide = [x.astype(np.float32) if x.dtype.itemsize < 4 else x for x in arrays]
        return [dtypes.convert(x, dtype) for x in forward(*wide)]

    def gradient(_inputs, outputs, gradients) -> list[Tensor]:
        given = [
            numpy.zeros_like(output) if g is None else g
            for output, g in zip(outputs, gradients, strict=True)
        ]
        return _linear(f"adjoint of {name}", adjoint, forward, given)

    return dispatch.host(name, compute, inputs, gradient=gradient)


def _split(x: np.ndarray) -> list[np.ndarray]:
    return [x.real, x.imag]


def _complex_transform(name: str, forward: Callable, inverse: Callable, scale: float, x):
    """A transform of complex numbers, the adjoint of which is the inverse times a factor."""

    def run(real: np.ndarray, imaginary: np.ndarray) -> list[np.ndarray]:
        return _split(forward(real + 1j * imaginary))

    def run_adjoint(real: np.ndarray, imaginary: np.ndarray) -> list[np.ndarray]:
        return _split(inverse(real + 1j * imaginary) * scale)

    return tuple(_linear(name, run, run_adjoint, _parts(x)))


def fft(x):
    """The Fourier transform along the last axis of a pair of real and imaginary part."""
    size = float(_parts(x)[0].shape[-1])
    return _complex_transform("fft", np.fft.fft, np.fft.ifft, size, x)


def fft2(x):
    """The Fourier transform along the last two axes."""
    size = float(math.prod(_parts(x)[0].shape[-2:]))
    return _complex_transform("fft2", np.fft.fft2, np.fft.ifft2, size, x)


def ifft2(x):
    """The inverse of `fft2`."""
    size = float(math.prod(_parts(x)[0].shape[-2:]))
    return _complex_transform("ifft2", np.fft.ifft2, np.fft.fft2, 1.0 / size, x)


def _fitted(x: np.ndarray, size: int) -> np.ndarray:
    """An array with a last axis of a size: cut, or padded with zeros."""
    x = x[..., :size]
    padding = [(0, 0)] * (x.ndim - 1) + [(0, size - x.shape[-1])]
    return np.pad(x, padding)


def rfft(x, fft_length=None):
    """The Fourier transform of real numbers along the last axis: real and imaginary part."""
    x = floating(x)
    count = x.shape[-1]
    length = count if fft_length is None else int(fft_length)

    def run(array: np.ndarray) -> list[np.ndarray]:
        return _split(np.fft.rfft(array, n=length))

    def run_adjoint(real: np.ndarray, imaginary: np.ndarray) -> list[np.ndarray]:
        spectrum = _fitted(real + 1j * imaginary, length)
        return [_fitted(np.fft.ifft(spectrum).real * length, count)]

    return tuple(_linear("rfft", run, run_adjoint, [x]))


def irfft(x, fft_length=None):
    """The inverse of `rfft`."""
    parts = _parts(x)
    count = parts[0].shape[-1]
    length = 2 * (count - 1) if fft_length is None else int(fft_length)

    def run(real: np.ndarray, imaginary: np.ndarray) -> list[np.ndarray]:
        return [np.fft.irfft(real + 1j * imaginary, n=length)]

    def run_adjoint(array: np.ndarray) -> list[np.ndarray]:
        spectrum = np.fft.rfft(array) / length
        # All frequencies but the first and the middle one stand for two.
        spectrum[..., 1 : (length + 1) // 2] *= 2.0
        return _split(_fitted(spectrum, count))

    return _linear("irfft", run, run_adjoint, parts)[0]


def extract_sequences(x, sequence_length, sequence_stride):
    """Overlapping parts `[…, parts, sequence_length]` of the last axis."""
    x = core.convert_to_tensor(x)
    return numpy.take(x, _part_indices(x.shape[-1], sequence_length, sequence_stride), axis=-1)


def _part_indices(size: int, length: int, stride: int) -> np.ndarray:
    starts = np.arange(0, size - length + 1, stride, dtype=np.int32)
    return starts[:, None] + np.arange(length, dtype=np.int32)


def _window(window, sequence_length: int, fft_length: int, dtype: str) -> Tensor | None:
    """The window in the middle of zeros, `[fft_length]`."""
    if window is None:
        return None
    if isinstance(window, str):
        weights = {"hann": 0.5, "hamming": 0.54}
        if window not in weights:
            raise ValueError(
                'If a string is passed to `window`, it must be one of `"hann"`, `"hamming"`. '
                f"Received: window={window}"
            )
        a = weights[window]
        phase = np.arange(sequence_length) * (2.0 * math.pi / sequence_length)
        window = a - (1.0 - a) * np.cos(phase) if sequence_length > 1 else np.ones(1)
    window = core.convert_to_tensor(window, dtype)
    if window.shape != (sequence_length,):
        raise ValueError(
            "The shape of `window` must be equal to [sequence_length]. "
            f"Received: window shape={window.shape}"
        )
    before = (fft_length - sequence_length) // 2
    return numpy.pad(window, [[before, fft_length - sequence_length - before]])


def stft(x, sequence_length, sequence_stride, fft_length, window="hann", center=True):
    """The short-time Fourier transform: real and imaginary part `[…, parts, frequencies]`.

    Args:
        x: a signal `[…, samples]`.
        sequence_length: the length of the window.
        sequence_stride: the samples from one part to the next.
        fft_length: the length of each transform.
        window: "hann", "hamming", the window's values, or `None`.
        center: whether the first part has the first sample in its middle; the signal is
            mirrored at its ends.
    """
    if standardize_dtype(x.dtype) not in ("float32", "float64"):
        raise TypeError(
            f"Invalid input type. Expected `float32` or `float64`. Received: input type={x.dtype}"
        )
    if fft_length < sequence_length:
        raise ValueError(
            "`fft_length` must equal or larger than `sequence_length`. "
            f"Received: sequence_length={sequence_length}, fft_length={fft_length}"
        )
    x = core.convert_to_tensor(x)
    window = _window(window, sequence_length, fft_length, x.dtype)
    samples = np.arange(x.shape[-1], dtype=np.int32)
    if center:
        samples = np.pad(samples, fft_length // 2, mode="reflect")
    indices = samples[_part_indices(samples.size, fft_length, sequence_stride)]
    parts = numpy.take(x, indices, axis=-1)
    return rfft(parts if window is None else parts * window)


def istft(
    x,
    sequence_length,
    sequence_stride,
    fft_length,
    length=None,
    window="hann",
    center=True,
):
    """The inverse of `stft`: the sum of the overlapping parts, weighted by the windows."""
    real, imaginary = _parts(x)
    if real.ndim < 2:
        raise ValueError(f"Input `x` must have at least 2 dimensions. Received shape: {real.shape}")
    parts = irfft((real, imaginary), fft_length)
    window = _window(window, sequence_length, fft_length, parts.dtype)
    if window is not None:
        parts = parts * _synthesis_window(window, sequence_stride)
    signal = _overlapped(parts, sequence_stride)
    margin = fft_length // 2 if center else 0
    end = signal.shape[-1] - margin if length is None else margin + length
    return signal[..., margin:end]


def _synthesis_window(window: Tensor, stride: int) -> Tensor:
    """The window that makes overlapping parts the signal again (Griffin and Lim, 1984).

    It is divided by the sum of all squared windows over a sample, also where the first and
    the last samples of a signal have fewer: as TensorFlow's.
    """
    length = window.shape[0]
    count = -(-length // stride)
    squares = numpy.pad(numpy.square(window), [[0, count * stride - length]])
    total = numpy.sum(numpy.reshape(squares, (count, stride)), axis=0)
    total = numpy.tile(total, (count,))[:length]
    return window / numpy.where(total > 1e-10, total, numpy.ones_like(total))


def _overlapped(parts: Tensor, stride: int) -> Tensor:
    """The sum `[…, samples]` of parts `[…, count, length]`, each a stride after the last."""
    count, length = parts.shape[-2:]
    size = length + stride * (count - 1)
    indices = _part_indices(size, length, stride).reshape(-1)
    values = numpy.moveaxis(numpy.reshape(parts, (*parts.shape[:-2], count * length)), -1, 0)
    return numpy.moveaxis(segment_sum(values, indices, size), 0, -1)
