"""Writes ops.safetensors beside this file: what operations of Keras 3.15.1 on JAX give, and their gradients.

The inputs are a, b (of both signs), p (positive), m (a matrix), s (a batch of matrices) and i (indices). For each
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
}

UNARY = "negative absolute sign exp expm1 square reciprocal sin cos tan tanh erf floor ceil round relu sigmoid softplus silu gelu logical_not".split()
POSITIVE = "log log1p log2 log10 sqrt rsqrt".split()
BINARY = "add subtract multiply divide maximum minimum equal not_equal less less_equal greater greater_equal logical_and logical_or".split()
CASES = {name: (getattr(ops, name), "a") for name in UNARY}
CASES |= {name: (getattr(ops, name), "p") for name in POSITIVE}
CASES |= {name: (getattr(ops, name), "ab") for name in BINARY}
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
    "zeros_like": (ops.zeros_like, "a"),
    "ones_like": (ops.ones_like, "a"),
}
for mode in "constant edge reflect symmetric wrap".split():
    CASES[f"pad_{mode}"] = (lambda a, mode=mode: ops.pad(a, ((0, 3), (2, 5), (1, 1)), mode=mode), "a")

data = dict(INPUTS)
for name, (function, letters) in CASES.items():
    values = [INPUTS[letter] for letter in letters]
    floats = [n for n, letter in enumerate(letters) if letter != "i"]
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
