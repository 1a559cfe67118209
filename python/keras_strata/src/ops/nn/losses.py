"""Crossentropies, and the ratio of signal to noise."""

import numpy as np
from keras.src.backend.config import epsilon

from keras_strata.src import tracing
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn.activations import log_sigmoid
from keras_strata.src.ops.nn.activations import log_softmax
from keras_strata.src.ops.nn.encoding import one_hot
from keras_strata.src.tensor import Tensor


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """−Σ target · log(output), for one-hot targets or distributions."""
    target, output = core.convert_to_tensor(target), core.convert_to_tensor(output)
    _require_equal_shapes(target, output)
    if output.ndim < 1:
        raise ValueError(
            "Arguments `target` and `output` must be at least rank 1. "
            f"Received: target.shape={target.shape}, output.shape={output.shape}"
        )
    logarithms = _log_probabilities(output, from_logits, axis)
    return -knp.sum(target * logarithms, axis=axis)


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """−log(output) of the target class; targets are class indices."""
    target, output = core.convert_to_tensor(target, "int32"), core.convert_to_tensor(output)
    if output.ndim < 1:
        raise ValueError(
            f"Argument `output` must be at least rank 1. Received: output.shape={output.shape}"
        )
    if target.ndim == output.ndim and target.shape[-1] == 1:
        target = knp.squeeze(target, -1)
    if target.shape != output.shape[:-1]:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape up until the last "
            f"dimension: target.shape={target.shape}, output.shape={output.shape}"
        )
    _require_classes(target, output.shape[axis])
    logarithms = _log_probabilities(output, from_logits, axis)
    chosen = one_hot(target, output.shape[axis], axis, logarithms.dtype)
    return -knp.sum(chosen * logarithms, axis=axis)


def _require_classes(target: Tensor, count: int) -> None:
    """Checks that labels are classes; others would have a loss of 0."""
    if target.size == 0:
        return
    # In float32, which the engine reduces; it is exact for 2²⁴ classes.
    labels = core.cast(target, "float32")
    limits = knp.stack([knp.min(labels), knp.max(labels)])

    def require(found: np.ndarray) -> None:
        low, high = (int(value) for value in found)
        if low < 0 or high >= count:
            raise ValueError(
                f"Labels of a sparse crossentropy of {count} classes are from 0 to {count - 1}, "
                f"but these are from {low} to {high}. Number the classes from 0, or give the "
                f"last layer {max(high + 1, count)} units."
            )

    tracing.check(limits, require)


def _log_probabilities(output: Tensor, from_logits: bool, axis: int) -> Tensor:
    if from_logits:
        return log_softmax(output, axis)
    scaled = output / knp.sum(output, axis=axis, keepdims=True)
    return knp.log(_clipped(scaled))


def _clipped(probabilities: Tensor) -> Tensor:
    return knp.clip(probabilities, epsilon(), 1.0 - epsilon())


def binary_crossentropy(target, output, from_logits=False):
    """−t · log(p) − (1 − t) · log(1 − p), elementwise."""
    target, output = core.convert_to_tensor(target), core.convert_to_tensor(output)
    _require_equal_shapes(target, output)
    if from_logits:
        return -(target * log_sigmoid(output) + (1.0 - target) * log_sigmoid(-output))
    output = _clipped(output)
    return -(target * knp.log(output) + (1.0 - target) * knp.log(1.0 - output))


def _require_equal_shapes(target: Tensor, output: Tensor) -> None:
    if target.shape != output.shape:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape. "
            f"Received: target.shape={target.shape}, output.shape={output.shape}"
        )


def psnr(x1, x2, max_val):
    """The peak signal-to-noise ratio of two images, in decibels."""
    x1, x2 = core.convert_to_tensor(x1), core.convert_to_tensor(x2)
    if x1.shape != x2.shape:
        raise ValueError(f"Input shapes {x1.shape} and {x2.shape} must match for PSNR calculation.")
    peak = core.convert_to_tensor(max_val, x2.dtype)
    error = knp.mean(knp.square(x1 - x2))
    return 20.0 * knp.log10(peak) - 10.0 * knp.log10(error)
