"""Reductions of segments, and the largest elements."""

import numpy as np

from keras_strata.src import dispatch
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.tensor import Tensor


def _operands(data, segment_ids, num_segments: int | None) -> tuple[Tensor, Tensor, int]:
    data, ids = core.convert_to_tensor(data), core.convert_to_tensor(segment_ids)
    if num_segments is None:
        if ids.is_traced:
            raise ValueError(
                "Argument `num_segments` must be set while a function is traced: the shape of "
                "the result depends on it. Received: num_segments=None"
            )
        num_segments = int(ids.array.max()) + 1 if ids.size else 0
    return data, core.cast(ids, "int32"), int(num_segments)


def _is_inside(ids: np.ndarray, count: int) -> np.ndarray:
    return (ids >= 0) & (ids < count)


def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    """The sums of the slices along the first axis that have the same segment.

    Args:
        data: `[count, …]`.
        segment_ids: `[count]`; slices of segments out of range are ignored.
        num_segments: the number of segments; by default the largest number and 1.
        sorted: without effect.
    """
    data, ids, count = _operands(data, segment_ids, num_segments)

    if not ids.is_traced and bool(_is_inside(ids.array, count).all()):
        return _added(data, ids, count)
    # What is out of range is added to one more row.
    inside = numpy.logical_and(ids >= 0, ids < count)
    return _added(data, numpy.where(inside, ids, count), count + 1)[:count]


def _added(data: Tensor, ids: Tensor, count: int) -> Tensor:
    def add(array: np.ndarray, ids: np.ndarray) -> np.ndarray:
        result = np.zeros((count, *array.shape[1:]), array.dtype)
        np.add.at(result, ids, array)
        return result

    return dispatch.apply(
        "scatterAdd",
        [data, ids],
        data.dtype,
        numpy=add,
        operands=("float32", "int32"),
        rows=count,
    )


def _reduced(
    name: str, function: np.ufunc, data, segment_ids, num_segments: int | None, neutral, gradient
) -> Tensor:
    data, ids, count = _operands(data, segment_ids, num_segments)

    def reduce(array: np.ndarray, ids: np.ndarray) -> np.ndarray:
        inside = _is_inside(ids, count)
        result = np.full((count, *array.shape[1:]), neutral(array.dtype), array.dtype)
        function.at(result, ids[inside], array[inside])
        return result

    shape = (count, *data.shape[1:])
    return dispatch.host(
        name, reduce, [data, ids], outputs=[(shape, data.dtype)], gradient=gradient
    )[0]


def _lowest(dtype: np.dtype):
    if dtype.kind == "b":
        return False
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def _highest(dtype: np.dtype):
    if dtype.kind == "b":
        return True
    return np.iinfo(dtype).max if dtype.kind in "iu" else np.inf


def _extreme_gradient(inputs, outputs, gradients) -> list:
    """Equal extremes share the gradient, as in other reductions."""
    data, ids = inputs
    count = outputs[0].shape[0]
    inside = numpy.logical_and(ids >= 0, ids < count)
    inside = numpy.reshape(inside, inside.shape + (1,) * (data.ndim - 1))
    positions = numpy.clip(ids, 0, count - 1)
    is_extreme = numpy.equal(data, numpy.take(outputs[0], positions, axis=0))
    is_extreme = core.cast(numpy.logical_and(is_extreme, inside), data.dtype)
    shares = numpy.maximum(segment_sum(is_extreme, ids, count), 1.0)
    return [is_extreme * numpy.take(gradients[0] / shares, positions, axis=0), None]


def segment_max(data, segment_ids, num_segments=None, sorted=False):
    """As `segment_sum`, the maxima; −∞ for segments without slices."""
    return _reduced(
        "segment_max", np.maximum, data, segment_ids, num_segments, _lowest, _extreme_gradient
    )


def segment_min(data, segment_ids, num_segments=None, sorted=False):
    """As `segment_sum`, the minima; ∞ for segments without slices."""
    return _reduced(
        "segment_min", np.minimum, data, segment_ids, num_segments, _highest, _extreme_gradient
    )


def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    """As `segment_sum`, the products; 1 for segments without slices."""
    return _reduced(
        "segment_prod", np.multiply, data, segment_ids, num_segments, lambda dtype: 1, None
    )


def top_k(x, k, sorted=True):
    """The k largest elements along the last axis, the first ones of equals, and their indices.

    NaN counts as the largest.
    """
    x = core.convert_to_tensor(x)
    count = x.shape[-1]
    if not 0 <= k <= count:
        raise ValueError(
            f"`k` must be between 0 and the size of the last axis, {count}. Received: k={k}"
        )

    def largest(array: np.ndarray) -> np.ndarray:
        # An ascending stable sort of the reversed elements has the first of equals last.
        ascending = np.argsort(array[..., ::-1], axis=-1, kind="stable")
        return (count - 1 - ascending[..., ::-1][..., :k]).astype(np.int32)

    shape = (*x.shape[:-1], k)
    indices = dispatch.host("top_k", largest, [core.stop_gradient(x)], outputs=[(shape, "int32")])[
        0
    ]
    return numpy.take_along_axis(x, indices, axis=-1), indices


def in_top_k(targets, predictions, k):
    """Whether targets are among the k largest predictions.

    Only larger predictions count against a target; NaN counts as the smallest.

    Args:
        targets: the indices `[…]`.
        predictions: `[…, classes]`.
        k: how many.
    """
    targets = core.cast(targets, "int32")
    predictions = core.convert_to_tensor(predictions)
    if predictions.dtype != "float64":
        predictions = core.cast(predictions, "float32")
    limit = float(np.finfo(np.float32).max)
    # The engine takes no row with a value that is not finite.
    finite = numpy.nan_to_num(predictions, nan=-limit, posinf=limit, neginf=-limit)
    classes = predictions.shape[-1]

    def matches(rows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        inside = _is_inside(targets, classes)
        own = np.take_along_axis(rows, np.where(inside, targets, 0)[:, None], axis=-1)
        return inside & ((rows > own).sum(axis=-1) < k)

    found = dispatch.apply(
        "inTopK",
        [numpy.reshape(finite, (-1, classes)), numpy.reshape(targets, (-1,))],
        "bool",
        numpy=matches,
        operands=("float32", "int32"),
        k=int(k),
    )
    return numpy.reshape(found, targets.shape)
