"""Writes operations.keras and operations.safetensors beside this file: one functional model of Keras 3.15.1 on JAX
with an operation of keras.ops outside of layers for each output, its inputs x.0, x.1, … and what it predicts,
output.0, …. The outputs' names are in operations.json.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from keras import ops
from safetensors.numpy import save_file

jax.config.update("jax_default_matmul_precision", "highest")
rng = np.random.default_rng(11)


def values(*shape):
    return np.round(rng.uniform(-2, 2, shape), 2).astype(np.float32)


x = keras.Input((4, 6, 4), name="x")
s = keras.Input((3, 5), name="s")
i = keras.Input((3,), dtype="int32", name="i")
b = keras.Input((2, 2, 3), dtype="uint8", name="b")
p = ops.absolute(x) + 0.1
k, d = values(3, 3, 4, 2), values(3, 3, 4, 2)
v = values(4)

CASES = {
    "add_number": x + 1.5,
    "number_less": 1 - x,
    "multiply": x * p,
    "multiply_array": x * v,
    "divide": x / 3,
    "ops_divide": ops.divide(1.0, p),
    "floor_divide": x // 0.7,
    "mod": x % 0.7,
    "power": p**1.5,
    "number_power": 2.0**x,
    "square_root": ops.sqrt(p),
    "whole_numbers": i * 2 + 1,
    "whole_and_fraction": i * 0.5,
    "whole_division": i / 2,
    "bytes": b / 255,
    "bytes_cast": ops.cast(b, "float32") * 2.0 - 1.0,
    "maximum": ops.maximum(x, 0.25),
    "minimum": ops.minimum(x, p * 0.5),
    "logaddexp": ops.logaddexp(x, p),
    "negative": -x,
    "abs": abs(x),
    "sign": ops.sign(x),
    "square": ops.square(x),
    "clip": ops.clip(x, -0.5, 1),
    "floor": ops.floor(x),
    "ceil": ops.ceil(x),
    "trunc": ops.trunc(x),
    "round": ops.round(x),
    "round_decimals": ops.round(x, 1),
    "exp": ops.exp(x),
    "exp2": ops.exp2(x),
    "expm1": ops.expm1(x),
    "log": ops.log(p),
    "log1p": ops.log1p(p),
    "log2": ops.log2(p),
    "log10": ops.log10(p),
    "rsqrt": ops.rsqrt(p),
    "reciprocal": ops.reciprocal(p),
    "sin": ops.sin(x),
    "cos": ops.cos(x),
    "tan": ops.tan(x * 0.5),
    "tanh": ops.tanh(x),
    "sinh": ops.sinh(x),
    "cosh": ops.cosh(x),
    "hypot": ops.hypot(x, p),
    "erf": ops.erf(x),
    "stop_gradient": ops.stop_gradient(x) + x,
    "where": ops.where(x > 0.1, x, 0.2 * x),
    "where_number": ops.where(ops.less_equal(x, 0.0), 1.0, x),
    "equal": ops.cast(ops.equal(i, 1), "float32"),
    "not_equal": ops.cast(ops.not_equal(i, 1), "int32"),
    "greater_equal": ops.cast(x >= 0.5, "float32"),
    "less": (x < 0.5) * x,
    "truth_sum": ops.cast((x < 0.5) + (x > 0), "float32"),
    "logical_and": ops.cast(ops.logical_and(x > 0, x < 1), "float32"),
    "logical_or": ops.cast(ops.logical_or(x > 1, x < 0), "float32"),
    "logical_xor": ops.cast(ops.logical_xor(x > 0, x < 1), "float32"),
    "logical_not": ops.cast(ops.logical_not(x > 0), "float32"),
    "isnan": ops.cast(ops.isnan(ops.log(x)), "float32"),
    "isfinite": ops.cast(ops.isfinite(ops.log(x)), "float32"),
    "isinf": ops.cast(ops.isinf(x / 0.0), "float32"),
    "mean": ops.mean(x, axis=(1, 2), keepdims=True),
    "mean_whole": ops.mean(i, axis=1),
    "sum": ops.sum(x, axis=-1),
    "sum_truth": ops.sum(x > 0, axis=(1, 2)),
    "max": ops.max(x, axis=[1, 2]),
    "amin": ops.amin(x, axis=1),
    "amax": ops.amax(x, axis=1),
    "min": ops.min(i, axis=1, keepdims=True),
    "prod": ops.prod(x, axis=3),
    "var": ops.var(x, axis=-1),
    "std": ops.std(x, axis=(1, 2)),
    "logsumexp": ops.logsumexp(x, axis=(1, 2)),
    "any": ops.cast(ops.any(x > 1.5, axis=1), "float32"),
    "all": ops.cast(ops.all(x > -1, axis=1), "float32"),
    "count_nonzero": ops.count_nonzero(ops.maximum(x, 0.0), axis=1),
    "argmax": ops.argmax(x, axis=-1),
    "argmin": ops.argmin(x, axis=1, keepdims=True),
    "average": ops.average(x, axis=1, weights=np.array([1, 2, 3, 0.5], np.float32)),
    "moments": ops.moments(x, axes=[1, 2])[1],
    "reshape": ops.reshape(x, (-1, 24, 4)),
    "reshape_flat": ops.reshape(x, (-1, 96)),
    "transpose": ops.transpose(x, (0, 3, 1, 2)),
    "swapaxes": ops.swapaxes(x, 1, -1),
    "moveaxis": ops.moveaxis(x, -1, 1),
    "expand_dims": ops.expand_dims(s, 1),
    "expand_two": ops.expand_dims(s, (1, -1)),
    "squeeze": ops.squeeze(x[:, :1], 1),
    "concatenate": ops.concatenate([x, p, x * 2], axis=-1),
    "concatenate_rows": ops.concatenate([x, p], axis=1),
    "stack": ops.stack([x, p], axis=1),
    "hstack": ops.hstack([x, p]),
    "split": ops.split(x, 2, axis=-1)[1],
    "split_at": ops.split(x, [1, 4], axis=2)[1],
    "unstack": ops.unstack(x, axis=-1)[2],
    "take": ops.take(x, [0, -1, 2], axis=2),
    "take_tensor": ops.take(values(5, 3), i, axis=0),
    "slice": x[:, 1:3],
    "slice_last": x[..., -1],
    "slice_step": x[:, ::2, None, ::-1],
    "slice_end": x[:, 1:, -3:-1],
    "flip": ops.flip(x, axis=(1, 2)),
    "roll": ops.roll(x, 2, axis=1),
    "repeat": ops.repeat(x, 2, axis=1),
    "tile": ops.tile(s, (1, 2, 3)),
    "pad": ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]),
    "pad_value": ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], constant_values=0.5),
    "pad_reflect": ops.pad(x, [[0, 0], [2, 1], [1, 1], [0, 0]], mode="reflect"),
    "pad_symmetric": ops.pad(x, [[0, 0], [2, 1], [1, 1], [0, 0]], mode="symmetric"),
    "broadcast_to": ops.broadcast_to(x, (2, 4, 6, 4)) + 1,
    "zeros_like": ops.zeros_like(x) + 3.0,
    "ones_like": ops.ones_like(x) * 3.0,
    "matmul": ops.matmul(s, values(5, 2)),
    "matmul_batch": ops.matmul(s, ops.transpose(s, (0, 2, 1))),
    "einsum": ops.einsum("bhwc,bhwd->bcd", x, p),
    "einsum_matrix": ops.einsum("bij,jk->bki", s, values(5, 2)),
    "dot": ops.dot(s, values(5, 2)),
    "tensordot": ops.tensordot(x, values(6, 4, 3), axes=2),
    "inner": ops.inner(s, values(5)),
    "outer": ops.outer(v, i),
    "diff": ops.diff(s, n=2, axis=2),
    "tril": ops.tril(s, k=1),
    "triu": ops.triu(s),
    "divide_no_nan": ops.divide_no_nan(x, ops.relu(x)),
    "nan_to_num": ops.nan_to_num(ops.log(x), nan=0.5),
    "binary_crossentropy": ops.binary_crossentropy(ops.sigmoid(x), x, from_logits=True),
    "categorical_crossentropy": ops.categorical_crossentropy(ops.softmax(x), p),
    "sparse_categorical_crossentropy": ops.sparse_categorical_crossentropy(i[:, :2], x[:, 0, :2], from_logits=True),
    "relu6": ops.relu6(x * 4),
    "relu": ops.relu(x),
    "leaky_relu": ops.leaky_relu(x, 0.3),
    "elu": ops.elu(x, 0.7),
    "selu": ops.selu(x),
    "celu": ops.celu(x, 0.8),
    "gelu": ops.gelu(x),
    "gelu_exact": ops.gelu(x, approximate=False),
    "glu": ops.glu(x),
    "silu": ops.silu(x),
    "sigmoid": ops.sigmoid(x),
    "log_sigmoid": ops.log_sigmoid(x),
    "hard_sigmoid": ops.hard_sigmoid(x * 3),
    "hard_silu": ops.hard_silu(x * 3),
    "hard_tanh": ops.hard_tanh(x),
    "hard_shrink": ops.hard_shrink(x, 0.6),
    "soft_shrink": ops.soft_shrink(x),
    "tanh_shrink": ops.tanh_shrink(x),
    "threshold": ops.threshold(x, 0.1, -1.0),
    "softplus": ops.softplus(x),
    "softsign": ops.softsign(x),
    "squareplus": ops.squareplus(x),
    "sparse_plus": ops.sparse_plus(x),
    "sparse_sigmoid": ops.sparse_sigmoid(x),
    "sparsemax": ops.sparsemax(x),
    "softmax": ops.softmax(x),
    "softmax_axes": ops.softmax(x, axis=(1, 2)),
    "log_softmax": ops.log_softmax(x, axis=1),
    "one_hot": ops.one_hot(i, 4),
    "multi_hot": ops.multi_hot(i, 4),
    "normalize": ops.normalize(x),
    "normalize_1": ops.normalize(x, axis=1, order=1),
    "batch_normalization": ops.batch_normalization(x, v, np.abs(v) + 0.1, -1, offset=v, scale=v),
    "layer_normalization": ops.layer_normalization(x, v, v),
    "rms_normalization": ops.rms_normalization(x, v),
    "conv": ops.conv(x, k, strides=2, padding="same"),
    "conv_dilated": ops.conv(x, k, padding="same", dilation_rate=2),
    "depthwise_conv": ops.depthwise_conv(x, d, padding="same"),
    "separable_conv": ops.separable_conv(x, d, values(1, 1, 8, 3), padding="valid"),
    "max_pool": ops.max_pool(x, 2, strides=2),
    "average_pool": ops.average_pool(x, 3, strides=1, padding="same"),
    "pool_signal": ops.max_pool(s, 2, strides=1),
    "depth_to_space": ops.nn.depth_to_space(x, 2),
    "space_to_depth": ops.nn.space_to_depth(x, 2),
    "resize": ops.image.resize(x, (5, 3)),
    "resize_nearest": ops.image.resize(x, (8, 12), interpolation="nearest"),
    "rgb_to_grayscale": ops.image.rgb_to_grayscale(x[..., :3]),
    "pad_images": ops.image.pad_images(x, top_padding=1, left_padding=2, target_height=7, target_width=9),
    "crop_images": ops.image.crop_images(x, 1, 2, 1, 1),
    "after_layers": keras.layers.Dense(3, kernel_initializer="ones")(ops.mean(x, axis=(1, 2)) / 2),
}

here = pathlib.Path(__file__).parent
model = keras.Model([x, s, i, b], list(CASES.values()), name="operations")
model.save(here / "operations.keras")
inputs = [
    rng.uniform(-2, 2, (2, 4, 6, 4)).astype(np.float32),
    rng.uniform(-2, 2, (2, 3, 5)).astype(np.float32),
    np.array([[1, 0, 3], [2, 1, 1]], np.int32),
    rng.integers(0, 256, (2, 2, 2, 3)).astype(np.uint8),
]
data = {f"x.{n}": value for n, value in enumerate(inputs)}
# Some operations, such as ops.max_pool(x, (2, 2)), do not survive a file on JAX; they have no place here.
again = keras.models.load_model(here / "operations.keras").predict_on_batch(inputs)
for n, output in enumerate(model.predict_on_batch(inputs)):
    np.testing.assert_array_equal(output, again[n])
    output = np.ascontiguousarray(output)
    data[f"output.{n}"] = output.astype(np.int32) if output.dtype == np.int64 else output
save_file(data, here / "operations.safetensors")
(here / "operations.json").write_text(json.dumps(list(CASES)) + "\n")
