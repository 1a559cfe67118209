"""Connectionist temporal classification (Graves et al., 2006)."""

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn.activations import log_softmax
from keras_strata.src.ops.nn.common import at_least_float32
from keras_strata.src.ops.nn.common import filled
from keras_strata.src.ops.nn.encoding import one_hot
from keras_strata.src.tensor import Tensor

# The logarithm of 0: finite, so that sums with it are not NaN.
_IMPOSSIBLE = -1e5


def ctc_loss(target, output, target_length, output_length, mask_index=0):
    """−log of the probability of labels, over all alignments.

    Args:
        target: class indices `[batch, labels]`.
        output: logits `[batch, times, classes]`.
        target_length: the number of labels of each sample.
        output_length: the number of times of each sample.
        mask_index: the class of blanks.
    """
    output = at_least_float32(output)
    target, target_length, output_length = (
        core.convert_to_tensor(x, "int32") for x in (target, target_length, output_length)
    )
    batch, times, classes = output.shape
    dtype = output.dtype
    # An alignment passes through states: blank, first label, blank, second label, … blank.
    labels = _with_blanks(target, mask_index)
    states = labels.shape[1]
    which = one_hot(labels, classes, dtype=dtype)
    emitted = knp.matmul(log_softmax(output), knp.transpose(which, (0, 2, 1)))
    cannot_skip = _cannot_skip(labels, mask_index, dtype)
    start = np.where(np.arange(states) < 2, 0.0, _IMPOSSIBLE)
    ways = emitted[:, 0] + core.convert_to_tensor(start, dtype)
    for time in range(1, times):
        skipped = _later(ways, 2) + cannot_skip
        arrived = _log_add(_log_add(ways, _later(ways, 1)), skipped)
        is_inside = knp.expand_dims(knp.greater(output_length, time), 1)
        ways = knp.where(is_inside, arrived + emitted[:, time], ways)
    # The last label's state, or the blank after it.
    end = target_length * 2
    return -_log_add(_at(ways, end), _at(ways, end - 1))


def _with_blanks(target: Tensor, blank: int) -> Tensor:
    batch, count = target.shape
    blanks = filled(blank, (batch, count), "int32")
    pairs = knp.reshape(knp.stack([blanks, target], axis=2), (batch, 2 * count))
    return knp.concatenate([pairs, filled(blank, (batch, 1), "int32")], axis=1)


def _cannot_skip(labels: Tensor, blank: int, dtype: str) -> Tensor:
    """The logarithm of whether a state follows the one two before it."""
    before = knp.concatenate([filled(blank, (labels.shape[0], 2), "int32"), labels[:, :-2]], axis=1)
    is_other = knp.not_equal(labels, before)
    # Between two blanks there is a label.
    is_label = core.convert_to_tensor(np.arange(labels.shape[1]) % 2 == 1)
    can = core.cast(knp.logical_and(is_other, is_label), dtype)
    return (1.0 - can) * _IMPOSSIBLE


def _later(ways: Tensor, steps: int) -> Tensor:
    """`[batch, states]`, shifted to later states."""
    batch, states = ways.shape
    if states <= steps:
        return filled(_IMPOSSIBLE, (batch, states), ways.dtype)
    front = filled(_IMPOSSIBLE, (batch, steps), ways.dtype)
    return knp.concatenate([front, ways[:, : states - steps]], axis=1)


def _log_add(a: Tensor, b: Tensor) -> Tensor:
    """log(eᵃ + eᵇ)."""
    # The maximum from both sides, so that equal values share the gradient.
    largest = (knp.maximum(a, b) + knp.maximum(b, a)) * 0.5
    return largest + knp.log1p(knp.exp(-knp.absolute(a - b)))


def _at(ways: Tensor, states: Tensor) -> Tensor:
    """For each row the value of a state; close to −∞ where there is no such state."""
    is_state = one_hot(states, ways.shape[1], dtype=ways.dtype)
    missing = 1.0 - knp.sum(is_state, axis=1)
    return knp.sum(ways * is_state, axis=1) + missing * _IMPOSSIBLE


def ctc_decode(
    inputs,
    sequence_lengths,
    strategy="greedy",
    beam_width=100,
    top_paths=1,
    merge_repeated=True,
    mask_index=0,
):
    """The most probable labels of logits `[batch, times, classes]`.

    Returns:
        The labels `[paths, batch, times]` with −1 after their ends, and scores
        `[batch, paths]`: logarithms of probabilities, or for the greedy strategy minus the
        sums of the largest logits.
    """
    inputs = at_least_float32(inputs)
    lengths = core.convert_to_tensor(sequence_lengths, "int32")
    batch, times, classes = inputs.shape
    blank = classes - 1 if mask_index is None else mask_index
    if strategy == "greedy":
        top_paths = 1

        def function(logits: np.ndarray, lengths: np.ndarray) -> tuple:
            return _greedy(logits, lengths, merge_repeated, blank)
    elif strategy == "beam_search":

        def function(logits: np.ndarray, lengths: np.ndarray) -> tuple:
            return _beam_search(logits, lengths, beam_width, top_paths, blank)
    else:
        raise ValueError(
            f"Invalid strategy {strategy}. Supported values are 'greedy' and 'beam_search'."
        )
    types = [((top_paths, batch, times), "int32"), ((batch, top_paths), inputs.dtype)]
    labels, scores = dispatch.host("ctc_decode", function, [inputs, lengths], outputs=types)
    return labels, scores


def _greedy(
    logits: np.ndarray, lengths: np.ndarray, merge_repeated: bool, blank: int
) -> tuple[np.ndarray, np.ndarray]:
    batch, times, _ = logits.shape
    is_outside = np.arange(times) >= lengths[:, None]
    classes = np.where(is_outside, blank, logits.argmax(-1))
    scores = -np.where(is_outside, 0, logits.max(-1)).sum(1, keepdims=True)
    is_dropped = classes == blank
    if merge_repeated:
        is_dropped[:, 1:] |= classes[:, 1:] == classes[:, :-1]
    labels = np.full((1, batch, times), -1, np.int32)
    for row in range(batch):
        kept = classes[row, ~is_dropped[row]]
        labels[0, row, : len(kept)] = kept
    return labels, scores.astype(logits.dtype)


def _beam_search(
    logits: np.ndarray, lengths: np.ndarray, beam_width: int, top_paths: int, blank: int
) -> tuple[np.ndarray, np.ndarray]:
    batch, times, _ = logits.shape
    shifted = logits - logits.max(-1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    labels = np.full((top_paths, batch, times), -1, np.int32)
    scores = np.full((batch, top_paths), -np.inf, logits.dtype)
    for row in range(batch):
        # The first time is always there.
        length = min(max(int(lengths[row]), 1), times)
        beams = _searched(logarithms[row, :length], beam_width, blank)
        for number, (path, score) in enumerate(beams[:top_paths]):
            labels[number, row, : len(path)] = path
            scores[row, number] = score
    return labels, scores


def _searched(
    logarithms: np.ndarray, beam_width: int, blank: int
) -> list[tuple[tuple[int, ...], float]]:
    """Prefixes and the logarithms of their probabilities, the best first.

    A prefix has two probabilities: of ending with a blank, and with its last label.
    """
    classes = logarithms.shape[1]
    beams = {(): (0.0, -np.inf)}
    for now in logarithms:
        found: dict[tuple[int, ...], list[float]] = {}

        def add(path, is_label, value, found=found):
            both = found.setdefault(path, [-np.inf, -np.inf])
            both[is_label] = np.logaddexp(both[is_label], value)

        for path, (with_blank, with_label) in beams.items():
            whole = np.logaddexp(with_blank, with_label)
            for label in range(classes):
                if label == blank:
                    add(path, 0, whole + now[label])
                elif path and path[-1] == label:
                    # A label again is the same one, unless a blank is between them.
                    add(path, 1, with_label + now[label])
                    add((*path, label), 1, with_blank + now[label])
                else:
                    add((*path, label), 1, whole + now[label])
        beams = dict(_sorted(found, classes)[:beam_width])
    return [(path, float(np.logaddexp(*both))) for path, both in _sorted(beams, classes)]


def _sorted(beams: dict, classes: int) -> list[tuple]:
    """The best first; of equal ones that with the smaller classes, and the longer one."""
    return sorted(beams.items(), key=lambda item: (-np.logaddexp(*item[1]), (*item[0], classes)))
