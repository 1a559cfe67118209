"""Writes ops.safetensors beside this file: what operations of Keras 3.15.1 on JAX give, and their gradients.

The inputs are a, b (of both signs), p (positive), m (a matrix), s (a batch of matrices), i (indices), n (numbers and
what is none), x (images), k, d and q (kernels: of all channels, of single ones, of single pixels). For each
operation NAME.output is its result, NAME.cotangent a tensor of its shape, and NAME.grad.X the gradient of
sum(output * cotangent) with respect to the input X.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import numpy as np
from keras import ops
from safetensors.numpy import save_file

jax.config.update("jax_default_matmul_precision", "highest")
rng = np.random.default_rng(5)


def signed(*shape):
    size = rng.uniform(0.3, 2.0, shape) * rng.choice([-1, 1], shape)
    return size.astype(np.float32)


INPUTS = {
    "a": signed(2, 3, 4),
    "b": signed(2, 3, 4),
    "p": np.abs(signed(2, 3, 4)),
    "m": signed(4, 5),
    "s": signed(2, 4, 5),
    "i": np.array([[1, 0, -1], [2, 2, 1]], np.int32),
    "n": np.array([1.5, np.nan, np.inf, -2.0, -np.inf, 0.0], np.float32),
    "x": signed(2, 6, 7, 4),
    "k": signed(3, 2, 4, 6),
    "d": signed(3, 2, 4, 2),
    "q": signed(1, 1, 8, 3),
}

UNARY = "negative absolute sign exp expm1 square reciprocal sin cos tan tanh erf floor ceil round relu sigmoid softplus silu gelu logical_not exp2 sinh cosh trunc relu6 leaky_relu elu celu selu glu log_sigmoid hard_sigmoid hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink softsign squareplus sparse_plus sparse_sigmoid sparsemax ravel tril triu zeros_like ones_like diff".split()
NOT_ALL_NUMBERS = "isnan isinf isfinite nan_to_num".split()
POSITIVE = "log log1p log2 log10 sqrt rsqrt".split()
BINARY = "add subtract multiply divide maximum minimum equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor mod floor_divide divide_no_nan hypot logaddexp inner".split()
CASES = {name: (getattr(ops, name), "a") for name in UNARY}
CASES |= {name: (getattr(ops, name), "p") for name in POSITIVE}
CASES |= {name: (getattr(ops, name), "ab") for name in BINARY}
CASES |= {name: (getattr(ops, name), "n") for name in NOT_ALL_NUMBERS}
for name in "sum mean max min prod var std any all logsumexp".split():
    function = getattr(ops, name)
    CASES[name] = (function, "a")
    CASES[f"{name}_axes"] = (lambda a, f=function: f(a, axis=(0, -1)), "a")
    CASES[f"{name}_kept"] = (lambda a, f=function: f(a, axis=1, keepdims=True), "a")
CASES |= {
    "power": (ops.power, "pb"),
    "clip": (lambda a: ops.clip(a, -1.0, 0.5), "a"),
    "where": (lambda a, b, p: ops.where(a > 0, b, p), "abp"),
    "stop_gradient": (lambda a, b: ops.stop_gradient(a) * b, "ab"),
    "argmax": (lambda a: ops.argmax(a, axis=1), "a"),
    "argmin": (lambda a: ops.argmin(a, axis=-1), "a"),
    "matmul": (ops.matmul, "am"),
    "matmul_batch": (ops.matmul, "as"),
    "einsum": (lambda a, s: ops.einsum("bij,bjk->kib", a, s), "as"),
    "softmax": (lambda a: ops.softmax(a, axis=1), "a"),
    "log_softmax": (ops.log_softmax, "a"),
    "normalize": (ops.normalize, "a"),
    "gelu_exact": (lambda a: ops.gelu(a, approximate=False), "a"),
    "reshape": (lambda a: ops.reshape(a, (4, -1)), "a"),
    "transpose": (ops.transpose, "a"),
    "transpose_axes": (lambda a: ops.transpose(a, (1, 2, 0)), "a"),
    "swapaxes": (lambda a: ops.swapaxes(a, 0, -1), "a"),
    "expand_dims": (lambda a: ops.expand_dims(a, -2), "a"),
    "squeeze": (lambda a: ops.squeeze(ops.expand_dims(a, 1)), "a"),
    "concatenate": (lambda a, b: ops.concatenate([a, b], axis=1), "ab"),
    "stack": (lambda a, b: ops.stack([a, b], axis=-1), "ab"),
    "take": (lambda a, i: ops.take(a, i, axis=1), "ai"),
    "one_hot": (lambda i: ops.one_hot(i, 3), "i"),
    "pad": (lambda a: ops.pad(a, ((0, 1), (2, 0), (1, 1)), constant_values=0.5), "a"),
    "broadcast_to": (lambda m: ops.broadcast_to(m, (3, 4, 5)), "m"),
    "slice": (lambda a: ops.slice(a, (0, 1, 1), (2, 2, 3)), "a"),
    "flip": (lambda a: ops.flip(a, axis=1), "a"),
    "flip_all": (ops.flip, "a"),
    "roll": (lambda a: ops.roll(a, (1, -5), axis=(0, 2)), "a"),
    "roll_all": (lambda a: ops.roll(a, 7), "a"),
    "repeat": (lambda a: ops.repeat(a, np.array([2, 0, 3]), axis=1), "a"),
    "repeat_all": (lambda a: ops.repeat(a, 2), "a"),
    "tile": (lambda a: ops.tile(a, (2, 1, 3)), "a"),
    "tile_more": (lambda m: ops.tile(m, (2, 1, 2)), "m"),
    "take_all": (ops.take, "ai"),
    "moveaxis": (lambda a: ops.moveaxis(a, (0, 2), (-1, 0)), "a"),
    "split": (lambda a: ops.split(a, 2, axis=-1)[1], "a"),
    "split_places": (lambda a: ops.split(a, [1, 3], axis=2)[1], "a"),
    "unstack": (lambda a: ops.unstack(a, axis=1)[2], "a"),
    "argmax_all": (ops.argmax, "a"),
    "argmin_all_kept": (lambda a: ops.argmin(a, keepdims=True), "a"),
    "argmax_kept": (lambda a: ops.argmax(a, axis=1, keepdims=True), "a"),
    "max_initial": (lambda a: ops.max(a, axis=0, initial=0.5), "a"),
    "min_initial": (lambda a: ops.min(a, initial=-0.75), "a"),
    "one_hot_axis": (lambda i: ops.one_hot(i, 3, axis=1), "i"),
    "round_decimals": (lambda a: ops.round(a, 2), "a"),
    "normalize_1": (lambda a: ops.normalize(a, axis=1, order=1), "a"),
    "normalize_3": (lambda a: ops.normalize(a, order=3), "a"),
    "average": (lambda a, m: ops.average(a, axis=2, weights=m[:, 0]), "am"),
    "average_all": (lambda a, p: ops.average(a, weights=p), "ap"),
    "count_nonzero": (lambda a: ops.count_nonzero(a > 0.5, axis=(0, 1)), "a"),
    "select": (lambda a, b, p: ops.select([a > 1, b > 0], [p, a], default=-3.0), "abp"),
    "nan_to_num_others": (lambda n: ops.nan_to_num(n, nan=0.5, posinf=7.0, neginf=-8.0), "n"),
    "divide_no_nan_zero": (lambda a, b: ops.divide_no_nan(a, ops.relu(b)), "ab"),
    "logical_xor_zero": (lambda a, b: ops.logical_xor(a > 0, b > 0), "ab"),
    "threshold": (lambda a: ops.threshold(a, 0.5, -0.25), "a"),
    "glu_axis": (lambda a: ops.glu(a, axis=0), "a"),
    "hstack": (lambda a, b: ops.hstack([a, b]), "ab"),
    "vstack": (lambda a, b: ops.vstack([a, b]), "ab"),
    "vstack_rows": (lambda n: ops.vstack([n[:1], n[3:4]]), "n"),
    "diff_twice": (lambda a: ops.diff(a, n=2, axis=1), "a"),
    "tril_above": (lambda a: ops.tril(a, k=1), "a"),
    "triu_above": (lambda a: ops.triu(a, k=1), "a"),
    "full_like": (lambda a: ops.full_like(a, 2.5), "a"),
    "zeros": (lambda: ops.zeros((2, 3)), ""),
    "ones": (lambda: ops.ones((2, 3)), ""),
    "full": (lambda: ops.full((2, 3), -1.5), ""),
    "arange": (lambda: ops.arange(0.5, 3.0, 0.4), ""),
    "arange_count": (lambda: ops.arange(4), ""),
    "arange_down": (lambda: ops.arange(2.0, -1.0, -0.5), ""),
    "linspace": (lambda: ops.linspace(-1.0, 2.0, 7), ""),
    "linspace_open": (lambda: ops.linspace(-1.0, 2.0, 7, endpoint=False), ""),
    "eye": (lambda: ops.eye(3), ""),
    "eye_above": (lambda: ops.eye(3, 4, k=1), ""),
    "tri": (lambda: ops.tri(3, 4, k=-1), ""),
    "dot": (ops.dot, "as"),
    "dot_matrix": (ops.dot, "am"),
    "dot_row": (lambda a, m: ops.dot(a, m[:, 0]), "am"),
    "outer": (lambda a, m: ops.outer(a, m), "am"),
    "tensordot": (lambda a, b: ops.tensordot(a, ops.transpose(b, (1, 2, 0))), "ab"),
    "tensordot_one": (lambda a, m: ops.tensordot(a, m, axes=1), "am"),
    "tensordot_axes": (lambda a, b: ops.tensordot(a, b, axes=[[0, 2], [0, 2]]), "ab"),
    "conv": (ops.conv, "xk"),
    "conv_strided": (lambda x, k: ops.conv(x, k, strides=(2, 1), padding="same"), "xk"),
    "conv_dilated": (lambda x, k: ops.conv(x, k, dilation_rate=2), "xk"),
    "conv_grouped": (lambda x, k: ops.conv(x, k[:, :, :2]), "xk"),
    "conv_first": (lambda x, k: ops.conv(ops.transpose(x, (0, 3, 1, 2)), k, data_format="channels_first"), "xk"),
    "depthwise_conv": (lambda x, d: ops.depthwise_conv(x, d, padding="same"), "xd"),
    "separable_conv": (lambda x, d, q: ops.separable_conv(x, d, q, strides=2), "xdq"),
    "max_pool": (lambda x: ops.max_pool(x, (2, 3), strides=2, padding="same"), "x"),
    "average_pool": (lambda x: ops.average_pool(x, 2, strides=2), "x"),
    "average_pool_same": (lambda x: ops.average_pool(x, 3, strides=2, padding="same"), "x"),
    "batch_normalization": (
        lambda x, k: ops.batch_normalization(x, k[0, 0, :, 0], k[0, 0, :, 1] ** 2, -1, k[0, 0, :, 2], k[0, 0, :, 3]),
        "xk",
    ),
    "batch_normalization_plain": (
        lambda x, k: ops.batch_normalization(x, k[0, 0, :, 0], k[0, 0, :, 1] ** 2, -1, epsilon=0.1),
        "xk",
    ),
    "layer_normalization": (lambda x, k: ops.layer_normalization(x, k[0, 0, :, 2], k[0, 0, :, 3]), "xk"),
    "layer_normalization_plain": (lambda x: ops.layer_normalization(x, axis=1, epsilon=0.1), "x"),
    "rms_normalization": (lambda x, k: ops.rms_normalization(x, k[0, 0, :, 2]), "xk"),
    "binary_crossentropy": (lambda a, b: ops.binary_crossentropy(ops.sigmoid(a), ops.sigmoid(b)), "ab"),
    "binary_crossentropy_logits": (lambda a, b: ops.binary_crossentropy(ops.sigmoid(a), b, from_logits=True), "ab"),
    "categorical_crossentropy": (lambda a, p: ops.categorical_crossentropy(ops.softmax(a), p), "ap"),
    "categorical_crossentropy_logits": (
        lambda a, b: ops.categorical_crossentropy(ops.softmax(a, axis=1), b, from_logits=True, axis=1),
        "ab",
    ),
    "sparse_categorical_crossentropy": (lambda i, p: ops.sparse_categorical_crossentropy(ops.abs(i), p), "ip"),
    "sparse_categorical_crossentropy_logits": (
        lambda i, a: ops.sparse_categorical_crossentropy(ops.abs(i), a, from_logits=True),
        "ia",
    ),
    "in_top_k": (lambda i, s: ops.in_top_k(i[1], s[0, :3], 2), "is"),
}
for mode in "constant edge reflect symmetric wrap".split():
    CASES[f"pad_{mode}"] = (lambda a, mode=mode: ops.pad(a, ((0, 3), (2, 5), (1, 1)), mode=mode), "a")

data = dict(INPUTS)
for name, (function, letters) in CASES.items():
    values = [INPUTS[letter] for letter in letters]
    floats = [n for n, letter in enumerate(letters) if letter not in "in"]
    output = np.array(function(*values))
    data[f"{name}.output"] = output.astype(np.int32 if name.startswith("arg") else np.float32)
    if output.dtype != np.float32 or not floats:
        continue
    cotangent = signed(*output.shape)
    data[f"{name}.cotangent"] = cotangent

    def loss(*given):
        values_now = list(values)
        for n, value in zip(floats, given):
            values_now[n] = value
        return (function(*values_now) * cotangent).sum()

    gradients = jax.grad(loss, argnums=tuple(range(len(floats))))(*[values[n] for n in floats])
    for n, gradient in zip(floats, gradients):
        data[f"{name}.grad.{letters[n]}"] = np.array(gradient)
save_file({k: np.asarray(v, order="C") for k, v in data.items()}, pathlib.Path(__file__).parent / "ops.safetensors")
print(len(CASES))
