"""Writes the golden cases beside this file: what Keras 3.15.1 computes on JAX, on a CPU, in float32.

Run with:  KERAS_BACKEND=jax python Tests/Fixtures/golden/make.py

They are of the same form as the golden folder's, and hold what has no case there. Rankings at a threshold and
extremes are kept away from ties: the values of a case are a shuffled, even scale.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).parent
rng = np.random.default_rng(4)


def scale(*shape, low=-1.0, high=1.0):
    count = int(np.prod(shape))
    return rng.permutation(np.linspace(low, high, count)).reshape(shape).astype(np.float32)


def save(kind, thing, shapes, tensors, **more):
    kwargs = "_".join(f"{k}-{v}" for k, v in more.pop("kwargs", {}).items())
    class_name = type(thing).__name__
    name = "_".join(filter(None, [class_name, "x".join(map(str, shapes[0])), kwargs]))
    case = {
        "kind": kind, "name": name, "class_name": class_name,
        "config": keras.saving.serialize_keras_object(thing), "input_shapes": shapes,
        "mode": "inference", "rtol": 1e-4, "atol": 1e-6,
    } | more
    path = FOLDER / f"{kind}-{name}.safetensors"
    save_file({k: np.array(v, order="C") for k, v in tensors.items()}, path, {"case": json.dumps(case)})


def layer(thing, shape):
    x = scale(*shape)
    y, pull = jax.vjp(thing, x)
    cotangent = scale(*y.shape)
    tensors = {"input.0": x, "output.0": y, "cotangent.0": cotangent, "grad_input.0": pull(cotangent)[0]}
    save("layer", thing, [shape], tensors, order=[], trainable=[])


def loss(thing, y_true, y_pred):
    value, pull = jax.vjp(lambda p: thing(y_true, p), y_pred)
    one = np.float32(1)
    tensors = {
        "input.0": y_true, "input.1": y_pred, "output.0": value, "cotangent.0": one,
        "grad_input.1": pull(one)[0],
    }
    save("loss", thing, [list(y_pred.shape)], tensors, roles=["y_true", "y_pred"])


def metric(thing, draw, kwargs={}):
    tensors = {}
    for update, count in enumerate([6, 6, 7]):
        y_true, y_pred = draw(count)
        thing.update_state(y_true, y_pred)
        tensors |= {f"input.{2 * update}": y_true, f"input.{2 * update + 1}": y_pred}
        tensors[f"output.{update}"] = np.asarray(thing.result(), np.float32)
    shape = list(tensors["input.1"].shape)
    save("metric", thing, [shape], tensors, roles=["y_true", "y_pred"], updates=3, kwargs=kwargs)


def numbers(low, high):
    return lambda n: (scale(n, 3, low=low, high=high), scale(n, 3, low=low, high=high))


def binary(n):
    return rng.permutation(np.arange(n) % 2).astype(np.float32), scale(n, low=0.03, high=0.97)


def signs(n):
    return np.sign(scale(n, 4)), scale(n, 4)


def one_hot(n):
    classes = rng.permutation(np.arange(n) % 4)
    return np.eye(4, dtype=np.float32)[classes], scale(n, 4, low=0.1, high=0.9)


layer(keras.layers.AdaptiveAveragePooling3D((2, 3, 2)), [2, 5, 6, 7, 2])
layer(keras.layers.AdaptiveMaxPooling3D((2, 3, 2)), [2, 5, 6, 7, 2])

embedding = scale(8, 5)
embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
loss(keras.losses.Circle(gamma=16.0, margin=0.2), np.array([0, 1, 0, 2, 1, 2, 0, 1], np.int32), embedding)

metrics = keras.metrics
metric(metrics.ConcordanceCorrelation(), numbers(-1, 1))
metric(metrics.PearsonCorrelation(), numbers(-1, 1))
metric(metrics.MeanSquaredLogarithmicError(), numbers(0.1, 3))
metric(metrics.Poisson(), numbers(0.1, 3))
metric(metrics.SquaredHinge(), signs)
metric(metrics.OneHotIoU(4, [0, 2]), one_hot)
metric(metrics.PrecisionAtRecall(0.6), binary)
metric(metrics.RecallAtPrecision(0.6), binary)
metric(metrics.SensitivityAtSpecificity(0.4), binary)
metric(metrics.SpecificityAtSensitivity(0.4), binary)
