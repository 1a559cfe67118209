"""Makes the files of weights of this folder with h5py 3 and Keras 3.15.1.

All hold the weights of one model, 0, 1, 2, … in their order, each a quarter of its number:

    keras2.h5            as Keras 2 lays weights out, with texts of fixed length, and one layer more
    keras2_model.h5      as Keras 2 lays a whole model out: texts of any length, packed, a list in two parts
    keras3.weights.h5    by Keras 3's save_weights, after two steps of training whose weights were replaced
    keras3_legacy.h5     by Keras 3's save in the old format
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import h5py
import keras
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))

layers = {
    "entry": [],
    "first": [("kernel", (4, 3)), ("bias", (3,))],
    "norm": [("gamma", (3,)), ("beta", (3,)), ("moving_mean", (3,)), ("moving_variance", (3,))],
    "last": [("kernel", (3, 2)), ("bias", (2,))],
}
values, count = {}, 0
for layer, weights in layers.items():
    for name, shape in weights:
        size = int(np.prod(shape))
        values[layer, name] = (np.arange(count, count + size, dtype="<f4") / 4).reshape(shape)
        count += size


def fill(group, text, **options):
    for layer, weights in layers.items():
        inner = group.create_group(layer)
        names = [f"{layer}/{name}:0" for name, _ in weights]
        inner.attrs["weight_names"] = text(names)
        for name, (key, _) in zip(names, weights):
            inner.create_dataset(name, data=values[layer, key], **options)


def fixed(names):
    return np.array([name.encode() for name in names])


def any_length(names):
    return np.array(names, dtype=h5py.string_dtype()) if names else np.array([])


with h5py.File("keras2.h5", "w") as f:
    f.attrs["backend"] = b"tensorflow"
    f.attrs["keras_version"] = b"2.15.0"
    f.attrs["layer_names"] = fixed(list(layers) + ["fc1000"])
    fill(f, fixed)
    top = f.create_group("fc1000")
    top.attrs["weight_names"] = fixed(["fc1000/kernel:0"])
    top["fc1000/kernel:0"] = np.zeros((2, 1000), "<f4")

with h5py.File("keras2_model.h5", "w") as f:
    f.attrs["model_config"] = '{"class_name": "Sequential"}'
    group = f.create_group("model_weights")
    names = list(layers)
    group.attrs["layer_names0"] = any_length(names[:2])
    group.attrs["layer_names1"] = any_length(names[2:])
    fill(group, any_length, compression="gzip", shuffle=True)

model = keras.Sequential(
    [
        keras.Input((4,), name="entry"),
        keras.layers.Dense(3, name="first"),
        keras.layers.BatchNormalization(name="norm"),
        keras.layers.Dense(2, name="last"),
    ],
    name="net",
)
model.compile(keras.optimizers.Adam(), "mse")
for _ in range(2):
    model.train_on_batch(np.ones((2, 4), "float32"), np.zeros((2, 2), "float32"))
model.set_weights(list(values.values()))
model.save_weights("keras3.weights.h5")
model.save("keras3_legacy.h5")
