"""Writes the training trajectories beside this file: Keras 3.15.1 on JAX, on a CPU.

NAME.keras is a model as it begins; NAME.safetensors holds four batches x.0, y.0, …, which training goes
through again and again, and for each optimizer the losses of 20 steps (loss.sgd, loss.adam, loss.rmsprop).
No bias stands before a normalization that takes it away: its gradient would be nothing but rounding errors, and
Adam and RMSprop make full steps of them.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

jax.config.update("jax_default_matmul_precision", "highest")
FOLDER = pathlib.Path(__file__).parent


def plain():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(12, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(24, activation="relu"),
            layers.Dense(5, activation="softmax"),
        ]
    )


def residual():
    image = keras.Input((8, 8, 3))
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(image)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    y = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(5, activation="softmax")(x))


def normalized():
    image = keras.Input((8, 8, 2))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(image)
    x = layers.GroupNormalization(4)(x)
    x = layers.PReLU(shared_axes=[1, 2])(x)
    x = layers.Reshape((16, 8))(x)
    x = layers.TimeDistributed(layers.Dense(12, activation="tanh"))(x)
    x = layers.LayerNormalization()(x)
    x = layers.EinsumDense("abc,cd->abd", (16, 6), bias_axes="d", activation="elu")(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(5, activation="softmax")(x))


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.001),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.0005),
}

for name, make in {"plain": plain, "residual": residual, "normalized": normalized}.items():
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    model = make()
    model.save(FOLDER / f"{name}.keras")
    start = model.get_weights()
    rng = np.random.default_rng(2)
    data = {}
    for i in range(4):
        data[f"x.{i}"] = rng.normal(size=(16, *model.input_shape[1:])).astype(np.float32)
        data[f"y.{i}"] = rng.integers(0, 5, 16).astype(np.int32)
    for key, optimizer in OPTIMIZERS.items():
        model.set_weights(start)
        model.compile(optimizer(), "sparse_categorical_crossentropy")
        losses = []
        for step in range(20):
            model.reset_metrics()
            losses.append(model.train_on_batch(data[f"x.{step % 4}"], data[f"y.{step % 4}"]))
        data[f"loss.{key}"] = np.array(losses, np.float32)
    save_file(data, FOLDER / f"{name}.safetensors")
    print(name, data["loss.sgd"], data["loss.adam"], data["loss.rmsprop"])
