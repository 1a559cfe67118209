"""Attention."""

import math

import numpy as np

from keras_strata.src import dtypes
from keras_strata.src.ops import core
from keras_strata.src.ops import numpy as knp
from keras_strata.src.ops.nn.activations import softmax
from keras_strata.src.ops.nn.common import at_least_float32
from keras_strata.src.ops.numpy.operands import promoted
from keras_strata.src.tensor import Tensor


def dot_product_attention(
    query,
    key,
    value,
    bias=None,
    mask=None,
    scale=None,
    is_causal=False,
    flash_attention=None,
    attn_logits_soft_cap=None,
):
    """Means of values, weighted by the similarity of queries and keys.

    Args:
        query: `[batch, targets, heads, depth]`.
        key: `[batch, sources, heads, depth]`; fewer heads are shared by groups of queries'.
        value: `[batch, sources, heads, value depth]`.
        bias: added to the logits `[batch, heads, targets, sources]`.
        mask: false where a source is not for a target, with the logits' shape.
        scale: a factor of the logits, 1 / √depth by default.
        is_causal: whether a target sees only the sources up to its own position.
        flash_attention: of no effect; there is one algorithm.
        attn_logits_soft_cap: a bound that the logits approach.
    """
    query, key, value = (core.convert_to_tensor(x) for x in (query, key, value))
    if any(x.ndim != 4 for x in (query, key, value)):
        raise ValueError(
            "`dot_product_attention` only supports 4D inputs. Received: "
            f"query.shape={query.shape}, key.shape={key.shape}, value.shape={value.shape}."
        )
    dtype = promoted(query.dtype, key.dtype, value.dtype)
    # Logits in float16 would have lost digits, or overflow.
    inner = "float32" if dtype == "float16" else dtype
    query, key, value = (
        knp.transpose(core.cast(x, inner), (0, 2, 1, 3)) for x in (query, key, value)
    )
    heads = query.shape[1]
    key, value = (_for_all_heads(x, heads) for x in (key, value))
    # There are fewer queries than logits to multiply.
    query = query * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    logits = at_least_float32(knp.matmul(query, knp.transpose(key, (0, 1, 3, 2))))
    if attn_logits_soft_cap is not None:
        logits = logits / (1.0 + knp.absolute(logits) / attn_logits_soft_cap)
    if bias is not None:
        logits = logits + _as_logits(core.convert_to_tensor(bias, logits.dtype), heads)
    logits = _masked(logits, mask, is_causal)
    weights = core.cast(softmax(logits, axis=-1), inner)
    result = knp.transpose(knp.matmul(weights, value), (0, 2, 1, 3))
    return core.cast(result, dtype)


def _for_all_heads(x: Tensor, heads: int) -> Tensor:
    own = x.shape[1]
    if own == heads:
        return x
    if own == 0 or heads % own:
        raise ValueError(
            "The number of heads of `query` must be a multiple of that of `key` and `value`. "
            f"Received: {heads} heads of `query` and {own} of `key` or `value`."
        )
    return knp.repeat(x, heads // own, axis=1)


def _as_logits(x: Tensor, heads: int) -> Tensor:
    """With four axes; a missing axis of a rank of 3 is that of the heads, or the targets'."""
    while x.ndim < 4:
        x = knp.expand_dims(x, 2 if x.ndim == 3 and x.shape[1] == heads else 0)
    return x


def _masked(logits: Tensor, mask, is_causal: bool) -> Tensor:
    allowed = None
    if mask is not None:
        mask = core.cast(core.convert_to_tensor(mask), "bool")
        allowed = _mask_with_axes(mask, logits)
    if is_causal:
        earlier = Tensor(np.tril(np.ones(logits.shape[-2:], bool))[None, None])
        allowed = earlier if allowed is None else knp.logical_and(allowed, earlier)
    if allowed is None:
        return logits
    # Finite, so that a target without sources has a mean, not NaN.
    lowest = -0.7 * float(np.finfo(dtypes.numpy_dtype(logits.dtype)).max)
    return knp.where(allowed, logits, lowest)


def _mask_with_axes(mask: Tensor, logits: Tensor) -> Tensor:
    while mask.ndim < 4:
        mask = knp.expand_dims(mask, 1 if mask.ndim == 3 else 0)
    return mask
