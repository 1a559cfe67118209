"""Writes a model of operations outside of layers beside this file: Keras 3.15.1 on JAX, on a CPU.

operations.keras has an output for each operation; operations.safetensors holds its inputs x.0 and x.1 and what comes
out, y.0, y.1, ….
"""

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
FOLDER = pathlib.Path(__file__).parent

x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
outputs = [
    ops.mean(x, axis=1), ops.sum(x, axis=-1, keepdims=True), ops.max(x, axis=1), ops.min(x, axis=[1, 2]),
    ops.prod(x, axis=1), ops.var(x, axis=1), ops.std(x, axis=1), ops.logsumexp(x, axis=1),
    ops.reshape(x, (-1, 24)), ops.transpose(x, (0, 2, 1)), ops.squeeze(ops.expand_dims(x, 2), 2),
    ops.swapaxes(x, 1, 2), ops.flip(x, axis=1), ops.concatenate([x, y, x], axis=1), ops.stack([x, y], axis=1),
    ops.matmul(x, ops.transpose(y, (0, 2, 1))), ops.clip(x, -1, 1), ops.where(x > 0, x, y),
    ops.where(ops.logical_or(x > 0.5, y >= 0), x, 0.0), ops.where(ops.logical_not(x < y), 1.0, y),
    ops.cast(ops.logical_and(x <= 0.5, y != 0), "float32"), ops.cast(ops.any(x > 1.5, axis=1), "float32"),
    ops.cast(ops.all(x < 1.5, axis=1), "float32"), ops.softmax(x, axis=1), ops.log_softmax(x),
    ops.silu(x), ops.gelu(x), ops.gelu(x, approximate=False), ops.leaky_relu(x, 0.1), ops.elu(x, 0.7),
    ops.relu6(3 * x), ops.softplus(x), ops.hard_sigmoid(x), ops.rsqrt(ops.abs(x) + 1), x**2, 1 - x, x / y,
    ops.maximum(x, 0.5), ops.minimum(x, y), ops.exp(x), ops.sqrt(ops.square(x)), -x, ops.tanh(x) * ops.sigmoid(y),
]
model = keras.Model([x, y], outputs)
model.save(FOLDER / "operations.keras")
rng = np.random.default_rng(4)
inputs = [rng.normal(size=(3, 4, 6)).astype(np.float32) for _ in range(2)]
results = model.predict(inputs, verbose=0)
save_file(
    {f"x.{i}": value for i, value in enumerate(inputs)}
    | {f"y.{i}": np.asarray(value, np.float32) for i, value in enumerate(results)},
    FOLDER / "operations.safetensors",
)
print(len(results))
